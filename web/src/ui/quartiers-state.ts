/** Everything that the address bar of the planners' pages keeps. Pure. */
import { type CellId, cellId, type QuartierCode, quartierCode } from "../units";

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

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function day(value: string): string {
  const read = new Date(`${value}T00:00:00Z`);
  if (
    !DAY.test(value) ||
    Number.isNaN(read.getTime()) ||
    read.toISOString().slice(0, 10) !== value
  ) {
    throw new RangeError("not a day");
  }
  return value;
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

function member<T>(list: readonly T[], value: T): T {
  if (!list.includes(value)) throw new RangeError("not in the list");
  return value;
}

/** Reads a query string; whatever cannot be understood is left out, never an error. */
export function parse(query: string): QuartiersState {
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
    quartiers: read("quartiers", (v) => [...new Set(v.split(","))].map(quartierCode).sort(), []),
    rate: read("taux", (v) => member(rates, v as Rate), initial.rate),
    from: read("du", day, ""),
    to: read("au", day, ""),
    cut: read("par", (v) => member(cuts, v as Cut), initial.cut),
    show: read("montrer", (v) => member(mapMeasures, v as MapMeasure), initial.show),
    size: read("taille", (v) => member(sizes, Number(v) as Size), initial.size),
    measure: read("mesure", (v) => member(changeMeasures, v as ChangeMeasure), initial.measure),
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
  const search = new URLSearchParams();
  const set = (name: string, value: string, rest: string) => {
    if (value !== rest) search.set(name, value);
  };
  set("quartiers", state.quartiers.join(","), "");
  set("taux", state.rate, initial.rate);
  set("du", state.from, "");
  set("au", state.to, "");
  set("par", state.cut, initial.cut);
  set("montrer", state.show, initial.show);
  set("taille", String(state.size), String(initial.size));
  set("mesure", state.measure, initial.measure);
  set("avant", state.before, "");
  set("apres", state.after, "");
  set("zone", state.zone.join(","), "");
  set("action", state.action, "");
  set("date", state.date, "");
  set("mois", String(state.months), String(initial.months));
  const text = search.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}
