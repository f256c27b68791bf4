import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  between,
  daysText,
  formatBrush,
  holds,
  hoursText,
  isWholeWeek,
  moved,
  parseBrush,
  stepOf,
  totalOf,
  type WeekBrush,
} from "./week";

const day = fc.integer({ min: 1, max: 7 });
const hour = fc.integer({ min: 0, max: 23 });
const brush = fc.tuple(day, day, hour, hour).map(
  ([a, b, firstHour, lastHour]): WeekBrush => ({
    firstDay: Math.min(a, b),
    lastDay: Math.max(a, b),
    firstHour,
    lastHour,
  }),
);

/** The numbers that "1-3,5" names, as the server reads it. */
function numbers(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

describe("a brush", () => {
  test("the address gives it back, and the whole week is none", () => {
    fc.assert(
      fc.property(brush, (one) => {
        expect(parseBrush(formatBrush(one))).toEqual(isWholeWeek(one) ? null : one);
      }),
    );
    expect(formatBrush(null)).toBe("");
  });

  test("asks the server for the very hours that it covers", () => {
    fc.assert(
      fc.property(brush, day, hour, (one, d, h) => {
        const asked = numbers(daysText(one)).includes(d) && numbers(hoursText(one)).includes(h);
        expect(asked).toBe(holds(one, d, h));
      }),
    );
  });

  test("nights pass over midnight", () => {
    const night = { firstDay: 1, lastDay: 5, firstHour: 22, lastHour: 5 };
    expect(hoursText(night)).toBe("22-23,0-5");
    expect(holds(night, 1, 23)).toBe(true);
    expect(holds(night, 1, 12)).toBe(false);
    expect(holds(night, 6, 23)).toBe(false);
  });

  test("corners in any order make the same rectangle, inside the week", () => {
    fc.assert(
      fc.property(day, hour, fc.integer({ min: -9, max: 9 }), (d, h, step) => {
        const here = { day: d, hour: h };
        const there = moved(here, step, -step);
        expect(between(here, there)).toEqual(between(there, here));
        expect(there.day).toBeGreaterThanOrEqual(1);
        expect(there.day).toBeLessThanOrEqual(7);
      }),
    );
  });

  test("what cannot be read is refused", () => {
    for (const text of ["", "1-8.0-3", "5-1.0-3", "1-2.0-24", "1-2", "a-b.c-d"]) {
      expect(() => parseBrush(text)).toThrow(RangeError);
    }
  });
});

test("a total inside a brush is the sum of its cells", () => {
  const week = Array.from({ length: 7 }, (_, d) =>
    Array.from({ length: 24 }, (_, h) => d * 24 + h),
  );
  expect(totalOf(week, null)).toBe((167 * 168) / 2);
  expect(totalOf(week, { firstDay: 1, lastDay: 1, firstHour: 23, lastHour: 0 })).toBe(23 + 0);
});

test("steps grow with the value; nothing is no step", () => {
  expect([0, 1, 20, 21, 100].map((v) => stepOf(v, 100, 5))).toEqual([0, 1, 1, 2, 5]);
  expect(stepOf(3, 0, 5)).toBe(0);
});
