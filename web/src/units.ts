declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** A position in degrees, WGS84 (EPSG:4326), longitude first as in GeoJSON. */
export type LonLat = Branded<readonly [lon: number, lat: number], "LonLat">;

/** An H3 cell as 15 hexadecimal digits; JavaScript numbers would lose its last bits. */
export type CellId = Branded<string, "CellId">;

/** The short code of a quartier inside its territoire ("HC"). */
export type QuartierCode = Branded<string, "QuartierCode">;

/** A length on the ground. */
export type Metres = Branded<number, "Metres">;

/** A rectangle in degrees: west, south, east, north. */
export type Extent = readonly [west: number, south: number, east: number, north: number];

/** Throws RangeError when the numbers are not a position in degrees. */
export function lonLat(lon: number, lat: number): LonLat {
  if (!(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 90)) {
    throw new RangeError("not a longitude and a latitude in degrees");
  }
  return [lon, lat] as unknown as LonLat;
}

/** Reads a GeoJSON position; a third member (altitude) is dropped. */
export function toLonLat(position: readonly number[]): LonLat {
  return lonLat(position[0] ?? Number.NaN, position[1] ?? Number.NaN);
}

/** Rounds to 1e-7 degree (about 1 cm), the grid on which the server stores positions. */
export function snap(at: LonLat): LonLat {
  return lonLat(Math.round(at[0] * 1e7) / 1e7, Math.round(at[1] * 1e7) / 1e7);
}

/** Throws RangeError when the text is not a cell. */
export function cellId(text: string): CellId {
  if (!/^8[0-9a-f]{14}$/.test(text)) throw new RangeError("not an H3 cell");
  return text as CellId;
}

export function quartierCode(text: string): QuartierCode {
  if (!/^[A-Z0-9_-]{1,12}$/.test(text)) throw new RangeError("not a code of a quartier");
  return text as QuartierCode;
}

// Mean Earth radius of the IUGG (GRS 80), metres.
const EARTH_RADIUS = 6_371_008.8;

/** Great-circle distance by the haversine formula. */
export function distance(a: LonLat, b: LonLat): Metres {
  const rad = Math.PI / 180;
  const dLat = (b[1] - a[1]) * rad;
  const dLon = (b[0] - a[0]) * rad;
  const h =
    Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(dLon / 2) ** 2;
  return (2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)))) as Metres;
}

/** The smallest extent that holds all positions; null for none. */
export function extentOf(positions: Iterable<readonly number[]>): Extent | null {
  let west = Number.POSITIVE_INFINITY;
  let south = Number.POSITIVE_INFINITY;
  let east = Number.NEGATIVE_INFINITY;
  let north = Number.NEGATIVE_INFINITY;
  for (const position of positions) {
    const lon = position[0] ?? Number.NaN;
    const lat = position[1] ?? Number.NaN;
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west <= east && south <= north ? [west, south, east, north] : null;
}

/** Even-odd rule on one ring, in degrees; good for picking with a finger, not for deciding a quartier. */
export function inRing(
  at: readonly [number, number],
  ring: readonly (readonly number[])[],
): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > at[1] !== yj > at[1] && at[0] < ((xj - xi) * (at[1] - yi)) / (yj - yi) + xi) {
      inside = !inside;
    }
  }
  return inside;
}
