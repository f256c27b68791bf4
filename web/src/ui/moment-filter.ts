import { html } from "lit";
import { text } from "../text/city";
import { LightElement } from "./light-element";
import { type Hours, hours, type Weekday, weekdays } from "./moment";

/** What a person has chosen; sent as the event "moment", also while a slider is dragged. */
export interface Moment {
  readonly days: readonly Weekday[];
  readonly hours: Hours | null;
}

/** Days of the week and hours of the day, with sliders that answer while they move. */
export class MomentFilter extends LightElement {
  static override properties = { days: {}, hours: {} };
  declare days: readonly Weekday[];
  declare hours: Hours | null;

  constructor() {
    super();
    this.days = [];
    this.hours = null;
  }

  #send(moment: Partial<Moment>): void {
    const detail: Moment = { days: this.days, hours: this.hours, ...moment };
    this.dispatchEvent(new CustomEvent<Moment>("moment", { detail }));
  }

  #toggle(day: Weekday, on: boolean): void {
    const days = weekdays.filter((one) => (one === day ? on : this.days.includes(one)));
    // All days are no condition, and none would show nothing.
    this.#send({ days: days.length === weekdays.length ? [] : days });
  }

  #slider(end: "from" | "to", value: number) {
    const [min, max] = end === "from" ? [0, 23] : [1, 24];
    const moved = (event: Event) => {
      const at = Number((event.target as HTMLInputElement).value);
      const [from, to] = this.hours ?? [0, 24];
      this.#send({ hours: end === "from" ? hours(at, to) : hours(from, at) });
    };
    return html`<label class="hour">
      <span>${text.moment[end]}</span>
      <input type="range" min=${min} max=${max} step="1" .value=${String(value)}
        aria-valuetext=${text.moment.hour(value)} @input=${moved} />
      <output>${text.moment.hour(value)}</output>
    </label>`;
  }

  override render() {
    const [from, to] = this.hours ?? [0, 24];
    return html`<fieldset class="moment">
      <legend>${text.moment.title}</legend>
      <div class="days">
        ${weekdays.map(
          (day) => html`<label>
            <input type="checkbox" value=${day} aria-label=${text.moment.days[day]}
              .checked=${this.days.includes(day)}
              @change=${(event: Event) => this.#toggle(day, (event.target as HTMLInputElement).checked)} />
            <span aria-hidden="true">${text.moment.shortDays[day]}</span>
          </label>`,
        )}
      </div>
      ${this.#slider("from", from)} ${this.#slider("to", to)}
      <p class="hint">${from > to ? text.moment.overnight : text.moment.known}</p>
    </fieldset>`;
  }
}

customElements.define("moment-filter", MomentFilter);
