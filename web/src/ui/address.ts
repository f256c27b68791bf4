/** What the address bars of several pages share. Pure. */
import { type LonLat, lonLat } from "../units";

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

/** Where a map is. */
export interface MapView {
  readonly center: LonLat;
  readonly zoom: number;
}

/** Reads the values of a query string; whatever cannot be understood is left out, never an error. */
export function reader(query: string) {
  const search = new URLSearchParams(query);
  return <T>(name: string, parser: (value: string) => T, fallback: T): T => {
    const value = search.get(name);
    if (value === null) return fallback;
    try {
      return parser(value);
    } catch {
      return fallback;
    }
  };
}

/** The query string of some values, without those that are as at the start; "" for none. */
export function queryOf(
  values: readonly (readonly [name: string, value: string, rest?: string])[],
): string {
  const search = new URLSearchParams();
  for (const [name, value, rest = ""] of values) if (value !== rest) search.set(name, value);
  // Commas are legal in a query and read better than %2C.
  const text = search.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

export function member<T>(list: readonly T[], value: unknown): T {
  const found = list.find((item) => item === value);
  if (found === undefined) throw new RangeError("not in the list");
  return found;
}

/** "2026-03-12". */
export function day(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw new RangeError("not a day");
  const read = new Date(`${value}T00:00:00Z`);
  // "2026-02-31" would be read as 3 March.
  if (Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== value) {
    throw new RangeError("not a day");
  }
  return value;
}

/** Families separated by commas, in their own order. */
export function themeList(value: string): readonly Theme[] {
  const wanted = new Set(value.split(","));
  return themes.filter((theme) => wanted.has(theme));
}

export function position(value: string): MapView {
  const [lon = Number.NaN, lat = Number.NaN, zoom = Number.NaN] = value.split(",").map(Number);
  if (!(zoom >= 0 && zoom <= 22)) throw new RangeError("not a zoom");
  return { center: lonLat(lon, lat), zoom };
}

/** Five decimals are a metre, two of a zoom half a pixel in a hundred: more would only lengthen the address. */
export function positionText(view: MapView | null): string {
  if (!view) return "";
  const zoom = Math.round(100 * view.zoom) / 100;
  return [view.center[0].toFixed(5), view.center[1].toFixed(5), String(zoom)].join(",");
}
