import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { MessageSquarePlus } from "lucide";
import type { Quartier, Schemas, Territoire } from "../api";
import {
  ACTION_CODES,
  type Action,
  type ActionState,
  answersOf,
  type Book,
  type Cluster,
  FIRST_STATES,
  type Finding,
  standing,
  unanswered,
} from "../evening";
import type { MarkerState, Uuid } from "../protocol";
import { type Said, scoreOf } from "../remark";
import { text } from "../text/evening";
import { colon, formatDay } from "../text/format";
import { uuidV7 } from "../uuid";
import "../style/evening.css";
import { FocusKeeper } from "./focus-keeper";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import "./organisation-field";
import type { PlaceField } from "./place-field";
import "./place-field";
import type { StateFields } from "./state-fields";
import "./state-fields";
import "./date-field";

/** What the board asks to be written. */
export type AnswerWish =
  | { readonly kind: "add"; readonly body: Schemas["NewAction"] }
  | { readonly kind: "change"; readonly action: Uuid; readonly body: Schemas["NewActionEvent"] }
  | { readonly kind: "finding"; readonly cluster: Cluster; readonly titre: string };

const KINDS = ["act", "done", "forward", "refuse"] as const;
type Kind = (typeof KINDS)[number];
/** What the dialog writes: an answer to a finding, or another state of an action. */
type Draft =
  | { readonly on: "finding"; readonly finding: Finding }
  | { readonly on: "action"; readonly action: Action };

/** Findings beside what the authorities answer. */
export class AnimationAnswers extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    territoire: { attribute: false },
    quartier: { attribute: false },
    markers: { attribute: false },
    book: { attribute: false },
    seq: { attribute: false },
    said: { attribute: false },
    streets: { attribute: false },
    closed: { attribute: false },
    write: { attribute: false },
    draft: { state: true },
    kind: { state: true },
    busy: { state: true },
    problem: { state: true },
  };
  declare atelierId: Uuid;
  declare territoire: Territoire | null;
  declare quartier: Quartier | null;
  /** Those on the map, of which an action may answer some. */
  declare markers: readonly MarkerState[];
  declare book: Book;
  /** Changes whenever the book does. */
  declare seq: number;
  declare said: Said;
  /** Name of the street near a cluster, by the identifier of its first marker. */
  declare streets: ReadonlyMap<Uuid, string>;
  declare closed: boolean;
  /** Writes a wish; gives why it was refused, "" when it is kept. */
  declare write: (wish: AnswerWish) => Promise<string>;
  declare private draft: Draft | null;
  declare private kind: Kind;
  declare private busy: boolean;
  declare private problem: string;
  /** Of what the dialog writes: sent again after a refusal or a cut, it is written once. */
  #ids: { readonly action: Uuid; readonly event: Uuid } | null = null;

  constructor() {
    super();
    this.territoire = null;
    this.quartier = null;
    this.markers = [];
    this.closed = false;
    this.seq = 0;
    this.streets = new Map();
    this.draft = null;
    this.kind = "act";
    this.busy = false;
    this.problem = "";
    this.write = () => Promise.resolve("");
    // A suggestion that was taken is a constat, the last of the list.
    new FocusKeeper(this, () => this.querySelector("ol.findings > li:last-child button.respond"));
  }

  override render() {
    const findings = standing(this.book.findings);
    return html`<div class="evening">
      <h2>${text.answers.heading}</h2>
      ${findings.length === 0 ? html`<p class="hint">${text.answers.none}</p>` : html`<p role="status"><strong>${text.answers.unanswered(unanswered(findings).length)}</strong></p>`}
      ${findings.length > 1 && !this.closed ? html`<p class="hint keys">${text.answers.keys}</p>` : nothing}
      <ol class="findings" @keydown=${this.#walk}>${repeat(
        findings,
        ({ id }) => id,
        (finding) => this.#finding(finding),
      )}</ol>
      ${this.closed ? nothing : this.#suggestions()} ${this.#dialog()}
    </div>`;
  }

  #finding(finding: Finding) {
    const answers = answersOf(finding.id, this.book.actions);
    const { dots, voters } = scoreOf(this.said, finding.id);
    return html`<li class="finding" id="finding-${finding.id}" data-answered=${finding.answered ? "true" : "false"}>
      <p>
        <strong>${finding.titre}</strong>
        ${finding.answered ? nothing : html`<span class="tag open">${text.answers.noAnswer}</span>`}
        ${finding.held ? html`<a class="tag open" href="/moderation">${text.toRead}</a>` : nothing}
      </p>
      <p class="hint">
        ${[...(finding.tables.length > 0 ? [text.diagnostic.from(text.tables(finding.tables))] : []), dots === 0 ? text.noDots : text.dots(dots, voters)].join("\u00a0· ")}
      </p>
      <ul class="answers">${repeat(
        answers,
        ({ id }) => id,
        (action) => this.#action(action),
      )}</ul>
      ${
        this.closed
          ? nothing
          : html`<p class="row">
              <button type="button" class="button respond ${finding.answered ? "" : "primary"}" aria-label=${text.answers.answer(finding.titre)} @click=${() => this.#open({ on: "finding", finding })}>
                ${icon(MessageSquarePlus)} ${text.answers.respond}
              </button>
            </p>`
      }
    </li>`;
  }

  /** Arrows go from constat to constat, as Tab goes through all that each holds. */
  readonly #walk = (event: KeyboardEvent) => {
    const { key, currentTarget, target } = event;
    const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    if (step === 0 || !(target instanceof HTMLButtonElement)) return;
    const all = [...(currentTarget as HTMLElement).querySelectorAll("button.respond")];
    const here = all.findIndex((one) => one.closest("li.finding")?.contains(target));
    const next = all[here + step];
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  };

  #action(action: Action) {
    return html`<li class="answer ${action.state}">
      <p><span class="tag">${text.codes[action.code]}</span> <strong>${action.titre}</strong>
        ${action.held ? html`<a class="tag open" href="/moderation">${text.toRead}</a>` : nothing}</p>
      <p class="hint">${answerFacts(action, this.book).join("\u00a0· ")}</p>
      ${action.reason ? html`<p>${action.reason}</p>` : nothing}
      ${action.proof ? html`<p>${action.proof}</p>` : nothing}
      ${
        action.next.some((s) => s !== "verified")
          ? html`<p class="row">
              <button type="button" class="button small" aria-label=${text.answers.change(action.titre)} @click=${() => this.#open({ on: "action", action })}>${text.answers.changeState}</button>
            </p>`
          : nothing
      }
    </li>`;
  }

  #suggestions() {
    const { clusters } = this.book;
    return html`<section aria-labelledby="suggestions-title" class="suggestions">
      <h2 id="suggestions-title">${text.answers.suggestions}</h2>
      <p class="hint">${text.answers.suggestionHelp}</p>
      ${clusters.length === 0 ? html`<p class="hint">${text.answers.noSuggestion}</p>` : nothing}
      <ul class="findings">
        ${repeat(
          clusters,
          ({ markers }) => markers[0],
          (cluster) => {
            const titre = text.answers.suggestion(
              cluster.voices,
              this.streets.get(cluster.markers[0] ?? "") ?? "",
            );
            return html`<li class="finding">
            <p>${titre}</p>
            <p class="row">
              <button type="button" class="button small" aria-label="${text.answers.take}${colon}${titre}" @click=${() => void this.write({ kind: "finding", cluster, titre })}>${text.answers.take}</button>
            </p>
          </li>`;
          },
        )}
      </ul>
    </section>`;
  }

  // ── The dialog ───────────────────────────────────────────────────────────

  #open(draft: Draft): void {
    this.draft = draft;
    this.kind = "act";
    this.problem = "";
    this.#ids = { action: uuidV7(), event: uuidV7() };
    void this.updateComplete.then(() => {
      const dialog = this.querySelector("dialog");
      if (dialog && !dialog.open) dialog.showModal();
      dialog?.querySelector<HTMLElement>("input, select")?.focus();
    });
  }

  readonly #close = () => this.querySelector("dialog")?.close();

  #dialog() {
    const { draft } = this;
    if (draft === null) return nothing;
    const title = draft.on === "finding" ? draft.finding.titre : draft.action.titre;
    return html`<dialog class="evening-dialog" aria-labelledby="answer-title" @close=${() => {
      this.draft = null;
    }}>
      <form class="stack" @submit=${this.#submit}>
        <h2 id="answer-title">${title}</h2>
        ${draft.on === "finding" ? this.#answerFields(draft.finding) : html`<state-fields class="stack" .action=${draft.action} .organisations=${this.book.organisations}></state-fields>`}
        ${this.problem === "" ? nothing : html`<p role="alert">${this.problem}</p>`}
        <div class="row">
          <button class="button primary" aria-busy=${this.busy ? "true" : "false"}>${text.answers.submit}</button>
          <button type="button" class="button" @click=${this.#close}>${text.answers.cancel}</button>
        </div>
      </form>
    </dialog>`;
  }

  #answerFields(finding: Finding) {
    const { kind } = this;
    const others = standing(this.book.findings).filter((f) => f.id !== finding.id);
    return html`
      <fieldset>
        <legend>${text.answers.kind}</legend>
        ${KINDS.map(
          (one) => html`<label class="check">
            <input type="radio" name="kind" value=${one} .checked=${kind === one} @change=${() => {
              this.kind = one;
            }} />
            ${text.answers.kinds[one]}
          </label>`,
        )}
      </fieldset>
      <label>${text.answers.title}
        <input name="titre" required maxlength="160" autocomplete="off" aria-describedby="answer-help" />
      </label>
      <p id="answer-help" class="hint">${text.answers.titleHelp}</p>
      <div class="columns">
        ${
          kind === "refuse"
            ? nothing
            : html`<label>${text.answers.code}
                <select name="code">${ACTION_CODES.filter((code) => code !== "REN").map((code) => html`<option value=${code}>${text.codes[code]}</option>`)}</select>
              </label>`
        }
        ${
          kind === "act"
            ? html`<label>${text.answers.state}
                <select name="state">${FIRST_STATES.map((s) => html`<option value=${s} ?selected=${s === "planned"}>${text.states[s]}</option>`)}</select>
              </label>`
            : nothing
        }
        <organisation-field .label=${kind === "forward" ? text.answers.recipient : text.answers.pilote} .organisations=${this.book.organisations} .required=${kind === "forward"}></organisation-field>
        ${kind === "act" || kind === "forward" ? html`<date-field name="echeance" label=${text.answers.echeance} min="2000-01-01" max="2100-12-31"></date-field>` : nothing}
      </div>
      ${kind === "refuse" || kind === "forward" ? this.#reason() : nothing}
      ${kind === "done" ? this.#proof() : nothing}
      ${
        kind === "refuse"
          ? nothing
          : html`<place-field .territoire=${this.territoire} .quartier=${this.quartier} .markers=${this.markers} .finding=${finding}></place-field>`
      }
      ${
        this.book.organisations.some((o) => !o.archived)
          ? html`<details>
              <summary>${text.answers.partners}</summary>
              ${this.book.organisations
                .filter((o) => !o.archived)
                .map(
                  (o) =>
                    html`<label class="check"><input type="checkbox" name="partner" value=${o.id} /> ${o.nom}</label>`,
                )}
            </details>`
          : nothing
      }
      ${
        others.length === 0
          ? nothing
          : html`<details>
              <summary>${text.answers.others}</summary>
              ${others.map(
                (f) =>
                  html`<label class="check"><input type="checkbox" name="other" value=${f.id} /> ${f.titre}</label>`,
              )}
            </details>`
      }
    `;
  }

  #reason() {
    return html`<label>${text.answers.reason}
      <textarea name="reason" required rows="2" maxlength="500"></textarea>
    </label>
    <p class="hint">${text.answers.reasonHelp}</p>`;
  }

  #proof() {
    return html`<label>${text.answers.proof}
      <textarea name="proof" required rows="2" maxlength="500"></textarea>
    </label>`;
  }

  readonly #submit = async (event: Event) => {
    event.preventDefault();
    if (this.busy) return;
    const wish = this.#wish(new FormData(event.target as HTMLFormElement));
    if (wish === null) return;
    // What was typed stays until it is kept.
    this.busy = true;
    try {
      this.problem = await this.write(wish);
    } finally {
      this.busy = false;
    }
    if (this.problem === "") this.#close();
  };

  /** What the dialog asks for; null when something is missing. */
  #wish(data: FormData): AnswerWish | null {
    const { draft } = this;
    if (draft === null || this.#ids === null) return null;
    const read = (name: string) => String(data.get(name) ?? "").trim();
    const given = (name: string) => (read(name) === "" ? {} : { [name]: read(name) });
    if (draft.on === "action") {
      const change = this.querySelector<StateFields>("state-fields")?.wish();
      return change
        ? { kind: "change", action: draft.action.id, body: { id: this.#ids.event, ...change } }
        : null;
    }
    const { finding } = draft;
    const { kind } = this;
    const field = this.querySelector<PlaceField>("place-field");
    const { markers = [], geometry } = finding;
    const place = field
      ? field.take()
      : { markers, ...(geometry === undefined ? {} : { geometry }) };
    if (place === null) {
      field?.scrollIntoView({ block: "nearest" });
      return null;
    }
    const states = { act: read("state"), done: "done", forward: "forwarded", refuse: "refused" };
    return {
      kind: "add",
      body: {
        id: this.#ids.action,
        atelier: this.atelierId,
        code: kind === "refuse" ? "REN" : (read("code") as Action["code"]),
        titre: read("titre"),
        findings: [finding.id, ...data.getAll("other").map(String)],
        markers: [...place.markers],
        partners: data.getAll("partner").map(String),
        ...given("pilote"),
        ...given("echeance"),
        ...(place.geometry === undefined ? {} : { geometry: place.geometry }),
        event: {
          id: this.#ids.event,
          state: states[kind] as ActionState,
          ...given("reason"),
          ...given("proof"),
          ...given("pilote"),
        },
      },
    };
  }
}

/** State, pilote, partners and échéance of an answer, as short sentences. */
export function answerFacts(action: Action, book: Book): string[] {
  const pilote = book.nameOf(action.pilote);
  const partners = action.partners.map((id) => book.nameOf(id)).filter(Boolean);
  return [
    action.state === "forwarded" && pilote !== ""
      ? text.answers.to(pilote)
      : text.states[action.state],
    ...(action.late ? [text.late] : []),
    ...(action.state !== "forwarded" && pilote !== "" ? [text.answers.by(pilote)] : []),
    ...(partners.length > 0 ? [text.answers.with(partners.join(", "))] : []),
    ...(action.echeance ? [text.answers.due(formatDay(action.echeance))] : []),
  ];
}

customElements.define("animation-answers", AnimationAnswers);
