import { svg } from "lit";
import { colour } from "../map/colour";
import { FONT } from "./intervals";
import { linear } from "./scale";

/** One place of a funnel plot. */
export interface FunnelPlace {
  readonly label: string;
  readonly exposure: number;
  readonly rate: number;
  readonly chosen: boolean;
}

/** The limits of chance at one exposure; null where there are none. */
export interface FunnelLimit {
  readonly exposure: number;
  readonly inner: readonly [number, number] | null;
  readonly outer: readonly [number, number] | null;
}

export interface FunnelOptions {
  readonly width: number;
  readonly height: number;
  readonly mean: number;
  readonly xLabel: string;
  readonly tickX: (value: number) => string;
  readonly tickY: (value: number) => string;
  readonly meanLabel: string;
  readonly innerLabel: string;
  readonly outerLabel: string;
}

export interface FunnelLayout {
  readonly inner: string;
  readonly outer: string;
  readonly mean: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly points: readonly {
    readonly place: FunnelPlace;
    readonly x: number;
    readonly y: number;
    readonly labelX: number;
    readonly labelY: number;
    readonly anchor: "start" | "end";
  }[];
  readonly ticksX: readonly { readonly at: number; readonly value: number }[];
  readonly ticksY: readonly { readonly at: number; readonly value: number }[];
}

const LABEL = 17;

/** A closed path: along the upper limits, back along the lower ones. */
function band(
  limits: readonly FunnelLimit[],
  which: "inner" | "outer",
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  const known = limits.filter((limit) => limit[which] !== null);
  if (known.length < 2) return "";
  const at = (limit: FunnelLimit, i: 0 | 1) =>
    `${x(limit.exposure).toFixed(1)} ${y((limit[which] as readonly [number, number])[i]).toFixed(1)}`;
  return `M${known.map((limit) => at(limit, 1)).join(" L")} L${[...known]
    .reverse()
    .map((limit) => at(limit, 0))
    .join(" L")} Z`;
}

/** Where everything goes. Labels move down until none covers another one. */
export function layoutFunnel(
  places: readonly FunnelPlace[],
  limits: readonly FunnelLimit[],
  options: FunnelOptions,
): FunnelLayout {
  const [left, right, top, bottom] = [52, options.width - 16, 16, options.height - 52];
  const far = Math.max(
    1,
    ...places.map((p) => p.exposure),
    ...limits.map((limit) => limit.exposure),
  );
  const known = limits.filter((limit) => limit.exposure >= far * 0.12);
  const high = Math.max(
    options.mean * 1.2,
    ...places.map((p) => p.rate),
    ...known.map((limit) => limit.outer?.[1] ?? 0),
  );
  const x = linear(0, far, left, right, options.width < 520 ? 4 : 6);
  const y = linear(0, high * 1.08, bottom, top);
  const drawn = [...places].sort((a, b) => b.rate - a.rate || a.exposure - b.exposure);
  const taken: { x: number; y: number; width: number }[] = [];
  const points = drawn.map((place) => {
    const [px, py] = [x.at(place.exposure), y.at(place.rate)];
    const width = place.label.length * 7.4;
    const anchor = px + 12 + width > right ? ("end" as const) : ("start" as const);
    const start = anchor === "start" ? px + 12 : px - 12 - width;
    let at = py + 5;
    while (
      taken.some(
        (one) => Math.abs(one.y - at) < LABEL && start < one.x + one.width && one.x < start + width,
      )
    ) {
      at += LABEL;
    }
    taken.push({ x: start, y: at, width });
    return {
      place,
      x: px,
      y: py,
      labelX: anchor === "start" ? px + 12 : px - 12,
      labelY: at,
      anchor,
    };
  });
  return {
    inner: band(limits, "inner", x.at, y.at),
    outer: band(limits, "outer", x.at, y.at),
    mean: y.at(options.mean),
    left,
    right,
    top,
    bottom,
    points,
    ticksX: x.ticks.map((value) => ({ at: x.at(value), value })),
    ticksY: y.ticks.map((value) => ({ at: y.at(value), value })),
  };
}

export function drawFunnel(layout: FunnelLayout, options: FunnelOptions) {
  const words = (x: number, y: number, text: string, anchor: string, fill: string = colour.muted) =>
    svg`<text x=${x} y=${y} text-anchor=${anchor} font-family=${FONT} font-size="13" fill=${fill}>${text}</text>`;
  return svg`
    <path d=${layout.outer} fill="#ece9e1" stroke="#8a8f9a" stroke-width="1" stroke-dasharray="2 3"></path>
    <path d=${layout.inner} fill="#dcd8cd" stroke="#8a8f9a" stroke-width="1"></path>
    ${layout.ticksX.map(({ at, value }) => words(at, layout.bottom + 20, options.tickX(value), "middle"))}
    ${layout.ticksY.map(({ at, value }) => words(layout.left - 8, at + 4, options.tickY(value), "end"))}
    <line x1=${layout.left} x2=${layout.right} y1=${layout.bottom} y2=${layout.bottom} stroke=${colour.muted}></line>
    <line x1=${layout.left} x2=${layout.left} y1=${layout.top} y2=${layout.bottom} stroke=${colour.muted}></line>
    <line x1=${layout.left} x2=${layout.right} y1=${layout.mean} y2=${layout.mean} stroke=${colour.ink} stroke-width="1.5" stroke-dasharray="6 4"></line>
    ${words((layout.left + layout.right) / 2, layout.bottom + 42, options.xLabel, "middle", colour.ink)}
    ${layout.points.map(
      ({ place, x, y, labelX, labelY, anchor }) => svg`
        ${Math.abs(labelY - 5 - y) > 3 ? svg`<line x1=${x} y1=${y} x2=${labelX} y2=${labelY - 4} stroke="#8a8f9a"></line>` : svg``}
        <circle cx=${x} cy=${y} r=${place.chosen ? 7 : 5} fill=${place.chosen ? colour.ink : colour.paper} stroke=${colour.ink} stroke-width="2"></circle>
        <text x=${labelX} y=${labelY} text-anchor=${anchor} font-family=${FONT} font-size="14" font-weight=${place.chosen ? 700 : 400} fill=${colour.ink}
          paint-order="stroke" stroke="#fff" stroke-width="3">${place.label}</text>`,
    )}`;
}
