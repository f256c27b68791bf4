import { html, nothing, svg } from "lit";
import type { Quartier } from "../api";
import { drawBars, layoutBars } from "../chart/bars";
import { drawHexagons, type Frame, frameOf } from "../chart/hexagon-map";
import { imageOf, type Picture } from "../map/surface";
import {
  isEmpty,
  isLocated,
  isMap,
  slideOutlines,
  slidePicture,
  slideShapes,
  type Told,
  wallClassOf,
} from "../slide";
import { text as resident } from "../text/atelier";
import { formatNumber as n } from "../text/format";
import { text } from "../text/restitution";
import { locale } from "../text/text";
import "../style/slide.css";
import { LightElement } from "./light-element";

/** Size of a picture on the wall, pixels of 1920 × 1080. */
const WIDTH = 1200;
const HEIGHT = 760;
/** The same map in a preview. */
const SMALL = 460;

/**
 * The figure of a slide. Looks that depend on numbers are set as properties: the
 * page's policy takes no style in markup. A map is drawn here for a preview only: the wall has
 * its own, with the names of the streets.
 */
export class SlidePicture extends LightElement {
  static override properties = { told: { attribute: false }, quartier: { attribute: false } };
  declare told: Told;
  declare quartier: Quartier | null;

  constructor() {
    super();
    this.quartier = null;
  }

  override render() {
    const { told } = this;
    if (isEmpty(told)) {
      return html`<p class="slide-empty">${told.kind === "places" ? text.wall.noPlace : text.wall.nothing}</p>`;
    }
    if (isMap(told.kind)) return this.#map();
    switch (told.kind) {
      case "week":
        return this.#week();
      case "themes":
        return this.#themes();
      case "months":
        return this.#bars(
          text.monthsCaption,
          text.month,
          (told.months ?? []).map(({ month, at_least }) => ({
            label: shortMonth(month),
            name: longMonth(month),
            value: at_least,
            shown: at_least === 0 ? "" : n(at_least),
            told: at_least === 0 ? text.less : n(at_least),
          })),
        );
      default:
        return this.#bars(
          text.yearsCaption(told.unit ?? ""),
          text.year,
          (told.years ?? []).map(({ year, n: value }) => ({
            label: `${year}`,
            name: `${year}`,
            value: value ?? null,
            shown: value === null || value === undefined ? text.withheld : n(value),
            told: value === null || value === undefined ? text.withheld : n(value),
          })),
        );
    }
  }

  #map() {
    const { told, quartier } = this;
    const outline = ((quartier?.geometry.coordinates ?? []) as unknown as number[][][][]).flat();
    const shapes = slideShapes(told);
    const frame = frameOf(
      outline.length > 0 ? outline.flat() : shapes.flatMap(({ ring }) => ring),
      SMALL,
    );
    const surface = slidePicture(told);
    return html`<svg class="slide-map" viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-label=${text.chart(isLocated(told.kind) ? text.mapCaption : text.feltCaption)}>
      ${drawHexagons(
        frame,
        { outline, streets: [] },
        shapes.map((shape) => ({
          id: shape.id,
          ring: shape.ring,
          fill: shape.fill,
          edge: shape.edge,
          title: "",
          ...(shape.hatched ? { sign: "hatch" as const } : {}),
        })),
        { scale: "200 m" },
      )}
      ${surface ? svg`${this.#surface(surface, frame)}` : nothing}
      ${slideOutlines(told).map(({ at, label }) => {
        const [x, y] = frame.project(at);
        return svg`<text class="slide-number" x=${x} y=${y} text-anchor="middle" dominant-baseline="central">${label}</text>`;
      })}
    </svg>${this.#table()}`;
  }

  #surface(surface: Picture, frame: Frame) {
    const [west, south, east, north] = surface.extent;
    const [left, top] = frame.project([west, north]);
    const [right, bottom] = frame.project([east, south]);
    return svg`<image href=${imageOf(surface)} x=${left} y=${top} width=${right - left} height=${bottom - top} preserveAspectRatio="none" opacity="0.72"></image>`;
  }

  /** The numbers of a map, for who does not see it. */
  #table() {
    const { hexagons, kind } = this.told;
    const located = isLocated(kind);
    const less = (value: number) => (value === 0 ? text.less : n(value));
    return html`<table class="visually-hidden">
      <caption>${located ? text.mapCaption : text.feltCaption}</caption>
      <thead><tr><th scope="col">${text.place}</th>${(located ? [text.count] : [text.legend.unsafe, text.legend.safe]).map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${hexagons.map(
        ({ properties: { name, signalements, unsafe, safe } }) => html`<tr>
          <th scope="row">${text.near(name)}</th>${(located ? [signalements] : [unsafe, safe]).map((value) => html`<td>${less(value)}</td>`)}
        </tr>`,
      )}</tbody>
    </table>`;
  }

  #week() {
    const week = this.told.week ?? [];
    const firsts = [0, 3, 6, 9, 12, 15, 18, 21];
    return html`<table class="slide-week">
      <caption class="visually-hidden">${text.weekCaption}</caption>
      <thead>
        <tr>
          <td></td>
          ${firsts.map((first) => html`<th scope="col"><span class="visually-hidden">${text.hoursLong(first)}</span><span aria-hidden="true">${text.hours(first)}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${week.map(
          (bands, day) => html`<tr>
            <th scope="row">${text.days[day]}</th>
            ${bands.map((value) => {
              const step = wallClassOf(value);
              const dark = value >= 20;
              return html`<td class=${dark ? "dark" : ""} .style=${`background-color: ${step?.fill ?? "transparent"}`}>${value === 0 ? nothing : n(value)}</td>`;
            })}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #themes() {
    const themes = this.told.themes ?? [];
    const most = Math.max(...themes.map(({ at_least }) => at_least));
    return html`<table class="slide-themes">
      <caption class="visually-hidden">${text.themesCaption}</caption>
      <thead class="visually-hidden"><tr><th scope="col">${text.theme}</th><th scope="col">${text.count}</th></tr></thead>
      <tbody>
        ${themes.map(
          ({ theme, at_least }) => html`<tr>
            <th scope="row">${resident.themes[theme]}</th>
            <td>
              <span class="slide-bar" .style=${`inline-size: ${(80 * at_least) / most}%`}></span>
              <strong>${n(at_least)}</strong>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #bars(
    caption: string,
    head: string,
    bars: readonly {
      readonly label: string;
      readonly name: string;
      readonly value: number | null;
      readonly shown: string;
      readonly told: string;
    }[],
  ) {
    return html`<svg class="slide-bars" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${text.chart(caption)}>
        ${svg`${drawBars(layoutBars(bars, WIDTH, HEIGHT), (value) => n(value))}`}
      </svg>
      <table class="visually-hidden">
        <caption>${caption}</caption>
        <thead><tr><th scope="col">${head}</th><th scope="col">${text.count}</th></tr></thead>
        <tbody>${bars.map(({ name, told }) => html`<tr><th scope="row">${name}</th><td>${told}</td></tr>`)}</tbody>
      </table>`;
  }
}

const monthWords = (month: string, format: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(), {
    ...format,
    timeZone: "UTC",
  }).format(new Date(`${month}-15T00:00:00Z`));
const shortMonth = (month: string) => monthWords(month, { month: "short", year: "2-digit" });
const longMonth = (month: string) => monthWords(month, { month: "long", year: "numeric" });

customElements.define("slide-picture", SlidePicture);
