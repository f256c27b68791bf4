import { html, nothing, type PropertyValues } from "lit";
import { live } from "lit/directives/live.js";
import { Calendar } from "lucide";
import { readDay, readTime, writeDay } from "../day";
import "../style/date-field.css";
import { text } from "../text/city";
import { formatClock, formatDay } from "../text/format";
import { icon } from "./icon";
import { LightElement } from "./light-element";

let count = 0;

/**
 * A day or a time as this page's language writes it: the browser's own fields speak
 * the browser's language, and « 03/12 » is not one day everywhere. Below the field the
 * day in words says how it was understood. Behaves like an input: `value` is
 * "2026-03-12" or "18:30", "" while it is none; sends "change"; has a `name` in forms.
 */
export class DateField extends LightElement {
  static readonly formAssociated = true;
  static override properties = {
    kind: {},
    label: {},
    inputId: { attribute: "input-id" },
    value: {},
    min: {},
    max: {},
    described: {},
    invalid: {},
    required: { type: Boolean },
    typed: { state: true },
    left: { state: true },
  };
  declare kind: "date" | "time";
  /** "" where the page has a label for `inputId`. */
  declare label: string;
  declare inputId: string;
  declare value: string;
  /** First and last day that the calendar offers. */
  declare min: string;
  declare max: string;
  /** Identifiers of elements that describe the field. */
  declare described: string;
  declare invalid: "true" | "false";
  declare required: boolean;
  declare private typed: string;
  /** Whoever typed is somewhere else: what cannot be read is said now. */
  declare private left: boolean;

  /** The value that the page knows: another one comes from the page. */
  #given = "";
  readonly #internals = this.attachInternals();

  constructor() {
    super();
    this.kind = "date";
    this.label = "";
    this.inputId = `date-${++count}`;
    this.value = "";
    this.min = "";
    this.max = "";
    this.described = "";
    this.invalid = "false";
    this.required = false;
    this.typed = "";
    this.left = false;
  }

  /** Something is typed, and it is no day or time. */
  get wrong(): boolean {
    return this.typed.trim() !== "" && this.#read(true) === null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("value") || this.value === this.#given) return;
    this.#given = this.value;
    this.typed = this.#written();
    this.#internals.setFormValue(this.value);
  }

  override render() {
    const words = `${this.inputId}-words`;
    const { date } = text;
    const said = this.wrong
      ? this.left
        ? date.wrong[this.kind]
        : ""
      : this.kind === "date" && this.value !== ""
        ? formatDay(this.value, "UTC")
        : "";
    return html`
      ${this.label === "" ? nothing : html`<label for=${this.inputId}>${this.label}</label>`}
      <span class="date-line">
        <input id=${this.inputId} type="text" inputmode="numeric" autocomplete="off" placeholder=${date.pattern[this.kind]}
          ?required=${this.required} aria-describedby="${words} ${this.described}"
          aria-invalid=${this.wrong && this.left ? "true" : this.invalid}
          .value=${live(this.typed)} @input=${this.#type} @change=${this.#leave} />
        ${this.kind === "date" && "showPicker" in HTMLInputElement.prototype ? this.#calendar() : nothing}
      </span>
      <span id=${words} class=${this.wrong ? "date-words wrong" : "date-words"} aria-live="polite">${said}</span>
    `;
  }

  /** The browser's calendar, for whoever would rather point. */
  #calendar() {
    return html`<input class="date-native" type="date" tabindex="-1" aria-hidden="true" min=${this.min || nothing} max=${this.max || nothing}
        .value=${this.value} @change=${this.#pick} />
      <button type="button" class="button icon-only" aria-label=${text.date.calendar(this.label)} title=${text.date.calendar(this.label)} @click=${this.#open}>
        ${icon(Calendar)}
      </button>`;
  }

  #read(done: boolean): string | null {
    return this.kind === "date" ? readDay(this.typed, done) : readTime(this.typed, done);
  }

  #written(): string {
    if (this.value === "") return "";
    return this.kind === "date" ? writeDay(this.value) : formatClock(this.value);
  }

  readonly #type = (event: Event) => {
    event.stopPropagation();
    this.typed = (event.target as HTMLInputElement).value;
    this.left = false;
    this.#take(this.#read(false) ?? "");
  };

  readonly #leave = (event: Event) => {
    event.stopPropagation();
    this.left = true;
    const read = this.#read(true);
    this.#take(read ?? "");
    if (read !== null) this.typed = this.#written();
  };

  readonly #pick = (event: Event) => {
    event.stopPropagation();
    const { value } = event.target as HTMLInputElement;
    this.#take(value);
    this.typed = this.#written();
  };

  readonly #open = () => this.querySelector<HTMLInputElement>(".date-native")?.showPicker();

  #take(value: string): void {
    if (value === this.value) return;
    this.value = value;
    this.#given = value;
    this.#internals.setFormValue(value);
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

customElements.define("date-field", DateField);
