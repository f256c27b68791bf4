import { html } from "lit";
import { type Caption, download, pngOf, standalone, svgText } from "../chart/save";
import { LightElement } from "./light-element";

/** Addresses of the numbers by format; `more` are those of parts of the figure. */
export interface ExportLinks {
  readonly csv?: string;
  readonly xlsx?: string;
  readonly geojson?: string;
  readonly more?: readonly { readonly label: string; readonly href: string }[];
}

/** Words of the exports, in the language of the page. */
export interface ExportWords {
  readonly label: (figure: string) => string;
  readonly png: string;
  readonly svg: string;
  readonly csv: string;
  readonly xlsx: string;
  readonly geojson: string;
  readonly failed: string;
}

/**
 * Saves the figure around it: the charts (every svg of the nearest .figure) as
 * PNG or SVG with what they rest on printed below, the numbers as files of the
 * server. `links` are addresses by format; a format without one is not offered.
 */
export class FigureExports extends LightElement {
  static override properties = {
    caption: { attribute: false },
    links: { attribute: false },
    words: { attribute: false },
    name: {},
    failed: { state: true },
  };
  declare caption: Caption;
  declare links: ExportLinks;
  declare words: ExportWords;
  /** File name without ending. */
  declare name: string;
  declare private failed: boolean;

  constructor() {
    super();
    this.links = {};
    this.name = "figure";
    this.failed = false;
  }

  #picture(): SVGSVGElement | null {
    const charts = [
      ...(this.closest(".figure")?.querySelectorAll<SVGSVGElement>("svg.chart") ?? []),
    ];
    return charts.length > 0 ? standalone(charts, this.caption) : null;
  }

  readonly #svg = () => {
    const picture = this.#picture();
    if (picture)
      download(new Blob([svgText(picture)], { type: "image/svg+xml" }), `${this.name}.svg`);
  };

  readonly #png = async () => {
    const picture = this.#picture();
    try {
      if (picture) download(await pngOf(picture), `${this.name}.png`);
      this.failed = false;
    } catch {
      this.failed = true; // a browser that draws no pictures from SVG
    }
  };

  override render() {
    const { words, links } = this;
    return html`<div class="exports" role="group" aria-label=${words.label(this.caption.title)}>
      <button type="button" class="export" @click=${this.#png}>${words.png}</button>
      <button type="button" class="export" @click=${this.#svg}>${words.svg}</button>
      ${(["csv", "xlsx", "geojson"] as const).map((format) =>
        links[format]
          ? html`<a class="export" href=${links[format]} download>${words[format]}</a>`
          : "",
      )}
      ${(links.more ?? []).map(({ label, href }) => html`<a class="export" href=${href} download>${label}</a>`)}
      <span class="form-error" role="alert">${this.failed ? words.failed : ""}</span>
    </div>`;
  }
}

customElements.define("figure-exports", FigureExports);
