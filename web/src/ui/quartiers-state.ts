/** Everything that the address bar of the planners' pages keeps. Pure. */
import { type CellId, cellId, type QuartierCode, quartierCode } from "../units";
import { day, member, queryOf, reader } from "./address";

export const rates = ["avoids", "unsafe", "signalements"] as const;
export type Rate = (typeof rates)[number];
export const mapMeasures = ["unsafe", "safe", "contested", "signalements"] as const;
export type MapMeasure = (typeof mapMeasures)[number];
export const changeMeasures = ["unsafe", "safe", "signalements"] as const;
export type ChangeMeasure = (typeof changeMeasures)[number];
export const cuts = ["atelier", "annee"] as const;
export type Cut = (typeof cuts)[number];
export const sizes = [9, 10] as const;
export type Size = (typeof sizes)[number];

export interface QuartiersState {
  /** The quartiers set side by side, in the order of their codes; empty for the first two. */
  readonly quartiers: readonly QuartierCode[];
  readonly rate: Rate;
  /** First and last day, "2026-03-12", both included; "" for no limit. */
  readonly from: string;
  readonly to: string;
  readonly cut: Cut;
  readonly show: MapMeasure;
  readonly size: Size;
  readonly measure: ChangeMeasure;
  /** Identifier of an atelier, or "2025-01-01..2025-12-31"; "" for the page's own choice. */
  readonly before: string;
  readonly after: string;
  readonly zone: readonly CellId[];
  /** Identifier of an action that gives zone and day; "" for none. */
  readonly action: string;
  readonly date: string;
  readonly months: number;
}

export const initial: QuartiersState = {
  quartiers: [],
  // Nearly everybody marks some unsafe place: who avoids one tells quartiers apart.
  rate: "avoids",
  from: "",
  to: "",
  cut: "atelier",
  show: "unsafe",
  size: 10,
  measure: "unsafe",
  before: "",
  after: "",
  zone: [],
  action: "",
  date: "",
  months: 12,
};

/** The quartier of "/quartiers/BE"; null on the overview. */
export function quartierOfPath(path: string): QuartierCode | null {
  const found = /^\/quartiers\/([^/]+)\/?$/.exec(path);
  try {
    return found ? quartierCode(decodeURIComponent(found[1] ?? "")) : null;
  } catch {
    return null;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function uuid(value: string): string {
  if (!UUID.test(value)) throw new RangeError("not an identifier");
  return value;
}

function side(value: string): string {
  const [first = "", last = "", more] = value.split("..");
  if (more !== undefined) throw new RangeError("not a period");
  return last ? `${day(first)}..${day(last)}` : uuid(value);
}

/** Reads a query string; whatever cannot be understood is left out, never an error. */
export function parse(query: string): QuartiersState {
  const read = reader(query);
  return {
    quartiers: read("quartiers", (v) => [...new Set(v.split(","))].map(quartierCode).sort(), []),
    rate: read("taux", (v) => member(rates, v), initial.rate),
    from: read("du", day, ""),
    to: read("au", day, ""),
    cut: read("par", (v) => member(cuts, v), initial.cut),
    show: read("montrer", (v) => member(mapMeasures, v), initial.show),
    size: read("taille", (v) => member(sizes, Number(v)), initial.size),
    measure: read("mesure", (v) => member(changeMeasures, v), initial.measure),
    before: read("avant", side, ""),
    after: read("apres", side, ""),
    zone: read("zone", (v) => [...new Set(v.split(","))].map(cellId), []),
    action: read("action", uuid, ""),
    date: read("date", day, ""),
    months: read("mois", (v) => member([3, 6, 12, 24], Number(v)), initial.months),
  };
}

/** The query string of a state, without what is as at the start. */
export function format(state: QuartiersState): string {
  return queryOf([
    ["quartiers", state.quartiers.join(",")],
    ["taux", state.rate, initial.rate],
    ["du", state.from],
    ["au", state.to],
    ["par", state.cut, initial.cut],
    ["montrer", state.show, initial.show],
    ["taille", String(state.size), String(initial.size)],
    ["mesure", state.measure, initial.measure],
    ["avant", state.before],
    ["apres", state.after],
    ["zone", state.zone.join(",")],
    ["action", state.action],
    ["date", state.date],
    ["mois", String(state.months), String(initial.months)],
  ]);
}
