import { type Measure, measures, type Resolution } from "../map/legend";
import { type CellId, cellId, type QuartierCode, quartierCode } from "../units";
import {
  day,
  type MapView,
  member,
  position,
  positionText,
  queryOf,
  reader,
  type Theme,
  themeList,
} from "./address";
import { type Hours, hours, type Weekday, weekdays } from "./moment";

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
  readonly view: MapView | null;
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
  const read = reader(query);
  return {
    quartier: read<QuartierCode | null>("quartier", quartierCode, null),
    measure: read("montrer", (value) => member(measures, value), initial.measure),
    resolution: read(
      "taille",
      (value) => member(["8", "9", "10", "11"] as const, value) && (Number(value) as Resolution),
      initial.resolution,
    ),
    themes: read("themes", themeList, []),
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
  return queryOf([
    ["quartier", state.quartier ?? ""],
    ["montrer", state.measure, initial.measure],
    ["taille", String(state.resolution), String(initial.resolution)],
    ["themes", state.themes.join(",")],
    ["du", state.from],
    ["au", state.to],
    ["jours", state.days.join(",")],
    ["heures", state.hours?.join("-") ?? ""],
    ["hexagone", state.hexagon ?? ""],
    ["carte", positionText(state.view)],
  ]);
}

/** Number of choices among themes and times, for the summary of the filters. */
export function filtersActive(state: CityState): number {
  const { themes, from, to, days, hours } = state;
  return [themes.length > 0, from, to, days.length > 0, hours].filter(Boolean).length;
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
