import { svg } from "lit";
import { colour, ramp } from "../map/colour";
import { FONT } from "./intervals";
import { linear } from "./scale";

export interface Bar {
  /** Under the bar; not every bar's has room. */
  readonly label: string;
  /** Null: the figure exists and is withheld. */
  readonly value: number | null;
  /** Above the bar. */
  readonly shown: string;
}

export interface BarsLayout {
  readonly bars: readonly {
    readonly x: number;
    readonly width: number;
    readonly y: number;
    readonly height: number;
    /** "" where it would touch its neighbour's. */
    readonly label: string;
    readonly shown: string;
  }[];
  readonly ticks: readonly { readonly at: number; readonly value: number }[];
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

/** Size of the words in the units of the picture, which is as wide as the wall's. */
const SIZE = 34;

/** Columns on one axis from zero, for a picture of a wall: words of `SIZE`, labels that do not touch. */
export function layoutBars(bars: readonly Bar[], width: number, height: number): BarsLayout {
  const [left, right, top, bottom] = [96, width - 8, SIZE * 1.6, height - SIZE * 1.6];
  const largest = Math.max(1, ...bars.map(({ value }) => value ?? 0));
  const y = linear(0, largest, bottom, top, 4);
  const pitch = (right - left) / Math.max(1, bars.length);
  const room = (words: readonly string[]) =>
    Math.max(...words.map((word) => word.length), 1) * SIZE * 0.56 + SIZE * 0.4;
  const every = Math.max(1, Math.ceil(room(bars.map(({ label }) => label)) / pitch));
  const named = room(bars.map(({ shown }) => shown)) <= pitch;
  return {
    bars: bars.map(({ label, value, shown }, i) => {
      const at = y.at(value ?? 0);
      return {
        x: left + i * pitch + pitch * 0.1,
        width: pitch * 0.8,
        y: at,
        height: bottom - at,
        label: i % every === 0 ? label : "",
        shown: named ? shown : "",
      };
    }),
    ticks: y.ticks.map((value) => ({ at: y.at(value), value })),
    left,
    right,
    bottom,
  };
}

export function drawBars(layout: BarsLayout, number: (value: number) => string) {
  return svg`
    ${layout.ticks.map(
      ({ at, value }) => svg`
        <line x1=${layout.left} x2=${layout.right} y1=${at} y2=${at} stroke="#d9d4c7" stroke-width="2"></line>
        <text x=${layout.left - 14} y=${at + SIZE / 3} text-anchor="end" font-family=${FONT} font-size=${SIZE} fill=${colour.muted}>${number(value)}</text>`,
    )}
    ${layout.bars.map(
      ({ x, width, y, height, label, shown }) => svg`
        <rect x=${x} y=${y} width=${width} height=${height} fill=${ramp.signalements[3]}></rect>
        <text x=${x + width / 2} y=${y - 10} text-anchor="middle" font-family=${FONT} font-size=${SIZE} font-weight="700" fill=${colour.ink}>${shown}</text>
        <text x=${x + width / 2} y=${layout.bottom + SIZE * 1.3} text-anchor="middle" font-family=${FONT} font-size=${SIZE} fill=${colour.ink}>${label}</text>`,
    )}
    <line x1=${layout.left} x2=${layout.right} y1=${layout.bottom} y2=${layout.bottom} stroke=${colour.ink} stroke-width="3"></line>`;
}
