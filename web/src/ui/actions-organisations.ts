import { html, nothing } from "lit";
import { get, Problem, post, put, remove, type Schemas } from "../api";
import type { Organisation } from "../evening";
import { text as all } from "../text/actions";
import { text as evening } from "../text/evening";
import { formatDate } from "../text/format";
import { LightElement } from "./light-element";

const text = all.pilots;

type Links = Schemas["OrganisationLinks"]["liens"];

/** How those who pilot actions are reminded and let in: an address, links that end. */
export class ActionsOrganisations extends LightElement {
  static override properties = {
    organisations: {},
    chosen: { state: true },
    links: { state: true },
    made: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  declare organisations: readonly Organisation[];
  declare private chosen: string;
  declare private links: Links | null;
  /** The address of a link just made: it is shown once. */
  declare private made: string;
  declare private said: string;
  declare private problem: string;

  constructor() {
    super();
    this.organisations = [];
    this.chosen = "";
    this.links = null;
    this.made = "";
    this.said = "";
    this.problem = "";
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.problem = "";
    this.said = "";
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  readonly #choose = (event: Event) => {
    this.chosen = (event.target as HTMLSelectElement).value;
    this.links = null;
    this.made = "";
    if (this.chosen === "") return;
    void this.#try(async () => {
      this.links = (
        await get("/api/v1/organisations/{id}/liens", { path: { id: this.chosen } })
      ).liens;
    });
  };

  override render() {
    const one = this.organisations.find(({ id }) => id === this.chosen);
    return html`<details class="ledger-pilots">
      <summary>${text.heading}</summary>
      <p>${text.lead}</p>
      <label><span>${text.choose}</span>
        <select @change=${this.#choose}>
          <option value=""></option>
          ${this.organisations
            .filter(({ archived }) => !archived)
            .map(
              ({ id, nom }) =>
                html`<option value=${id} ?selected=${id === this.chosen}>${nom}</option>`,
            )}
        </select>
      </label>
      <p role="status" class="ledger-said">${this.said}</p>
      ${this.problem ? html`<p role="alert" class="ledger-problem">${this.problem}</p>` : nothing}
      ${one === undefined ? nothing : this.#one(one)}
    </details>`;
  }

  #one(one: Organisation) {
    const alive = (this.links ?? []).filter(
      ({ revoked_at, expires_at }) => !revoked_at && Date.parse(expires_at) > Date.now(),
    );
    return html`<form class="ledger-line" @submit=${(event: SubmitEvent) => this.#address(event, one)}>
        <label><span>${text.email}</span>
          <input name="email" type="email" maxlength="254" .value=${one.email ?? ""} aria-describedby="pilot-email-help" />
        </label>
        <button class="button">${text.keep}</button>
      </form>
      <p id="pilot-email-help" class="hint">${text.emailHelp} ${evening.organisations[one.kind]}.</p>
      <p>
        <button type="button" class="button" @click=${() => this.#make(one)}>${text.make}</button>
        ${alive.length > 0 ? html`<button type="button" class="button" @click=${() => this.#revoke(one)}>${text.revokeAll(alive.length)}</button>` : nothing}
      </p>
      ${
        this.made === ""
          ? nothing
          : html`<p>${text.made}</p>
              <p><input class="ledger-link" readonly aria-label=${text.link} .value=${this.made} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} /></p>`
      }
      ${
        alive.length === 0
          ? html`<p class="hint">${text.none}</p>`
          : html`<ul>${alive.map(
              (link) => html`<li>
                ${text.until(formatDate(link.created_at), formatDate(link.expires_at), link.reminder)}
                ${link.used_at ? text.used(formatDate(link.used_at)) : text.unused}
                <button type="button" class="button small" @click=${() => this.#revoke(one, link.id)}>${text.revoke}</button>
              </li>`,
            )}</ul>`
      }`;
  }

  #address(event: SubmitEvent, one: Organisation): void {
    event.preventDefault();
    const email = String(new FormData(event.target as HTMLFormElement).get("email") ?? "").trim();
    const { id, nom, kind, archived } = one;
    void this.#try(async () => {
      const stored = await put(
        "/api/v1/organisations/{id}",
        { nom, kind, archived, email },
        { path: { id } },
      );
      this.organisations = this.organisations.map((o) => (o.id === id ? stored : o));
      this.said = text.kept;
    });
  }

  #make(one: Organisation): void {
    void this.#try(async () => {
      const { url } = await post("/api/v1/organisations/{id}/liens", {}, { path: { id: one.id } });
      this.made = url;
      this.links = (await get("/api/v1/organisations/{id}/liens", { path: { id: one.id } })).liens;
    });
  }

  #revoke(one: Organisation, lien?: string): void {
    void this.#try(async () => {
      const answer =
        lien === undefined
          ? await remove("/api/v1/organisations/{id}/liens", { path: { id: one.id } })
          : await remove("/api/v1/organisations/{id}/liens/{lien}", { path: { id: one.id, lien } });
      this.links = answer?.liens ?? [];
      this.made = "";
      this.said = text.revoked;
    });
  }
}

customElements.define("actions-organisations", ActionsOrganisations);
