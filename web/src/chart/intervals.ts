import { svg } from "lit";
import { colour } from "../map/colour";
import { linear, ratios } from "./scale";

/** One line of an interval chart: a value with the limits between which chance may have put it. */
export interface IntervalRow {
  readonly label: string;
  /** Null when there is no value; `missing` then says why. */
  readonly value: number | null;
  readonly lo: number | null;
  /** Null with a `lo`: no upper limit. */
  readonly hi: number | null;
  readonly missing?: string;
  /** "14 sur 20". */
  readonly note?: string;
  readonly colour?: string;
  /** Shape of the point, so that colour never stands alone. */
  readonly mark?: "circle" | "triangle" | "square";
  /** Groups lines under a heading. */
  readonly heading?: string;
}

export interface IntervalOptions {
  readonly width: number;
  /** Shares and rates from 0, or ratios about 1. */
  readonly axis: "rate" | "ratio";
  readonly top?: number;
  readonly reference?: number | null;
  readonly referenceLabel?: string;
  readonly tick: (value: number) => string;
}

export interface IntervalLine {
  readonly row: IntervalRow;
  readonly y: number;
  readonly x: number | null;
  readonly from: number | null;
  readonly to: number | null;
  /** The interval goes on beyond the axis. */
  readonly open: boolean;
}

export interface IntervalLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly lines: readonly IntervalLine[];
  readonly headings: readonly { readonly text: string; readonly y: number }[];
  readonly ticks: readonly { readonly x: number; readonly value: number }[];
  readonly reference: number | null;
}

export const FONT = "'Atkinson Hyperlegible', system-ui, sans-serif";
const ROW = 30;
const HEADING = 28;
const CHARACTER = 7.2;

/** Where everything goes; on a narrow screen labels stand above their line. */
export function layoutIntervals(
  rows: readonly IntervalRow[],
  options: IntervalOptions,
): IntervalLayout {
  const { width } = options;
  const narrow = width < 520;
  const longest = Math.max(0, ...rows.map((row) => row.label.length));
  const notes = Math.max(0, ...rows.map((row) => (row.note ?? "").length));
  const left = narrow ? 10 : Math.min(width * 0.4, 16 + longest * CHARACTER);
  const right = width - (narrow ? 10 : 14 + Math.min(width * 0.22, notes * CHARACTER));
  const highest = Math.max(
    0,
    ...rows.flatMap((row) => [row.value ?? 0, row.hi ?? 0, row.lo ?? 0]),
    options.reference ?? 0,
  );
  const scale =
    options.axis === "ratio"
      ? ratios(0.1, 10, left, right)
      : linear(0, options.top ?? (highest > 0 ? highest * 1.05 : 1), left, right, narrow ? 4 : 6);
  const lines: IntervalLine[] = [];
  const headings: { text: string; y: number }[] = [];
  let y = 8;
  let heading = "";
  for (const row of rows) {
    if (row.heading && row.heading !== heading) {
      heading = row.heading;
      headings.push({ text: heading, y: y + 18 });
      y += HEADING;
    }
    const height = narrow ? ROW + 18 : ROW;
    const at = (value: number | null) => (value === null ? null : scale.at(value));
    const open = row.lo !== null && row.hi === null;
    lines.push({
      row,
      y: y + height - ROW / 2,
      x: at(row.value),
      from: at(row.lo),
      to: open ? right : at(row.hi),
      open,
    });
    y += height;
  }
  return {
    width,
    height: y + 32,
    left,
    right,
    bottom: y + 4,
    lines,
    headings,
    ticks: scale.ticks.map((value) => ({ x: scale.at(value), value })),
    reference: options.reference == null ? null : scale.at(options.reference),
  };
}

function pointOf(x: number, y: number, mark: IntervalRow["mark"], fill: string) {
  if (mark === "triangle") {
    return svg`<path d="M${x} ${y - 7} L${x + 7} ${y + 5} L${x - 7} ${y + 5} Z" fill=${fill}></path>`;
  }
  if (mark === "square") {
    return svg`<rect x=${x - 5} y=${y - 5} width="10" height="10" fill=${fill}></rect>`;
  }
  return svg`<circle cx=${x} cy=${y} r="6" fill=${fill}></circle>`;
}

/** The chart; all of its looks are attributes, so that it can be saved as it is. */
export function drawIntervals(layout: IntervalLayout, options: IntervalOptions) {
  const narrow = layout.left <= 10;
  return svg`
    ${layout.ticks.map(
      ({ x, value }) => svg`
        <line x1=${x} x2=${x} y1="4" y2=${layout.bottom} stroke="#dedad0" stroke-width="1"></line>
        <text x=${x} y=${layout.bottom + 20} font-family=${FONT} font-size="13" fill=${colour.muted} text-anchor="middle">${options.tick(value)}</text>`,
    )}
    ${
      layout.reference === null
        ? svg``
        : svg`<line x1=${layout.reference} x2=${layout.reference} y1="4" y2=${layout.bottom} stroke=${colour.ink} stroke-width="1.5" stroke-dasharray="5 4"></line>`
    }
    ${layout.headings.map(
      ({ text, y }) =>
        svg`<text x="8" y=${y} font-family=${FONT} font-size="15" font-weight="700" fill=${colour.ink}>${text}</text>`,
    )}
    ${layout.lines.map((line) => {
      const fill = line.row.colour ?? colour.ink;
      const { y } = line;
      return svg`<g>
        <text x=${narrow ? 8 : layout.left - 10} y=${narrow ? y - 16 : y + 5} text-anchor=${narrow ? "start" : "end"}
          font-family=${FONT} font-size="14" fill=${colour.ink}>${line.row.label}${narrow && line.row.note ? ` – ${line.row.note}` : ""}</text>
        ${
          line.from !== null && line.to !== null
            ? svg`<line x1=${line.from} x2=${line.to} y1=${y} y2=${y} stroke=${fill} stroke-width="3" opacity="0.55"></line>
              <line x1=${line.from} x2=${line.from} y1=${y - 6} y2=${y + 6} stroke=${fill} stroke-width="2"></line>
              ${
                line.open
                  ? svg`<path d="M${line.to} ${y} l-8 -5 v10 Z" fill=${fill}></path>`
                  : svg`<line x1=${line.to} x2=${line.to} y1=${y - 6} y2=${y + 6} stroke=${fill} stroke-width="2"></line>`
              }`
            : svg``
        }
        ${line.x === null ? svg`<text x=${layout.left + 8} y=${y + 5} font-family=${FONT} font-size="13" font-style="italic" fill=${colour.muted}>${line.row.missing ?? ""}</text>` : pointOf(line.x, y, line.row.mark, fill)}
        ${narrow || !line.row.note ? svg`` : svg`<text x=${layout.right + 12} y=${y + 5} font-family=${FONT} font-size="13" fill=${colour.muted}>${line.row.note}</text>`}
      </g>`;
    })}`;
}
