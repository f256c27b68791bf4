import { html, nothing } from "lit";
import { type Atelier, Problem, post, type Quartier, type Territoire } from "../api";
import { text } from "../text/animation";
import { formatDay } from "../text/format";
import { uuidV7 } from "../uuid";
import {
  copied,
  type Draft,
  emptyDraft,
  type Field,
  fieldOf,
  missing,
  toNewAtelier,
} from "./animation-draft";
import { LightElement } from "./light-element";
import "./date-field";
import type { DateField } from "./date-field";

type Errors = Partial<Record<Field | "form", string>>;

/** Prepares an atelier; what was sent without an answer is sent again as the same one. */
export class AnimationForm extends LightElement {
  static override properties = {
    territoire: { attribute: false },
    quartiers: { attribute: false },
    ateliers: { attribute: false },
    draft: { state: true },
    errors: { state: true },
    sending: { state: true },
    note: { state: true },
  };
  declare territoire: Territoire | null;
  declare quartiers: readonly Quartier[];
  declare ateliers: readonly Atelier[];
  declare private draft: Draft;
  declare private errors: Errors;
  declare private sending: boolean;
  declare private note: string;
  /** The title is the proposed one, and follows the quartier and the date. */
  #proposing = true;
  /** The identifier of what was last sent: the same content goes again under the same one. */
  #sent: { readonly content: string; readonly id: string } | null = null;

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.ateliers = [];
    this.draft = emptyDraft;
    this.errors = {};
    this.sending = false;
    this.note = "";
  }

  get #zone(): string {
    return this.territoire?.fuseau ?? "Europe/Paris";
  }

  override render() {
    const { draft } = this;
    return html`<section class="form-card" aria-labelledby="form-title">
      <h2 id="form-title">${text.form.heading}</h2>
      <form novalidate @submit=${this.#submit}>
        ${this.#copyChoice()}
        <div class="pair">
          ${this.#field(
            "quartier",
            text.form.quartier,
            html`<select id="f-quartier" required aria-describedby="e-quartier" aria-invalid=${this.#wrong("quartier")}
              .value=${draft.quartier} @change=${this.#take("quartier")}>
              <option value="" ?selected=${draft.quartier === ""}>${text.form.choose}</option>
              ${this.quartiers.map(
                ({
                  properties,
                }) => html`<option value=${properties.code} ?selected=${properties.code === draft.quartier}>
                  ${properties.nom_court}
                </option>`,
              )}
            </select>`,
          )}
          ${this.#field(
            "kind",
            text.form.kind,
            html`<select id="f-kind" aria-describedby="e-kind" @change=${this.#take("kind")}>
              ${(["atelier", "reunion"] as const).map(
                (kind) => html`<option value=${kind} ?selected=${kind === draft.kind}>
                  ${text.kinds[kind]}
                </option>`,
              )}
            </select>`,
          )}
        </div>
        <div class="pair">
          ${this.#field(
            "starts_at",
            text.form.date,
            html`<date-field input-id="f-starts_at" required described="e-starts_at"
              invalid=${this.#wrong("starts_at")} .value=${draft.date} @change=${this.#take("date")}></date-field>`,
          )}
          <div class="field">
            <label for="f-time">${text.form.time}</label>
            <date-field kind="time" input-id="f-time" required described="e-starts_at" .value=${draft.time} @change=${this.#take("time")}></date-field>
          </div>
        </div>
        ${this.#field(
          "titre",
          text.form.title,
          html`<input id="f-titre" required maxlength="160" autocomplete="off" aria-describedby="h-titre e-titre"
              aria-invalid=${this.#wrong("titre")} .value=${draft.titre} @input=${this.#take("titre")} />
            <p class="hint" id="h-titre">${text.form.titleHelp}</p>`,
        )}
        <div class="pair">
        ${this.#field(
          "lieu",
          text.form.place,
          html`<input id="f-lieu" maxlength="160" autocomplete="off" aria-describedby="h-lieu e-lieu"
              aria-invalid=${this.#wrong("lieu")} .value=${draft.lieu} @input=${this.#take("lieu")} />
            <p class="hint" id="h-lieu">${text.form.placeHelp}</p>`,
        )}
        ${this.#field(
          "tables",
          text.form.tables,
          html`<input id="f-tables" type="number" min="1" max="20" step="1" inputmode="numeric" required
              aria-describedby="h-tables e-tables" aria-invalid=${this.#wrong("tables")} .value=${draft.tables} @input=${this.#take("tables")} />
            <p class="hint" id="h-tables">${text.form.tablesHelp}</p>`,
        )}
        </div>
        <p class="form-error" role="alert">${this.errors.form ?? ""}</p>
        <button class="button primary wide" ?disabled=${this.sending}>
          ${this.sending ? text.form.sending : this.errors.form ? text.form.again : text.form.submit}
        </button>
      </form>
    </section>`;
  }

  #copyChoice() {
    if (this.ateliers.length === 0) return nothing;
    return html`<div class="field">
      <label for="f-copy">${text.form.copy}</label>
      <select id="f-copy" aria-describedby="h-copy" @change=${this.#copy}>
        <option value="">${text.form.copyNone}</option>
        ${this.ateliers.map(
          (one) => html`<option value=${one.id}>
            ${one.titre}, ${formatDay(one.starts_at, this.#zone)}
          </option>`,
        )}
      </select>
      <p class="hint" id="h-copy" role="status">${this.note}</p>
    </div>`;
  }

  #field(field: Field, label: string, control: unknown) {
    return html`<div class="field">
      <label for="f-${field}">${label}</label>
      ${control}
      <p class="form-error" id="e-${field}">${this.errors[field] ?? ""}</p>
    </div>`;
  }

  #wrong(field: Field): "true" | "false" {
    return this.errors[field] === undefined ? "false" : "true";
  }

  /** Fills in a quartier; the date is what the person gives next. */
  async propose(quartier: string): Promise<void> {
    this.#change({ ...this.draft, quartier });
    await this.updateComplete;
    this.scrollIntoView({ block: "start" });
    await this.#focusFirst(["starts_at"]);
  }

  readonly #copy = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    const from = this.ateliers.find((one) => one.id === value);
    this.note = from ? text.form.copied : "";
    if (from) this.#change(copied(this.draft, from, this.#zone));
  };

  #take(name: keyof Draft) {
    return (event: Event) => {
      const { value } = event.target as HTMLInputElement | HTMLSelectElement | DateField;
      if (name === "titre") this.#proposing = value.trim() === "";
      this.#change({ ...this.draft, [name]: value });
    };
  }

  #change(draft: Draft): void {
    this.draft = this.#proposing ? { ...draft, titre: this.#proposed(draft) } : draft;
    // What is being mended is not wrong until it is sent again.
    this.errors = {};
  }

  #proposed({ quartier, kind, date }: Draft): string {
    const name = this.quartiers.find((one) => one.properties.code === quartier)?.properties
      .nom_court;
    if (!name) return "";
    const day = /^\d{4}-\d{2}-\d{2}$/.test(date) ? formatDay(`${date}T12:00:00Z`, "UTC") : "";
    return text.form.proposed(name, day, kind === "reunion");
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (this.sending) return;
    const absent = missing(this.draft);
    const words: Record<string, string> = text.form.missing;
    this.errors = Object.fromEntries(absent.map((field) => [field, words[field] ?? ""]));
    if (absent.length > 0) return this.#focusFirst(absent);
    this.sending = true;
    try {
      await this.#create();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const field = error.passing ? null : fieldOf(error.field);
      this.errors = { [field ?? "form"]: error.passing ? text.form.unsure : error.message };
      if (field !== null) await this.#focusFirst([field]);
    } finally {
      this.sending = false;
    }
  };

  async #create(): Promise<void> {
    const body = toNewAtelier(this.draft, "", this.#zone);
    const content = JSON.stringify(body);
    const id = this.#sent?.content === content ? this.#sent.id : uuidV7();
    this.#sent = { content, id };
    const created = await post(
      "/api/v1/ateliers",
      { ...body, id },
      this.territoire ? { query: { territoire: this.territoire.code } } : {},
    );
    location.assign(`/animation/${created.id}`);
  }

  async #focusFirst([field]: readonly Field[]): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>(`#f-${field}`)?.focus();
  }
}

customElements.define("animation-form", AnimationForm);
