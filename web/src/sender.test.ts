import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "./api";
import { Outbox } from "./outbox";
import { NotProtocol, type Operation, type Receipt } from "./protocol";
import { readFailure, Sender, type SenderOptions, type Trouble } from "./sender";
import { MemoryStorage, type StoredSeat } from "./storage";

const by = { author: "0199a000-0000-7000-8000-00000000000a", table: 1 };
const id = (n: number) => `0199a000-0000-7000-9000-${n.toString(16).padStart(12, "0")}`;
const op = (n: number): Operation => ({ id: id(n), kind: "delete", marker: id(500) });
const seat = (key: string) =>
  ({ key, code: "ABCD2345", secret: id(600), token: "t" }) as StoredSeat;

/** Keeps a log as the server does: one number per id, however often it is sent. */
class FakeLog {
  readonly numbers = new Map<string, number>();
  readonly requests: string[][] = [];
  /** What the next requests meet instead of the log. */
  accidents: ((ops: readonly Operation[]) => unknown)[] = [];
  refused = new Map<string, number>();

  post = async (_: StoredSeat, ops: readonly Operation[]): Promise<unknown> => {
    this.requests.push(ops.map((o) => o.id));
    const accident = this.accidents.shift();
    if (accident !== undefined) return accident(ops);
    return this.write(ops);
  };
  write(ops: readonly Operation[]) {
    const receipts = ops.map((o) => {
      const status = this.refused.get(o.id);
      if (status !== undefined)
        return {
          op: o.id,
          problem: {
            status,
            code: status === 409 ? "atelier_clos" : "refus",
            title: "t",
            detail: "d",
          },
        };
      const again = this.numbers.has(o.id);
      if (!again) this.numbers.set(o.id, this.numbers.size + 1);
      return { op: o.id, seq: this.numbers.get(o.id), ...(again ? { again } : {}) };
    });
    return { receipts, seq: this.numbers.size };
  }
}

describe("sending", () => {
  let log: FakeLog;
  let outbox: Outbox;
  let troubles: (Trouble | null)[];
  let heard: Receipt[];
  let sender: Sender;
  let seats: StoredSeat[];
  const make = (more: Partial<SenderOptions> = {}) =>
    new Sender({
      outbox,
      seats: async () => seats,
      post: log.post,
      rejoin: async () => true,
      onTrouble: (t) => troubles.push(t),
      onReceipts: (_, receipts) => heard.push(...receipts),
      random: () => 1,
      ...more,
    });
  beforeEach(() => {
    vi.useFakeTimers();
    log = new FakeLog();
    outbox = new Outbox(new MemoryStorage());
    troubles = [];
    heard = [];
    seats = [seat("s")];
    sender = make();
  });
  afterEach(() => {
    sender.stop();
    vi.useRealTimers();
  });
  const add = async (...ns: number[]) => {
    for (const n of ns) await outbox.add("s", op(n), by);
  };
  const waiting = async () =>
    (await outbox.items("s")).filter((i) => i.status === "waiting").map((i) => i.op.id);
  const run = async (ms = 0) => {
    void sender.start();
    await vi.advanceTimersByTimeAsync(ms);
  };

  it("empties three hundred in order, in batches", async () => {
    await add(...Array.from({ length: 300 }, (_, n) => n));
    await run();
    expect(log.requests.map((r) => r.length)).toEqual([100, 100, 100]);
    expect([...log.numbers.keys()]).toEqual(Array.from({ length: 300 }, (_, n) => id(n)));
    expect(await waiting()).toEqual([]);
  });

  it("an answer lost after the commit gives one entry", async () => {
    await add(1, 2);
    log.accidents = [
      (ops) => {
        log.write(ops);
        throw new Problem(0, "hors_ligne", "coupé");
      },
    ];
    await run(1_000);
    expect(log.requests).toEqual([
      [id(1), id(2)],
      [id(1), id(2)],
    ]);
    expect(log.numbers.size).toBe(2);
    expect(heard.every((r) => "again" in r && r.again)).toBe(true);
    expect(await waiting()).toEqual([]);
  });

  it.each([
    ["a page", () => "<html>Bienvenue</html>"],
    ["friendly JSON", () => ({ ok: true })],
    ["receipts of nothing", () => ({ receipts: [], seq: 4 })],
    [
      "a receipt without a number",
      (ops: readonly Operation[]) => ({ receipts: [{ op: ops[0]?.id }], seq: 4 }),
    ],
    ["receipts of others", () => ({ receipts: [{ op: id(77), seq: 4 }], seq: 4 })],
  ])("%s of a captive portal takes nothing out", async (_, page) => {
    await add(1);
    log.accidents = [page];
    void sender.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(await waiting()).toEqual([id(1)]);
    expect(troubles.at(-1)).not.toBeNull();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await waiting()).toEqual([]);
    expect(troubles.at(-1)).toBeNull();
  });

  it("three times 500, then one entry", async () => {
    await add(1);
    const broken = () => {
      throw new Problem(500, "erreur", "…");
    };
    log.accidents = [broken, broken, broken];
    await run(10_000);
    expect(log.requests).toHaveLength(4);
    expect(log.numbers.size).toBe(1);
  });

  it("keeps the pause that a busy server asks for, even when more is drawn", async () => {
    await add(1);
    log.accidents = [
      () => {
        throw new Problem(429, "trop", "…", null, 7);
      },
    ];
    await run(6_000);
    await add(2);
    sender.kick();
    await vi.advanceTimersByTimeAsync(999);
    expect(log.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(log.requests[1]).toEqual([id(1), id(2)]);
  });

  it("parks what is refused and goes on with the rest", async () => {
    await add(1, 2, 3);
    log.refused.set(id(2), 422);
    await run();
    expect([...log.numbers.keys()]).toEqual([id(1), id(3)]);
    expect((await outbox.items("s")).find((i) => i.op.id === id(2))).toMatchObject({
      status: "parked",
      problem: { status: 422 },
    });
    expect(log.requests).toHaveLength(1);
  });

  it("finds the one that makes a whole request fail", async () => {
    await add(...Array.from({ length: 16 }, (_, n) => n));
    const poison = id(11);
    log.accidents = Array.from({ length: 40 }, () => (ops: readonly Operation[]) => {
      if (ops.some((o) => o.id === poison)) throw new Problem(400, "illisible", "…");
      return log.write(ops);
    });
    await run(1_000);
    expect(log.numbers.size).toBe(15);
    expect(
      (await outbox.items("s")).filter((i) => i.status === "parked").map((i) => i.op.id),
    ).toEqual([poison]);
  });

  it("keeps everything when the evening is over", async () => {
    await add(1, 2);
    log.accidents = [
      () => {
        throw new Problem(409, "atelier_clos", "L’atelier est clos.");
      },
    ];
    await run();
    expect((await outbox.items("s")).map((i) => i.status)).toEqual(["closed", "closed"]);
    expect(log.requests).toHaveLength(1);
  });

  it("sits down again when the token is not accepted", async () => {
    await add(1);
    const rejoin = vi.fn(async () => true);
    sender = make({ rejoin });
    log.accidents = [
      () => {
        throw new Problem(401, "jeton", "…");
      },
    ];
    await run(2_000);
    expect(rejoin).toHaveBeenCalledOnce();
    expect(log.numbers.size).toBe(1);
  });

  it("one resident's trouble does not hold up another of the same tablet", async () => {
    seats = [seat("s"), seat("t")];
    await add(1);
    await outbox.add("t", op(2), by);
    log.accidents = [
      () => {
        throw new Problem(500, "erreur", "…");
      },
    ];
    await run();
    expect([...log.numbers.keys()]).toEqual([id(2)]);
  });

  it("does not hammer a server that answers 503 to each operation", async () => {
    await add(1);
    log.refused.set(id(1), 503);
    await run(5_000);
    expect(log.requests.length).toBeLessThan(6);
    expect(await waiting()).toEqual([id(1)]);
  });

  it("an undo follows with the number of what it undoes", async () => {
    const posted: Operation[] = [];
    sender = make({
      post: async (s, ops) => {
        posted.push(...ops);
        return log.post(s, ops);
      },
    });
    await add(1);
    await outbox.add("s", { ...op(2), kind: "restore", undo: true }, by, id(1));
    await run();
    expect(log.requests).toEqual([[id(1)], [id(2)]]);
    expect(posted[1]).toMatchObject({ undo: true, base: 1 });
  });

  it("of two tabs one sends, and the other takes over", async () => {
    let release: (() => void) | undefined;
    const queue: (() => void)[] = [];
    let held = false;
    const locks = {
      request: async (_: string, __: unknown, work: () => Promise<unknown>) => {
        if (held) await new Promise<void>((resolve) => queue.push(resolve));
        held = true;
        await work();
        held = false;
        release = queue.shift();
        release?.();
      },
    } as unknown as LockManager;
    const other = make({ locks });
    sender = make({ locks });
    void sender.start();
    void other.start();
    await add(1);
    sender.kick();
    other.kick();
    await vi.advanceTimersByTimeAsync(10);
    expect(log.requests).toEqual([[id(1)]]);
    sender.stop();
    await vi.advanceTimersByTimeAsync(10);
    await add(2);
    other.kick();
    await vi.advanceTimersByTimeAsync(10);
    expect(log.requests).toEqual([[id(1)], [id(2)]]);
    other.stop();
  });
});

describe("what a failure means", () => {
  it.each([
    [new TypeError("network"), "network"],
    [new NotProtocol("batch"), "portal"],
    [new Problem(0, "reponse_etrangere", ""), "portal"],
    [new Problem(403, "reponse_etrangere", ""), "portal"],
    [new Problem(503, "charge", "", null, 2), "server"],
    [new Problem(401, "jeton", ""), "seat"],
  ])("%s", (error, trouble) => {
    expect(readFailure(error)).toMatchObject({ kind: "later", trouble });
  });
});
