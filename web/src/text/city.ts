import type { MapWords } from "../map/map";
import { en } from "./en";
import { fr } from "./fr";
import { pick } from "./text";

/** The texts of the city page in the language in use. */
export const text = pick({ fr, en });

/** The words that a map needs, on any page; `commune` is its name, `place` what it shows. */
export function mapWords(commune: string, place = commune): MapWords {
  return {
    map: text.map.label(place),
    zoomIn: text.map.zoomIn,
    zoomOut: text.map.zoomOut,
    attribution: text.map.attribution(commune),
    rasterAttribution: text.map.rasterAttribution,
  };
}
