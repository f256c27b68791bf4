import type { Felt, MarkerState } from "../protocol";

/** What a hall may be told of its map. */
export interface Counts {
  readonly unsafe: number;
  readonly safe: number;
  /** Taken off by the animateur; not among the two above. */
  readonly hidden: number;
  /** Distinct people who have placed what counts. */
  readonly people: number;
}

/** On the map of everybody: neither deleted nor hidden. */
export const visible = (marker: MarkerState): boolean => !marker.deleted && !marker.hidden;

export function countMarkers(markers: Iterable<MarkerState>): Counts {
  const authors = new Set<string>();
  const counts = { unsafe: 0, safe: 0, hidden: 0 };
  for (const marker of markers) {
    if (marker.deleted) continue;
    if (marker.hidden) {
      counts.hidden++;
      continue;
    }
    counts[marker.felt]++;
    authors.add(marker.author);
  }
  return { ...counts, people: authors.size };
}

/** What of the map the animateur looks at; null is everything. */
export interface Choice {
  readonly table: number | null;
  readonly felt: Felt | null;
}

/** Newest first, without those that were deleted. */
export function chosenMarkers(
  markers: Iterable<MarkerState>,
  { table, felt }: Choice,
): readonly MarkerState[] {
  return [...markers]
    .filter(
      (marker) =>
        !marker.deleted &&
        (table === null || marker.table === table) &&
        (felt === null || marker.felt === felt),
    )
    .sort((a, b) => b.added_seq - a.added_seq);
}

/** Markers not deleted, by table. */
export function byTable(markers: Iterable<MarkerState>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { table, deleted } of markers) {
    if (!deleted) counts.set(table, (counts.get(table) ?? 0) + 1);
  }
  return counts;
}
