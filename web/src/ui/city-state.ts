import { type Measure, measures, type Resolution } from "../map/legend";
import {
  type CellId,
  cellId,
  type LonLat,
  lonLat,
  type QuartierCode,
  quartierCode,
} from "../units";
import { type Hours, hours, type Weekday, weekdays } from "./moment";

export const themes = [
  "BRU",
  "OCC",
  "STU",
  "DEG",
  "CIR",
  "PRO",
  "AMB",
  "VIO",
  "VOL",
  "VOI",
] as const;
export type Theme = (typeof themes)[number];

/** Everything that the address bar keeps, so that a view can be sent to somebody. */
export interface CityState {
  readonly quartier: QuartierCode | null;
  readonly measure: Measure;
  readonly resolution: Resolution;
  readonly themes: readonly Theme[];
  /** First and last day, "2026-03-12", both included; "" for no limit. */
  readonly from: string;
  readonly to: string;
  /** Days of the week; none chosen is all of them. */
  readonly days: readonly Weekday[];
  readonly hours: Hours | null;
  readonly hexagon: CellId | null;
  readonly view: { readonly center: LonLat; readonly zoom: number } | null;
}

export const initial: CityState = {
  quartier: null,
  measure: "unsafe",
  resolution: 10,
  themes: [],
  from: "",
  to: "",
  days: [],
  hours: null,
  hexagon: null,
  view: null,
};

/** Reads a query string; whatever cannot be understood is left out, never an error. */
export function parse(query: string): CityState {
  const search = new URLSearchParams(query);
  const read = <T>(name: string, parser: (value: string) => T, fallback: T): T => {
    const value = search.get(name);
    if (value === null) return fallback;
    try {
      return parser(value);
    } catch {
      return fallback;
    }
  };
  return {
    quartier: read<QuartierCode | null>("quartier", quartierCode, null),
    measure: read("montrer", (value) => member(measures, value), initial.measure),
    resolution: read(
      "taille",
      (value) => member(["8", "9", "10", "11"] as const, value) && (Number(value) as Resolution),
      initial.resolution,
    ),
    themes: read(
      "themes",
      (value) => {
        const wanted = new Set(value.split(","));
        return themes.filter((theme) => wanted.has(theme));
      },
      [],
    ),
    from: read("du", day, ""),
    to: read("au", day, ""),
    days: read<CityState["days"]>("jours", days, []),
    hours: read<CityState["hours"]>("heures", stretch, null),
    hexagon: read<CellId | null>("hexagone", cellId, null),
    view: read<CityState["view"]>("carte", position, null),
  };
}

/** The query string of a state, without what is as at the start; "" for the start. */
export function format(state: CityState): string {
  const search = new URLSearchParams();
  const set = (name: string, value: string, rest: string) => {
    if (value !== rest) search.set(name, value);
  };
  set("quartier", state.quartier ?? "", "");
  set("montrer", state.measure, initial.measure);
  set("taille", String(state.resolution), String(initial.resolution));
  set("themes", state.themes.join(","), "");
  set("du", state.from, "");
  set("au", state.to, "");
  set("jours", state.days.join(","), "");
  set("heures", state.hours?.join("-") ?? "", "");
  set("hexagone", state.hexagon ?? "", "");
  if (state.view) {
    const { center, zoom } = state.view;
    // Five decimals are a metre: more would only lengthen the address.
    search.set("carte", [center[0].toFixed(5), center[1].toFixed(5), String(zoom)].join(","));
  }
  // Commas are legal in a query and read better than %2C.
  const text = search.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** Number of choices among themes and times, for the summary of the filters. */
export function filtersActive(state: CityState): number {
  const { themes, from, to, days, hours } = state;
  return [themes.length > 0, from, to, days.length > 0, hours].filter(Boolean).length;
}

export function member<T extends string>(list: readonly T[], value: string): T {
  const found = list.find((item) => item === value);
  if (found === undefined) throw new RangeError("not in the list");
  return found;
}

export function day(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw new RangeError("not a day");
  const read = new Date(`${value}T00:00:00Z`);
  // "2026-02-31" would be read as 3 March.
  if (Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== value) {
    throw new RangeError("not a day");
  }
  return value;
}

function days(value: string): readonly Weekday[] {
  const wanted = new Set(value.split(",").map(Number));
  const known = weekdays.filter((one) => wanted.has(one));
  return known.length === weekdays.length ? [] : known;
}

function stretch(value: string): Hours | null {
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(value) ?? [];
  return hours(Number(from), Number(to));
}

export function position(value: string): CityState["view"] {
  const [lon = Number.NaN, lat = Number.NaN, zoom = Number.NaN] = value.split(",").map(Number);
  if (!(zoom >= 0 && zoom <= 22)) throw new RangeError("not a zoom");
  return { center: lonLat(lon, lat), zoom };
}
