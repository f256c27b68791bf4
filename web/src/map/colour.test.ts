import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { colour, contrast, luminance } from "./colour";

describe("contrast", () => {
  test("agrees with the ends of the scale of WCAG", () => {
    expect(luminance("#ffffff")).toBeCloseTo(1, 6);
    expect(luminance("#000000")).toBe(0);
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 6);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  });

  for (const ink of [
    "ink",
    "muted",
    "focus",
    "unsafe",
    "safe",
    "contested",
    "landmarkInk",
  ] as const) {
    test(`${ink} is legible as text on paper, sand and land`, () => {
      for (const ground of [colour.paper, colour.sand, colour.land]) {
        expect(contrast(colour[ink], ground)).toBeGreaterThanOrEqual(4.5);
      }
    });
  }

  test("marks of unsafe and safe stand out from the map", () => {
    for (const mark of [colour.unsafe, colour.safe, colour.limit]) {
      expect(contrast(mark, colour.land)).toBeGreaterThanOrEqual(3);
    }
  });
});

test("the style sheet uses the same colours", () => {
  const css = readFileSync(new URL("../style/tokens.css", import.meta.url), "utf8");
  for (const name of [
    "ink",
    "muted",
    "paper",
    "sand",
    "focus",
    "unsafe",
    "safe",
    "contested",
    "land",
  ] as const) {
    expect(css).toMatch(new RegExp(`--${name}: ${colour[name]};`));
  }
});
