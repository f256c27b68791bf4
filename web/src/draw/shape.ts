/**
 * From the trace of a finger to a zone that the server accepts: one ring
 * without crossings, few corners, an area that means something. Pure.
 *
 * Distances are planar in metres around the shape, exact to some 0.1 % over a
 * quartier, which is finer than a finger.
 */

import type { Position } from "../protocol";

export type Ring = readonly Position[];

/** Corners of a zone, without the closing position. */
export const CORNERS_MAX = 200;
/** Square metres, as the server checks them. */
export const AREA_MIN = 20;
export const AREA_MAX = 1_000_000;

// Metres per degree of latitude, WGS84 mean.
const DEGREE = 111_195;

type Plane = readonly [x: number, y: number];

function toPlane(ring: Ring): Plane[] {
  const [lon0, lat0] = ring[0] ?? [0, 0];
  const scale = Math.cos((lat0 * Math.PI) / 180);
  return ring.map(([lon, lat]) => [(lon - lon0) * DEGREE * scale, (lat - lat0) * DEGREE]);
}

/** Signed area, square metres; the ring is closed by itself. */
function signedArea(points: readonly Plane[]): number {
  let twice = 0;
  points.forEach(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length] as Plane;
    twice += x * nextY - nextX * y;
  });
  return twice / 2;
}

/** Area inside a ring, square metres. */
export function areaOf(ring: Ring): number {
  return Math.abs(signedArea(toPlane(ring)));
}

function distanceToSegment([px, py]: Plane, [ax, ay]: Plane, [bx, by]: Plane): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

/** Douglas and Peucker (1973): the corners that matter for a tolerance in metres. */
function thinned(points: readonly Plane[], tolerance: number): number[] {
  const kept = new Set([0, points.length - 1]);
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    let far = -1;
    let farthest = tolerance;
    for (let i = from + 1; i < to; i++) {
      const away = distanceToSegment(
        points[i] as Plane,
        points[from] as Plane,
        points[to] as Plane,
      );
      if (away > farthest) [far, farthest] = [i, away];
    }
    if (far < 0) continue;
    kept.add(far);
    spans.push([from, far], [far, to]);
  }
  return [...kept].sort((a, b) => a - b);
}

/** Fewer corners: the tolerance (metres) doubles until at most `corners` are left. */
export function simplified(ring: Ring, tolerance: number, corners = CORNERS_MAX): Ring {
  const plane = toPlane(ring);
  for (let t = tolerance; ; t *= 2) {
    const kept = thinned(plane, t);
    if (kept.length <= corners) return kept.map((i) => ring[i] as Position);
  }
}

/** Where two segments properly cross, or null. */
function crossing(a: Plane, b: Plane, c: Plane, d: Plane): Plane | null {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const det = rx * sy - ry * sx;
  if (det === 0) return null;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / det;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / det;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? [a[0] + t * rx, a[1] + t * ry] : null;
}

interface Knot {
  readonly from: number;
  readonly to: number;
  readonly at: Plane;
}

function firstKnot(points: readonly Plane[]): Knot | null {
  const n = points.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      const at = crossing(
        points[i] as Plane,
        points[i + 1] as Plane,
        points[j] as Plane,
        points[(j + 1) % n] as Plane,
      );
      if (at !== null) return { from: i, to: j, at };
    }
  }
  return null;
}

/** Does the ring cross or touch itself? */
export function crossesItself(ring: Ring): boolean {
  return firstKnot(toPlane(ring)) !== null;
}

/**
 * A ring without crossings: at each crossing the larger of the two loops stays.
 * A finger that overshoots its starting point leaves a tail that goes away.
 */
export function untangled(ring: Ring): Ring {
  const [lon0, lat0] = ring[0] ?? [0, 0];
  const scale = Math.cos((lat0 * Math.PI) / 180);
  let points = toPlane(ring);
  for (let knot = firstKnot(points); knot !== null; knot = firstKnot(points)) {
    const { from, to, at } = knot;
    const inner = withoutTwins([at, ...points.slice(from + 1, to + 1)]);
    const outer = withoutTwins([...points.slice(0, from + 1), at, ...points.slice(to + 1)]);
    const larger = Math.abs(signedArea(inner)) > Math.abs(signedArea(outer)) ? inner : outer;
    // A loop that does not shrink the ring (a corner that touches a side) cannot be cut further.
    if (larger.length >= points.length) break;
    points = larger;
  }
  return points.map(([x, y]) => [lon0 + x / (DEGREE * scale), lat0 + y / DEGREE]);
}

// A millimetre: positions nearer than that are one on the grid of the server.
const TWIN = 1e-3;

function withoutTwins(points: readonly Plane[]): Plane[] {
  const apart = points.filter((p, i) => {
    const previous = points[(i + points.length - 1) % points.length] as Plane;
    return points.length === 1 || Math.hypot(p[0] - previous[0], p[1] - previous[1]) > TWIN;
  });
  return apart;
}

/** Why a trace is not a zone. */
export type ZoneFault = "small" | "large" | "tangled";

/**
 * The zone that a finger has drawn: untangled and thinned to what can be seen
 * at `metresPerPixel`.
 */
export function zoneOf(trace: Ring, metresPerPixel: number): { ring: Ring } | { fault: ZoneFault } {
  if (trace.length < 3) return { fault: "small" };
  // Thinned first: an untidy trace has thousands of positions and crossings.
  const thin = untangled(simplified(trace, metresPerPixel));
  const ring = untangled(simplified(thin, metresPerPixel * 2));
  const area = ring.length < 3 ? 0 : areaOf(ring);
  if (area < AREA_MIN) return { fault: "small" };
  if (area > AREA_MAX) return { fault: "large" };
  return crossesItself(ring) ? { fault: "tangled" } : { ring };
}

/** A polygon of a quartier: outer ring, then holes. */
export type MultiPolygon = readonly (readonly Ring[])[];

/** Even-odd rule over all rings: inside the shape and in none of its holes. */
export function isInside([lon, lat]: Position, shape: MultiPolygon): boolean {
  let inside = false;
  for (const polygon of shape) {
    for (const ring of polygon) {
      ring.forEach(([xi, yi], i) => {
        const [xj, yj] = ring[(i + ring.length - 1) % ring.length] as Position;
        if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi)
          inside = !inside;
      });
    }
  }
  return inside;
}

/** Middle of the corners: a handle to take the zone by. */
export function middleOf(ring: Ring): Position {
  const sum = ring.reduce(([x, y], [lon, lat]) => [x + lon, y + lat] as const, [0, 0] as const);
  return [sum[0] / ring.length, sum[1] / ring.length];
}

/**
 * The convex hull of positions (Andrew 1979), without the closing position;
 * fewer than three when they lie on a line.
 */
export function hullOf(positions: readonly Position[]): Ring {
  const sorted = [...positions].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Position[]): Position[] => {
    const chain: Position[] = [];
    for (const at of list) {
      while (chain.length > 1) {
        const [o, a] = [chain.at(-2) as Position, chain.at(-1) as Position];
        if ((a[0] - o[0]) * (at[1] - o[1]) - (a[1] - o[1]) * (at[0] - o[0]) > 0) break;
        chain.pop();
      }
      chain.push(at);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
