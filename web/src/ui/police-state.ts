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

/** What counts: everything, signalements or ateliers alone. */
export const sources = ["", "signalements", "ateliers"] as const;
export type Source = (typeof sources)[number];

/** Where signalements come from, named as the server does. */
export type Origin = "habitant" | "demo" | `import:${string}`;

/** As many as the server takes. */
const MOST_ORIGINS = 10;

/** "habitant,import:csv"; a limit on what an address may make the server look for. */
function originList(value: string): readonly Origin[] {
  const known = /^(habitant|demo|import:[a-z0-9][a-z0-9_-]{0,39})$/;
  const all = [...new Set(value.split(","))].filter((one) => known.test(one)).sort();
  return all.slice(0, MOST_ORIGINS) as Origin[];
}

/** The maps that a source has anything for. */
export function viewsOf(source: Source): readonly PoliceViewName[] {
  if (source === "signalements") return ["signalements"];
  return source === "ateliers" ? ["ressenti"] : views;
}

/** A state whose map has something to show, and whose choices all mean something. */
export function consistent(state: PoliceState): PoliceState {
  const [first = state.show, ...others] = viewsOf(state.source);
  return {
    ...state,
    show: [first, ...others].includes(state.show) ? state.show : first,
    // Ateliers come from nowhere else.
    origins: state.source === "ateliers" ? [] : state.origins,
  };
}

/** A fiche with more places has no priorities. */
export const MOST_PLACES = 10;

/** Everything that the address bar keeps, so that a link shows the same to somebody else. */
export interface PoliceState {
  readonly quartier: QuartierCode | null;
  readonly show: PoliceViewName;
  readonly form: Form;
  readonly source: Source;
  /** Where the signalements come from that count; none for everywhere. */
  readonly origins: readonly Origin[];
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
  origins: [],
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
    source: read<Source>("source", (value) => member(sources, value), ""),
    // Links of before named one origin as a source.
    origins: read("origine", originList, read("source", originList, [])),
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
    ["origine", state.origins.join(",")],
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
  origine?: string;
  theme?: string;
  from?: string;
  to?: string;
  hours?: string;
  days?: string;
} {
  return {
    ...(state.source === "ateliers" ? ({ source: "markers" } as const) : {}),
    ...(state.source === "signalements" ? { source: state.source } : {}),
    ...(state.origins.length > 0 ? { origine: state.origins.join(",") } : {}),
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
