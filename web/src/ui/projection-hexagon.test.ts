import { expect, test } from "vitest";
import { ramp } from "../map/colour";
import { mixedClass } from "./projection-hexagon";

const counts = (unsafe: number, safe: number) => {
  const voices = unsafe + safe;
  const contested = voices === 0 ? null : 1 - Math.abs(unsafe - safe) / voices;
  return { unsafe, safe, signalements: 0, contested };
};

test("the larger side gives the colour, its people the class", () => {
  expect(mixedClass(counts(5, 1))?.fill).toBe(ramp.unsafe[3]);
  expect(mixedClass(counts(0, 2))?.fill).toBe(ramp.safe[1]);
});

test("a divided place is hatched, by the smaller side", () => {
  expect(mixedClass(counts(4, 3))).toMatchObject({ hatched: true, fill: ramp.contested[2] });
  expect(mixedClass(counts(1, 1))?.hatched).toBe(true);
});

test("where nobody has spoken nothing is drawn", () => {
  expect(mixedClass(counts(0, 0))).toBeNull();
});
