import { type Counts, classOf, type LegendClass, shownCount } from "../map/legend";

/** The size of hexagons on the wall: a block of houses. */
export const RESOLUTION = 10;

/**
 * One picture for both feelings: where opinions are divided, the hatch; elsewhere
 * the colour of the larger side, in the class of its number of people. Null
 * where nobody has said anything.
 */
export function mixedClass(counts: Counts): LegendClass | null {
  if (shownCount("contested", counts) > 0) return classOf("contested", RESOLUTION, counts);
  return classOf(counts.unsafe > counts.safe ? "unsafe" : "safe", RESOLUTION, counts);
}
