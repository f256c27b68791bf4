import { html, nothing } from "lit";
import { get, Problem, post, put, type Quartier, type Territoire } from "../api";
import {
  ACTION_CODES,
  type Action,
  type ActionCode,
  type ActionState,
  FIRST_STATES,
  type Finding,
  type Organisation,
} from "../evening";
import { text as all } from "../text/actions";
import { text as evening } from "../text/evening";
import { uuidV7 } from "../uuid";
import { LightElement } from "./light-element";
import "./organisation-field";
import type { ActionPlace, PlacedMarker, PlaceField } from "./place-field";
import "./place-field";

const text = all.form;

interface Where {
  readonly quartier: string;
  /** "" for an action of the quartier. */
  readonly atelier: string;
}

interface Around {
  readonly quartier: Quartier | null;
  readonly findings: readonly Finding[];
  readonly markers: readonly PlacedMarker[];
}

const nowhere: ActionPlace = { markers: [] };
const none: Pick<Finding, "geometry" | "markers"> = {};

/** Adds an action of a quartier, or changes what describes one; states have a form of their own. */
export class ActionsForm extends LightElement {
  static override properties = {
    territoire: {},
    reader: {},
    organisations: {},
    quartiers: {},
    ateliers: {},
    shown: { state: true },
    action: { state: true },
    where: { state: true },
    around: { state: true },
    problem: { state: true },
  };
  declare territoire: Territoire | null;
  /** Role of who fills it in: markers of an evening are for who leads it. */
  declare reader: string;
  declare organisations: readonly Organisation[];
  declare quartiers: readonly { code: string; nom: string }[];
  declare ateliers: readonly { id: string; titre: string; quartier: string }[];
  declare private shown: boolean;
  /** Null for a new one. */
  declare private action: Action | null;
  /** Which quartier and evening the action is of. */
  declare private where: Where;
  /** What may be chosen there; null until it is known. */
  declare private around: Around | null;
  declare private problem: string;
  /** Where the action is today, the same object while the dialog is open. */
  #kept: ActionPlace = nowhere;
  #id = "";

  constructor() {
    super();
    this.territoire = null;
    this.reader = "";
    this.organisations = [];
    this.quartiers = [];
    this.ateliers = [];
    this.shown = false;
    this.action = null;
    this.where = { quartier: "", atelier: "" };
    this.around = null;
    this.problem = "";
  }

  /** Opens the dialog; without an action it makes one. */
  async open(action: Action | null): Promise<void> {
    this.action = action;
    this.#id = action?.id ?? uuidV7();
    this.problem = "";
    this.#kept = action
      ? {
          markers: action.markers ?? [],
          ...(action.geometry
            ? { geometry: action.geometry as NonNullable<ActionPlace["geometry"]> }
            : {}),
        }
      : nowhere;
    this.around = null;
    this.where = { quartier: action?.quartier ?? "", atelier: action?.atelier ?? "" };
    this.shown = true;
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
    await this.#look();
  }

  readonly #choose = async () => {
    const read = (name: string) =>
      this.querySelector<HTMLSelectElement>(`select[name=${name}]`)?.value ?? "";
    const atelier = this.ateliers.find(({ id }) => id === read("atelier"));
    this.where = { quartier: atelier?.quartier ?? read("quartier"), atelier: atelier?.id ?? "" };
    await this.#look();
  };

  /** Reads what an action of this quartier and evening may answer. */
  async #look(): Promise<void> {
    const { where } = this;
    this.around = null;
    if (where.quartier === "") return;
    try {
      const [{ features }, { findings }, markers] = await Promise.all([
        get("/api/v1/quartiers"),
        get("/api/v1/findings", { query: { quartier: where.quartier } }),
        where.atelier !== "" && this.reader === "animateur"
          ? get("/api/v1/ateliers/{id}/markers", { path: { id: where.atelier } })
          : { features: [] },
      ]);
      if (this.where !== where) return; // another one was chosen meanwhile
      this.around = {
        quartier: features.find(({ properties }) => properties.code === where.quartier) ?? null,
        findings: findings.filter(
          (one) => !one.withdrawn && (where.atelier === "" || one.atelier === where.atelier),
        ),
        markers: markers.features.map(({ id, geometry, properties: { felt, table } }) => ({
          id,
          table,
          felt,
          geometry,
        })) as unknown as readonly PlacedMarker[],
      };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  /** The first finding that has a place, for « au lieu du constat ». */
  get #finding(): Pick<Finding, "geometry" | "markers"> {
    const own = this.action?.findings ?? [];
    const located = (one: Finding) => one.geometry !== undefined || (one.markers ?? []).length > 0;
    return (
      (this.around?.findings ?? []).find((one) => own.includes(one.id) && located(one)) ?? none
    );
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
                  <select name="quartier" required @change=${this.#choose}>
                    <option value=""></option>
                    ${this.quartiers.map(({ code, nom }) => html`<option value=${code}>${nom}</option>`)}
                  </select>
                </label>
                <label>${text.atelier}
                  <select name="atelier" @change=${this.#choose}>
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
        <organisation-field .organisations=${this.organisations} .chosen=${action?.pilote ?? ""} .adds=${this.reader === "animateur"}></organisation-field>
        <label>${text.due}<input type="date" name="echeance" .value=${action?.echeance ?? ""} /></label>
        ${this.#around()}
        ${this.problem ? html`<p role="alert" class="ledger-problem">${this.problem}</p>` : nothing}
        <div class="ledger-tools">
          <button class="button primary">${evening.answers.submit}</button>
          <button type="button" class="button" @click=${() => this.querySelector("dialog")?.close()}>${evening.answers.cancel}</button>
        </div>
      </form>
    </dialog>`;
  }

  /** What it answers, with whom and where; what could not be read stays as it is. */
  #around() {
    const { action, around } = this;
    if (around === null)
      return this.where.quartier === "" || this.problem
        ? nothing
        : html`<p role="status">${all.loading}</p>`;
    const box = (name: string, value: string, label: string, checked: boolean) =>
      html`<label class="check"><input type="checkbox" name=${name} value=${value} .checked=${checked} /> ${label}</label>`;
    const partners = this.organisations.filter(
      ({ archived, id }) => !archived || action?.partners.includes(id),
    );
    return html`
      ${
        around.findings.length === 0
          ? nothing
          : html`<fieldset class="ledger-choices">
              <legend>${text.findings}</legend>
              ${around.findings.map((one) => box("finding", one.id, one.titre, action?.findings.includes(one.id) ?? false))}
            </fieldset>`
      }
      ${
        partners.length === 0
          ? nothing
          : html`<details ?open=${(action?.partners.length ?? 0) > 0}>
              <summary>${evening.answers.partners}</summary>
              <div class="ledger-choices">${partners.map(({ id, nom }) => box("partner", id, nom, action?.partners.includes(id) ?? false))}</div>
            </details>`
      }
      <place-field .territoire=${this.territoire} .quartier=${around.quartier} .markers=${around.markers} .finding=${this.#finding} .kept=${this.#kept}></place-field>`;
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const { action, around } = this;
    const field = this.querySelector<PlaceField>("place-field");
    const place = field ? field.take() : this.#kept;
    if (place === null) {
      field?.scrollIntoView({ block: "nearest" });
      return;
    }
    const data = new FormData(event.target as HTMLFormElement);
    const given = (name: string) => String(data.get(name) ?? "").trim();
    const some = (name: string) => (given(name) === "" ? {} : { [name]: given(name) });
    const shown = (around?.findings ?? []).map(({ id }) => id);
    const linked = {
      // What is not offered here (of another evening) stays as it is.
      findings: [
        ...(action?.findings ?? []).filter((id) => !shown.includes(id)),
        ...data.getAll("finding").map(String),
      ],
      partners: around ? data.getAll("partner").map(String) : (action?.partners ?? []),
      markers: [...place.markers],
      ...(place.geometry ? { geometry: place.geometry } : {}),
    };
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
        await put(
          "/api/v1/actions/{action}",
          { base: action.version, ...content, ...linked },
          { path: { action: action.id } },
        );
      } else {
        const atelier = this.ateliers.find(({ id }) => id === given("atelier"));
        await post("/api/v1/actions", {
          id: this.#id,
          ...(atelier ? { atelier: atelier.id } : { quartier: given("quartier") }),
          ...content,
          ...linked,
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
