import { colour, ramp } from "./colour";

/** What the map shows of a hexagon. */
export const measures = ["unsafe", "safe", "contested", "signalements"] as const;
export type Measure = (typeof measures)[number];

/** Of the hexagons that maps show (H3): 0.7 km², 10 ha, 1.5 ha and 0.2 ha at Chambéry. */
export const resolutions = [8, 9, 10, 11] as const;
export type Resolution = (typeof resolutions)[number];

/** The counts of one hexagon, as the server gives them. */
export interface Counts {
  readonly unsafe: number;
  readonly safe: number;
  readonly signalements: number;
  /** 1 - |unsafe-safe| / (unsafe+safe); null without voices. */
  readonly contested: number | null;
}

/** One class of the legend: counts from `from` to `to`, both included; `to` null for the last one. */
export interface LegendClass {
  readonly from: number;
  readonly to: number | null;
  readonly fill: string;
  readonly edge: string;
  readonly hatched: boolean;
}

// Lower bounds of the five classes. They depend on the measure and on the size
// of the hexagons alone, never on the data in view: the same colour means the
// same number of people whatever the filters. A hexagon is seven times the
// area of the next finer one, but people walk: bounds grow more slowly.
const bounds: Record<"people" | "each" | "signalements", Record<Resolution, readonly number[]>> = {
  people: {
    11: [1, 2, 3, 5, 7],
    10: [1, 2, 3, 5, 8],
    9: [1, 2, 4, 7, 11],
    8: [1, 4, 8, 12, 20],
  },
  each: {
    11: [1, 2, 3, 4, 5],
    10: [1, 2, 3, 4, 6],
    9: [1, 2, 3, 5, 8],
    8: [1, 3, 5, 8, 12],
  },
  signalements: {
    11: [1, 2, 3, 5, 10],
    10: [1, 3, 6, 11, 21],
    9: [1, 6, 16, 41, 81],
    8: [1, 26, 76, 151, 301],
  },
};

const boundsOf = {
  unsafe: "people",
  safe: "people",
  contested: "each",
  signalements: "signalements",
} as const satisfies Record<Measure, keyof typeof bounds>;

const edges = {
  unsafe: "#7a2f0c",
  safe: "#083f56",
  contested: colour.contested,
  signalements: "#2b3140",
} as const satisfies Record<Measure, string>;

/** The classes of the legend, palest first. */
export function classes(measure: Measure, resolution: Resolution): readonly LegendClass[] {
  const lower = bounds[boundsOf[measure]][resolution];
  return lower.map((from, i) => {
    const next = lower[i + 1];
    return {
      from,
      to: next === undefined ? null : next - 1,
      fill: ramp[measure][i] as string,
      edge: edges[measure],
      hatched: measure === "contested",
    };
  });
}

/**
 * The count that decides the class. For "contested" it is the number of people
 * on the smaller side, and only where they are a quarter of all voices at least
 * (contested index of one half): nine against one is not a divided place.
 */
export function shownCount(measure: Measure, counts: Counts): number {
  if (measure !== "contested") return counts[measure];
  return (counts.contested ?? 0) >= 0.5 ? Math.min(counts.unsafe, counts.safe) : 0;
}

/** The class of a hexagon; null when it is left without colour. */
export function classOf(
  measure: Measure,
  resolution: Resolution,
  counts: Counts,
): LegendClass | null {
  const value = shownCount(measure, counts);
  let found: LegendClass | null = null;
  for (const step of classes(measure, resolution)) if (value >= step.from) found = step;
  return found;
}

/** "2", "3–4"; the last class is worded by the caller ("8 ou plus"). */
export function rangeOf(step: LegendClass): string {
  return step.to === null || step.to === step.from ? String(step.from) : `${step.from}–${step.to}`;
}
