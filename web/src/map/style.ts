import { colour } from "./colour";

/** Who keeps a street, as BD TOPO says: communale, départementale, nationale, autoroute, privée, unknown. */
export type Domanialite = "COM" | "DEP" | "NAT" | "AUT" | "PRI" | "NR";

export interface StreetStyle {
  /** Width of the surface, CSS pixels. */
  readonly width: number;
  /** Width of the surface and both edges, CSS pixels. */
  readonly casingWidth: number;
  readonly fill: string;
  readonly casing: string;
  /** Streets of a higher rank are drawn above and named first. */
  readonly rank: 0 | 1 | 2;
}

// Widths at zooms 11 and 18, CSS pixels; between them they grow by a constant
// factor per zoom, as the ground does, only more slowly.
const widths: Record<Domanialite, readonly [number, number]> = {
  COM: [0.7, 10],
  NR: [0.6, 8],
  PRI: [0.5, 6],
  DEP: [1.6, 15],
  NAT: [2, 17],
  AUT: [2.4, 18],
};

function rankOf(domanialite: Domanialite): 0 | 1 | 2 {
  if (domanialite === "AUT" || domanialite === "NAT") return 2;
  return domanialite === "DEP" ? 1 : 0;
}

/** Anything that is not a known code is drawn as a street of unknown keeper. */
export function domanialiteOf(value: unknown): Domanialite {
  return typeof value === "string" && value in widths ? (value as Domanialite) : "NR";
}

export function streetStyle(domanialite: Domanialite, zoom: number): StreetStyle {
  const [from, to] = widths[domanialite];
  const progress = Math.min(1.15, Math.max(0, (zoom - 11) / 7));
  const width = from * (to / from) ** progress;
  const edge = zoom < 13 ? 1.2 : zoom < 15 ? 1.6 : 2.2;
  const rank = rankOf(domanialite);
  if (domanialite === "AUT") {
    return {
      width,
      casingWidth: width + edge,
      fill: colour.motorway,
      casing: colour.motorwayCasing,
      rank,
    };
  }
  if (rank > 0) {
    return {
      width,
      casingWidth: width + edge,
      fill: colour.mainStreet,
      casing: colour.mainCasing,
      rank,
    };
  }
  return { width, casingWidth: width + edge, fill: colour.street, casing: colour.casing, rank };
}

/** Size of street names, CSS pixels. */
export function streetNameSize(rank: 0 | 1 | 2, zoom: number): number {
  const size = zoom >= 18 ? 15 : zoom >= 17 ? 14 : zoom >= 16 ? 13 : 12;
  return rank > 0 ? size + 0.5 : size;
}

/** From which zoom streets of a rank are named at all. */
export function streetNameZoom(rank: 0 | 1 | 2): number {
  return rank > 0 ? 13 : 15;
}

/** From which zoom a landmark shows its pictogram, then its name: what people meet by comes first. */
export function landmarkZoom(typeBien: string): { icon: number; name: number } {
  return typeBien === "ADM" || typeBien === "CUL" ? { icon: 14, name: 15 } : { icon: 15, name: 16 };
}
