/** Where the dots of a map of actions stand, so that each can be seen and touched. Pure. */
import type { Action } from "../evening";
import { type LonLat, lonLat } from "../units";

/** Radius of a dot on the screen, CSS pixels: half a touch target is 22. */
const RADIUS = 11;
const CORNERS = 20;
const EQUATOR_METRES_PER_PIXEL = 156_543;
const METRES_PER_DEGREE = 111_320;

const squeezeAt = (lat: number) => Math.cos((lat * Math.PI) / 180);

/** Degrees of latitude that a pixel of the screen covers. */
const degreesPerPixel = (lat: number, zoom: number) =>
  (EQUATOR_METRES_PER_PIXEL * squeezeAt(lat)) / 2 ** zoom / METRES_PER_DEGREE;

export interface Located {
  readonly action: Action;
  readonly at: LonLat;
}

export function middleOf(group: readonly Located[]): LonLat {
  const mean = (axis: 0 | 1) =>
    group.reduce((sum, { at }) => sum + at[axis], 0) / Math.max(1, group.length);
  return lonLat(mean(0), mean(1));
}

/** Whether they stand at different places. */
export const severalPlaces = (group: readonly Located[]) =>
  new Set(group.map(({ at }) => at.join(" "))).size > 1;

function touches([x, y]: LonLat, [lon, lat]: LonLat, zoom: number): boolean {
  const reach = 3.4 * RADIUS * degreesPerPixel(lat, zoom);
  return Math.hypot((x - lon) * squeezeAt(lat), y - lat) < reach;
}

/** Those whose dots would touch on the screen, together; the others alone. */
export function gathered(all: readonly Located[], zoom: number): readonly Located[][] {
  let groups: Located[][] = all.map((one) => [one]);
  // A group that grows moves its middle, perhaps next to another's.
  for (let count = -1; count !== groups.length; ) {
    count = groups.length;
    const joined: Located[][] = [];
    for (const group of groups) {
      const near = joined.find((other) => touches(middleOf(other), middleOf(group), zoom));
      if (near) near.push(...group);
      else joined.push([...group]);
    }
    groups = joined;
  }
  return groups;
}

/** A ring around a position, as many pixels wide at every zoom. */
export function dot(
  [lon, lat]: LonLat,
  zoom: number,
  at: number,
  among: number,
  larger = 1,
): number[][] {
  const squeeze = squeezeAt(lat);
  const degrees = larger * RADIUS * degreesPerPixel(lat, zoom);
  // Actions of the same place stand around it, so that each can be touched.
  const turn = (2 * Math.PI * at) / Math.max(1, among);
  const away = among > 1 ? degrees * Math.max(1.4, among / 2.6) : 0;
  return Array.from({ length: CORNERS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CORNERS;
    return [
      lon + (Math.cos(turn) * away + Math.cos(angle) * degrees) / squeeze,
      lat + Math.sin(turn) * away + Math.sin(angle) * degrees,
    ];
  });
}
