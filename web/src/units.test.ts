import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellId, distance, extentOf, inRing, lonLat, quartierCode, snap, toLonLat } from "./units";

describe("positions", () => {
  test("refuse what is not in degrees", () => {
    for (const [lon, lat] of [
      [181, 0],
      [0, 91],
      [Number.NaN, 0],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(() => lonLat(lon, lat)).toThrow(RangeError);
    }
    expect(() => toLonLat([5.9])).toThrow(RangeError);
    expect(toLonLat([5.9, 45.5, 300])).toEqual([5.9, 45.5]);
  });

  test("snapped twice are where they were snapped once", () => {
    const degrees = fc.double({ min: -90, max: 90, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, (lon, lat) => {
        const once = snap(lonLat(lon, lat));
        expect(snap(once)).toEqual(once);
        expect(Math.abs(once[0] - lon)).toBeLessThanOrEqual(0.51e-7);
      }),
    );
  });

  test("a degree of latitude is 111.2 km; one of longitude is shorter at Chambéry", () => {
    expect(distance(lonLat(5.9, 45), lonLat(5.9, 46))).toBeCloseTo(111195, -1);
    expect(distance(lonLat(5, 45.57), lonLat(6, 45.57))).toBeCloseTo(77840, -2);
  });
});

test("codes and cells are checked", () => {
  expect(cellId("8a1f916e081ffff")).toBe("8a1f916e081ffff");
  expect(() => cellId("8A1F916E081FFFF")).toThrow(RangeError);
  expect(() => quartierCode("hc")).toThrow(RangeError);
});

test("the extent of nothing is null", () => {
  expect(extentOf([])).toBeNull();
  expect(
    extentOf([
      [1, 2],
      [-1, 5],
    ]),
  ).toEqual([-1, 2, 1, 5]);
});

test("a ring holds its inside, closed or not", () => {
  const open = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
  ];
  for (const ring of [open, [...open, [0, 0]]]) {
    expect(inRing([2, 2], ring)).toBe(true);
    expect(inRing([5, 2], ring)).toBe(false);
  }
});
