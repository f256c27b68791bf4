import fc from "fast-check";
import { expect, test } from "vitest";
import { indicesOf, lastDay, type MonthPoint, periodOf } from "./months";

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
