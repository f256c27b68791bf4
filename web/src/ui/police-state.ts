import { daysText, formatBrush, hoursText, parseBrush, type WeekBrush } from "../chart/week";
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

/** What the map shows: what is reported, what is felt, both side by side, or both crossed. */
export const views = ["signalements", "ressenti", "cote", "croisement"] as const;
export type PoliceViewName = (typeof views)[number];
export const forms = ["hexagones", "densite"] as const;
export type Form = (typeof forms)[number];

/**
 * What counts: everything, signalements or ateliers alone, or the signalements of
 * one origin, named as the server does (habitant, demo, import:NAME), beside the
 * ateliers.
 */
export type Source = "" | "signalements" | "ateliers" | Origin;
export type Origin = "habitant" | "demo" | `import:${string}`;

export function originOf(source: Source): Origin | null {
  return source === "" || source === "signalements" || source === "ateliers" ? null : source;
}

/** "import:csv"; a limit on what an address may make the server look for. */
function sourceOf(value: string): Source {
  if (!/^(signalements|ateliers|habitant|demo|import:[a-z0-9][a-z0-9_-]{0,39})$/.test(value)) {
    throw new RangeError("not a source");
  }
  return value as Source;
}

/** The maps that a source has anything for. */
export function viewsOf(source: Source): readonly PoliceViewName[] {
  if (source === "signalements") return ["signalements"];
  return source === "ateliers" ? ["ressenti"] : views;
}

/** A state whose map has something to show. */
export function consistent(state: PoliceState): PoliceState {
  const [first = state.show, ...others] = viewsOf(state.source);
  return [first, ...others].includes(state.show) ? state : { ...state, show: first };
}

/** A fiche with more places has no priorities. */
export const MOST_PLACES = 10;

/** Everything that the address bar keeps, so that a link shows the same to somebody else. */
export interface PoliceState {
  readonly quartier: QuartierCode | null;
  readonly show: PoliceViewName;
  readonly form: Form;
  readonly source: Source;
  readonly themes: readonly Theme[];
  readonly brush: WeekBrush | null;
  /** First and last day, both included; "" for no limit. */
  readonly from: string;
  readonly to: string;
  /** The place that is open. */
  readonly place: CellId | null;
  /** Places put on the fiche. */
  readonly sheet: readonly CellId[];
  readonly view: MapView | null;
}

export const initial: PoliceState = {
  quartier: null,
  show: "signalements",
  form: "hexagones",
  source: "",
  themes: [],
  brush: null,
  from: "",
  to: "",
  place: null,
  sheet: [],
  view: null,
};

/** Reads a query string; whatever cannot be understood is left out, never an error. */
export function parse(query: string): PoliceState {
  const read = reader(query);
  return consistent({
    quartier: read<QuartierCode | null>("quartier", quartierCode, null),
    show: read("montrer", (value) => member(views, value), initial.show),
    form: read("forme", (value) => member(forms, value), initial.form),
    source: read<Source>("source", sourceOf, ""),
    themes: read("themes", themeList, []),
    brush: read<WeekBrush | null>("semaine", parseBrush, null),
    from: read("du", day, ""),
    to: read("au", day, ""),
    place: read<CellId | null>("lieu", cellId, null),
    sheet: read<readonly CellId[]>(
      "fiche",
      (value) => [...new Set(value.split(",").map(cellId))].slice(0, MOST_PLACES),
      [],
    ),
    view: read<PoliceState["view"]>("carte", position, null),
  });
}

/** The query string of a state, without what is as at the start; "" for the start. */
export function format(state: PoliceState): string {
  return queryOf([
    ["quartier", state.quartier ?? ""],
    ["montrer", state.show, initial.show],
    ["forme", state.form, initial.form],
    ["source", state.source],
    ["themes", state.themes.join(",")],
    ["semaine", formatBrush(state.brush)],
    ["du", state.from],
    ["au", state.to],
    ["lieu", state.place ?? ""],
    ["fiche", state.sheet.join(",")],
    ["carte", positionText(state.view)],
  ]);
}

/** The part of a state that the server filters by, in its words. */
export function filterOf(state: PoliceState): {
  quartier?: string;
  source?: "markers" | "signalements";
  origine?: Origin;
  theme?: string;
  from?: string;
  to?: string;
  hours?: string;
  days?: string;
} {
  const origin = originOf(state.source);
  return {
    ...(state.source === "ateliers" ? ({ source: "markers" } as const) : {}),
    ...(state.source === "signalements" ? { source: state.source } : {}),
    ...(origin ? { origine: origin } : {}),
    ...(state.quartier ? { quartier: state.quartier } : {}),
    ...(state.themes.length > 0 ? { theme: state.themes.join(",") } : {}),
    ...(state.from ? { from: state.from } : {}),
    ...(state.to ? { to: state.to } : {}),
    ...(state.brush ? { hours: hoursText(state.brush), days: daysText(state.brush) } : {}),
  };
}

/** Puts a place on the fiche or takes it off; a full fiche takes no more. */
export function toggled(sheet: readonly CellId[], place: CellId): readonly CellId[] {
  if (sheet.includes(place)) return sheet.filter((one) => one !== place);
  return sheet.length < MOST_PLACES ? [...sheet, place] : sheet;
}
