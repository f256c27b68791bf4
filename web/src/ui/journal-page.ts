import { html } from "lit";
import { address, get, type Schemas } from "../api";
import { text as access } from "../text/access";
import { text } from "../text/account";
import { text as city } from "../text/city";
import { formatDate, formatMoment, formatNumber } from "../text/format";
import "./access-events";
import { AccountPage } from "./account-frame";
import "./date-field";

type Purpose = Schemas["Finalite"];
type Role = Schemas["StaffRole"];
const purposes = Object.keys(text.journal.purposes) as Purpose[];
const readers: readonly Role[] = ["animateur", "analyste", "police"];

/** A bound of a period, given as a day or an instant. */
const day = (bound: string) =>
  /^\d{4}-\d\d-\d\d/.test(bound) ? formatDate(bound.slice(0, 10)) : bound;

/** Who of the staff read precise points or texts; for the data protection officer. */
export class JournalPage extends AccountPage {
  static override properties = { lines: { state: true }, query: { state: true } };
  declare private lines: readonly Schemas["Consultation"][] | null;
  #quartiers: ReadonlyMap<string, string> = new Map();
  declare private query: { role?: Role; finalite?: Purpose; from?: string; to?: string };

  constructor() {
    super();
    this.lines = null;
    this.query = {};
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.journal.title} – ${access.name}`;
    void this.#load();
  }

  async #load(): Promise<void> {
    const { query } = this;
    await this.attempt(async () => {
      const [{ consultations }, { features }] = await Promise.all([
        get("/api/v1/journal", { query }),
        get("/api/v1/quartiers"),
      ]);
      if (query !== this.query) return;
      this.#quartiers = new Map(
        features.map(({ properties }) => [properties.code, properties.nom_court]),
      );
      this.lines = consultations;
    });
  }

  override render() {
    const words = text.journal;
    return this.frame(
      words.title,
      html`<p>${words.intro}</p>
        <form class="journal-filters" @change=${this.#choose} @submit=${(event: Event) => event.preventDefault()}>
          <date-field name="from" label=${words.from}></date-field>
          <date-field name="to" label=${words.to}></date-field>
          <label>${words.who}
            <select name="role">
              <option value="">${words.all}</option>
              ${readers.map((role) => html`<option value=${role}>${access.roles[role]}</option>`)}
            </select>
          </label>
          <label>${words.why}
            <select name="finalite">
              <option value="">${words.all}</option>
              ${purposes.map((one) => html`<option value=${one}>${words.purposes[one]}</option>`)}
            </select>
          </label>
          <a class="button" href=${address("/api/v1/journal.csv", {}, this.query)} download>${words.csv}</a>
        </form>
        ${this.#table()}
        <access-events></access-events>`,
    );
  }

  #table() {
    const words = text.journal;
    if (!this.lines) return html`<p>${this.problem ? "" : text.loading}</p>`;
    if (this.lines.length === 0) return html`<p class="hint">${words.empty}</p>`;
    const objects: Readonly<Record<string, string>> = words.objects;
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${words.title}>
      <table>
        <caption class="visually-hidden">${words.caption}</caption>
        <thead>
          <tr><th scope="col">${words.when}</th><th scope="col">${words.who}</th><th scope="col">${words.what}</th><th scope="col">${words.count}</th><th scope="col">${words.why}</th><th scope="col">${words.filters}</th></tr>
        </thead>
        <tbody>
          ${this.lines.map(
            (one) => html`<tr>
              <td>${formatMoment(one.at)}</td>
              <th scope="row">${one.nom}<br /><span class="hint">${access.roles[one.role as Role]}</span></th>
              <td>${objects[one.objet] ?? ""}</td>
              <td class="number">${formatNumber(one.elements)}</td>
              <td>${words.purposes[one.finalite]}</td>
              <td>${this.#filters(one.details)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** The filters of a reading in words, in the order of a sentence. */
  #filters({ quartier, theme, from, to, state }: Schemas["Consultation"]["details"]): string {
    const words = text.journal;
    const themes: Readonly<Record<string, string>> = city.theme;
    const states: Readonly<Record<string, string>> = words.states;
    return [
      state && states[state],
      quartier && (this.#quartiers.get(quartier) ?? quartier),
      theme
        ?.split(",")
        .map((code) => themes[code] ?? code)
        .join(", "),
      from && `${words.from.toLowerCase()} ${day(from)}`,
      to && `${words.to.toLowerCase()} ${day(to)}`,
    ]
      .filter(Boolean)
      .join(", ");
  }

  readonly #choose = (event: Event) => {
    const form = new FormData(event.currentTarget as HTMLFormElement);
    this.query = Object.fromEntries([...form].filter(([, value]) => value !== ""));
    void this.#load();
  };
}

customElements.define("journal-page", JournalPage);
