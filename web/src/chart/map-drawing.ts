import { svg } from "lit";
import { colour } from "../map/colour";
import type { HexagonShape } from "../map/map";
import { FONT } from "./intervals";

/** A position on the picture, in its own pixels. */
export type Spot = readonly [x: number, y: number];

/**
 * A map for a file. What tiles paint, streets and their names, are pictures of
 * points; what the figure says stays shapes and words, sharp at any size.
 */
export interface MapDrawing {
  readonly width: number;
  readonly height: number;
  /** Under the shapes, and over them. */
  readonly ground: HTMLCanvasElement;
  readonly names: HTMLCanvasElement;
  readonly hexagons: readonly (Omit<HexagonShape, "id" | "ring"> & {
    readonly ring: readonly Spot[];
  })[];
  readonly lines: readonly {
    readonly line: readonly Spot[];
    readonly colour: string;
    readonly width: number;
    readonly dashes: string;
  }[];
  readonly words: readonly { readonly text: string; readonly at: Spot; readonly size: number }[];
  readonly attribution: string;
  /** "500 m" and how many pixels that is. */
  readonly scale: { readonly words: string; readonly width: number } | null;
}

const hatchOf = (edge: string) => `hatch-${edge.slice(1)}`;

const pathOf = (line: readonly Spot[], closed: boolean) =>
  `M${line.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}${closed ? "Z" : ""}`;

/** The map as shapes of its own pixels, cut at its rim; all looks are attributes. */
export function drawMap(map: MapDrawing, width: number) {
  const { width: inner, height: high } = map;
  const hatches = [...new Set(map.hexagons.flatMap((one) => (one.hatched ? [one.edge] : [])))];
  const image = (canvas: HTMLCanvasElement) =>
    svg`<image x="0" y="0" width=${inner} height=${high} href=${canvas.toDataURL()}></image>`;
  const word = (text: string, [x, y]: Spot, size: number, anchor: string) =>
    svg`<text x=${x} y=${y} text-anchor=${anchor} font-family=${FONT} font-size=${size} font-weight="700"
      fill=${colour.ink} stroke=${colour.paper} stroke-width="4" stroke-linejoin="round" paint-order="stroke">${text}</text>`;
  return {
    height: Math.round((high / inner) * width),
    content: svg`<svg x="0" y="0" width=${width} height=${(high / inner) * width} viewBox=${`0 0 ${inner} ${high}`}>
      <defs>${hatches.map(
        (
          edge,
        ) => svg`<pattern id=${hatchOf(edge)} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="6" stroke=${edge} stroke-width="3"></line></pattern>`,
      )}</defs>
      ${image(map.ground)}
      ${map.hexagons.map((one) => {
        const d = pathOf(one.ring, true);
        return svg`<path d=${d} fill=${one.fill} fill-opacity="0.7" stroke=${one.strong ? colour.ink : one.edge} stroke-width=${one.strong ? 3 : 1}></path>
          ${one.hatched ? svg`<path d=${d} fill=${`url(#${hatchOf(one.edge)})`} fill-opacity="0.7"></path>` : ""}`;
      })}
      ${map.lines.map(
        (one) =>
          svg`<path d=${pathOf(one.line, false)} fill="none" stroke=${one.colour} stroke-width=${one.width} stroke-dasharray=${one.dashes}></path>`,
      )}
      ${image(map.names)}
      ${map.words.map(({ text, at, size }) => word(text, [at[0], at[1] + size / 3], size, "middle"))}
      ${word(map.attribution, [inner - 6, high - 6], 12, "end")}
      ${
        map.scale
          ? svg`<path d=${`M8 ${high - 16}v8h${map.scale.width}v-8`} fill="none" stroke=${colour.ink} stroke-width="2"></path>
            ${word(map.scale.words, [8 + map.scale.width / 2, high - 14], 11, "middle")}`
          : ""
      }
    </svg>`,
  };
}
