import { expect, test } from "vitest";
import { luminance } from "./colour";
import { editionStyle } from "./edition-style";

test("more people are darker, whatever the threshold", () => {
  for (const k of [5, 8, 50]) {
    for (const reading of ["unsafe", "safe"] as const) {
      const shades = [k, 2 * k, 3 * k].map((n) => luminance(editionStyle(reading, n, k).fill));
      expect(shades).toEqual([...new Set(shades)].sort((a, b) => b - a));
    }
    expect(editionStyle("unsafe", 40 * k, k)).toEqual(editionStyle("unsafe", 3 * k, k));
  }
});

test("divided places alone are hatched", () => {
  expect(editionStyle("contested", 0, 5).hatched).toBe(true);
  expect(editionStyle("unsafe", 5, 5).hatched).toBe(false);
});
