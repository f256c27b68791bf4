import { expect, test } from "vitest";
import type { MarkerState } from "../protocol";
import { byTable, chosenMarkers, countMarkers } from "./animation-counts";

const marker = (id: string, over: Partial<MarkerState> = {}): MarkerState => ({
  id,
  author: "a",
  table: 1,
  felt: "unsafe",
  geometry: { type: "Point", coordinates: [5.9, 45.5] },
  attributes: {},
  seq: 1,
  added_seq: 1,
  geometry_seq: 1,
  existence_seq: 1,
  attribute_seqs: {},
  deleted: false,
  hidden: false,
  ...over,
});

const markers = [
  marker("1", { added_seq: 1 }),
  marker("2", { added_seq: 3, felt: "safe", table: 2, author: "b" }),
  marker("3", { added_seq: 2, author: "c", hidden: true }),
  marker("4", { added_seq: 4, author: "d", deleted: true }),
];

test("people and markers are counted without what is hidden or deleted", () => {
  expect(countMarkers(markers)).toEqual({ unsafe: 1, safe: 1, hidden: 1, people: 2 });
  expect(countMarkers([])).toEqual({ unsafe: 0, safe: 0, hidden: 0, people: 0 });
});

test("the newest come first, hidden ones included, deleted ones not", () => {
  const ids = (choice: Parameters<typeof chosenMarkers>[1]) =>
    chosenMarkers(markers, choice).map(({ id }) => id);
  expect(ids({ table: null, felt: null })).toEqual(["2", "3", "1"]);
  expect(ids({ table: 1, felt: null })).toEqual(["3", "1"]);
  expect(ids({ table: null, felt: "safe" })).toEqual(["2"]);
});

test("tables are counted apart", () => {
  expect([...byTable(markers)]).toEqual([
    [1, 2],
    [2, 1],
  ]);
});
