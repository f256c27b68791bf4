import { expect, test } from "vitest";
import { layoutBars } from "./bars";

const bars = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ label: "mars 2026", value: (i + 1) * 5, shown: "115" }));

test("a bar twice as high is twice as much, from zero", () => {
  const { bars: drawn, bottom } = layoutBars(bars(2), 1200, 700);
  expect(drawn[1]?.height).toBeCloseTo(2 * (drawn[0]?.height ?? 0));
  expect((drawn[0]?.y ?? 0) + (drawn[0]?.height ?? 0)).toBeCloseTo(bottom);
});

test("labels that would touch are left out, and so are all numbers", () => {
  const few = layoutBars(bars(5), 1200, 700).bars;
  expect(few.every(({ label, shown }) => label !== "" && shown !== "")).toBe(true);
  const many = layoutBars(bars(36), 1200, 700).bars;
  const labelled = many.filter(({ label }) => label !== "");
  expect(labelled.length).toBeGreaterThan(2);
  expect((labelled[1]?.x ?? 0) - (labelled[0]?.x ?? 0)).toBeGreaterThan(170);
  expect(many.every(({ shown }) => shown === "")).toBe(true);
});

test("a figure that is withheld has no bar, nothing at all has no axis of its own", () => {
  expect(layoutBars([{ label: "2024", value: null, shown: "?" }], 1200, 700).bars[0]?.height).toBe(
    0,
  );
  expect(layoutBars([], 1200, 700).bars).toEqual([]);
});
