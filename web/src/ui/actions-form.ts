import { html, nothing } from "lit";
import { Problem, post, put } from "../api";
import {
  ACTION_CODES,
  type Action,
  type ActionCode,
  type ActionState,
  FIRST_STATES,
  type Organisation,
} from "../evening";
import { text as all } from "../text/actions";
import { text as evening } from "../text/evening";
import { uuidV7 } from "../uuid";
import { LightElement } from "./light-element";

const text = all.form;

/** Adds an action of a quartier, or changes what describes one; states have a form of their own. */
export class ActionsForm extends LightElement {
  static override properties = {
    organisations: {},
    quartiers: {},
    ateliers: {},
    shown: { state: true },
    action: { state: true },
    problem: { state: true },
  };
  declare organisations: readonly Organisation[];
  declare quartiers: readonly { code: string; nom: string }[];
  declare ateliers: readonly { id: string; titre: string; quartier: string }[];
  declare private shown: boolean;
  /** Null for a new one. */
  declare private action: Action | null;
  declare private problem: string;
  #id = "";

  constructor() {
    super();
    this.organisations = [];
    this.quartiers = [];
    this.ateliers = [];
    this.shown = false;
    this.action = null;
    this.problem = "";
  }

  /** Opens the dialog; without an action it makes one. */
  async open(action: Action | null): Promise<void> {
    this.action = action;
    this.#id = action?.id ?? uuidV7();
    this.problem = "";
    this.shown = true;
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }

  override render() {
    const { action } = this;
    if (!this.shown) return nothing;
    return html`<dialog class="ledger-dialog" aria-labelledby="form-title" @close=${() => {
      this.shown = false;
    }}>
      <form class="stack" @submit=${this.#submit}>
        <h2 id="form-title">${action ? text.edit : text.add}</h2>
        ${
          action
            ? nothing
            : html`<label>${all.quartier}
                  <select name="quartier" required>
                    <option value=""></option>
                    ${this.quartiers.map(({ code, nom }) => html`<option value=${code}>${nom}</option>`)}
                  </select>
                </label>
                <label>${text.atelier}
                  <select name="atelier">
                    <option value="">${text.noAtelier}</option>
                    ${this.ateliers.map(({ id, titre }) => html`<option value=${id}>${titre}</option>`)}
                  </select>
                </label>`
        }
        <label>${evening.answers.code}
          <select name="code" required>
            ${ACTION_CODES.map((code) => html`<option value=${code} ?selected=${code === (action?.code ?? "TEC")}>${evening.codes[code]}</option>`)}
          </select>
        </label>
        <label>${evening.answers.title}
          <textarea name="titre" rows="2" required maxlength="160" .value=${action?.titre ?? ""}></textarea>
        </label>
        <label>${text.detail}
          <textarea name="detail" rows="3" maxlength="1000" .value=${action?.detail ?? ""}></textarea>
        </label>
        ${
          action
            ? nothing
            : html`<label>${evening.answers.state}
                <select name="state">
                  ${FIRST_STATES.map((state) => html`<option value=${state} ?selected=${state === "planned"}>${evening.states[state]}</option>`)}
                </select>
              </label>`
        }
        <label>${evening.answers.pilote}
          <select name="pilote">
            <option value="">${all.noPilote}</option>
            ${this.organisations
              .filter(({ archived, id }) => !archived || id === action?.pilote)
              .map(
                ({ id, nom }) =>
                  html`<option value=${id} ?selected=${id === action?.pilote}>${nom}</option>`,
              )}
          </select>
        </label>
        <label>${text.due}<input type="date" name="echeance" .value=${action?.echeance ?? ""} /></label>
        ${this.problem ? html`<p role="alert" class="ledger-problem">${this.problem}</p>` : nothing}
        <div class="ledger-tools">
          <button class="button primary">${evening.answers.submit}</button>
          <button type="button" class="button" @click=${() => this.querySelector("dialog")?.close()}>${evening.answers.cancel}</button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const { action } = this;
    const data = new FormData(event.target as HTMLFormElement);
    const given = (name: string) => String(data.get(name) ?? "").trim();
    const some = (name: string) => (given(name) === "" ? {} : { [name]: given(name) });
    const content = {
      code: given("code") as ActionCode,
      titre: given("titre"),
      detail: given("detail"),
      ...some("pilote"),
      ...some("echeance"),
    };
    this.problem = "";
    try {
      if (action) {
        // What the form does not show stays as it is.
        const { version, partners, findings, markers, geometry } = action;
        await put(
          "/api/v1/actions/{action}",
          {
            base: version,
            ...content,
            partners,
            findings,
            markers,
            ...(geometry ? { geometry } : {}),
          },
          { path: { action: action.id } },
        );
      } else {
        const atelier = this.ateliers.find(({ id }) => id === given("atelier"));
        await post("/api/v1/actions", {
          id: this.#id,
          ...(atelier ? { atelier: atelier.id } : { quartier: given("quartier") }),
          ...content,
          event: { id: uuidV7(), state: given("state") as ActionState },
        });
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      return;
    }
    this.querySelector("dialog")?.close();
    this.dispatchEvent(new CustomEvent("kept", { detail: text.kept(content.titre) }));
  };
}

customElements.define("actions-form", ActionsForm);
