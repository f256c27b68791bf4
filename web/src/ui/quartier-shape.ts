/** Where a quartier is. Pure. */
import type { Quartier } from "../api";
import { distanceToLines } from "../map/street-label";
import { type Extent, extentOf, inRing, type LonLat, lonLat } from "../units";

type Ring = readonly (readonly number[])[];

/** Outer rings, longitude first. */
export function outerRings(quartier: Quartier): readonly Ring[] {
  return (quartier.geometry.coordinates as unknown as Ring[][]).flatMap((rings) =>
    rings[0] ? [rings[0]] : [],
  );
}

export function holds(quartier: Quartier, at: LonLat): boolean {
  return outerRings(quartier).some((ring) => inRing(at, ring));
}

/** What several quartiers reach; null for none. */
export function reachOf(quartiers: readonly Quartier[]): Extent | null {
  return extentOf(quartiers.flatMap((one) => outerRings(one).flat()));
}

/** A place for the name of a quartier: the point of a coarse grid that is farthest from its limit. */
export function inside(quartier: Quartier): LonLat {
  const rings = outerRings(quartier);
  const extent = extentOf(rings.flat());
  if (!extent) return lonLat(0, 0);
  const [west, south, east, north] = extent;
  // A degree of longitude is shorter than one of latitude; only proportions matter.
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const flat = (lon: number, lat: number) => ({ x: lon * shrink, y: lat });
  const limits = rings.map((ring) => ring.map(([lon = 0, lat = 0]) => flat(lon, lat)));
  let best = lonLat((west + east) / 2, (south + north) / 2);
  let room = 0;
  for (let i = 1; i < 16; i++) {
    for (let j = 1; j < 16; j++) {
      const at = lonLat(west + ((east - west) * i) / 16, south + ((north - south) * j) / 16);
      if (!holds(quartier, at)) continue;
      const nearest = distanceToLines(flat(at[0], at[1]), limits);
      if (nearest > room) {
        room = nearest;
        best = at;
      }
    }
  }
  return best;
}

/** The quartiers' names where a map writes them. */
export function namesOf(quartiers: readonly Quartier[]): { name: string; at: LonLat }[] {
  return quartiers.map((quartier) => ({
    name: quartier.properties.nom_court,
    at: inside(quartier),
  }));
}
