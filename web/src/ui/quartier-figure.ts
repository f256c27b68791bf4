import { html, nothing, type SVGTemplateResult } from "lit";
import type { Schemas } from "../api";
import {
  drawIntervals,
  type IntervalOptions,
  type IntervalRow,
  layoutIntervals,
} from "../chart/intervals";
import { colour } from "../map/colour";
import { formatNumber } from "../text/format";
import { text } from "../text/quartiers";

export type Portrait = Schemas["Portrait"];
export type Change = Schemas["Change"];
export type Agreements = Schemas["StatAgreements"];
export type ZoneChange = Schemas["ZoneChange"];
export type Between = Schemas["Between"];
export type Action = Schemas["Action"];
export type Share = Schemas["Share"];
export type Interval = Schemas["ResultInterval"];

export function chart(
  width: number,
  height: number,
  label: string,
  content: SVGTemplateResult,
  head = "",
) {
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label=${label} data-label=${head}>${content}</svg>`;
}

export function words(title: string, sentence: string, how: string, method: string) {
  return {
    title,
    sentence,
    how,
    howTitle: text.howTitle,
    numbers: text.numbers,
    method: { title: text.methodTitle, text: method },
  };
}

/** A table of numbers; the first column names the rows. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
) {
  return html`<table class="numbers">
    <caption>${caption}</caption>
    <thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ([first, ...rest]) =>
        html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
    )}</tbody>
  </table>`;
}

/** A figure without anything to draw: what will appear, and when. */
export const empty = (title: string, sentence: string, controls: unknown = nothing) =>
  html`<section class="figure empty"><h2>${title}</h2>${controls}<p class="figure-said">${sentence}</p></section>`;

export const number = (value: number | null | undefined, digits = 0) =>
  value == null ? text.none : formatNumber(value, digits);

export const share = (value: number | null | undefined) =>
  value == null ? text.none : text.share(value);

export const limits = (interval: Interval) =>
  [interval.value?.lo ?? null, interval.value?.hi ?? null] as const;

/** The upper limit of a ratio may be infinite. */
export const upper = (interval: Schemas["RatioInterval"]) =>
  interval.hi.value === null ? text.unbounded : text.ratio(interval.hi.value);

export const p = (value: number | null | undefined) =>
  value == null ? text.none : formatNumber(value, value < 0.01 ? 4 : 3);

export const tickShare = (value: number) => text.share(value);

export function shareRow(label: string, of: Share, look: Partial<IntervalRow>): IntervalRow {
  const [lo, hi] = limits(of.interval);
  return {
    label,
    value: of.n > 0 ? of.people / of.n : null,
    lo,
    hi,
    missing: text.rates.noAtelier,
    note: of.n > 0 ? text.voices.of(of.people, of.n) : "",
    ...look,
  };
}

export function intervals(
  rows: readonly IntervalRow[],
  options: IntervalOptions,
  label: string,
  head = "",
) {
  const layout = layoutIntervals(rows, options);
  return chart(
    options.width,
    layout.height,
    label,
    drawIntervals(layout, options) as unknown as SVGTemplateResult,
    head,
  );
}

export const unsafeLook = { colour: colour.unsafe, mark: "triangle" } as const;

export const safeLook = { colour: colour.safe, mark: "circle" } as const;

export const avoidsLook = { colour: colour.ink, mark: "square" } as const;

export const nParticipants = (of: number) => text.exports.participants(of);

export const caveatOf = (measure: string) =>
  measure === "signalements" ? text.exports.reports : text.exports.voices;
