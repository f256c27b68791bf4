import { html, nothing } from "lit";
import { CalendarPlus, MapPin } from "lucide";
import { get, Problem, type Quartier, type Schemas, type Territoire } from "../api";
import { text as resident } from "../text/atelier";
import { text } from "../text/proposition";
import { monthsBefore } from "./animation-draft";
import { icon } from "./icon";
import { LightElement } from "./light-element";

type Proposition = Schemas["Proposition"];

const PERIODS = [3, 6, 12] as const;
type Months = (typeof PERIODS)[number];

/** What speaks for an atelier, by quartier. Sends "propose" with the code of a quartier. */
export class AnimationPropose extends LightElement {
  static override properties = {
    territoire: { attribute: false },
    quartiers: { attribute: false },
    months: { state: true },
    found: { state: true },
    problem: { state: true },
  };
  declare territoire: Territoire | null;
  declare quartiers: readonly Quartier[];
  declare private months: Months;
  /** Null until the server has counted. */
  declare private found: readonly Proposition[] | null;
  declare private problem: string;
  #asked = "";

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.months = 6;
    this.found = null;
    this.problem = "";
  }

  override updated(): void {
    const asked = `${this.territoire?.code}/${this.months}`;
    if (this.territoire && asked !== this.#asked) {
      this.#asked = asked;
      void this.#read(this.territoire.code, asked);
    }
  }

  async #read(territoire: string, asked: string): Promise<void> {
    this.problem = "";
    try {
      const query = { territoire, ...monthsBefore(this.months, new Date()) };
      const { propositions } = await get("/api/v1/propositions", { query });
      if (asked === this.#asked) this.found = propositions;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  override render() {
    return html`<section class="propose" aria-labelledby="propose-title">
      <h2 id="propose-title">${text.heading}</h2>
      <p class="hint">${text.help}</p>
      <div class="segments" role="group" aria-label=${text.period}>
        ${PERIODS.map(
          (months) =>
            html`<button type="button" aria-pressed=${this.months === months} @click=${() => {
              this.months = months;
            }}>${text.periods[months]}</button>`,
        )}
      </div>
      ${this.problem !== "" ? html`<p class="notice" role="alert">${this.problem}</p>` : nothing}
      ${this.found === null && this.problem === "" ? html`<p role="status">${text.loading}</p>` : nothing}
      <ul class="ateliers">${this.#sorted().map(({ code, name, one }) => this.#one(code, name, one))}</ul>
    </section>`;
  }

  #sorted() {
    return (this.found ?? [])
      .flatMap((one) => {
        const known = this.quartiers.find(({ properties }) => properties.code === one.quartier);
        return known ? [{ code: one.quartier, name: known.properties.nom_court, one }] : [];
      })
      .sort((a, b) => a.name.localeCompare(b.name, "fr"));
  }

  #one(code: string, name: string, one: Proposition) {
    const { day, evening, night } = one.moments;
    const { from, to } = monthsBefore(this.months, new Date());
    const themes = one.themes.map(({ theme, n }) => text.theme(resident.themes[theme], n));
    return html`<li class="atelier proposition">
      <h3>${name}</h3>
      <p>${text.signalements(one.signalements, one.before)}</p>
      <p>${text.trend[one.trend]}</p>
      ${themes.length > 0 ? html`<p>${text.themes(themes.join(", "))}</p>` : nothing}
      ${one.signalements > 0 ? html`<p>${text.moments(day, evening, night)}</p>` : nothing}
      <p><strong>${text.reporters(one.reporters)}</strong></p>
      <p class="muted">${one.last === null ? text.never : text.last(one.last)}</p>
      <p class="row">
        <button type="button" class="button" aria-label=${text.propose(name)} @click=${() => this.send("propose", code)}>${icon(CalendarPlus)} ${text.proposeShort}</button>
        <a class="button" aria-label=${text.map(name)} href="/carte?quartier=${code}&montrer=signalements&du=${from}&au=${to}">${icon(MapPin)} ${text.mapShort}</a>
      </p>
    </li>`;
  }
}

customElements.define("animation-propose", AnimationPropose);
