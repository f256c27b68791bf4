import "uplot/dist/uPlot.min.css";
import { html, type PropertyValues } from "lit";
import uPlot from "uplot";
import { colour, ramp } from "../map/colour";
import { LightElement } from "../ui/light-element";
import { indicesOf, type MonthPoint, middle, periodOf } from "./months";

/** Words of the series, in the language of the page. */
export interface SeriesWords {
  readonly first: string;
  readonly last: string;
  /** "mars 2026". */
  readonly month: (month: string) => string;
  /** "2026" or "janv." on the axis. */
  readonly tick: (date: Date) => string;
  readonly number: (value: number) => string;
}

const HEIGHT = 84;

/**
 * A monthly series with its interval as a band, and two sliders under it that
 * choose a period of whole months. Sends "period" with { from, to }; an empty day
 * is an open end.
 */
export class MonthSeries extends LightElement {
  static override properties = {
    points: { attribute: false },
    from: {},
    to: {},
    words: { attribute: false },
  };
  declare points: readonly MonthPoint[];
  declare from: string;
  declare to: string;
  declare words: SeriesWords;

  #plot: uPlot | null = null;
  readonly #size = new ResizeObserver(() => this.#fit());

  constructor() {
    super();
    this.points = [];
    this.from = "";
    this.to = "";
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
    return html`<div class="series-plot" aria-hidden="true"></div>
      <div class="series-handles">
        ${handle(first, this.words.first, (at) => [at, Math.max(at, last)])}
        ${handle(last, this.words.last, (at) => [Math.min(at, first), at])}
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    const element = this.querySelector<HTMLElement>(".series-plot");
    if (!element) return;
    if (!this.#plot) {
      this.#plot = new uPlot(this.#options(element.clientWidth), this.#data(), element);
      this.#size.observe(element);
    } else if (changed.has("points")) {
      this.#plot.setData(this.#data());
    } else {
      this.#plot.redraw(false);
    }
  }

  #fit(): void {
    const width = this.querySelector<HTMLElement>(".series-plot")?.clientWidth ?? 0;
    if (width > 0) this.#plot?.setSize({ width, height: HEIGHT });
  }

  #data(): uPlot.AlignedData {
    return [
      this.points.map((p) => middle(p.month)),
      this.points.map((p) => p.interval.hi),
      this.points.map((p) => p.interval.lo),
      this.points.map((p) => p.n),
    ];
  }

  #options(width: number): uPlot.Options {
    const font = '12px "Atkinson Hyperlegible", system-ui, sans-serif';
    const axis = { font, stroke: colour.muted, ticks: { show: false } };
    return {
      width: Math.max(width, 50),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 8, 0, 0],
      scales: { x: { time: true }, y: { range: (_, __, top) => [0, Math.max(1, top) * 1.05] } },
      axes: [
        {
          ...axis,
          size: 22,
          grid: { show: false },
          values: (_, ticks) => ticks.map((at) => this.words.tick(new Date(at * 1000))),
        },
        {
          ...axis,
          size: 40,
          splits: (_, __, low, high) => [low, Math.round(high / 2.1), Math.round(high / 1.05)],
          grid: { stroke: "#e4e1d8", width: 1 },
          values: (_, ticks) => ticks.map((value) => this.words.number(value)),
        },
      ],
      series: [
        {},
        { stroke: "transparent", points: { show: false } },
        { stroke: "transparent", points: { show: false } },
        { stroke: colour.ink, width: 2, points: { show: true, size: 5, fill: colour.ink } },
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
