import { svg } from "lit";
import { colour } from "../map/colour";
import { FONT } from "./intervals";

/** A position in degrees, longitude first. */
type Position = readonly number[];

/** Where a map of a quartier lies on its picture. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly project: (at: Position) => readonly [x: number, y: number];
  /** Pixels of 100 m on the ground, for the scale bar. */
  readonly hundredMetres: number;
}

const METRES_PER_DEGREE = 111_320;

/**
 * Fits positions into a picture of a width: locally flat, north up, the same
 * number of metres per pixel on both axes. All maps of one frame compare.
 */
export function frameOf(positions: Iterable<Position>, width: number, padding = 8): Frame {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [lon = 0, lat = 0] of positions) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  if (west > east) return { width, height: width / 2, project: () => [0, 0], hundredMetres: 0 };
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [wide, high] = [(east - west) * shrink || 1e-6, north - south || 1e-6];
  // A long quartier must not make a tower: at most as high as it is wide.
  const scale = Math.min((width - 2 * padding) / wide, (width - 2 * padding) / high);
  const height = high * scale + 2 * padding;
  const left = (width - wide * scale) / 2;
  return {
    width,
    height,
    project: ([lon = 0, lat = 0]) => [
      left + (lon - west) * shrink * scale,
      padding + (north - lat) * scale,
    ],
    hundredMetres: (100 / METRES_PER_DEGREE) * scale,
  };
}

/** "M1 2 L3 4 Z" with one decimal. */
export function pathOf(frame: Frame, line: readonly Position[], closed: boolean): string {
  const text = line
    .map((at) => {
      const [x, y] = frame.project(at);
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join(" L");
  return text ? `M${text}${closed ? " Z" : ""}` : "";
}

/** A hexagon as it is drawn. */
export interface DrawnHexagon {
  readonly id: string;
  readonly ring: readonly Position[];
  readonly fill: string;
  readonly edge: string;
  /** A second sign beside the colour: hatched, or an arrow in the middle. */
  readonly sign?: "hatch" | "up" | "down" | "dot";
  readonly chosen?: boolean;
  readonly title: string;
}

export interface MapGround {
  /** Rings of the quartier's limit. */
  readonly outline: readonly (readonly Position[])[];
  readonly streets: readonly (readonly (readonly Position[])[])[];
}

function signOf(frame: Frame, hexagon: DrawnHexagon) {
  const ring = hexagon.ring.slice(1).map((at) => frame.project(at));
  const x = ring.reduce((sum, at) => sum + at[0], 0) / (ring.length || 1);
  const y = ring.reduce((sum, at) => sum + at[1], 0) / (ring.length || 1);
  const size = Math.max(3, frame.hundredMetres * 0.32);
  switch (hexagon.sign) {
    case "up":
      return svg`<path d="M${x} ${y - size} L${x + size} ${y + size * 0.7} L${x - size} ${y + size * 0.7} Z" fill="#fff" stroke="#1d2433" stroke-width="0.8"></path>`;
    case "down":
      return svg`<path d="M${x} ${y + size} L${x + size} ${y - size * 0.7} L${x - size} ${y - size * 0.7} Z" fill="#fff" stroke="#1d2433" stroke-width="0.8"></path>`;
    case "dot":
      return svg`<circle cx=${x} cy=${y} r=${size * 0.5} fill="#fff"></circle>`;
    default:
      return svg``;
  }
}

/** A quartier with its streets, its limit and hexagons; all looks are attributes. */
export function drawHexagons(
  frame: Frame,
  ground: MapGround,
  hexagons: readonly DrawnHexagon[],
  words: { readonly scale: string },
  choose?: (id: string) => void,
) {
  const hatch = "quietude-hatch";
  return svg`
    <defs>
      <pattern id=${hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" y1="0" x2="0" y2="5" stroke="#fff" stroke-width="2"></line>
      </pattern>
    </defs>
    <path d=${ground.outline.map((ring) => pathOf(frame, ring, true)).join(" ")} fill=${colour.land} fill-rule="evenodd"></path>
    <path d=${ground.streets.flatMap((street) => street.map((line) => pathOf(frame, line, false))).join(" ")}
      fill="none" stroke=${colour.casing} stroke-width="1.6" stroke-linecap="round"></path>
    ${hexagons.map((hexagon) => {
      const d = pathOf(frame, hexagon.ring, true);
      return svg`<g class=${choose ? "choosable" : ""} @click=${choose ? () => choose(hexagon.id) : undefined}>
        <title>${hexagon.title}</title>
        <path d=${d} fill=${hexagon.fill} fill-opacity="0.8" stroke=${hexagon.chosen ? colour.focus : hexagon.edge} stroke-width=${hexagon.chosen ? 3 : 0.9}></path>
        ${hexagon.sign === "hatch" ? svg`<path d=${d} fill="url(#${hatch})" fill-opacity="0.8"></path>` : signOf(frame, hexagon)}
      </g>`;
    })}
    <path d=${ground.outline.map((ring) => pathOf(frame, ring, true)).join(" ")} fill="none" stroke=${colour.limit} stroke-width="1.5" stroke-dasharray="6 4"></path>
    <line x1="10" x2=${10 + frame.hundredMetres * 2} y1=${frame.height - 4} y2=${frame.height - 4} stroke=${colour.ink} stroke-width="2"></line>
    <text x="10" y=${frame.height - 9} font-family=${FONT} font-size="11" fill=${colour.ink} paint-order="stroke" stroke="#fff" stroke-width="3">${words.scale}</text>`;
}
