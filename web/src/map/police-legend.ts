import { ramp } from "./colour";

/** How the crossing of what is felt and what is reported is drawn. */
export type Quadrant = "felt" | "reported" | "both";

export interface QuadrantStyle {
  readonly fill: string;
  readonly edge: string;
  readonly hatched: boolean;
}

/**
 * Two colours and what both make: orange for what is felt, slate with a hatch for
 * what is reported, dark for both. In grey print they are pale, hatched and dark.
 */
export const quadrants: Record<Quadrant, QuadrantStyle> = {
  felt: { fill: "#f8c79d", edge: "#a83a12", hatched: false },
  reported: { fill: "#c3cbd8", edge: "#3d5a80", hatched: true },
  both: { fill: "#54324a", edge: "#2b1625", hatched: false },
};

/** Colours of a density, palest first. */
export const densityRamp = (felt: boolean): readonly string[] =>
  felt ? ramp.unsafe : ramp.signalements;
