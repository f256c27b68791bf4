/** A position in degrees, longitude first. */
type Position = readonly number[];

/**
 * The sides of polygons that no other of them shares: the line around them all.
 * Rings are closed and meet corner to corner, as hexagons of one grid do;
 * corners within a metre of each other are the same.
 */
export function borderOf(
  rings: readonly (readonly Position[])[],
): readonly (readonly [Position, Position])[] {
  const sides = new Map<string, [Position, Position] | null>();
  for (const ring of rings) {
    ring.slice(1).forEach((to, i) => {
      const from = ring[i] as Position;
      const key = [corner(from), corner(to)].sort().join(" ");
      sides.set(key, sides.has(key) ? null : [from, to]);
    });
  }
  return [...sides.values()].filter((side) => side !== null);
}

// Five decimals are a metre.
const corner = (at: Position) =>
  `${Math.round((at[0] ?? 0) * 1e5)},${Math.round((at[1] ?? 0) * 1e5)}`;
