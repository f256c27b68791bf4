import { describe, expect, test } from "vitest";
import { layoutFunnel } from "./funnel";
import { frameOf, pathOf } from "./hexagon-map";
import { type IntervalRow, layoutIntervals } from "./intervals";
import { linear, ratios, roundTicks } from "./scale";

const tick = (value: number) => String(value);

describe("axes", () => {
  test("ticks are round, inside and exact", () => {
    expect(roundTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(roundTicks(0, 47, 5)).toEqual([0, 10, 20, 30, 40]);
    expect(roundTicks(3, 3)).toEqual([3]);
  });

  test("half and double are as far from one", () => {
    const { at } = ratios(0.1, 10, 0, 100);
    expect(at(1)).toBeCloseTo(50);
    expect(at(2) - at(1)).toBeCloseTo(at(1) - at(0.5));
    expect(at(0)).toBe(0);
    expect(at(1e9)).toBe(100);
  });

  test("an axis without extent does not divide by zero", () => {
    expect(linear(2, 2, 0, 100).at(2)).toBe(0);
  });
});

describe("intervals", () => {
  const rows: IntervalRow[] = [
    { label: "Bellevue", value: 0.5, lo: 0.3, hi: 0.7, note: "10 sur 20", heading: "A" },
    { label: "Bissy", value: 1, lo: 0.8, hi: 1, heading: "A" },
    { label: "Centre", value: null, lo: null, hi: null, missing: "rien", heading: "B" },
    { label: "Ouvert", value: 2, lo: 0.5, hi: null },
  ];

  test("points lie in their intervals, inside the picture, one below the other", () => {
    for (const width of [320, 800, 1600]) {
      const layout = layoutIntervals(rows, { width, axis: "rate", top: 2, tick });
      let below = 0;
      for (const line of layout.lines) {
        expect(line.y).toBeGreaterThan(below);
        below = line.y;
        if (line.x === null) continue;
        expect(line.from ?? 0).toBeLessThanOrEqual(line.x);
        expect(line.to ?? 0).toBeGreaterThanOrEqual(line.x);
        expect(line.x).toBeGreaterThanOrEqual(layout.left);
        expect(line.to ?? 0).toBeLessThanOrEqual(width);
      }
      expect(layout.height).toBeGreaterThan(below);
      expect(layout.headings.map(({ text }) => text)).toEqual(["A", "B"]);
    }
  });

  test("no upper limit is an open end, no value is no point", () => {
    const { lines, right } = layoutIntervals(rows, {
      width: 800,
      axis: "ratio",
      reference: 1,
      tick,
    });
    expect(lines[3]).toMatchObject({ open: true, to: right });
    expect(lines[2]).toMatchObject({ open: false, x: null, from: null, to: null });
  });
});

describe("funnel", () => {
  const options = {
    width: 700,
    height: 400,
    mean: 0.5,
    xLabel: "n",
    tickX: tick,
    tickY: tick,
    meanLabel: "",
    innerLabel: "",
    outerLabel: "",
  };
  const limits = [10, 20, 40].map((exposure) => ({
    exposure,
    inner: [0.5 - 1 / exposure, 0.5 + 1 / exposure] as const,
    outer: [0.5 - 2 / exposure, 0.5 + 2 / exposure] as const,
  }));

  test("labels of places at one spot do not cover each other", () => {
    const places = Array.from({ length: 7 }, (_, i) => ({
      label: `Quartier ${i}`,
      exposure: 20,
      rate: 0.5,
      chosen: false,
    }));
    const { points } = layoutFunnel(places, limits, options);
    const ys = points.map(({ labelY }) => labelY).sort((a, b) => a - b);
    for (let i = 1; i < ys.length; i++) expect((ys[i] ?? 0) - (ys[i - 1] ?? 0)).toBeGreaterThan(15);
  });

  test("the bands are closed; without two limits there is none", () => {
    expect(layoutFunnel([], limits, options).inner).toMatch(/^M.* Z$/);
    const lonely = [{ exposure: 10, inner: null, outer: null }];
    expect(layoutFunnel([], lonely, options).outer).toBe("");
  });
});

describe("maps", () => {
  test("all maps of a frame have the same metres per pixel on both axes", () => {
    const metre = 1 / 111_320;
    const shrink = Math.cos((45.56 * Math.PI) / 180);
    const frame = frameOf(
      [
        [5.9, 45.56],
        [5.9 + (300 * metre) / shrink, 45.56 + 150 * metre],
      ],
      316,
      8,
    );
    const [x1, y1] = frame.project([5.9, 45.56]);
    const [x2, y2] = frame.project([5.9 + (100 * metre) / shrink, 45.56 + 100 * metre]);
    expect(x2 - x1).toBeCloseTo(frame.hundredMetres, 0);
    expect(y1 - y2).toBeCloseTo(frame.hundredMetres, 0);
    expect(frame.height).toBeCloseTo(150 + 16, 0);
  });

  test("a long quartier stays inside a square, and nothing at all is no error", () => {
    expect(
      frameOf(
        [
          [5.9, 45.5],
          [5.901, 45.6],
        ],
        300,
      ).height,
    ).toBeLessThanOrEqual(300);
    expect(frameOf([], 300).project([5, 45])).toEqual([0, 0]);
    expect(pathOf(frameOf([], 300), [], true)).toBe("");
  });
});
