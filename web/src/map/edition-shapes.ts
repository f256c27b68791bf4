import type { Schemas } from "../api";
import type { CellId } from "../units";
import { editionStyle, type Reading } from "./edition-style";
import type { HexagonShape } from "./map";

export type EditionFeature = Schemas["EditionFeatures"]["features"][number];

/** What is published of a hexagon. */
export type Said = Pick<EditionFeature["properties"], "reading" | "unsafe" | "safe">;

type Ring = readonly (readonly number[])[];

/** The outer rings of a published hexagon, which may be in several parts. */
export function outer(feature: EditionFeature): readonly Ring[] {
  const { type, coordinates } = feature.geometry;
  const polygons = (
    type === "Polygon" ? [coordinates] : coordinates
  ) as readonly (readonly Ring[])[];
  return polygons.flatMap((polygon) => polygon.slice(0, 1));
}

/**
 * How published hexagons are drawn. On a border two quartiers publish each its
 * own part of a hexagon, hence the names.
 */
export function editionShapes(features: readonly EditionFeature[], k: number): HexagonShape[] {
  return features.flatMap((feature) => {
    const { quartier, reading, unsafe, safe } = feature.properties;
    const shown: Reading = reading ?? "contested";
    const people = (shown === "safe" ? safe : unsafe)?.at_least ?? 0;
    return outer(feature).map((ring, part) => ({
      ...editionStyle(shown, people, k),
      id: `${quartier}/${feature.id}/${part}` as CellId,
      ring,
    }));
  });
}
