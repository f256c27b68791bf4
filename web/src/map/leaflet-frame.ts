/** What the files about Leaflet share: bounds, and its order of coordinates. */
import "../trusted";
import L from "leaflet";
import { type Extent, type LonLat, lonLat } from "../units";

export const ZOOM_MIN = 11;
export const ZOOM_MAX = 19;

// Twice the density is as sharp as the eye sees on a street map; three times
// would more than double the memory of the tiles on a phone.
export const DENSITY_MAX = 2;

export const FONT = '"Atkinson Hyperlegible", system-ui, sans-serif';

export const toLatLng = (at: readonly number[]): L.LatLng =>
  L.latLng(at[1] ?? Number.NaN, at[0] ?? Number.NaN);

export function fromLatLng(at: L.LatLng): LonLat {
  const wrapped = at.wrap();
  return lonLat(wrapped.lng, Math.max(-90, Math.min(90, wrapped.lat)));
}

export function toBounds(extent: Extent): L.LatLngBounds {
  return L.latLngBounds(toLatLng([extent[0], extent[1]]), toLatLng([extent[2], extent[3]]));
}
