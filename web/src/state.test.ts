import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Attributes, Entry, MarkerState, Operation, Room } from "./protocol";
import { silent } from "./remark";
import {
  type Author,
  apply,
  betweenSteps,
  canonicalText,
  fromSnapshot,
  hash,
  inverse,
  type Merged,
  merge,
  optimistic,
  type RoomState,
} from "./state";

const testdata = new URL("../../server/live/testdata/", import.meta.url);
function golden<T>(file: string): readonly T[] {
  return (JSON.parse(readFileSync(new URL(file, testdata), "utf8")) as { cases: T[] }).cases;
}

interface MergeCase {
  name: string;
  marker: MarkerState | null;
  op: Operation;
  author: string;
  table: number;
  seq: number;
  expect: Merged;
  over?: number;
}
interface RoomCase {
  name: string;
  room: Room;
  entry: Entry;
  expect: Room;
}
interface CanonicalCase {
  name: string;
  markers: MarkerState[];
  text: string;
  sha256: string;
}

describe("merge, golden cases", () => {
  it.each(golden<MergeCase>("merge.json"))("$name", (c) => {
    const want = c.over === undefined ? c.expect : { ...c.expect, over: c.over };
    expect(merge(c.marker, c.op, c.seq, { author: c.author, table: c.table })).toEqual(want);
  });
});

describe("canonical text, golden cases", () => {
  it.each(golden<CanonicalCase>("canonical.json"))("$name", async (c) => {
    expect(canonicalText(c.markers)).toBe(c.text);
    expect(await hash(c.markers)).toBe(c.sha256);
  });
});

const room: Room = { state: "open", step: 4, shared: true, tables: [{ numero: 1, open: true }] };
const empty: RoomState = { seq: 0, room, markers: new Map(), said: silent };
const staff = { participant: null, staff: true };
const authors: readonly Author[] = [
  { author: "0199a000-0000-7000-8000-00000000000a", table: 1 },
  { author: "0199a000-0000-7000-8000-00000000000b", table: 2 },
];
const markerId = (n: number) => `0199a000-0000-7000-8000-00000000010${n}`;
const opId = (n: number) => `0199a000-0000-7000-9000-${n.toString(16).padStart(12, "0")}`;

/** A log kept as the server keeps it: only what `merge` accepts gets a number. */
class Log {
  readonly entries: Entry[] = [];
  readonly markers = new Map<string, MarkerState>();

  write(op: Operation, by: Author): Merged {
    const seq = this.entries.length + 1;
    const merged = merge(this.markers.get(op.marker ?? "") ?? null, op, seq, by);
    if ("refusal" in merged) return merged;
    this.markers.set(merged.marker.id, merged.marker);
    const { base: _, ...said } = op;
    this.entries.push({ ...said, ...by, seq, at: "2026-03-12T18:30:00Z" });
    return merged;
  }

  state(): RoomState {
    return { seq: this.entries.length, room, markers: this.markers, said: silent };
  }
}

const point = fc
  .tuple(
    fc.integer({ min: 58_900_000, max: 59_300_000 }),
    fc.integer({ min: 455_500_000, max: 455_900_000 }),
  )
  .map(([x, y]) => ({ type: "Point" as const, coordinates: [x / 1e7, y / 1e7] as const }));
const zone = point.map((p) => {
  const [x, y] = p.coordinates;
  return {
    type: "Polygon" as const,
    coordinates: [
      [
        [x, y],
        [x + 0.01, y],
        [x, y + 0.01],
        [x, y],
      ],
    ] as const,
  };
});
const attributes: fc.Arbitrary<Attributes> = fc.record(
  {
    themes: fc.subarray(["BRU", "OCC", "CIR"]),
    nature: fc.constantFrom("lived", "told", null),
    severity: fc.constantFrom(1, 4, null),
    note: fc.constantFrom("Éclairage, l'hiver", "💡", null),
  },
  { requiredKeys: [] },
);
const kinds = ["add", "move", "reshape", "edit", "delete", "restore", "hide", "unhide"] as const;
/** What one author does next: on few markers, so that they meet. */
const intention = fc.record({
  kind: fc.constantFrom(...kinds, "add" as const, "edit" as const, "move" as const),
  marker: fc.integer({ min: 0, max: 3 }),
  author: fc.constantFrom(...authors),
  geometry: fc.oneof(point, zone),
  felt: fc.constantFrom("safe" as const, "unsafe" as const),
  attributes,
  undo: fc.boolean(),
  lag: fc.integer({ min: 0, max: 6 }),
});
type Intention = typeof intention extends fc.Arbitrary<infer T> ? T : never;

function operation(wish: Intention, n: number, seq: number): Operation {
  const { kind } = wish;
  const common = { id: opId(n), kind, marker: markerId(wish.marker) };
  const base = { base: Math.max(0, seq - wish.lag), undo: wish.undo };
  if (kind === "add")
    return { ...common, geometry: wish.geometry, felt: wish.felt, attributes: wish.attributes };
  if (kind === "move" || kind === "reshape") return { ...common, ...base, geometry: wish.geometry };
  if (kind === "edit") return { ...common, ...base, felt: wish.felt, attributes: wish.attributes };
  if (kind === "delete" || kind === "restore") return { ...common, ...base };
  return common;
}

function logOf(wishes: readonly Intention[]): Log {
  const log = new Log();
  wishes.forEach((wish, n) => {
    log.write(operation(wish, n, log.entries.length), wish.author);
  });
  return log;
}

/** A network that drops, repeats and reorders: which entry arrives next. */
const deliveries = fc.array(fc.nat({ max: 40 }), { maxLength: 60 });

/** A reader as the stream makes it: repeats ignored, gaps filled from the log. */
function read(log: Log, schedule: readonly number[], start: RoomState): RoomState {
  let state = start;
  const take = (entry: Entry) => {
    const step = apply(state, entry, staff);
    if (step.outcome === "gap") {
      for (const missing of log.entries.slice(state.seq, entry.seq))
        state = apply(state, missing, staff).state;
      return;
    }
    if (step.outcome === "resync") throw new Error(`resync at ${entry.seq}`);
    state = step.state;
  };
  for (const pick of schedule) {
    const entry = log.entries[pick % Math.max(1, log.entries.length)];
    if (entry !== undefined) take(entry);
  }
  // The line comes back: the rest of the log is asked for.
  for (const missing of log.entries.slice(state.seq)) take(missing);
  return state;
}

describe("convergence", () => {
  it("10,000 schedules of dropped, repeated and reordered messages lead to one state", {
    timeout: 120_000,
  }, () => {
    fc.assert(
      fc.property(
        fc.array(intention, { maxLength: 24 }),
        deliveries,
        deliveries,
        fc.nat({ max: 24 }),
        (wishes, here, there, late) => {
          const log = logOf(wishes);
          const want = canonicalText(log.markers.values());
          const upTo = log.entries.slice(0, late).reduce((s, e) => apply(s, e, staff).state, empty);
          const joiner = fromSnapshot({
            seq: upTo.seq,
            room,
            markers: [...upTo.markers.values()],
            hash: "",
          });
          for (const state of [read(log, here, empty), read(log, there, joiner)]) {
            expect(state.seq).toBe(log.entries.length);
            const text = canonicalText(state.markers.values());
            expect(text).toBe(want);
            expect(createHash("sha256").update(text).digest("hex")).toBe(
              createHash("sha256").update(want).digest("hex"),
            );
            expect(Object.fromEntries(state.markers)).toEqual(Object.fromEntries(log.markers));
          }
        },
      ),
      { numRuns: 10_000, seed: 73065 },
    );
  });

  it("a reader that applied entries in order of arrival would be caught", () => {
    const log = logOf([
      {
        kind: "add",
        marker: 0,
        author: authors[0] as Author,
        geometry: { type: "Point", coordinates: [1, 1] },
        felt: "safe",
        attributes: {},
        undo: false,
        lag: 0,
      },
      {
        kind: "edit",
        marker: 0,
        author: authors[0] as Author,
        geometry: { type: "Point", coordinates: [1, 1] },
        felt: "unsafe",
        attributes: {},
        undo: false,
        lag: 0,
      },
      {
        kind: "edit",
        marker: 0,
        author: authors[0] as Author,
        geometry: { type: "Point", coordinates: [1, 1] },
        felt: "safe",
        attributes: {},
        undo: false,
        lag: 0,
      },
    ]);
    const careless = [0, 2, 1].reduce<MarkerState | null>((m, i) => {
      const entry = log.entries[i] as Entry;
      const merged = merge(m, entry as Operation, entry.seq, authors[0] as Author);
      return "marker" in merged ? merged.marker : m;
    }, null);
    expect(canonicalText([careless as MarkerState])).not.toBe(canonicalText(log.markers.values()));
  });
});

describe("what the author sees before the log answers", () => {
  const by = authors[0] as Author;
  it("equals what the log makes of it, once it answers", () => {
    fc.assert(
      fc.property(
        fc.array(intention, { maxLength: 12 }),
        fc.array(intention, { maxLength: 6 }),
        (past, wishes) => {
          const log = logOf(past);
          const before = { ...log.state(), markers: new Map(log.markers) };
          const pending = wishes.map((wish, n) => ({
            op: operation(wish, past.length + n, before.seq),
            by: wish.author,
          }));
          const seen = optimistic(before, pending);
          for (const { op, by: author } of pending) log.write(op, author);
          // Numbers differ when one was refused; what is shown does not.
          expect(canonicalText(seen.values())).toBe(canonicalText(log.markers.values()));
        },
      ),
      { numRuns: 2_000, seed: 73065 },
    );
  });
  it("undoes an operation whose number is not known yet", () => {
    const log = logOf([]);
    log.write(
      {
        id: opId(1),
        kind: "add",
        marker: markerId(0),
        geometry: { type: "Point", coordinates: [5, 45] },
        felt: "safe",
      },
      by,
    );
    const before = log.markers.get(markerId(0)) as MarkerState;
    const move: Operation = {
      id: opId(2),
      kind: "move",
      marker: before.id,
      geometry: { type: "Point", coordinates: [6, 45] },
    };
    const undo = inverse(before, move, opId(3)) as Operation;
    const seen = optimistic(log.state(), [
      { op: move, by },
      { op: undo, by },
    ]);
    expect(seen.get(before.id)?.geometry).toEqual(before.geometry);
  });
});

describe("undo", () => {
  it("brings back what was there when nobody wrote since", () => {
    fc.assert(
      fc.property(fc.array(intention, { maxLength: 12 }), intention, (past, wish) => {
        const log = logOf(past);
        const before = log.markers.get(markerId(wish.marker)) ?? null;
        const text = canonicalText(log.markers.values());
        const op = { ...operation({ ...wish, undo: false }, past.length, log.entries.length) };
        if ("refusal" in log.write(op, wish.author)) return;
        const back = inverse(before, op, opId(999), log.entries.length);
        if (back === null) return;
        expect(log.write(back, wish.author)).toHaveProperty("marker");
        expect(canonicalText(log.markers.values())).toBe(text);
      }),
      { numRuns: 3_000, seed: 73065 },
    );
  });
  it("never destroys a later change of the same thing", () => {
    fc.assert(
      fc.property(
        fc.array(intention, { maxLength: 12 }),
        point,
        point,
        point,
        (past, first, second, third) => {
          const log = logOf(past);
          const id = markerId(9);
          log.write(
            { id: opId(900), kind: "add", marker: id, geometry: first, felt: "safe" },
            authors[0] as Author,
          );
          const before = log.markers.get(id) as MarkerState;
          const move: Operation = { id: opId(901), kind: "move", marker: id, geometry: second };
          log.write(move, authors[0] as Author);
          const base = log.entries.length;
          log.write(
            { id: opId(902), kind: "move", marker: id, geometry: third },
            authors[1] as Author,
          );
          const back = inverse(before, move, opId(903), base) as Operation;
          expect(log.write(back, authors[0] as Author)).toEqual({ refusal: "annulation_depassee" });
          expect(log.markers.get(id)?.geometry).toEqual(third);
        },
      ),
      { numRuns: 500, seed: 73065 },
    );
  });
});

describe("what a reader sees", () => {
  const by = authors[0] as Author;
  const mine = { participant: by.author, staff: false };
  const theirs = { participant: (authors[1] as Author).author, staff: false };
  const log = logOf([]);
  log.write(
    {
      id: opId(1),
      kind: "add",
      marker: markerId(0),
      geometry: { type: "Point", coordinates: [5, 45] },
      felt: "safe",
    },
    by,
  );
  const hide: Entry = { seq: 2, kind: "hide", at: "x", marker: markerId(0) };

  it("hide takes a marker away from others, not from its author", () => {
    expect(apply(log.state(), hide, theirs).state.markers.size).toBe(0);
    expect(apply(log.state(), hide, mine).state.markers.get(markerId(0))?.hidden).toBe(true);
    expect(apply(log.state(), hide, staff).state.markers.get(markerId(0))?.hidden).toBe(true);
  });
  it("unhide brings it back whole", () => {
    const hidden = apply(log.state(), hide, theirs).state;
    const marker = log.markers.get(markerId(0)) as MarkerState;
    const unhide: Entry = {
      seq: 3,
      kind: "unhide",
      at: "x",
      marker: marker.id,
      state: { ...marker, seq: 3 },
    };
    expect(apply(hidden, unhide, theirs).state.markers.get(marker.id)?.geometry).toEqual(
      marker.geometry,
    );
  });
  it("noop moves the number only", () => {
    const step = apply(log.state(), { seq: 2, kind: "noop", at: "x" }, theirs);
    expect(step).toMatchObject({ outcome: "applied", state: { seq: 2 } });
    expect(step.state.markers).toBe(log.markers);
  });
  it("asks for a snapshot when an entry speaks of a marker it does not hold", () => {
    const restore: Entry = { seq: 2, kind: "restore", at: "x", marker: markerId(5) };
    expect(apply(log.state(), restore, theirs).outcome).toBe("resync");
  });
  it.each(golden<RoomCase>("room.json"))("$name", ({ room: before, entry, expect: after }) => {
    const state = { ...empty, room: before, seq: entry.seq - 1 };
    expect(apply(state, entry, theirs).state.room).toEqual(after);
  });
  it("is between two steps once one was closed", () => {
    const [open] = golden<RoomCase>("room.json").filter((c) => c.entry.kind === "step_close");
    expect([open?.room, open?.expect].map((one) => one && betweenSteps(one))).toEqual([
      false,
      true,
    ]);
    expect(betweenSteps({ state: "prepared" })).toBe(false);
    expect(betweenSteps({ state: "closed" })).toBe(false);
  });
  it("follows the room", () => {
    const entries: Entry[] = [
      { seq: 1, kind: "step", at: "2026-03-12T18:30:00Z", step: 5, minutes: 20 },
      { seq: 2, kind: "table_close", at: "x", table: 1 },
      { seq: 3, kind: "share", at: "x", shared: false },
      { seq: 4, kind: "freeze", at: "x", hash: "ab" },
    ];
    const prepared: RoomState = { ...empty, room: { ...room, state: "prepared" } };
    const rooms = entries.map(
      ((state) => (entry: Entry) => {
        state = apply(state, entry, theirs).state;
        return state.room;
      })(prepared),
    );
    expect(rooms[0]).toMatchObject({
      state: "open",
      step: 5,
      step_minutes: 20,
      step_at: "2026-03-12T18:30:00Z",
    });
    expect(rooms[1]?.tables).toEqual([{ numero: 1, open: false }]);
    expect(rooms[2]?.shared).toBe(false);
    expect(rooms[3]).toMatchObject({ state: "closed", frozen_hash: "ab" });
  });
});
