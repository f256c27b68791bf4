import { html, nothing } from "lit";
import { Check, Play } from "lucide";
import type { Atelier } from "../api";
import type { Room } from "../protocol";
import { betweenSteps } from "../state";
import { text } from "../text/animation";
import { formatTime } from "../text/format";
import {
  asMinutes,
  type Clock,
  clockOf,
  countdown,
  expectedEnd,
  MINUTES_MAX,
  minutesAfter,
  stepsOf,
} from "./animation-plan";
import { icon } from "./icon";
import { LightElement } from "./light-element";

const MINUTE = 60_000;

/** "12 min", "1 h 05", "3 jours": somebody may leave an evening open for a week. */
function inWords(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? text.plan.hours(hours, minutes % 60) : text.plan.days(Math.floor(hours / 24));
}

/** The steps with their minutes; sends `open-step` and `close-step` (number), `more-time` and `plan` (minutes). */
export class AnimationSteps extends LightElement {
  static override properties = {
    kind: { attribute: false },
    room: { attribute: false },
    plan: { attribute: false },
    now: { attribute: false },
    startsAt: { attribute: false },
    timeZone: { attribute: false },
  };
  declare kind: Atelier["kind"];
  declare room: Room;
  declare plan: readonly number[];
  /** Server clock, milliseconds. */
  declare now: number;
  /** The hour of the invitation, milliseconds. */
  declare startsAt: number;
  declare timeZone: string;

  override render() {
    const { room, plan } = this;
    const total = minutesAfter(0, plan, this.kind);
    return html`
      <h2>${text.plan.heading}</h2>
      <ol class="steps">${stepsOf(this.kind).map((step, i) => this.#step(step, i + 1))}</ol>
      <p class="muted total">
        <span>${text.plan.total(inWords(total * MINUTE))}${room.state === "closed" ? "" : ","}</span>
        ${room.state === "closed" ? nothing : html`<span>${text.plan.end(this.#end())}</span>`}
      </p>
    `;
  }

  #end(): string {
    const end = expectedEnd(this.room, this.plan, this.kind, this.now, this.startsAt);
    return formatTime(new Date(end).toISOString(), this.timeZone);
  }

  #step(step: number, rank: number) {
    const { room } = this;
    const name = text.steps[step] ?? "";
    const current = room.step === step && room.state === "open" && !betweenSteps(room);
    const done = (room.step >= step && !current) || room.state === "closed";
    const clock = current ? clockOf(room, this.now) : null;
    return html`<li class=${current ? "step current" : done ? "step done" : "step"} aria-current=${current ? "step" : nothing}>
      <span class="step-mark" aria-hidden="true">${done ? icon(Check) : rank}</span>
      <span class="step-name">
        ${name}
        ${done ? html`<span class="visually-hidden">, ${text.plan.done}</span>` : nothing}
      </span>
      ${current ? nothing : this.#minutes(step, name)}
      ${
        current || room.state === "closed"
          ? nothing
          : html`<button type="button" class="button icon-only" aria-label=${text.plan.openNamed(name)} title=${text.plan.openNamed(name)}
              @click=${() => this.send("open-step", step)}>
              ${icon(Play)}
            </button>`
      }
      ${clock ? this.#clock(clock, step, name) : nothing}
    </li>`;
  }

  #minutes(step: number, name: string) {
    return html`<label class="step-minutes">
      <span class="visually-hidden">${text.plan.minutes(name)}</span>
      <input type="number" min="1" max=${MINUTES_MAX} step="1" inputmode="numeric" .value=${String(this.plan[step - 1])}
        ?disabled=${this.room.state === "closed"} @change=${(event: Event) => this.#plan(step, event)} />
      <span aria-hidden="true">${text.plan.unit}</span>
    </label>`;
  }

  #clock(clock: Clock, step: number, name: string) {
    const { left } = clock;
    return html`<div class="step-clock">
      ${
        left === null
          ? html`<span>${text.plan.since(inWords(clock.elapsed))}</span>`
          : left > 0
            ? html`<span><strong class="clock">${countdown(left)}</strong> ${text.plan.left}</span>`
            : html`<strong class="over">${left > -MINUTE ? text.plan.overNow : text.plan.over(inWords(-left))}</strong>`
      }
      <button type="button" class="button small" aria-label=${text.plan.moreNamed} title=${text.plan.moreNamed} @click=${() => this.send("more-time", clock)}>
        ${text.plan.more}
      </button>
      <button type="button" class="button small" aria-label=${text.plan.closeNamed(name)} title=${text.plan.closeNamed(name)} @click=${() => this.send("close-step", step)}>
        ${text.plan.close}
      </button>
    </div>`;
  }

  #plan(step: number, event: Event): void {
    const input = event.target as HTMLInputElement;
    const minutes = asMinutes(input.value);
    if (minutes === null) {
      input.value = String(this.plan[step - 1]);
      return;
    }
    this.send(
      "plan",
      this.plan.map((planned, i) => (i === step - 1 ? minutes : planned)),
    );
  }
}

customElements.define("animation-steps", AnimationSteps);
