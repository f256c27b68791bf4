import { beforeEach, describe, expect, it, vi } from "vitest";
import { Outbox } from "./outbox";
import type { Entry, MarkerState, Operation, Room } from "./protocol";
import { canonicalText, merge } from "./state";
import { MemoryStorage, type StoredSeat } from "./storage";
import { type Notice, ResidentRoom } from "./sync";
import { uuidV7 } from "./uuid";

const me = "0199a000-0000-7000-8000-00000000000a";
const other = "0199a000-0000-7000-8000-00000000000b";
const room: Room = { state: "open", step: 4, shared: true, tables: [{ numero: 1, open: true }] };
const seat = {
  key: `atelier/${me}`,
  participant: me,
  rang: 1,
  token: "t",
  table: { numero: 1, atelier: { id: "atelier" } },
} as StoredSeat;
const at = (lon: number) => ({ type: "Point" as const, coordinates: [lon, 45.5] as const });

/** The server's half: a log that what is in the outbox goes into. */
class FakeServer {
  readonly markers = new Map<string, MarkerState>();
  readonly entries: Entry[] = [];

  write(op: Operation, author = me) {
    const seq = this.entries.length + 1;
    const known = this.entries.find((e) => e.id === op.id);
    if (known !== undefined) return { op: op.id, seq: known.seq, again: true };
    const merged = merge(this.markers.get(op.marker ?? "") ?? null, op, seq, { author, table: 1 });
    if ("refusal" in merged) {
      return { op: op.id, problem: { status: 409, code: merged.refusal, title: "t", detail: "d" } };
    }
    this.markers.set(merged.marker.id, merged.marker);
    const { base: _, ...said } = op;
    this.entries.push({ ...said, seq, author, table: 1, at: "2026-03-12T18:30:00Z" });
    const receipt = { op: op.id, seq, again: false };
    return merged.over === undefined ? receipt : { ...receipt, over: merged.over };
  }
}

describe("a resident's room", () => {
  let server: FakeServer;
  let storage: MemoryStorage;
  let outbox: Outbox;
  let resident: ResidentRoom;
  let notices: Notice[];

  const open = async () => {
    const opened = await ResidentRoom.open(seat, outbox, storage, { token: () => "t" });
    opened.onNotice((notice) => notices.push(notice));
    return opened;
  };
  const snapshot = () =>
    resident.replica.take({
      kind: "snapshot",
      snapshot: {
        seq: server.entries.length,
        room,
        markers: [...server.markers.values()],
        hash: "",
      },
    });
  /** Sends what waits, as the sender does. */
  const send = async () => {
    for (const item of await outbox.items(seat.key)) {
      if (item.status !== "waiting") continue;
      const receipts = [
        server.write((await outbox.items(seat.key)).find((i) => i.n === item.n)?.op ?? item.op),
      ];
      await outbox.settle(seat.key, receipts);
      resident.received(receipts);
    }
  };
  /** Delivers what the log has and the replica has not. */
  const deliver = async () => {
    for (const entry of server.entries.slice(resident.replica.state?.seq ?? 0)) {
      await resident.replica.take({ kind: "op", entry });
    }
  };
  const seen = () => canonicalText(resident.markers.values());
  const add = async () => {
    const marker = uuidV7();
    await resident.write({ kind: "add", marker, geometry: at(5.9), felt: "unsafe" });
    return marker;
  };

  beforeEach(async () => {
    server = new FakeServer();
    storage = new MemoryStorage();
    outbox = new Outbox(storage);
    notices = [];
    resident = await open();
    await snapshot();
  });

  it("shows a marker before it is sent, while it is on its way, and from the log", async () => {
    await add();
    const first = seen();
    expect(first).toContain("unsafe");
    expect(resident.unsent).toBe(1);
    await send();
    await expect.poll(() => resident.unsent).toBe(0);
    expect(seen()).toBe(first);
    await deliver();
    expect(seen()).toBe(first);
    await resident.save();
    expect(await outbox.items(seat.key)).toEqual([]);
    expect(seen()).toBe(first);
  });

  it("stores a room that takes long to copy less often", async () => {
    vi.useFakeTimers();
    let stored = 0;
    storage.putRoom = async () => {
      stored++;
      now += 100; // what a phone takes for 1,000 markers
    };
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    try {
      await resident.save();
      for (let second = 0; second < 20; second++) {
        server.write(
          { id: uuidV7(), kind: "add", marker: uuidV7(), geometry: at(5.9), felt: "safe" },
          other,
        );
        await deliver();
        await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(stored).toBe(1 + 4); // each 100 ms every five seconds
    } finally {
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  });

  it("takes its own entry in the log for a receipt", async () => {
    await add();
    const [item] = await outbox.items(seat.key);
    server.write((item as { op: Operation }).op);
    await deliver();
    await expect.poll(() => resident.unsent).toBe(0);
  });

  it("starts again without a network as it was", async () => {
    const marker = await add();
    await send();
    await deliver();
    await resident.save();
    await resident.write({ kind: "move", marker, geometry: at(5.95) });
    const before = seen();
    resident = await open();
    expect(seen()).toBe(before);
    expect(resident.unsent).toBe(1);
  });

  it("undoes step by step, sent or not", async () => {
    const marker = await add();
    await send();
    await deliver();
    const afterAdd = seen();
    await resident.write({ kind: "move", marker, geometry: at(5.95) });
    await resident.write({
      kind: "edit",
      marker,
      felt: "safe",
      attributes: { moments: ["night"] },
    });
    await resident.undo();
    await resident.undo();
    await expect.poll(seen).toBe(afterAdd);
    await send();
    await deliver();
    expect(seen()).toBe(afterAdd);
    expect(canonicalText(server.markers.values())).toBe(afterAdd);
    await resident.undo();
    await send();
    await deliver();
    expect(seen()).toBe("");
    expect(resident.canUndo).toBe(false);
    expect(notices).toEqual([]);
  });

  it("an undo that comes too late is refused and said", async () => {
    const marker = await add();
    await send();
    await deliver();
    await resident.write({ kind: "move", marker, geometry: at(5.95) });
    await send();
    // The same resident, on another device.
    server.write({ id: uuidV7(), kind: "move", marker, geometry: at(6.1) });
    await resident.undo();
    await send();
    await deliver();
    expect(notices).toMatchObject([
      { kind: "refused", item: { problem: { code: "annulation_depassee" } } },
    ]);
    expect(resident.markers.get(marker)?.geometry).toEqual(at(6.1));
    expect(resident.refused).toHaveLength(1);
  });

  it("says when it replaced what another device had changed, not when it was itself", async () => {
    const marker = await add();
    await send();
    await deliver();
    await resident.write({ kind: "move", marker, geometry: at(5.95) });
    await resident.write({ kind: "move", marker, geometry: at(5.96) });
    await send();
    expect(notices).toEqual([]);
    server.write({ id: uuidV7(), kind: "move", marker, geometry: at(6.1) });
    await resident.write({ kind: "move", marker, geometry: at(5.97) });
    await send();
    expect(notices).toEqual([{ kind: "over", marker }]);
  });

  it("others' markers come and go beside the own ones", async () => {
    await add();
    const theirs = uuidV7();
    server.write(
      { id: uuidV7(), kind: "add", marker: theirs, geometry: at(6), felt: "safe" },
      other,
    );
    await deliver();
    expect(resident.markers.size).toBe(2);
    server.write({ id: uuidV7(), kind: "hide", marker: theirs }, other);
    await deliver();
    expect(resident.markers.has(theirs)).toBe(false);
    expect(resident.markers.size).toBe(1);
  });
});
