import { html, nothing } from "lit";
import { address } from "../api";
import { text } from "../text/quartiers";
import "./figure-exports";
import type { ExportLinks } from "./figure-exports";

/** What every figure of a page shares. */
export interface FigureView {
  readonly width: number;
  readonly city: string;
  readonly place: string;
  readonly demo: boolean;
  /** "du 1er janvier 2025 au …". */
  readonly period: string;
  readonly made: string;
  /** Ways out under a line that opens. */
  readonly folded?: boolean;
}

type Format = "csv" | "xlsx" | "geojson";

/** Addresses of a figure's numbers, by format. */
export function linksOf(
  path: string,
  names: Readonly<Record<string, string>>,
  query: Readonly<Record<string, unknown>>,
  table: string,
  formats: readonly Format[],
): Partial<Record<Format, string>> {
  return Object.fromEntries(
    formats.map((format) => [
      format,
      address(path, names, { ...query, format, ...(format === "csv" ? { figure: table } : {}) }),
    ]),
  );
}

export interface Saved {
  readonly title: string;
  readonly n: string;
  readonly caveat: string;
  readonly links: ExportLinks;
  readonly name: string;
  readonly period?: string;
  readonly charts?: (() => readonly SVGSVGElement[]) | "none";
}

/** What all figures of a page rest on, for its printed sheets. */
export function basisOf(view: FigureView): string {
  const words = text.exports;
  return [
    words.source(view.city, view.place, view.demo),
    words.period(view.period),
    words.made(view.made),
  ].join(" ");
}

/** The ways out of a figure; a saved picture says what it rests on. */
export function exportsOf(view: FigureView, saved: Saved) {
  const words = text.exports;
  const caption = {
    title: saved.title,
    lines: [
      basisOf(saved.period === undefined ? view : { ...view, period: saved.period }),
      saved.n,
      saved.caveat,
    ],
  };
  // Where ways out are folded, the head of the page says it for all figures; lists say it themselves.
  const basis = `${words.period(saved.period ?? view.period)} ${saved.n}`;
  return html`${view.folded || saved.charts === "none" ? nothing : html`<p class="hint figure-basis">${basis}</p>`}<figure-exports .caption=${caption} .links=${saved.links} .words=${words} .name=${saved.name}
    .charts=${saved.charts ?? null} ?folded=${view.folded ?? false}></figure-exports>`;
}
