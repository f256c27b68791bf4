import "uplot/dist/uPlot.min.css";
import { html, nothing, type PropertyValues } from "lit";
import uPlot from "uplot";
import { colour, ramp } from "../map/colour";
import { LightElement } from "../ui/light-element";
import { drawMonths } from "./month-drawing";
import { columnsOf, indicesOf, type MonthPoint, middle, periodOf, ticksOf } from "./months";
import { drawn } from "./save";
import { linear } from "./scale";

/** Words of the series, in the language of the page. */
export interface SeriesWords {
  /** Of the sliders; without them there are none. */
  readonly first?: string;
  readonly last?: string;
  /** "mars 2026". */
  readonly month: (month: string) => string;
  /** "2026" or "janv." on the axis. */
  readonly tick: (date: Date) => string;
  readonly number: (value: number) => string;
}

/** Of the axis over what it shows. */
const HEADROOM = 1.05;

/**
 * A monthly series with its interval as a band; with words for them, two sliders
 * under it choose a period of whole months. Sends "period" with { from, to }; an
 * empty day is an open end.
 */
export class MonthSeries extends LightElement {
  static override properties = {
    points: { attribute: false },
    from: {},
    to: {},
    words: { attribute: false },
    height: { type: Number },
    top: { type: Number },
    label: {},
    head: {},
  };
  declare points: readonly MonthPoint[];
  declare from: string;
  declare to: string;
  declare words: SeriesWords;
  /** Of the plot, in CSS pixels. */
  declare height: number;
  /** Top of the axis, so that several series share a scale; 0 for its own. */
  declare top: number;
  /** What it shows, for those who do not see it; "" where a table stands for it. */
  declare label: string;
  /** Above it in a saved picture. */
  declare head: string;

  #plot: uPlot | null = null;
  readonly #size = new ResizeObserver(() => this.#fit());

  constructor() {
    super();
    this.points = [];
    this.from = "";
    this.to = "";
    this.height = 84;
    this.top = 0;
    this.label = "";
    this.head = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  override render() {
    const [first, last] = indicesOf(this.points, this.from, this.to);
    const end = Math.max(0, this.points.length - 1);
    const handle = (value: number, label: string, change: (at: number) => [number, number]) =>
      html`<label class="series-handle">${label}
        <input type="range" min="0" max=${end} step="1" .value=${String(value)}
          ?disabled=${end === 0}
          aria-valuetext=${this.points[value] ? this.words.month(this.points[value].month) : ""}
          @change=${(event: Event) => {
            const [a, b] = change(Number((event.target as HTMLInputElement).value));
            this.send("period", periodOf(this.points, a, b));
          }} />
        <output>${this.points[value] ? this.words.month(this.points[value].month) : ""}</output>
      </label>`;
    const words = this.words;
    return html`<div class="series-plot" role=${this.label ? "img" : nothing} aria-label=${this.label || nothing}
        aria-hidden=${this.label ? nothing : "true"}></div>
      ${
        words.first && words.last
          ? html`<div class="series-handles">
              ${handle(first, words.first, (at) => [at, Math.max(at, last)])}
              ${handle(last, words.last, (at) => [Math.min(at, first), at])}
            </div>`
          : nothing
      }`;
  }

  protected override updated(changed: PropertyValues): void {
    const element = this.querySelector<HTMLElement>(".series-plot");
    if (!element) return;
    if (!this.#plot) {
      this.#plot = new uPlot(this.#options(element.clientWidth), columnsOf(this.points), element);
      this.#size.observe(element);
    } else if (changed.has("points") || changed.has("top")) {
      this.#plot.setData(columnsOf(this.points));
    } else {
      this.#plot.redraw(false);
    }
  }

  #fit(): void {
    const width = this.querySelector<HTMLElement>(".series-plot")?.clientWidth ?? 0;
    if (width > 0) this.#plot?.setSize({ width, height: this.height });
  }

  /** The series without sliders, for a file. */
  picture(): SVGSVGElement {
    const { points, height, top, from, to } = this;
    const width = Math.max(480, this.querySelector(".series-plot")?.clientWidth ?? 0);
    const { tick, number } = this.words;
    const look = { width, height, top, from, to, tick, number };
    return drawn(width, height, drawMonths(points, look), this.head);
  }

  #options(width: number): uPlot.Options {
    const font = `12px "Atkinson Hyperlegible", system-ui, sans-serif`;
    const axis = { font, stroke: colour.muted, ticks: { show: false } };
    return {
      width: Math.max(width, 50),
      height: this.height,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 8, 0, 0],
      scales: {
        x: { time: true },
        y: { range: (_, __, top) => [0, Math.max(1, this.top || top) * HEADROOM] },
      },
      axes: [
        {
          ...axis,
          size: 22,
          gap: 5,
          splits: (plot) =>
            ticksOf(this.points, Math.floor(plot.bbox.width / (uPlot.pxRatio * 56))),
          grid: { show: false },
          values: (_, ticks) => ticks.map((at) => this.words.tick(new Date(at * 1000))),
        },
        {
          ...axis,
          size: 40,
          gap: 5,
          splits: (_, __, ___, high) => {
            const most = Math.max(2, Math.round(this.height / 60));
            return linear(0, high / HEADROOM, 0, 1, most).ticks.filter(Number.isInteger);
          },
          grid: { stroke: "#e4e1d8", width: 1 },
          values: (_, ticks) => ticks.map((value) => this.words.number(value)),
        },
      ],
      series: [
        {},
        { stroke: "transparent", points: { show: false } },
        { stroke: "transparent", points: { show: false } },
        {
          stroke: colour.ink,
          width: 2,
          points: { show: true, size: 5, fill: colour.ink },
        },
        {
          stroke: "transparent",
          points: {
            show: true,
            size: 7,
            width: 1.5,
            stroke: colour.ink,
            fill: colour.paper,
          },
        },
      ],
      bands: [{ series: [1, 2], fill: ramp.signalements[1] }],
      hooks: { draw: [(plot) => this.#veil(plot)] },
    };
  }

  /** Pales the months outside the period, with a line at its ends. */
  #veil(plot: uPlot): void {
    const [first, last] = indicesOf(this.points, this.from, this.to);
    if (this.points.length === 0 || (first === 0 && last === this.points.length - 1)) return;
    const month = 30.4 * 86400;
    const x = (index: number, side: -1 | 1) =>
      plot.valToPos(middle(this.points[index]?.month ?? "") + (side * month) / 2, "x", true);
    const { left, top, width, height } = plot.bbox;
    const context = plot.ctx;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.fillStyle = "rgb(255 255 255 / 72%)";
    context.fillRect(left, top, Math.max(0, x(first, -1) - left), height);
    context.fillRect(x(last, 1), top, Math.max(0, left + width - x(last, 1)), height);
    context.fillStyle = colour.focus;
    for (const at of [x(first, -1), x(last, 1)]) context.fillRect(at - 1, top, 2, height);
    context.restore();
  }
}

customElements.define("month-series", MonthSeries);
