import { html, nothing } from "lit";
import { get, put, type Schemas } from "../api";
import { text as access } from "../text/access";
import { text } from "../text/conservation";
import { formatMoment, formatNumber } from "../text/format";
import { language } from "../text/text";
import { AccountPage, field } from "./account-frame";

type Kept = Schemas["Conservation"];
type Past = Awaited<ReturnType<typeof read>>;

const read = () => get("/api/v1/conservation/etat", { query: { lang: language() } });
const settings = [
  ["text_months", 24],
  ["position_months", 36],
  ["contact_months", 24],
] as const;
const kinds = ["texts", "positions", "contacts", "logs", "journal"] as const;

/** How long things are kept, and what the purges left; for the administrator and the DPO. */
export class ConservationPage extends AccountPage {
  static override properties = { kept: { state: true }, past: { state: true } };
  declare private kept: Kept | null;
  declare private past: Past | null;

  constructor() {
    super();
    this.kept = null;
    this.past = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.title} – ${access.name}`;
    void this.attempt(() => this.#load());
  }

  async #load(): Promise<void> {
    [this.kept, this.past] = await Promise.all([get("/api/v1/conservation"), read()]);
  }

  override render() {
    return this.frame(
      text.title,
      html`<p>${text.intro}</p>${this.#settings()} ${this.#figures()} ${this.#tables()}`,
    );
  }

  #settings() {
    if (!this.kept) return html`<p>${this.problem ? "" : text.loading}</p>`;
    const { kept } = this;
    return html`<section aria-labelledby="settings-title">
      <h2 id="settings-title">${text.settings}</h2>
      <form class="conservation-form" @submit=${this.#save}>
        ${settings.map(
          ([name, most]) => html`<label>
            <span>${text.names[name]}</span>
            <input type="number" name=${name} min="1" max=${most} required .value=${String(kept[name])} aria-describedby="${name}-help" />
            <span id="${name}-help" class="hint">${text.after[name]} ${text.most(most)}</span>
          </label>`,
        )}
        <p class="hint">${text.effect}</p>
        <button class="button primary">${text.save}</button>
      </form>
      <p class="hint">${text.fixed} <a href="/vie-privee">${text.notice}</a></p>
    </section>`;
  }

  #figures() {
    const { past } = this;
    if (!past) return nothing;
    const of = (one: { past: number; total: number }) =>
      text.of(formatNumber(one.past), formatNumber(one.total));
    return html`<section aria-labelledby="figures-title">
      <h2 id="figures-title">${text.figures}</h2>
      <p><strong>${of(past)}</strong> ${text.now}</p>
      ${past.purges.length === 0 ? html`<p class="hint">${text.none}</p>` : nothing}
      <div class="table-scroll" tabindex="0" role="region" aria-label=${text.caption}>
        <table>
          <caption class="visually-hidden">${text.caption}</caption>
          <thead>
            <tr><th scope="col">${text.when}</th><th scope="col">${text.all}</th>${kinds.map((kind) => html`<th scope="col">${text.kinds[kind]}</th>`)}</tr>
          </thead>
          <tbody>
            ${past.purges.map(
              (run) => html`<tr>
                <th scope="row">${formatMoment(run.at)}</th>
                <td>${of(run)}</td>
                ${kinds.map((kind) => html`<td>${of(run[kind])}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #tables() {
    if (!this.past) return nothing;
    const { what, time, after } = text.tables;
    return html`<section>
      <h2 id="tables-title">${text.tables.title}</h2>
      <div class="table-scroll" tabindex="0" role="region" aria-labelledby="tables-title">
        <table class="conservation-tables">
          <thead>
            <tr><th scope="col">${what}</th><th scope="col">${time}</th><th scope="col">${after}</th></tr>
          </thead>
          <tbody>
            ${this.past.retentions.map((one) => html`<tr><th scope="row">${one.what}</th><td>${one.time}</td><td>${one.then}</td></tr>`)}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  readonly #save = (event: SubmitEvent) => {
    event.preventDefault();
    const [text_months, position_months, contact_months] = settings.map(([name]) =>
      Number(field(event, name)),
    ) as [number, number, number];
    void this.attempt(async () => {
      await put("/api/v1/conservation", { text_months, position_months, contact_months });
      await this.#load();
      this.note = text.saved;
    });
  };
}

customElements.define("conservation-page", ConservationPage);
