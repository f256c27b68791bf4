import { expect, test } from "vitest";
import type { Action } from "../evening";
import { lonLat } from "../units";
import { dot, gathered, type Located, severalPlaces } from "./actions-dots";

const action = (id: string, lon: number, lat: number): Located => ({
  action: { id } as Action,
  at: lonLat(lon, lat),
});

// Two at one place, one 60 m away, one on the other side of the city.
const all = [
  action("a", 5.92, 45.57),
  action("b", 5.92, 45.57),
  action("c", 5.9207, 45.57),
  action("d", 5.95, 45.6),
];

test("dots that would touch are one group, each action once", () => {
  const far = gathered(all, 12);
  expect(far.map((group) => group.map((one) => one.action.id))).toEqual([["a", "b", "c"], ["d"]]);
  expect(far.map(severalPlaces)).toEqual([true, false]);
  const near = gathered(all, 18);
  expect(near.map((group) => group.length)).toEqual([2, 1, 1]);
  expect(near.some(severalPlaces)).toBe(false);
});

test("actions of one place stand around it and do not touch", () => {
  for (const among of [2, 5, 9]) {
    const middles = Array.from({ length: among }, (_, i) => {
      const ring = dot(lonLat(5.92, 45.57), 15, i, among);
      return [0, 1].map((axis) => ring.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / ring.length);
    });
    const ring = dot(lonLat(5.92, 45.57), 15, 0, among);
    const wide =
      Math.max(...ring.map((at) => at[1] ?? 0)) - Math.min(...ring.map((at) => at[1] ?? 0));
    const squeeze = Math.cos((45.57 * Math.PI) / 180);
    for (const [i, one] of middles.entries()) {
      for (const other of middles.slice(i + 1)) {
        const apart = Math.hypot(
          ((one[0] ?? 0) - (other[0] ?? 0)) * squeeze,
          (one[1] ?? 0) - (other[1] ?? 0),
        );
        expect(apart).toBeGreaterThan(0.95 * wide);
      }
    }
  }
});
