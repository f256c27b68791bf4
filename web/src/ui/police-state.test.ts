import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellId, lonLat, quartierCode } from "../units";
import { themes } from "./address";
import {
  consistent,
  filterOf,
  format,
  forms,
  initial,
  MOST_PLACES,
  type Origin,
  type PoliceState,
  parse,
  sources,
  toggled,
  views,
} from "./police-state";

const cells = ["8a1f9b5a0c07fff", "8a1f9b5a0c0ffff", "8a1f9b5a0c17fff"].map(cellId);

describe("the address", () => {
  test("gives every view back", () => {
    const state = fc.record<PoliceState>({
      quartier: fc.constantFrom(null, quartierCode("BE")),
      show: fc.constantFrom(...views),
      form: fc.constantFrom(...forms),
      source: fc.constantFrom(...sources),
      origins: fc.subarray<Origin>(["demo", "habitant", "import:csv"]),
      themes: fc.subarray([...themes]),
      brush: fc.constantFrom(null, { firstDay: 1, lastDay: 5, firstHour: 22, lastHour: 5 }),
      from: fc.constantFrom("", "2026-01-01"),
      to: fc.constantFrom("", "2026-03-31"),
      place: fc.constantFrom(null, ...cells),
      sheet: fc.subarray(cells),
      view: fc.constantFrom(
        null,
        { center: lonLat(5.9, 45.5), zoom: 14 },
        { center: lonLat(5.9, 45.5), zoom: 12.87 },
      ),
    });
    fc.assert(
      fc.property(state, (one) => {
        expect(parse(format(one))).toEqual(consistent(one));
      }),
    );
    expect(format(initial)).toBe("");
  });

  test("a zoom between whole steps stays short", () => {
    const view = { center: lonLat(5.9, 45.5), zoom: 12.866_049_221 };
    expect(format({ ...initial, view })).toBe("?carte=5.90000,45.50000,12.87");
  });

  test("what cannot be read is left out", () => {
    expect(
      parse(
        "?montrer=x&semaine=9-9.1-1&du=2026-02-31&lieu=zz&fiche=a,b&themes=XXX&carte=1&source=import:",
      ),
    ).toEqual(initial);
  });
});

test("the server is asked in its own words", () => {
  expect(
    filterOf({
      ...initial,
      quartier: quartierCode("HC"),
      themes: ["BRU", "OCC"],
      brush: { firstDay: 6, lastDay: 7, firstHour: 22, lastHour: 2 },
      to: "2026-03-31",
    }),
  ).toEqual({
    quartier: "HC",
    theme: "BRU,OCC",
    hours: "22-23,0-2",
    days: "6-7",
    to: "2026-03-31",
  });
  expect(filterOf(initial)).toEqual({});
  expect(filterOf({ ...initial, source: "ateliers" })).toEqual({ source: "markers" });
  expect(filterOf({ ...initial, origins: ["habitant", "import:csv"] })).toEqual({
    origine: "habitant,import:csv",
  });
});

test("a source that counts one kind only shows the map of that kind", () => {
  expect(parse("?source=ateliers&montrer=croisement").show).toBe("ressenti");
  expect(parse("?source=signalements&montrer=cote").show).toBe("signalements");
  expect(parse("?origine=habitant&montrer=cote").show).toBe("cote");
});

test("a link that named one origin as its source still does", () => {
  expect(parse("?source=import:csv")).toEqual({ ...initial, origins: ["import:csv"] });
  expect(format(parse("?source=import:csv"))).toBe("?origine=import%3Acsv");
});

test("a fiche takes a place once, gives it back, and is full at ten", () => {
  const [a, b] = cells as [(typeof cells)[number], (typeof cells)[number]];
  expect(toggled([a], b)).toEqual([a, b]);
  expect(toggled([a, b], a)).toEqual([b]);
  const full = Array.from({ length: MOST_PLACES }, () => a);
  expect(toggled(full, b)).toBe(full);
});
