import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { deleteDB, openDB } from "idb";
import { beforeEach, describe, expect, it } from "vitest";
import { nextBatch, Outbox, parseOutboxFile, pendingOf, settled } from "./outbox";
import { NotProtocol, type Operation, type Problem } from "./protocol";
import { DATABASE, MemoryStorage, type OutboxItem, openStorage, type Storage } from "./storage";

const by = { author: "0199a000-0000-7000-8000-00000000000a", table: 1 };
const id = (n: number) => `0199a000-0000-7000-9000-${n.toString(16).padStart(12, "0")}`;
const op = (n: number, more: Partial<Operation> = {}): Operation => ({
  id: id(n),
  kind: "delete",
  marker: id(500),
  ...more,
});
const item = (n: number, more: Partial<OutboxItem> = {}): OutboxItem => ({
  n,
  seat: "s",
  op: op(n),
  by,
  status: "waiting",
  ...more,
});
const problem = (status: number, code: string): Problem => ({
  status,
  code,
  title: "t",
  detail: "d",
});
const seat = "atelier/participant";

describe("what is sent next", () => {
  it("keeps the order and stops at 100", () => {
    const items = Array.from({ length: 130 }, (_, n) => item(n));
    expect(nextBatch(items).map((o) => o.id)).toEqual(items.slice(0, 100).map((i) => i.op.id));
  });
  it("stays under the server's limit of bytes", () => {
    const ring = Array.from({ length: 200 }, (_, n) => [5.9123456 + n / 1e7, 45.5123456] as const);
    const big = { type: "Polygon" as const, coordinates: [ring] as const };
    const items = Array.from({ length: 90 }, (_, n) =>
      item(n, { op: op(n, { kind: "move", geometry: big }) }),
    );
    const batch = nextBatch(items);
    expect(batch.length).toBeGreaterThan(10);
    expect(JSON.stringify({ ops: batch }).length).toBeLessThan(256 * 1024);
  });
  it("leaves parked, closed and acknowledged ones out", () => {
    const items = [
      item(1, { status: "parked" }),
      item(2, { status: "closed" }),
      item(3, { status: "acknowledged", seq: 4 }),
      item(4),
    ];
    expect(nextBatch(items).map((o) => o.id)).toEqual([id(4)]);
  });
  it("holds an undo, and what follows it, until what it undoes has a number", () => {
    const items = [item(1), item(2, { awaits: id(1), op: op(2, { undo: true }) }), item(3)];
    expect(nextBatch(items).map((o) => o.id)).toEqual([id(1)]);
  });
  it("never waits for what is not there", () => {
    const items = [item(2, { awaits: id(1), op: op(2, { undo: true }) }), item(3)];
    expect(nextBatch(items)).toEqual([op(2), op(3)]);
  });
});

describe("receipts", () => {
  const items = [item(1), item(2, { awaits: id(1), op: op(2, { undo: true }) }), item(3)];
  it("a number acknowledges and gives the undo its base", () => {
    const { put } = settled(items, [{ op: id(1), seq: 9, again: false }]);
    expect(put).toEqual([
      item(1, { status: "acknowledged", seq: 9 }),
      item(2, { op: op(2, { undo: true, base: 9 }) }),
    ]);
  });
  it("a refusal parks one, drops its undo, and leaves the rest", () => {
    const why = problem(422, "hors_quartier");
    expect(settled(items, [{ op: id(1), problem: why }])).toEqual({
      put: [item(1, { status: "parked", problem: why })],
      remove: [2],
    });
  });
  it("the end of the evening keeps it apart", () => {
    const why = problem(409, "atelier_clos");
    expect(settled(items, [{ op: id(3), problem: why }]).put).toEqual([
      item(3, { status: "closed", problem: why }),
    ]);
  });
  it.each([429, 500, 503])("%i is not final", (status) => {
    expect(settled(items, [{ op: id(3), problem: problem(status, "x") }])).toEqual({
      put: [],
      remove: [],
    });
  });
  it("an acknowledged one ignores a late refusal", () => {
    const done = [item(1, { status: "acknowledged", seq: 9 })];
    expect(settled(done, [{ op: id(1), problem: problem(422, "x") }])).toEqual({
      put: [],
      remove: [],
    });
  });
});

const storages: [string, () => Promise<Storage>][] = [
  ["IndexedDB", openStorage],
  ["memory", async () => new MemoryStorage()],
];
describe.each(storages)("the outbox in %s", (name, open) => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });

  it("keeps order, survives reopening when durable, and forgets what the room shows", async () => {
    const storage = await open();
    expect(storage.durable).toBe(name === "IndexedDB");
    const outbox = new Outbox(storage);
    for (const n of [3, 1, 2]) await outbox.add(seat, op(n), by);
    await outbox.add("other", op(4), by);
    const again = name === "IndexedDB" ? new Outbox(await open()) : outbox;
    expect((await again.items(seat)).map((i) => i.op.id)).toEqual([id(3), id(1), id(2)]);
    await again.settle(seat, [
      { op: id(3), seq: 5, again: false },
      { op: id(1), seq: 6, again: false },
    ]);
    expect(pendingOf(await again.items(seat), 5).map((p) => p.op.id)).toEqual([id(1), id(2)]);
    await again.forget(seat, 5);
    expect((await again.items(seat)).map((i) => i.op.id)).toEqual([id(1), id(2)]);
    expect(await again.items("other")).toHaveLength(1);
  });

  it("gives an undo its base when the number came just before", async () => {
    const outbox = new Outbox(await open());
    await outbox.add(seat, op(1), by);
    await outbox.settle(seat, [{ op: id(1), seq: 5, again: false }]);
    await outbox.add(seat, op(2, { undo: true }), by, id(1));
    expect((await outbox.items(seat))[1]?.op).toEqual(op(2, { undo: true, base: 5 }));
  });

  it("retries and discards what was parked", async () => {
    const outbox = new Outbox(await open());
    await outbox.add(seat, op(1), by);
    await outbox.add(seat, op(2), by);
    const why = problem(422, "plafond");
    await outbox.settle(seat, [
      { op: id(1), problem: why },
      { op: id(2), problem: why },
    ]);
    await outbox.retry(seat, id(1));
    await outbox.discard(seat, id(2));
    expect(nextBatch(await outbox.items(seat))).toEqual([op(1)]);
    expect(await outbox.items(seat)).toHaveLength(1);
  });

  it("goes through a file to another device, once", async () => {
    const from = { atelier: id(600), code: "ABCD2345", secret: id(601) };
    const outbox = new Outbox(await open());
    await outbox.add(seat, op(1), by);
    await outbox.add(seat, op(2, { undo: true }), by, id(1));
    await outbox.add(seat, op(3), by);
    await outbox.settle(seat, [{ op: id(3), seq: 5, again: false }]);
    const file = parseOutboxFile(await outbox.exported(seat, from, new Date(0)));
    expect(file).toMatchObject(from);
    const other = new Outbox(new MemoryStorage());
    expect(await other.import(seat, file, by)).toBe(2);
    expect(await other.import(seat, file, by)).toBe(0);
    expect((await other.items(seat)).map((i) => [i.op.id, i.awaits])).toEqual([
      [id(1), undefined],
      [id(2), id(1)],
    ]);
  });
});

describe("when storage fails", () => {
  it("an outbox written by the first version of the page is kept", async () => {
    globalThis.indexedDB = new IDBFactory();
    const old = await openDB(DATABASE, 1, {
      upgrade(db) {
        db.createObjectStore("outbox", { keyPath: "n", autoIncrement: true }).createIndex(
          "op",
          "op.id",
          { unique: true },
        );
        db.createObjectStore("seats", { keyPath: "key" });
      },
    });
    await old.add("outbox", { seat, op: op(1), by, status: "waiting" });
    old.close();
    const outbox = new Outbox(await openStorage());
    expect(nextBatch(await outbox.items(seat))).toEqual([op(1)]);
    await deleteDB(DATABASE);
  });

  it("a refused database is memory, said at once", async () => {
    globalThis.indexedDB = {
      open: () => {
        throw new DOMException("no", "SecurityError");
      },
    } as unknown as IDBFactory;
    const outbox = new Outbox(await openStorage());
    expect(outbox.durable).toBe(false);
    await outbox.add(seat, op(1), by);
    expect(nextBatch(await outbox.items(seat))).toEqual([op(1)]);
  });

  it("a full disk in the middle of the evening loses nothing of this page and says so", async () => {
    globalThis.indexedDB = new IDBFactory();
    const storage = await openStorage();
    const outbox = new Outbox(storage);
    await outbox.add(seat, op(1), by);
    const { transact } = storage;
    storage.transact = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    await outbox.add(seat, op(2), by);
    storage.transact = transact;
    expect(outbox.durable).toBe(false);
    expect(nextBatch(await outbox.items(seat))).toEqual([op(1), op(2)]);
  });
});

describe("files that are not an outbox", () => {
  it.each([
    "",
    "<html>",
    "{}",
    "null",
    '{"format":"quietude-outbox","version":99,"operations":[]}',
    '{"format":"quietude-outbox","version":1,"atelier":"a","code":"c","secret":"s","exported_at":"x","operations":[{"op":{"id":"1"}}]}',
  ])("%s", (text) => {
    expect(() => parseOutboxFile(text)).toThrow(NotProtocol);
  });
});
