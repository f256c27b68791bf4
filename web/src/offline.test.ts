import { expect, it } from "vitest";
import { tilesOver } from "./offline";

// The Biollay, degrees.
const BIOLLAY = [5.9003, 45.5573, 5.9162, 45.5714] as const;

it("covers a quartier with few tiles", () => {
  expect(tilesOver(BIOLLAY, 12)).toEqual([[12, 2115, 1464]]);
  expect(tilesOver(BIOLLAY, 15).length).toBeLessThan(12);
});

it("counts rows from the north and columns from the west", () => {
  expect(tilesOver([-1, -1, 1, 1], 1)).toEqual([
    [1, 0, 0],
    [1, 0, 1],
    [1, 1, 0],
    [1, 1, 1],
  ]);
});
