import { html } from "lit";
import { get, Problem, type Schemas } from "../api";
import { text as access } from "../text/access";
import { text } from "../text/account";
import { formatMoment, formatMomentOf } from "../text/format";
import { LightElement } from "./light-element";

type Line = Schemas["Connexion"];
type Event = Schemas["Evenement"];
const events = Object.keys(text.events.what) as Event[];

/** Who came in, who did not, and what changed about accounts: a section of a page. */
export class AccessEvents extends LightElement {
  static override properties = {
    lines: { state: true },
    chosen: { state: true },
    problem: { state: true },
  };
  declare private lines: readonly Line[] | null;
  declare private chosen: Event | "";
  declare private problem: string;

  constructor() {
    super();
    this.lines = null;
    this.chosen = "";
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    this.problem = "";
    const { chosen } = this;
    try {
      const query = chosen ? { evenement: chosen } : {};
      const { connexions } = await get("/api/v1/connexions", { query });
      if (chosen === this.chosen) this.lines = connexions;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  override render() {
    const words = text.events;
    return html`<section aria-labelledby="events-title">
      <h2 id="events-title">${words.title}</h2>
      <p>${words.intro}</p>
      <p class="form-error" role="alert">${this.problem}</p>
      <label class="events-filter">${words.filter}
        <select @change=${this.#choose}>
          <option value="">${text.journal.all}</option>
          ${events.map((one) => html`<option value=${one}>${words.what[one]}</option>`)}
        </select>
      </label>
      ${this.#table()}
    </section>`;
  }

  #table() {
    const words = text.events;
    if (!this.lines) return html`<p>${this.problem ? "" : text.loading}</p>`;
    if (this.lines.length === 0) return html`<p class="hint">${words.empty}</p>`;
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${words.caption}>
      <table>
        <caption class="visually-hidden">${words.caption}</caption>
        <thead>
          <tr><th scope="col">${text.journal.when}</th><th scope="col">${text.journal.who}</th><th scope="col">${text.journal.what}</th><th scope="col">${words.from}</th></tr>
        </thead>
        <tbody>
          ${this.lines.map(
            (one) => html`<tr>
              <td>${formatMoment(one.at)}</td>
              <th scope="row">${one.nom || words.nobody}${one.role ? html`<br /><span class="hint">${access.roles[one.role]}</span>` : ""}</th>
              <td>${words.what[one.evenement]}${this.#more(one)}</td>
              <td>${this.#origin(one)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #origin({ appareil, origine, details }: Line) {
    const words = text.events;
    const from = origine ? words.origin(origine) : details.essais && words.origins;
    if (!from) return appareil;
    return html`${appareil}${appareil ? html`<br />` : ""}<span class="hint">${from}</span>`;
  }

  #more({ at, par, details }: Line) {
    const words = text.events;
    const reasons: Readonly<Record<string, string>> = words.reasons;
    const links: Readonly<Record<string, string>> = words.links;
    const role = (one: string | undefined) => access.roles[one as Schemas["StaffRole"]];
    const parts = [
      details.raison && reasons[details.raison],
      details.essais &&
        details.heure &&
        words.tries(Number(details.essais), formatMomentOf(formatMoment(at), details.heure)),
      details.avant && words.change(role(details.avant), role(details.apres)),
      details.organisation,
      details.fournisseur,
      details.liens && links[details.liens],
      details.route && words.route(details.route),
      par && words.by(par),
    ].filter(Boolean);
    return parts.length > 0 ? html`<br /><span class="hint">${parts.join(" · ")}</span>` : "";
  }

  readonly #choose = (event: globalThis.Event) => {
    this.chosen = (event.target as HTMLSelectElement).value as Event | "";
    void this.#load();
  };
}

customElements.define("access-events", AccessEvents);
