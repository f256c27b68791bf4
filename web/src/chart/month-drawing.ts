import { svg } from "lit";
import { colour, ramp } from "../map/colour";
import { FONT } from "./intervals";
import { indicesOf, type MonthPoint, ticksOf } from "./months";
import { linear } from "./scale";

const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 24;

/** What a drawn series is like: as on the screen. */
export interface MonthDrawing {
  readonly width: number;
  readonly height: number;
  /** Top of the axis; 0 for its own. */
  readonly top: number;
  readonly from: string;
  readonly to: string;
  readonly tick: (date: Date) => string;
  readonly number: (value: number) => string;
}

/** Months beside each other, evenly: their number is their place. */
export function drawMonths(points: readonly MonthPoint[], look: MonthDrawing) {
  const { width, height } = look;
  const end = Math.max(1, points.length - 1);
  const x = (index: number) => LEFT + (index / end) * (width - LEFT - RIGHT);
  const most = look.top || Math.max(0, ...points.map((one) => one.interval.hi));
  const top = Math.max(1, most) * 1.05;
  const y = linear(0, top, height - BOTTOM, TOP, Math.max(2, Math.round(height / 60)));
  const whole = points.flatMap((one, i) => (one.partial ? [] : [{ ...one, x: x(i) }]));
  const line = (value: (one: MonthPoint) => number) =>
    whole.map((one) => `${one.x.toFixed(1)} ${y.at(value(one)).toFixed(1)}`);
  const band = [...line((one) => one.interval.hi), ...line((one) => one.interval.lo).reverse()];
  const ticks = new Set(ticksOf(points, Math.floor((width - LEFT) / 56)));
  const [first, last] = indicesOf(points, look.from, look.to);
  const cut = (index: number, side: -1 | 1) => x(index) + (side * (x(1) - x(0))) / 2;
  const veils = [
    ...(first > 0 ? [{ from: LEFT - 2, to: cut(first, -1), at: cut(first, -1) }] : []),
    ...(last < points.length - 1
      ? [{ from: cut(last, 1), to: width - RIGHT + 4, at: cut(last, 1) }]
      : []),
  ];
  return svg`
    ${y.ticks.filter(Number.isInteger).map(
      (
        value,
      ) => svg`<line x1=${LEFT} x2=${width - RIGHT} y1=${y.at(value)} y2=${y.at(value)} stroke="#e4e1d8"></line>
        <text x=${LEFT - 6} y=${y.at(value) + 4} text-anchor="end" font-family=${FONT} font-size="12" fill=${colour.muted}>${look.number(value)}</text>`,
    )}
    ${whole.length > 0 ? svg`<path d=${`M${band.join("L")}Z`} fill=${ramp.signalements[1]}></path>` : ""}
    ${whole.length > 0 ? svg`<path d=${`M${line((one) => one.n).join("L")}`} fill="none" stroke=${colour.ink} stroke-width="2"></path>` : ""}
    ${points.map((one, i) =>
      one.partial
        ? svg`<circle cx=${x(i)} cy=${y.at(one.n)} r="3.5" fill=${colour.paper} stroke=${colour.ink} stroke-width="1.5"></circle>`
        : svg`<circle cx=${x(i)} cy=${y.at(one.n)} r="2.5" fill=${colour.ink}></circle>`,
    )}
    ${points.flatMap((one, i) => {
      const at = ticksOf([one], 1)[0] ?? Number.NaN;
      return ticks.has(at)
        ? [
            svg`<text x=${x(i)} y=${height - 6} text-anchor="middle" font-family=${FONT} font-size="12" fill=${colour.muted}>${look.tick(new Date(at * 1000))}</text>`,
          ]
        : [];
    })}
    ${veils.map(
      (
        veil,
      ) => svg`<rect x=${Math.min(veil.from, veil.to)} y=${TOP} width=${Math.abs(veil.to - veil.from)} height=${height - TOP - BOTTOM} fill="#fff" fill-opacity="0.72"></rect>
        <line x1=${veil.at} x2=${veil.at} y1=${TOP} y2=${height - BOTTOM} stroke=${colour.focus} stroke-width="2"></line>`,
    )}`;
}
