import { expect, test } from "vitest";
import {
  countOf,
  isEmpty,
  periodOf,
  shifted,
  slideShapes,
  type Told,
  titleOf,
  usualSlides,
  wallClasses,
  wallClassOf,
} from "./slide";

const ring = [
  [5.9, 45.5],
  [5.91, 45.5],
  [5.91, 45.51],
  [5.9, 45.5],
];
const told = (more: Partial<Told>): Told => ({
  kind: "map",
  rang: 1,
  at_least: 0,
  hexagons: [],
  ...more,
});
const hexagon = (properties: Told["hexagons"][number]["properties"], type = "Polygon") => ({
  type: "Feature" as const,
  id: "891f96a0b63ffff",
  geometry: { type, coordinates: type === "Polygon" ? [ring] : [[ring], [ring]] } as never,
  properties,
});

test("classes follow each other without a gap, and below five there is none", () => {
  wallClasses.forEach((one, i) => {
    expect(one.to === null ? undefined : one.to + 1).toBe(wallClasses[i + 1]?.from);
    expect(wallClassOf(one.from)).toBe(one);
  });
  expect(wallClassOf(0)).toBeNull();
  expect(wallClassOf(500)).toBe(wallClasses.at(-1));
});

test("a hexagon in two parts is drawn twice, a divided one is hatched", () => {
  const shapes = slideShapes(
    told({
      kind: "edition",
      hexagons: [
        hexagon({ name: "", signalements: 0, unsafe: 10, safe: 5 }, "MultiPolygon"),
        { ...hexagon({ name: "", signalements: 0, unsafe: 0, safe: 15 }), id: "891f96a0b67ffff" },
      ],
    }),
  );
  expect(shapes.map(({ hatched }) => hatched)).toEqual([true, true, false]);
  expect(new Set(shapes.map(({ id }) => id)).size).toBe(3);
});

test("a slide says its theme, moment, period and at least how many", () => {
  const slide = told({
    theme: "BRU",
    moment: "night",
    from: "2026-01-01",
    until: "2026-03-31",
    at_least: 25,
  });
  expect(titleOf(slide)).toBe("Où\u202f: Bruit, la nuit, de 22\u00a0h à 6\u00a0h");
  expect(periodOf(slide)).toBe("Du 1er janvier 2026 au 31 mars 2026");
  expect(countOf(slide)).toBe("au moins 25 signalements");
  expect(countOf(told({}))).toBe("moins de cinq en tout");
  expect(
    periodOf(
      told({
        kind: "recorded",
        years: [
          { year: 2024, n: null },
          { year: 2022, n: 4 },
        ],
      }),
    ),
  ).toBe("Années 2022 à 2024");
});

test("a week of zeros is as empty as nothing", () => {
  expect(
    isEmpty(told({ kind: "week", week: Array.from({ length: 7 }, () => Array(8).fill(0)) })),
  ).toBe(true);
  expect(isEmpty(told({ kind: "themes", themes: [{ theme: "BRU", at_least: 5 }] }))).toBe(false);
});

test("the usual slides are of the year before", () => {
  for (const slide of usualSlides(new Date("2026-03-31T12:00:00Z"))) {
    expect([slide.from, slide.to]).toEqual(["2025-03-31", "2026-03-31"]);
  }
});

test("moving keeps all, and stops at the ends", () => {
  const list = ["a", "b", "c"];
  expect(shifted(list, 1, -1)).toEqual(["b", "a", "c"]);
  expect(shifted(list, 2, 1)).toBe(list);
  expect(shifted(list, 0, -1)).toBe(list);
});
