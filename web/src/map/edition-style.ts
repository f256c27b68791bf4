import { colour, ramp } from "./colour";

/** What is published of a hexagon, in one word. */
export type Reading = "unsafe" | "safe" | "contested";

export interface EditionStyle {
  readonly fill: string;
  readonly edge: string;
  readonly hatched: boolean;
}

const edges = { unsafe: "#7a2f0c", safe: "#083f56", contested: colour.contested } as const;

/**
 * Three steps, one for each class of people: k, 2k and 3k at least. `people` is
 * the lower bound of the class, `k` the city's threshold. Places where opinions
 * differ have one colour and a hatch: two numbers make no step.
 */
export function editionStyle(reading: Reading, people: number, k: number): EditionStyle {
  const step = reading === "contested" ? 2 : Math.min(3, Math.max(1, Math.floor(people / k))) + 1;
  return {
    fill: ramp[reading][step] as string,
    edge: edges[reading],
    hatched: reading === "contested",
  };
}
