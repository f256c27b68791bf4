import { describe, expect, it } from "vitest";
import {
  NotProtocol,
  parseBatch,
  parseEntry,
  parseEntryPage,
  parseGeometry,
  parseOperation,
  parsePresence,
  parseSeat,
  parseSnapshot,
  parseTableView,
} from "./protocol";

const op = "0199a000-0000-7000-9000-000000000001";
const other = "0199a000-0000-7000-9000-000000000002";
const marker = "0199a000-0000-7000-8000-000000000001";
const sent = new Set([op]);
const problem = {
  status: 422,
  code: "hors_quartier",
  title: "Refusé",
  detail: "Le point est hors du quartier.",
};
const state = {
  id: marker,
  author: op,
  table: 1,
  felt: "unsafe",
  geometry: { type: "Point", coordinates: [5.9, 45.5] },
  attributes: { themes: ["BRU"] },
  seq: 1,
  added_seq: 1,
  geometry_seq: 1,
  existence_seq: 1,
  attribute_seqs: { felt: 1 },
  deleted: false,
  hidden: false,
};
const table = {
  numero: 2,
  open: true,
  atelier: {
    id: marker,
    territoire: "73065",
    quartier: "BIO",
    quartier_nom: "Biollay",
    titre: "Atelier du Biollay",
    starts_at: "2026-03-12T18:30:00+01:00",
    closes_at: "2026-03-13T06:30:00+01:00",
    state: "open",
    demo: true,
  },
  retention: { text_months: 12, position_months: 24 },
};

describe("what is a receipt", () => {
  it("carries the operation that was sent and its number", () => {
    expect(parseBatch({ receipts: [{ op, seq: 7 }], seq: 7 }, sent)).toEqual({
      receipts: [{ op, seq: 7, again: false }],
      seq: 7,
    });
  });
  it("tells what it replaced and that it was known", () => {
    expect(
      parseBatch({ receipts: [{ op, seq: 7, again: true, over: 5 }], seq: 9 }, sent).receipts,
    ).toEqual([{ op, seq: 7, again: true, over: 5 }]);
  });
  it("or carries a problem", () => {
    expect(parseBatch({ receipts: [{ op, problem }], seq: 7 }, sent).receipts).toEqual([
      { op, problem },
    ]);
  });
  it.each([
    ["a page", "<html><body>Bienvenue sur le Wi-Fi</body></html>"],
    ["nothing", null],
    ["an empty object", {}],
    ["a list", []],
    ["a friendly answer", { ok: true, status: "success" }],
    ["receipts without the number of the log", { receipts: [{ op, seq: 7 }] }],
    ["a receipt without a number", { receipts: [{ op }], seq: 7 }],
    ["a receipt without an operation", { receipts: [{ seq: 7 }], seq: 7 }],
    ["a receipt of something else", { receipts: [{ op: other, seq: 7 }], seq: 7 }],
    ["number zero", { receipts: [{ op, seq: 0 }], seq: 7 }],
    ["a number in a string", { receipts: [{ op, seq: "7" }], seq: 7 }],
    ["half a number", { receipts: [{ op, seq: 7.5 }], seq: 7 }],
    ["a number that does not fit", { receipts: [{ op, seq: 2 ** 60 }], seq: 7 }],
    [
      "a problem without a sentence",
      { receipts: [{ op, problem: { status: 422, code: "x", title: "x" } }], seq: 7 },
    ],
  ])("is not %s", (_, value) => {
    expect(() => parseBatch(value, sent)).toThrow(NotProtocol);
  });
});

describe("entries", () => {
  it("reads what a resident may see", () => {
    const entry = {
      seq: 4,
      kind: "move",
      at: "2026-03-12T18:30:00Z",
      marker,
      geometry: state.geometry,
    };
    expect(parseEntry(entry)).toEqual(entry);
    expect(parseEntry({ seq: 4, kind: "noop", at: "x" })).toEqual({
      seq: 4,
      kind: "noop",
      at: "x",
    });
  });
  it.each([
    ["no number", { kind: "noop", at: "x" }],
    ["an unknown kind", { seq: 4, kind: "paint", at: "x" }],
    ["no time", { seq: 4, kind: "noop" }],
    ["a marker that is not a UUID", { seq: 4, kind: "delete", at: "x", marker: "1" }],
    [
      "a line",
      { seq: 4, kind: "move", at: "x", geometry: { type: "LineString", coordinates: [] } },
    ],
  ])("refuses %s", (_, value) => {
    expect(() => parseEntry(value)).toThrow(NotProtocol);
  });
  it("refuses a page with a hole", () => {
    const at = "x";
    expect(parseEntryPage({ ops: [{ seq: 4, kind: "noop", at }], seq: 9 }).ops).toHaveLength(1);
    const holed = [4, 6].map((seq) => ({ seq, kind: "noop", at }));
    expect(() => parseEntryPage({ ops: holed, seq: 9 })).toThrow(NotProtocol);
  });
});

describe("geometry", () => {
  it.each([
    ["one number", { type: "Point", coordinates: [5.9] }],
    ["three numbers", { type: "Point", coordinates: [5.9, 45, 200] }],
    ["null", { type: "Point", coordinates: null }],
    ["not a number", { type: "Point", coordinates: [Number.NaN, 45] }],
    ["a string", { type: "Point", coordinates: ["5.9", 45] }],
    [
      "a triangle that is not closed",
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        ],
      },
    ],
    [
      "a hole",
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 0],
          ],
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    ],
  ])("refuses %s", (_, value) => {
    expect(() => parseGeometry(value)).toThrow(NotProtocol);
  });
});

describe("snapshot, presence, seat, table", () => {
  const room = { state: "open", step: 4, shared: false, tables: [{ numero: 1, open: true }] };
  it("reads them", () => {
    const snapshot = { seq: 3, room, markers: [state], hash: "ab" };
    expect(parseSnapshot(snapshot)).toEqual(snapshot);
    expect(
      parsePresence({ tables: [{ numero: 1, devices: 5 }], staff: 1 }).tables[0]?.devices,
    ).toBe(5);
    expect(parseTableView(table)).toEqual(table);
    expect(parseSeat({ token: "t", participant: op, rang: 3, table }).rang).toBe(3);
  });
  it("refuses what is not one", () => {
    expect(() => parseSnapshot({ seq: 3, markers: [], hash: "" })).toThrow(NotProtocol);
    expect(() => parseSeat({ token: "", participant: op, rang: 3, table })).toThrow(NotProtocol);
    expect(() => parseTableView("<html>")).toThrow(NotProtocol);
    expect(() => parsePresence({ tables: {} })).toThrow(NotProtocol);
  });
});

describe("operations from a file", () => {
  it("reads what was written and drops what it does not know", () => {
    const add = {
      id: op,
      kind: "add",
      marker,
      geometry: state.geometry,
      felt: "safe",
      attributes: { note: "x" },
    };
    expect(parseOperation({ ...add, admin: true })).toEqual(add);
    expect(() => parseOperation({ ...add, id: "1" })).toThrow(NotProtocol);
  });
});
