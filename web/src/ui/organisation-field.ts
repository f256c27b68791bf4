import { html, nothing } from "lit";
import { Problem, put, type Schemas } from "../api";
import type { Organisation } from "../evening";
import "../style/organisation-field.css";
import { text } from "../text/evening";
import { uuidV7 } from "../uuid";
import { LightElement } from "./light-element";

/**
 * The choice of an organisation in a form, as its field `pilote`. One that is missing is
 * added right under it and chosen at once. Sends "organisation" with what was added.
 */
export class OrganisationField extends LightElement {
  static override properties = {
    label: { attribute: false },
    organisations: { attribute: false },
    chosen: { attribute: false },
    required: { attribute: false },
    adds: { attribute: false },
    added: { state: true },
    problem: { state: true },
  };
  declare label: string;
  declare organisations: readonly Organisation[];
  /** Identifier of the one that is chosen at first; "" for none. */
  declare chosen: string;
  declare required: boolean;
  /** Whether who fills the form in may add one. */
  declare adds: boolean;
  /** Those added here, until the list of the page has them. */
  declare private added: readonly Organisation[];
  declare private problem: string;
  /** One id until it is kept: sent twice, it is one organisation. */
  #id = uuidV7();

  constructor() {
    super();
    this.label = text.answers.pilote;
    this.organisations = [];
    this.chosen = "";
    this.required = false;
    this.adds = true;
    this.added = [];
    this.problem = "";
  }

  override render() {
    const known = this.organisations.filter(({ archived, id }) => !archived || id === this.chosen);
    const fresh = this.added.filter(({ id }) => !known.some((one) => one.id === id));
    return html`<label>${this.label}
        <select name="pilote" ?required=${this.required}>
          <option value="">${text.answers.noPilote}</option>
          ${[...known, ...fresh].map(({ id, nom }) => html`<option value=${id} ?selected=${id === this.chosen}>${nom}</option>`)}
        </select>
      </label>
      ${this.adds ? this.#form() : nothing}`;
  }

  #form() {
    return html`<details>
        <summary>${text.answers.newOrganisation}</summary>
        <div class="stack" @keydown=${this.#enter}>
          <label>${text.answers.organisationName}<input maxlength="160" autocomplete="off" /></label>
          <label>${text.answers.organisationKind}
            <select>${Object.entries(text.organisations).map(([code, name]) => html`<option value=${code}>${name}</option>`)}</select>
          </label>
          ${this.problem === "" ? nothing : html`<p role="alert" class="problem">${this.problem}</p>`}
          <button type="button" class="button" @click=${() => void this.#add()}>${text.answers.addOrganisation}</button>
        </div>
      </details>`;
  }

  /** Enter in the name adds the organisation, and does not send the form around it. */
  readonly #enter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    void this.#add();
  };

  async #add(): Promise<void> {
    const details = this.querySelector("details");
    const name = details?.querySelector("input");
    const kind = details?.querySelector("select");
    const nom = name?.value.trim() ?? "";
    if (!details || !name || !kind || nom === "") {
      name?.focus();
      return;
    }
    this.problem = "";
    try {
      const one = await put(
        "/api/v1/organisations/{id}",
        { nom, kind: kind.value as Schemas["OrganisationKind"] },
        { path: { id: this.#id } },
      );
      this.#id = uuidV7();
      this.added = [...this.added, one];
      this.chosen = one.id;
      name.value = "";
      details.open = false;
      await this.updateComplete;
      const select = this.querySelector<HTMLSelectElement>("select[name=pilote]");
      if (select) {
        select.value = one.id;
        select.focus();
      }
      this.send<Organisation>("organisation", one);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }
}

customElements.define("organisation-field", OrganisationField);
