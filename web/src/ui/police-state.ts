import { daysText, formatBrush, hoursText, parseBrush, type WeekBrush } from "../chart/week";
import { type CellId, cellId, type LonLat, type QuartierCode, quartierCode } from "../units";
import { day, member, position, type Theme, themes } from "./city-state";

/** What the map shows: what is reported, what is felt, both side by side, or both crossed. */
export const views = ["signalements", "ressenti", "cote", "croisement"] as const;
export type PoliceViewName = (typeof views)[number];
export const forms = ["hexagones", "densite"] as const;
export type Form = (typeof forms)[number];

/** A fiche with more places has no priorities. */
export const MOST_PLACES = 10;

/** Everything that the address bar keeps, so that a link shows the same to somebody else. */
export interface PoliceState {
  readonly quartier: QuartierCode | null;
  readonly show: PoliceViewName;
  readonly form: Form;
  readonly themes: readonly Theme[];
  readonly brush: WeekBrush | null;
  /** First and last day, both included; "" for no limit. */
  readonly from: string;
  readonly to: string;
  /** The place that is open. */
  readonly place: CellId | null;
  /** Places put on the fiche. */
  readonly sheet: readonly CellId[];
  readonly view: { readonly center: LonLat; readonly zoom: number } | null;
}

export const initial: PoliceState = {
  quartier: null,
  show: "signalements",
  form: "hexagones",
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
    show: read("montrer", (value) => member(views, value), initial.show),
    form: read("forme", (value) => member(forms, value), initial.form),
    themes: read(
      "themes",
      (value) => {
        const wanted = new Set(value.split(","));
        return themes.filter((theme) => wanted.has(theme));
      },
      [],
    ),
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
  };
}

/** The query string of a state, without what is as at the start; "" for the start. */
export function format(state: PoliceState): string {
  const search = new URLSearchParams();
  const set = (name: string, value: string, rest: string) => {
    if (value !== rest) search.set(name, value);
  };
  set("quartier", state.quartier ?? "", "");
  set("montrer", state.show, initial.show);
  set("forme", state.form, initial.form);
  set("themes", state.themes.join(","), "");
  set("semaine", formatBrush(state.brush), "");
  set("du", state.from, "");
  set("au", state.to, "");
  set("lieu", state.place ?? "", "");
  set("fiche", state.sheet.join(","), "");
  if (state.view) {
    const { center, zoom } = state.view;
    search.set("carte", [center[0].toFixed(5), center[1].toFixed(5), String(zoom)].join(","));
  }
  const text = search.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** The part of a state that the server filters by, in its words. */
export function filterOf(state: PoliceState): {
  quartier?: string;
  theme?: string;
  from?: string;
  to?: string;
  hours?: string;
  days?: string;
} {
  return {
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
