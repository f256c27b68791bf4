/**
 * A slide of the restitution as the wall tells it: words, classes and shapes,
 * from what the server gives. Pure; numbers come rounded from the server.
 */
import type { Schemas } from "./api";
import { ramp } from "./map/colour";
import { editionStyle, type Reading } from "./map/edition-style";
import type { HexagonShape, OutlinedPlace } from "./map/map";
import { type Picture, pictureOf } from "./map/surface";
import { text as resident } from "./text/atelier";
import { text } from "./text/restitution";
import type { CellId, LonLat } from "./units";

export type Slide = Schemas["Slide"];
export type Told = Schemas["WallSlide"];
export type SlideKind = Slide["kind"];

export const SLIDE_KINDS: readonly SlideKind[] = [
  "map",
  "week",
  "months",
  "themes",
  "places",
  "density",
  "edition",
  "recorded",
];
export const MAX_SLIDES = 12;
/** The step of every rounded number, and the threshold of an edition. */
const STEP = 5;

/** Kinds made of signalements; the others show a result as it was kept. */
export const isCounted = (kind: SlideKind): boolean => kind !== "edition" && kind !== "recorded";
/** Kinds that say where signalements were. */
export const isLocated = (kind: SlideKind): boolean =>
  kind === "map" || kind === "places" || kind === "density";
/** Kinds that are drawn on the map of the wall. */
export const isMap = (kind: SlideKind): boolean => isLocated(kind) || kind === "edition";
export const takesTheme = (kind: SlideKind): boolean => isCounted(kind) && kind !== "themes";
export const takesMoment = (kind: SlideKind): boolean => isCounted(kind) && kind !== "week";

/** A class of signalements in a hexagon of the wall. */
export interface WallClass {
  readonly from: number;
  readonly to: number | null;
  readonly fill: string;
  readonly edge: string;
}

// Twice as many at each step: the same colour means the same number on every
// slide, and five steps are told apart from the back of a hall.
const bounds = [5, 10, 20, 40, 80] as const;
export const wallClasses: readonly WallClass[] = bounds.map((from, i) => {
  const next = bounds[i + 1];
  return {
    from,
    to: next === undefined ? null : next - 1,
    fill: ramp.signalements[i] as string,
    edge: "#2b3140",
  };
});

/** The class of a number; null for one that is not told. */
export function wallClassOf(count: number): WallClass | null {
  return wallClasses.filter((one) => count >= one.from).at(-1) ?? null;
}

type Ring = readonly (readonly number[])[];
type Properties = Told["hexagons"][number]["properties"];

function readingOf({ unsafe, safe }: Properties): Reading {
  return safe === 0 ? "unsafe" : unsafe === 0 ? "safe" : "contested";
}

/** How the hexagons of a slide are drawn. */
export function slideShapes(told: Told): HexagonShape[] {
  if (told.kind === "density") return [];
  return told.hexagons.flatMap(({ id, geometry, properties }) => {
    const style = isLocated(told.kind)
      ? { ...(wallClassOf(properties.signalements) ?? wallClasses[0]), hatched: false }
      : editionStyle(
          readingOf(properties),
          readingOf(properties) === "safe" ? properties.safe : properties.unsafe,
          STEP,
        );
    const { fill = "", edge = "", hatched } = style;
    return outerRings(geometry).map((ring, part) => ({
      id: `${id}/${part}` as CellId,
      ring,
      fill,
      edge,
      hatched,
    }));
  });
}

/** The surface of a slide, as a map takes it; null for the other kinds. */
export function slidePicture({ density }: Told): Picture | null {
  return density ? pictureOf(density, false) : null;
}

/** Numbered lines around what is beyond chance, in the order of the list. */
export function slideOutlines(told: Told): OutlinedPlace[] {
  if (told.kind !== "places") return [];
  return told.hexagons.map(({ geometry }, i) => {
    const rings = outerRings(geometry);
    const corners = (rings[0] ?? []).slice(1);
    const middle = (axis: 0 | 1) =>
      corners.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / (corners.length || 1);
    return {
      rings: rings as OutlinedPlace["rings"],
      at: [middle(0), middle(1)] as unknown as LonLat,
      label: String(i + 1),
      dashed: false,
    };
  });
}

function outerRings(geometry: Told["hexagons"][number]["geometry"]): Ring[] {
  const { type, coordinates } = geometry as unknown as { type: string; coordinates: unknown };
  const polygons = (
    type === "Polygon" ? [coordinates] : coordinates
  ) as readonly (readonly Ring[])[];
  return polygons.flatMap((polygon) => polygon.slice(0, 1));
}

/** A slide in one line, also before it was counted. */
export function titleOf(slide: Slide): string {
  const theme = slide.theme ? resident.themes[slide.theme] : "";
  const words = () => {
    switch (slide.kind) {
      case "map":
      case "week":
      case "months":
      case "places":
      case "density":
        return text.title[slide.kind](theme);
      case "edition":
        return text.title.edition(slide.numero ?? 0);
      case "recorded":
        return text.title.recorded(slide.indicateur ?? "");
      default:
        return text.title.themes;
    }
  };
  return slide.moment ? `${words()}, ${text.moments[slide.moment]}` : words();
}

/** The period of a slide that was counted. */
export function periodOf(told: Told): string {
  if (isCounted(told.kind)) {
    const until = told.until ?? "";
    if (told.from) return text.period.between(told.from, until);
    return until === "" ? "" : text.period.until(until);
  }
  if (told.kind === "recorded") {
    const years = (told.years ?? []).map(({ year }) => year);
    return years.length === 0 ? "" : text.period.years(Math.min(...years), Math.max(...years));
  }
  return told.kind === "edition" && told.day ? text.period.evenings(told.day) : "";
}

/** On how much a slide rests: never an exact number. */
export function countOf(told: Told): string {
  if (told.kind === "edition" || told.kind === "recorded") return "";
  if (told.at_least === 0) return text.fewer;
  return text.atLeast(told.at_least);
}

export function caveatOf(kind: SlideKind): string {
  if (isCounted(kind)) return isLocated(kind) ? text.caveat.map : text.caveat.signalements;
  return kind === "recorded" ? text.caveat.recorded : text.caveat.felt;
}

export function sourceOf(told: Told, quartier: string): string {
  switch (told.kind) {
    case "edition":
      return text.source.edition(quartier);
    case "recorded":
      return text.source.recorded((told.sources ?? []).join(", "));
    default:
      return text.source.signalements(quartier);
  }
}

/** Whether a slide has anything to show. */
export function isEmpty(told: Told): boolean {
  return (
    told.hexagons.length === 0 &&
    (told.week ?? []).every((bands) => bands.every((value) => value === 0)) &&
    (told.months ?? []).length === 0 &&
    (told.themes ?? []).length === 0 &&
    (told.years ?? []).length === 0
  );
}

/** The four slides with which most presentations begin: the year before a day. */
export function usualSlides(today: Date): Slide[] {
  const to = today.toISOString().slice(0, 10);
  const start = new Date(today);
  start.setUTCFullYear(start.getUTCFullYear() - 1);
  const from = start.toISOString().slice(0, 10);
  return [
    { kind: "themes", from, to },
    { kind: "map", from, to },
    { kind: "week", from, to },
    { kind: "months", from, to },
  ];
}

/** A list with one element moved up or down; the same list at the ends. */
export function shifted<T>(list: readonly T[], at: number, by: -1 | 1): readonly T[] {
  const to = at + by;
  if (to < 0 || to >= list.length) return list;
  const out = [...list];
  const [one] = out.splice(at, 1);
  if (one !== undefined) out.splice(to, 0, one);
  return out;
}
