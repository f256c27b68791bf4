import fc from "fast-check";
import { expect, test } from "vitest";
import {
  columnsOf,
  indicesOf,
  lastDay,
  type MonthPoint,
  middle,
  periodOf,
  ticksOf,
} from "./months";

const months = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"];
const points: MonthPoint[] = months.map((month) => ({ month, n: 1, interval: { lo: 0, hi: 5 } }));

test("months end where the calendar says", () => {
  expect([lastDay("2026-02"), lastDay("2024-02"), lastDay("2025-12")]).toEqual([
    "2026-02-28",
    "2024-02-29",
    "2025-12-31",
  ]);
});

test("a period chosen on the slider is read back to the same months", () => {
  const index = fc.integer({ min: 0, max: months.length - 1 });
  fc.assert(
    fc.property(index, index, (a, b) => {
      const { from, to } = periodOf(points, a, b);
      expect(indicesOf(points, from, to)).toEqual([Math.min(a, b), Math.max(a, b)]);
    }),
  );
});

test("the rim is an open end, and days within a month count for it", () => {
  expect(periodOf(points, 0, 4)).toEqual({ from: "", to: "" });
  expect(periodOf(points, 1, 3)).toEqual({ from: "2025-12-01", to: "2026-02-28" });
  expect(indicesOf(points, "2025-12-24", "2026-01-02")).toEqual([1, 2]);
  expect(indicesOf(points, "2030-01-01", "")).toEqual([4, 4]);
  expect(indicesOf([], "", "")).toEqual([0, 0]);
});

test("an incomplete month has a point of its own, and neither line nor band", () => {
  const [first, last] = [points[0], points[1]] as const;
  if (!first || !last) throw new Error("no points");
  expect(columnsOf([first, { ...last, n: 3, partial: true }])).toEqual([
    [middle("2025-11"), middle("2025-12")],
    [5, null],
    [0, null],
    [1, null],
    [null, 3],
  ]);
  expect(columnsOf([])).toEqual([[], [], [], [], []]);
});

test("every January has a word on the axis, whatever the room", () => {
  expect(ticksOf(points, 5)).toEqual(months.map(middle));
  expect(ticksOf(points, 2)).toEqual([middle("2026-01")]);
  expect(ticksOf(points, 1)).toEqual([middle("2026-01")]);
  expect(ticksOf([], 3)).toEqual([]);
});
