import { html, nothing } from "lit";
import { type Caption, download, pngOf, standalone, svgText } from "../chart/save";
import { LightElement } from "./light-element";

/** Addresses of the numbers by format; `more` are those of parts of the figure. */
export interface ExportLinks {
  readonly csv?: string;
  readonly xlsx?: string;
  readonly geojson?: string;
  readonly more?: readonly { readonly label: string; readonly href: string }[];
}

/** A chart that draws itself for a file. */
export interface Pictured extends Element {
  picture(): SVGSVGElement;
}

/** Words of the exports, in the language of the page. */
export interface ExportWords {
  readonly label: (figure: string) => string;
  readonly save: string;
  readonly png: string;
  readonly svg: string;
  readonly csv: string;
  readonly xlsx: string;
  readonly geojson: string;
  readonly failed: string;
}

/**
 * Saves the figure around it: its charts as PNG or SVG with what they rest on
 * printed below, the numbers as files of the server. `links` are addresses by
 * format; a format without one is not offered. The charts are every svg.chart and
 * every element with a picture() of the nearest .figure, unless `charts` makes
 * others; "none" for a figure that is a list.
 */
export class FigureExports extends LightElement {
  static override properties = {
    caption: { attribute: false },
    links: { attribute: false },
    words: { attribute: false },
    charts: { attribute: false },
    folded: { type: Boolean },
    name: {},
    failed: { state: true },
  };
  declare caption: Caption;
  declare links: ExportLinks;
  declare words: ExportWords;
  declare charts: (() => readonly SVGSVGElement[]) | "none" | null;
  /** Under a line that opens: where there is little room. */
  declare folded: boolean;
  /** File name without ending. */
  declare name: string;
  declare private failed: boolean;

  constructor() {
    super();
    this.links = {};
    this.charts = null;
    this.folded = false;
    this.name = "figure";
    this.failed = false;
  }

  #picture(): SVGSVGElement {
    const around = this.closest(".figure");
    const charts =
      typeof this.charts === "function"
        ? this.charts()
        : [...(around?.querySelectorAll("svg.chart, .pictured") ?? [])].map((one) =>
            one instanceof SVGSVGElement ? one : (one as Pictured).picture(),
          );
    return standalone(charts, this.caption);
  }

  async #save(fileOf: (picture: SVGSVGElement) => Blob | Promise<Blob>, ending: string) {
    try {
      download(await fileOf(this.#picture()), `${this.name}.${ending}`);
      this.failed = false;
    } catch {
      this.failed = true; // a browser that draws no pictures from SVG
    }
  }

  readonly #svg = () =>
    this.#save((picture) => new Blob([svgText(picture)], { type: "image/svg+xml" }), "svg");

  readonly #png = () => this.#save(pngOf, "png");

  override render() {
    const { words, links } = this;
    const all = html`<div class="exports" role="group" aria-label=${words.label(this.caption.title)}>
      ${
        this.charts === "none"
          ? nothing
          : html`<button type="button" class="export" @click=${this.#png}>${words.png}</button>
            <button type="button" class="export" @click=${this.#svg}>${words.svg}</button>`
      }
      ${(["csv", "xlsx", "geojson"] as const).map((format) =>
        links[format]
          ? html`<a class="export" href=${links[format]} download>${words[format]}</a>`
          : "",
      )}
      ${(links.more ?? []).map(({ label, href }) => html`<a class="export" href=${href} download>${label}</a>`)}
      <span class="form-error" role="alert">${this.failed ? words.failed : ""}</span>
    </div>`;
    return this.folded
      ? html`<details class="figure-more"><summary>${words.save}</summary>${all}</details>`
      : all;
  }
}

customElements.define("figure-exports", FigureExports);
