/** A position in degrees, longitude first. */
type Position = readonly number[];

/**
 * The lines around polygons: the sides that no other of them shares, joined to
 * closed lines. Rings are closed, turn the same way and meet corner to corner, as
 * hexagons of one grid do; corners within a metre of each other are the same.
 */
export function borderOf(
  rings: readonly (readonly Position[])[],
): readonly (readonly Position[])[] {
  const sides = new Map<string, readonly [Position, Position]>();
  for (const ring of rings) {
    ring.slice(1).forEach((to, i) => {
      const from = ring[i] as Position;
      const back = `${corner(to)} ${corner(from)}`;
      if (sides.has(back)) sides.delete(back);
      else sides.set(`${corner(from)} ${corner(to)}`, [from, to]);
    });
  }
  const next = new Map([...sides.values()].map((side) => [corner(side[0]), side] as const));
  const lines: Position[][] = [];
  for (const [start, side] of next) {
    const line: Position[] = [side[0]];
    for (
      let at: readonly [Position, Position] | undefined = side;
      at;
      at = next.get(corner(at[1]))
    ) {
      next.delete(corner(at[0]));
      line.push(at[1]);
      if (corner(at[1]) === start) break;
    }
    lines.push(line);
  }
  return lines;
}

// Five decimals are a metre.
const corner = (at: Position) =>
  `${Math.round((at[0] ?? 0) * 1e5)},${Math.round((at[1] ?? 0) * 1e5)}`;
