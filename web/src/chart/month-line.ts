import { svg } from "lit";
import { colour, ramp } from "../map/colour";
import { FONT } from "./intervals";
import type { MonthPoint } from "./months";
import { linear } from "./scale";

export interface MonthLineOptions {
  readonly width: number;
  readonly height: number;
  /** Top of the axis, so that several series share a scale. */
  readonly top: number;
  readonly tick: (month: string) => string;
  readonly number: (value: number) => string;
}

export interface MonthLineLayout {
  readonly line: string;
  readonly band: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly partial: boolean }[];
  readonly ticksX: readonly { readonly at: number; readonly month: string }[];
  readonly ticksY: readonly { readonly at: number; readonly value: number }[];
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

/** A month that the period only touches is drawn hollow, and no line leads to it. */
export function layoutMonths(
  points: readonly (MonthPoint & { readonly partial?: boolean })[],
  options: MonthLineOptions,
): MonthLineLayout {
  const [left, right, top, bottom] = [40, options.width - 12, 10, options.height - 26];
  const x = (i: number) =>
    points.length < 2 ? (left + right) / 2 : left + (i / (points.length - 1)) * (right - left);
  const y = linear(0, Math.max(1, options.top), bottom, top, 3);
  const whole = points.map((point, i) => ({ point, i })).filter(({ point }) => !point.partial);
  const at = (i: number, value: number) => `${x(i).toFixed(1)} ${y.at(value).toFixed(1)}`;
  const up = whole.map(({ point, i }) => at(i, Math.min(point.interval.hi, options.top)));
  const down = [...whole].reverse().map(({ point, i }) => at(i, point.interval.lo));
  const firsts = points
    .map((point, i) => ({ at: x(i), month: point.month, first: point.month.endsWith("-01") }))
    .filter(({ first }, i) => first || (i === 0 && points.length < 12));
  return {
    line: whole.length > 1 ? `M${whole.map(({ point, i }) => at(i, point.n)).join(" L")}` : "",
    band: whole.length > 1 ? `M${[...up, ...down].join(" L")} Z` : "",
    points: points.map((point, i) => ({
      x: x(i),
      y: y.at(Math.min(point.n, options.top)),
      partial: point.partial ?? false,
    })),
    ticksX: firsts.map(({ at: position, month }) => ({ at: position, month })),
    ticksY: y.ticks.map((value) => ({ at: y.at(value), value })),
    left,
    right,
    bottom,
  };
}

export function drawMonths(layout: MonthLineLayout, options: MonthLineOptions) {
  return svg`
    ${layout.ticksY.map(
      ({ at, value }) => svg`
        <line x1=${layout.left} x2=${layout.right} y1=${at} y2=${at} stroke="#e4e1d8"></line>
        <text x=${layout.left - 6} y=${at + 4} text-anchor="end" font-family=${FONT} font-size="12" fill=${colour.muted}>${options.number(value)}</text>`,
    )}
    <path d=${layout.band} fill=${ramp.signalements[1]}></path>
    <path d=${layout.line} fill="none" stroke=${colour.ink} stroke-width="2"></path>
    ${layout.points.map(
      ({ x, y, partial }) =>
        svg`<circle cx=${x} cy=${y} r="3" fill=${partial ? colour.paper : colour.ink} stroke=${colour.ink} stroke-width="1.5"></circle>`,
    )}
    ${layout.ticksX.map(
      ({ at, month }) => svg`
        <line x1=${at} x2=${at} y1=${layout.bottom} y2=${layout.bottom + 5} stroke=${colour.muted}></line>
        <text x=${at} y=${layout.bottom + 20} text-anchor="middle" font-family=${FONT} font-size="12" fill=${colour.muted}>${options.tick(month)}</text>`,
    )}`;
}
