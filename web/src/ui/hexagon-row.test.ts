import { expect, test } from "vitest";
import { cellId } from "../units";
import { type HexagonRow, sorted } from "./hexagon-row";

const row = (place: string, unsafe: number): HexagonRow => ({
  id: cellId("8a1f916e081ffff"),
  place,
  unsafe,
  safe: 0,
  contested: unsafe > 2,
  signalements: 10 - unsafe,
});

const rows = [row("Rue de l’Épée", 2), row("Rue de l’Azur", 5), row("Rue 10", 1), row("Rue 9", 5)];
const places = (sortedRows: readonly HexagonRow[]) => sortedRows.map((one) => one.place);

test("numbers are sorted as numbers, equal ones keep their order", () => {
  expect(places(sorted(rows, "unsafe", true))).toEqual([
    "Rue de l’Azur",
    "Rue 9",
    "Rue de l’Épée",
    "Rue 10",
  ]);
});

test("names are sorted as French reads them", () => {
  expect(places(sorted(rows, "place", false))).toEqual([
    "Rue 9",
    "Rue 10",
    "Rue de l’Azur",
    "Rue de l’Épée",
  ]);
});

test("yes comes first when sorted downwards, and the rows given are not touched", () => {
  const before = [...rows];
  expect(sorted(rows, "contested", true)[0]?.contested).toBe(true);
  expect(rows).toEqual(before);
});
