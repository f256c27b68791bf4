import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measures, resolutions } from "../map/legend";
import { cellId, lonLat, quartierCode } from "../units";
import { themes } from "./address";
import { type CityState, filtersActive, format, initial, parse } from "./city-state";
import { hours, weekdays } from "./moment";

const day = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const state: fc.Arbitrary<CityState> = fc.record({
  quartier: fc.option(fc.stringMatching(/^[A-Z0-9_-]{1,12}$/).map(quartierCode)),
  measure: fc.constantFrom(...measures),
  resolution: fc.constantFrom(...resolutions),
  themes: fc.subarray([...themes]),
  from: fc.oneof(fc.constant(""), day),
  to: fc.oneof(fc.constant(""), day),
  days: fc.subarray([...weekdays], { maxLength: 6 }),
  hours: fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 24 }))
    .map(([from, to]) => hours(from, to)),
  hexagon: fc.option(fc.stringMatching(/^8[0-9a-f]{14}$/).map(cellId)),
  view: fc.option(
    fc.record({
      center: fc
        .tuple(
          fc.integer({ min: -1800000, max: 1800000 }),
          fc.integer({ min: -900000, max: 900000 }),
        )
        .map(([lon, lat]) => lonLat(lon / 10000, lat / 10000)),
      zoom: fc.integer({ min: 0, max: 44 }).map((half) => half / 2),
    }),
  ),
});

describe("the address", () => {
  test("brings every view back", () => {
    fc.assert(
      fc.property(state, (it) => {
        expect(parse(format(it))).toEqual(it);
      }),
    );
  });

  test("is empty at the start", () => {
    expect(format(initial)).toBe("");
    expect(parse("")).toEqual(initial);
  });

  test("reads well", () => {
    const it = { ...initial, quartier: quartierCode("HC"), themes: ["BRU", "OCC"] as const };
    expect(format(it)).toBe("?quartier=HC&themes=BRU,OCC");
  });

  test("written by anybody never fails, and what is not understood is left out", () => {
    expect(
      parse(
        "?quartier=<b>&taille=7&montrer=x&du=2026-02-31&carte=1,2&hexagone=z&themes=ZZZ&jours=0,8&heures=24-3",
      ),
    ).toEqual(initial);
    fc.assert(fc.property(fc.string(), (query) => parse(query) !== null));
  });
});

test("active filters are counted: themes together, days together, each date alone", () => {
  expect(filtersActive(initial)).toBe(0);
  expect(filtersActive({ ...initial, themes: ["BRU", "OCC"], from: "2026-01-01" })).toBe(2);
  expect(filtersActive({ ...initial, days: [1, 2], hours: [0, 6] })).toBe(2);
});
