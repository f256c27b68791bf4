import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Position } from "../protocol";
import {
  areaOf,
  CORNERS_MAX,
  crossesItself,
  hullOf,
  isInside,
  middleOf,
  type Ring,
  simplified,
  untangled,
  zoneOf,
} from "./shape";

const LON = 5.92;
const LAT = 45.57;
/** A position so many metres east and north of a corner of the Biollay. */
const at = (x: number, y: number): Position => [
  LON + x / (111_195 * Math.cos((LAT * Math.PI) / 180)),
  LAT + y / 111_195,
];
const circle = (radius: number, n: number, turns = 1): Ring =>
  Array.from({ length: n }, (_, i) =>
    at(
      radius * Math.cos((i / n) * turns * 2 * Math.PI),
      radius * Math.sin((i / n) * turns * 2 * Math.PI),
    ),
  );

describe("area", () => {
  it("of a hundred metres squared", () => {
    expect(areaOf([at(0, 0), at(100, 0), at(100, 100), at(0, 100)])).toBeCloseTo(10_000, 0);
  });
});

describe("what a finger draws", () => {
  it("becomes few corners and keeps its area", () => {
    const zone = zoneOf(circle(50, 3_000), 0.5) as { ring: Ring };
    expect(zone.ring.length).toBeLessThan(60);
    expect(areaOf(zone.ring)).toBeGreaterThan(0.95 * Math.PI * 2_500);
  });
  it("loses the tail of an overshoot", () => {
    const zone = zoneOf(circle(50, 500, 1.15), 0.5) as { ring: Ring };
    expect(crossesItself(zone.ring)).toBe(false);
    expect(areaOf(zone.ring)).toBeGreaterThan(0.9 * Math.PI * 2_500);
  });
  it("an eight keeps its larger half", () => {
    const eight = [at(0, 0), at(100, 100), at(100, 0), at(0, 60)];
    const ring = untangled(eight);
    expect(crossesItself(ring)).toBe(false);
    expect(ring.length).toBe(3);
  });
  it("says when it is too small or too large", () => {
    expect(zoneOf([at(0, 0), at(2, 1), at(3, 3)], 0.5)).toEqual({ fault: "small" });
    expect(zoneOf([at(0, 0)], 0.5)).toEqual({ fault: "small" });
    expect(zoneOf(circle(800, 100), 0.5)).toEqual({ fault: "large" });
  });
  it("any scribble is refused or becomes a simple ring of at most 200 corners", () => {
    const scribble = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 })),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(scribble, (points) => {
        const zone = zoneOf(
          points.map(([x, y]) => at(x, y)),
          0.5,
        );
        if ("fault" in zone) return;
        expect(zone.ring.length).toBeGreaterThanOrEqual(3);
        expect(zone.ring.length).toBeLessThanOrEqual(CORNERS_MAX);
        expect(crossesItself(zone.ring)).toBe(false);
      }),
      { numRuns: 2_000, seed: 73065 },
    );
  });
});

describe("thinning", () => {
  it("keeps ends, moves nothing, and honours the limit", () => {
    const ring = circle(100, 4_000);
    const thin = simplified(ring, 0.001, 50);
    expect(thin.length).toBeLessThanOrEqual(50);
    expect(thin[0]).toBe(ring[0]);
    expect(thin.every((p) => ring.includes(p))).toBe(true);
  });
});

describe("inside a quartier", () => {
  const square = [at(0, 0), at(100, 0), at(100, 100), at(0, 100), at(0, 0)];
  const hole = [at(40, 40), at(60, 40), at(60, 60), at(40, 60), at(40, 40)];
  it("counts holes out and several parts in", () => {
    const shape = [[square, hole], [square.map(([x, y]) => [x + 1, y] as const)]];
    expect(isInside(at(10, 10), shape)).toBe(true);
    expect(isInside(at(50, 50), shape)).toBe(false);
    expect(isInside(at(150, 50), shape)).toBe(false);
    expect(isInside([at(50, 50)[0] + 1, at(50, 50)[1]], shape)).toBe(true);
  });
  it("takes a zone by its middle", () => {
    const [x, y] = middleOf(square.slice(0, 4));
    expect(x).toBeCloseTo(at(50, 50)[0], 9);
    expect(y).toBeCloseTo(at(50, 50)[1], 9);
  });
});

describe("the hull of positions", () => {
  it("holds all of them, with corners that are among them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })), {
          minLength: 3,
          maxLength: 30,
        }),
        (positions) => {
          const hull = hullOf(positions);
          for (const [x, y] of hull) expect(positions).toContainEqual([x, y]);
          if (hull.length < 3) return;
          for (const [x, y] of positions) {
            hull.forEach(([ax, ay], i) => {
              const [bx, by] = hull[(i + 1) % hull.length] as readonly [number, number];
              expect((bx - ax) * (y - ay) - (by - ay) * (x - ax)).toBeGreaterThanOrEqual(0);
            });
          }
        },
      ),
    );
  });

  it("of a line is no area", () => {
    expect(
      hullOf([
        [0, 0],
        [1, 1],
        [2, 2],
      ]).length,
    ).toBeLessThan(3);
  });
});
