import { formatNumber as n } from "./format";
import type { fr } from "./place.fr";
import type { Translation } from "./text";

const some = (value: number, one: string, many: string) =>
  `${n(value)} ${value === 1 ? one : many}`;

/** Texts of the place of an action. */
export const en: Translation<typeof fr> = {
  legend: "Where?",
  help: "With a place, before and after the action can be compared.",
  kinds: {
    kept: "Where it is today",
    finding: "At the place of the finding",
    zone: "In an area to draw",
    markers: "At the markers that it answers",
    none: "At no place in particular",
  },
  zoneHelp:
    "Touch the map to place the corners of the area. With the keyboard: the arrows move the map, then “Place a corner in the middle”.",
  corner: "Place a corner in the middle",
  undo: "Take the last corner away",
  clear: "Clear",
  corners: (count) =>
    count === 0
      ? "No corner"
      : `${some(count, "corner", "corners")}${count < 3 ? ": three are needed" : ""}`,
  faults: {
    small: "This area is too small: at least 20 m².",
    large: "This area is too large: at most 1 km².",
    tangled: "The sides of this area cross.",
  },
  markersHelp: "Touch the markers on the map, or tick them in the list.",
  markers: (count) => `${some(count, "marker chosen", "markers chosen")}`,
  noMarkers: "No marker is placed yet.",
  marker: (table, rank, felt) => `Table ${table}, marker ${rank}: ${felt}`,
  felts: { unsafe: "not safe", safe: "rather safe" },
  map: "Map of the quartier, to choose the place of the action",
  missing: {
    zone: "Place at least three corners, or choose another place.",
    markers: "Choose at least one marker, or another place.",
  },
};
