/**
 * Stands in for two packages that protomaps-leaflet imports and this project
 * never calls: the colour themes of @protomaps/basemaps and the reader of
 * pmtiles archives. Left out, a resident's phone loads 15 kB (gzip) less.
 * vite.config.ts puts this file in their place.
 */
export function namedFlavor(): never {
  throw new Error("the themes of @protomaps/basemaps are not in the bundle");
}

export class PMTiles {
  constructor() {
    throw new Error("the reader of PMTiles is not in the bundle");
  }
}

export const language_script_pairs: readonly never[] = [];

export function get_multiline_name(): never {
  return namedFlavor();
}

export function get_country_name(): never {
  return namedFlavor();
}
