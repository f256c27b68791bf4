import { expect, test } from "vitest";
import {
  type Domanialite,
  domanialiteOf,
  streetNameSize,
  streetNameZoom,
  streetStyle,
} from "./style";

const kinds: readonly Domanialite[] = ["COM", "DEP", "NAT", "AUT", "PRI", "NR"];

test("streets grow at every zoom and keep an edge on both sides", () => {
  for (const kind of kinds) {
    for (let zoom = 11; zoom < 18; zoom++) {
      const here = streetStyle(kind, zoom);
      expect(streetStyle(kind, zoom + 1).width).toBeGreaterThan(here.width);
      expect(here.casingWidth - here.width).toBeGreaterThanOrEqual(1);
    }
  }
});

test("a main street is wider than a communal one and named earlier", () => {
  for (let zoom = 11; zoom <= 18; zoom++) {
    expect(streetStyle("DEP", zoom).width).toBeGreaterThan(streetStyle("COM", zoom).width);
  }
  expect(streetNameZoom(1)).toBeLessThan(streetNameZoom(0));
});

test("names never shrink on zooming in, nor fall under 12 px", () => {
  for (let zoom = 11; zoom < 19; zoom++) {
    expect(streetNameSize(0, zoom)).toBeGreaterThanOrEqual(12);
    expect(streetNameSize(0, zoom + 1)).toBeGreaterThanOrEqual(streetNameSize(0, zoom));
  }
});

test("an unheard-of keeper is drawn as unknown", () => {
  expect(domanialiteOf("COM")).toBe("COM");
  expect(domanialiteOf("XYZ")).toBe("NR");
  expect(domanialiteOf(undefined)).toBe("NR");
});
