import fc from "fast-check";
import { expect, test } from "vitest";
import { hours, hoursParameter } from "./moment";

test("hours are asked for as stretches of one day", () => {
  expect(hoursParameter([18, 24])).toBe("18-23");
  expect(hoursParameter([22, 5])).toBe("22-23,0-4");
  expect(hoursParameter([8, 9])).toBe("8-8");
});

test("a whole day is no condition, and what is no hour is refused", () => {
  expect(hours(0, 24)).toBeNull();
  expect(hours(7, 7)).toBeNull();
  expect(() => hours(24, 3)).toThrow();
  expect(() => hours(3, 0)).toThrow();
  expect(() => hours(1.5, 3)).toThrow();
});

test("the stretches hold each hour from the first to the last, once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 24 }), (from, to) => {
      const chosen = hours(from, to);
      if (!chosen) return;
      const asked = hoursParameter(chosen)
        .split(",")
        .flatMap((stretch) => {
          const [first = 0, last = 0] = stretch.split("-").map(Number);
          return Array.from({ length: last - first + 1 }, (_, i) => first + i);
        });
      const length = from < to ? to - from : to + 24 - from;
      expect(asked).toEqual(Array.from({ length }, (_, i) => (from + i) % 24));
    }),
  );
});
