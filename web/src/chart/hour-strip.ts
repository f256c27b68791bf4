import { html, nothing, svg } from "lit";
import { ramp } from "../map/colour";
import { LightElement } from "../ui/light-element";
import { between, holds, moved, stepOf, type Week, type WeekBrush, type WeekCell } from "./week";

/** Words of the strip, in the language of the page. */
export interface StripWords {
  /** Names the strip to a screen reader and says how the keyboard brushes. */
  readonly label: string;
  /** Short names of the days from Monday. */
  readonly days: readonly string[];
  /** "lundi, 22 h : 3,5 signalements". */
  readonly cell: (day: number, hour: number, value: number) => string;
  readonly hour: (hour: number) => string;
}

const CELL = { width: 13, height: 15 };
const LEFT = 30;
const TOP = 14;
const STEPS = 5;

/**
 * Hour × weekday as a picture and as the filter itself: drag over it with mouse
 * or finger, or move with the arrows, hold Shift to extend, Escape to take the
 * choice away. Sends "brush" with a WeekBrush, or null for the whole week.
 */
export class HourStrip extends LightElement {
  static override properties = {
    week: { attribute: false },
    brush: { attribute: false },
    words: { attribute: false },
    drag: { state: true },
    cursor: { state: true },
  };
  declare week: Week;
  declare brush: WeekBrush | null;
  declare words: StripWords;
  /** What a finger or a mouse draws just now. */
  declare private drag: WeekBrush | null;
  declare private cursor: WeekCell | null;
  #anchor: WeekCell | null = null;

  constructor() {
    super();
    this.week = [];
    this.brush = null;
    this.drag = null;
    this.cursor = null;
  }

  override render() {
    const largest = Math.max(0, ...this.week.flat());
    const chosen = this.drag ?? this.brush;
    const width = LEFT + 24 * CELL.width;
    const height = TOP + 7 * CELL.height;
    return html`<div
      class="strip"
      tabindex="0"
      role="application"
      aria-label=${this.words.label}
      aria-describedby=${this.cursor ? `${this.id}-cursor` : nothing}
      @keydown=${this.#key}
      @focus=${() => {
        this.cursor ??= chosen
          ? { day: chosen.firstDay, hour: chosen.firstHour }
          : { day: 1, hour: 18 };
      }}
      @blur=${() => {
        this.cursor = null;
      }}
    >
      <svg
        viewBox="0 0 ${width} ${height + 2}"
        aria-hidden="true"
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
        @pointerup=${this.#release}
        @pointercancel=${this.#cancel}
      >
        <rect x="0" y="0" width=${width} height=${height} fill="transparent"></rect>
        ${[0, 6, 12, 18].map(
          (hour) =>
            svg`<text class="strip-word" x=${LEFT + hour * CELL.width} y=${TOP - 4}>${this.words.hour(hour)}</text>`,
        )}
        ${this.words.days.map(
          (day, d) =>
            svg`<text class="strip-word" x="0" y=${TOP + (d + 0.75) * CELL.height}>${day}</text>`,
        )}
        ${this.week.map((hours, d) =>
          hours.map((value, hour) => this.#cell(d + 1, hour, value, largest, chosen)),
        )}
        ${chosen ? this.#outline(chosen) : nothing}
        ${
          this.cursor
            ? svg`<rect class="strip-cursor" fill="none" x=${LEFT + this.cursor.hour * CELL.width + 1} y=${TOP + (this.cursor.day - 1) * CELL.height + 1} width=${CELL.width - 2} height=${CELL.height - 2}></rect>`
            : nothing
        }
      </svg>
      <span class="visually-hidden" id="${this.id}-cursor" aria-live="polite">${
        this.cursor
          ? this.words.cell(
              this.cursor.day,
              this.cursor.hour,
              this.week[this.cursor.day - 1]?.[this.cursor.hour] ?? 0,
            )
          : ""
      }</span>
    </div>`;
  }

  #cell(day: number, hour: number, value: number, largest: number, chosen: WeekBrush | null) {
    const step = stepOf(value, largest, STEPS);
    const dimmed = chosen !== null && !holds(chosen, day, hour);
    return svg`<rect
      class=${dimmed ? "strip-cell dimmed" : "strip-cell"}
      x=${LEFT + hour * CELL.width}
      y=${TOP + (day - 1) * CELL.height}
      width=${CELL.width - 1}
      height=${CELL.height - 1}
      fill=${step === 0 ? "#ffffff" : (ramp.signalements[step - 1] ?? "")}
    ><title>${this.words.cell(day, hour, value)}</title></rect>`;
  }

  /** One rectangle, or two when the hours pass over midnight. */
  #outline(brush: WeekBrush) {
    const part = (from: number, to: number) => svg`<rect class="strip-chosen" fill="none"
      x=${LEFT + from * CELL.width - 0.5} y=${TOP + (brush.firstDay - 1) * CELL.height - 0.5}
      width=${(to - from + 1) * CELL.width} height=${(brush.lastDay - brush.firstDay + 1) * CELL.height}></rect>`;
    return brush.firstHour <= brush.lastHour
      ? part(brush.firstHour, brush.lastHour)
      : [part(brush.firstHour, 23), part(0, brush.lastHour)];
  }

  // ── Mouse and finger ───────────────────────────────────────────────────

  /** The cell under a pointer; null on the words. Beyond the rim it is the nearest one. */
  #cellAt(event: PointerEvent, inside: boolean): WeekCell | null {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    const scale = (LEFT + 24 * CELL.width) / box.width;
    const hour = Math.floor(((event.clientX - box.left) * scale - LEFT) / CELL.width);
    const day = 1 + Math.floor(((event.clientY - box.top) * scale - TOP) / CELL.height);
    if (inside && (hour < 0 || day < 1)) return null;
    return moved({ day: 1, hour: 0 }, day - 1, hour);
  }

  readonly #press = (event: PointerEvent) => {
    const cell = this.#cellAt(event, true);
    if (!cell || event.button !== 0) return;
    (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
    this.#anchor = cell;
    this.drag = between(cell, cell);
  };

  readonly #drag = (event: PointerEvent) => {
    const cell = this.#anchor && this.#cellAt(event, false);
    if (this.#anchor && cell) this.drag = between(this.#anchor, cell);
  };

  readonly #release = () => {
    const drawn = this.drag;
    this.#cancel();
    if (!drawn) return;
    const same = this.brush && JSON.stringify(drawn) === JSON.stringify(this.brush);
    this.send<WeekBrush | null>("brush", same ? null : drawn);
  };

  readonly #cancel = () => {
    this.#anchor = null;
    this.drag = null;
  };

  // ── Keyboard ───────────────────────────────────────────────────────────

  readonly #key = (event: KeyboardEvent) => {
    const steps: Record<string, readonly [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      Home: [0, -23],
      End: [0, 23],
    };
    const step = steps[event.key];
    const here = this.cursor ?? { day: 1, hour: 18 };
    if (step) {
      const next = moved(here, step[0], step[1]);
      this.cursor = next;
      if (event.shiftKey) {
        this.#anchor ??= here;
        this.send<WeekBrush | null>("brush", between(this.#anchor, next));
      } else {
        this.#anchor = null;
      }
    } else if (event.key === "Enter" || event.key === " ") {
      this.#anchor = null;
      this.send<WeekBrush | null>("brush", between(here, here));
    } else if (event.key === "Escape") {
      this.#anchor = null;
      this.send<WeekBrush | null>("brush", null);
    } else {
      return;
    }
    event.preventDefault();
  };
}

customElements.define("hour-strip", HourStrip);
