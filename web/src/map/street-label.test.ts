import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distanceToLines, joined, lengthOf, middle, readable, straightest } from "./street-label";

const at = (x: number, y: number) => ({ x, y });

describe("straightest", () => {
  test("finds the straight part of a bent street", () => {
    const bent = [at(0, 0), at(20, 20), at(40, 0), at(140, 0)];
    const stretch = straightest(bent, 80);
    expect(stretch?.straightness).toBeGreaterThan(0.98);
    expect(stretch?.start.x).toBeGreaterThan(30);
  });

  test("prefers the middle of a straight street", () => {
    const stretch = straightest([at(0, 0), at(200, 0)], 50);
    expect(((stretch?.start.x ?? 0) + (stretch?.end.x ?? 0)) / 2).toBeCloseTo(100, 0);
  });

  test("refuses a street shorter than its name", () => {
    expect(straightest([at(0, 0), at(30, 0)], 31)).toBeNull();
    expect(straightest([at(0, 0)], 10)).toBeNull();
    expect(straightest([], 10)).toBeNull();
  });

  test("never spans more than the length asked for", () => {
    const coordinate = fc.integer({ min: -500, max: 500 });
    const line = fc.array(fc.record({ x: coordinate, y: coordinate }), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 300 }), (points, length) => {
        const stretch = straightest(points, length);
        if (!stretch) return lengthOf(points) < length;
        const span = Math.hypot(stretch.end.x - stretch.start.x, stretch.end.y - stretch.start.y);
        return span <= length * 1.000001 && stretch.straightness <= 1.000001;
      }),
    );
  });
});

describe("joined", () => {
  test("puts the blocks of a street end to end, in any order and direction", () => {
    const lines = joined([
      [at(20, 0), at(10, 0)],
      [at(0, 0), at(10, 0)],
      [at(20, 0), at(30, 1)],
    ]);
    expect(lines).toHaveLength(1);
    expect(lengthOf(lines[0] ?? [])).toBeCloseTo(30.05, 1);
  });

  test("goes straight on at a fork", () => {
    const lines = joined([
      [at(0, 0), at(10, 0)],
      [at(10, 0), at(10, 30)],
      [at(10, 0), at(20, 0)],
    ]);
    expect(lines.map((line) => Math.round(lengthOf(line)))).toEqual([30, 20]);
  });

  test("keeps the whole length", () => {
    const coordinate = fc.integer({ min: 0, max: 5 });
    const piece = fc.array(fc.record({ x: coordinate, y: coordinate }), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const sum = (lines: readonly (readonly { x: number; y: number }[])[]) =>
          lines.reduce((total, line) => total + lengthOf(line), 0);
        // Pieces that meet within a pixel and a half are joined by a short gap or none.
        return Math.abs(sum(joined(pieces)) - sum(pieces)) <= 1.5 * pieces.length * 2;
      }),
    );
  });
});

test("a name is never upside down", () => {
  const { start, end } = readable({ start: at(10, 0), end: at(-10, 5), straightness: 1 });
  expect(end.x).toBeGreaterThan(start.x);
});

test("the middle of a line is half-way along it", () => {
  expect(middle([at(0, 0), at(10, 0), at(10, 30)])).toEqual(at(10, 10));
  expect(middle([])).toBeNull();
});

test("distance to a line is measured to its nearest segment", () => {
  const lines = [
    [at(0, 0), at(10, 0)],
    [at(0, 9), at(10, 9)],
  ];
  expect(distanceToLines(at(5, 3), lines)).toBe(3);
  expect(distanceToLines(at(-3, -4), lines)).toBe(5);
  expect(distanceToLines(at(0, 0), [])).toBe(Number.POSITIVE_INFINITY);
});
