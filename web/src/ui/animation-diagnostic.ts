import { html, nothing } from "lit";
import { ArrowDown, ArrowUp, Eye, EyeOff, Plus } from "lucide";
import type { Atelier, Schemas } from "../api";
import {
  type Finding,
  nextRank,
  type ReadRemark,
  sentFinding,
  standing,
  swapped,
  written,
} from "../evening";
import { QUESTIONS, type Question, type RemarkState, type Uuid } from "../protocol";
import { REMARK_LIMIT, type Said, scoreOf } from "../remark";
import { text as words } from "../text/atelier";
import { text } from "../text/evening";
import { colon } from "../text/format";
import { uuidV7 } from "../uuid";
import "../style/evening.css";
import type { Change } from "./animation-orders";
import { icon } from "./icon";
import { LightElement } from "./light-element";

/** A finding to be written: a new one has base 0. */
export interface FindingWish {
  readonly id: Uuid;
  readonly body: Schemas["NewFinding"];
}
/** An operation on a remark, with its words. */
export interface RemarkWish {
  readonly change: Change;
  readonly words: string;
}

/**
 * What the tables say, by question, and the findings merged from it. Sends
 * "remark" (RemarkWish), "findings" (a list of FindingWish, those of the form apart)
 * and "read" (the ReadRemarks that may be shown outside their tables).
 */
export class AnimationDiagnostic extends LightElement {
  static override properties = {
    atelier: { attribute: false },
    said: { attribute: false },
    findings: { attribute: false },
    reads: { attribute: false },
    closed: { attribute: false },
    write: { attribute: false },
    chosen: { state: true },
    draft: { state: true },
    busy: { state: true },
    problem: { state: true },
  };
  declare atelier: Atelier;
  declare said: Said;
  declare findings: readonly Finding[];
  declare reads: ReadonlyMap<Uuid, ReadRemark>;
  declare closed: boolean;
  /** Writes the finding of the form: why it was refused, "" when it is kept. */
  declare write: (wishes: readonly FindingWish[]) => Promise<string>;
  declare private chosen: ReadonlySet<Uuid>;
  /** The finding in the form: one that exists, "new", or none. */
  declare private draft: Finding | "new" | null;
  declare private busy: boolean;
  declare private problem: string;
  /** Of the finding in the form: sent again after a cut, it is written once. */
  #id: Uuid = uuidV7();

  constructor() {
    super();
    this.findings = [];
    this.reads = new Map();
    this.closed = false;
    this.write = () => Promise.resolve("");
    this.busy = false;
    this.problem = "";
    this.chosen = new Set();
    this.draft = null;
  }

  override render() {
    const remarks = [...this.said.remarks.values()].filter((r) => !r.deleted);
    return html`<div class="evening">
      <h2 id="said-title" tabindex="-1">${text.diagnostic.heading}</h2>
      ${this.closed ? nothing : this.#take()}
      ${remarks.length === 0 ? html`<p class="hint">${text.diagnostic.nothing}</p>` : this.#unread(remarks)}
      <div class="questions">
        ${QUESTIONS.map((question) => this.#question(question, remarks))}
      </div>
      ${this.closed ? nothing : this.#merge()}
      <h2 id="findings-title" tabindex="-1">${text.diagnostic.findings}</h2>
      ${this.#findings()}
    </div>`;
  }

  #take() {
    return html`<details>
      <summary>${text.diagnostic.take}</summary>
      <form class="inline-form" @submit=${this.#takeDown}>
        <label>${text.diagnostic.forTable}
          <select name="table">${this.atelier.tables.map(({ numero }) => html`<option value=${numero}>${text.table(numero)}</option>`)}</select>
        </label>
        <label>${text.diagnostic.question}
          <select name="question">${QUESTIONS.map((q) => html`<option value=${q}>${text.short[q]}</option>`)}</select>
        </label>
        <label>${text.theme}
          <select name="theme">
            <option value="">${text.noTheme}</option>
            ${Object.entries(words.themes).map(([code, name]) => html`<option value=${code}>${name}</option>`)}
          </select>
        </label>
        <label class="full">${text.diagnostic.words}
          <input name="text" required maxlength=${REMARK_LIMIT} autocomplete="off" />
        </label>
        <button class="button">${icon(Plus)} ${text.diagnostic.add}</button>
      </form>
    </details>`;
  }

  readonly #takeDown = (event: Event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const said = String(data.get("text") ?? "").trim();
    if (said === "") return;
    const theme = String(data.get("theme") ?? "");
    this.send<RemarkWish>("remark", {
      change: {
        kind: "remark_add",
        remark: uuidV7(),
        table: Number(data.get("table")),
        question: String(data.get("question")) as Question,
        text: said,
        ...(theme === "" ? {} : { theme }),
      },
      words: text.diagnostic.orders.add,
    });
    const field = form.elements.namedItem("text") as HTMLInputElement;
    field.value = "";
    field.focus();
  };

  /** What nobody has read yet stays at its table; what holds no name goes at once. */
  #unread(remarks: readonly RemarkState[]) {
    const held = remarks.flatMap((r) => {
      const read = r.hidden ? undefined : this.reads.get(r.id);
      return read?.state === "held" ? [read] : [];
    });
    if (held.length === 0) return nothing;
    const clean = held.filter((read) => read.kinds.length === 0);
    return html`<p class="row" role="status">
      <span>${text.diagnostic.unread(held.length)}</span>
      ${
        clean.length === 0
          ? nothing
          : html`<button type="button" class="button small" @click=${() => this.#show(clean, "#said-title")}>${icon(Eye)} ${text.diagnostic.showAll(clean.length)}</button>`
      }
      <a href="/moderation">${text.diagnostic.moderate}</a>
    </p>`;
  }

  /** The button goes once they are shown: the keyboard goes on from `then`. */
  #show(read: readonly ReadRemark[], then: string): void {
    this.send<readonly ReadRemark[]>("read", read);
    this.#focus(then);
  }

  #focus(selector: string): void {
    this.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }

  #question(question: Question, all: readonly RemarkState[]) {
    const remarks = all
      .filter((r) => r.question === question)
      .sort((a, b) => a.added_seq - b.added_seq);
    return html`<section aria-label=${text.short[question]}>
      <h3>${text.short[question]} (${remarks.length})</h3>
      <ul class="remarks">${remarks.map((remark) => this.#remark(remark))}</ul>
    </section>`;
  }

  #remark(remark: RemarkState) {
    const theme = remark.theme as keyof typeof words.themes | undefined;
    const merged = this.findings.some(
      (f) => f.withdrawn !== true && f.remarks?.includes(remark.id) === true,
    );
    const facts = [
      text.table(remark.table),
      ...(theme === undefined ? [] : [words.themes[theme]]),
      ...(remark.geometry === undefined && remark.about === undefined
        ? []
        : [text.diagnostic.located]),
      ...(remark.hidden ? [text.diagnostic.hidden] : []),
    ];
    const read = remark.hidden ? undefined : this.reads.get(remark.id);
    if (read) facts.push(text.diagnostic.states[read.state]);
    return html`<li class="remark ${remark.hidden ? "is-hidden" : ""}">
      <label>
        ${
          this.closed
            ? nothing
            : html`<input type="checkbox" id="r-${remark.id}" aria-label=${text.diagnostic.choose(remark.text)} .checked=${this.chosen.has(remark.id)} @change=${() => this.#choose(remark.id)} />`
        }
        <span>${remark.text}${merged ? html` <span class="tag settled">✓</span>` : nothing}</span>
      </label>
      <p class="hint">${facts.join("\u00a0· ")}</p>
      ${
        read?.state === "held" && read.kinds.length > 0
          ? html`<p class="hint">${text.diagnostic.spotted}</p>`
          : nothing
      }
      ${
        this.closed
          ? nothing
          : html`<p class="row">
              ${
                read?.state === "held" && read.kinds.length === 0
                  ? html`<button type="button" class="button small" @click=${() => this.#show([read], `#r-${remark.id}`)}>
                      ${icon(Eye)} ${text.diagnostic.show} <span class="visually-hidden">${remark.text}</span>
                    </button>`
                  : nothing
              }
              <button type="button" class="button small" @click=${() => this.#hide(remark)}>
                ${icon(remark.hidden ? Eye : EyeOff)} ${remark.hidden ? text.diagnostic.unhide : text.diagnostic.hide}
                <span class="visually-hidden">${remark.text}</span>
              </button>
            </p>`
      }
    </li>`;
  }

  #choose(id: Uuid): void {
    const next = new Set(this.chosen);
    if (!next.delete(id)) next.add(id);
    this.chosen = next;
  }

  #hide({ id, hidden }: RemarkState): void {
    this.send<RemarkWish>("remark", {
      change: { kind: hidden ? "remark_unhide" : "remark_hide", remark: id },
      words: hidden ? text.diagnostic.orders.unhide : text.diagnostic.orders.hide,
    });
  }

  #remarks(): RemarkState[] {
    return [...this.chosen].flatMap((id) => this.said.remarks.get(id) ?? []);
  }

  #merge() {
    const chosen = this.#remarks();
    const { draft } = this;
    if (draft === null) {
      return html`<div class="row merge">
        <p class="hint" role="status">${chosen.length === 0 ? text.diagnostic.mergeHelp : text.diagnostic.chosen(chosen.length)}</p>
        <button type="button" class="button primary" @click=${() => this.#open("new")}>${text.diagnostic.merge}</button>
        ${
          chosen.length === 0
            ? nothing
            : standing(this.findings).map(
                (finding) =>
                  html`<button type="button" class="button" @click=${() => this.#addTo(finding, chosen)}>${text.diagnostic.addTo(finding.titre)}</button>`,
              )
        }
      </div>`;
    }
    const known = draft === "new" ? null : draft;
    return html`<form class="inline-form finding" @submit=${this.#submit}>
      <label class="full">${text.diagnostic.title}
        <input id="finding-title" name="titre" required maxlength="160" autocomplete="off" .value=${known ? written(known, "titre") : (chosen[0]?.text.slice(0, 160) ?? "")} />
      </label>
      <label class="full">${text.diagnostic.detail}
        <textarea name="detail" rows="2" maxlength="1000" .value=${known ? written(known, "detail") : ""}></textarea>
      </label>
      ${known === null ? html`<p class="full hint">${text.diagnostic.from(text.tables(tablesOf(chosen)))}</p>` : nothing}
      ${this.problem === "" ? nothing : html`<p class="full" role="alert">${this.problem}</p>`}
      <div class="row full">
        <button class="button primary" aria-busy=${this.busy ? "true" : "false"}>${text.diagnostic.submit}</button>
        <button type="button" class="button" @click=${() => this.#open(null)}>${text.diagnostic.cancel}</button>
      </div>
    </form>`;
  }

  #open(draft: Finding | "new" | null): void {
    this.draft = draft;
    this.problem = "";
    this.#id = draft === null || draft === "new" ? uuidV7() : draft.id;
    void this.updateComplete.then(() => {
      if (draft === null) return this.#focus(".merge .primary");
      const field = this.querySelector<HTMLElement>("#finding-title");
      field?.focus();
      field?.scrollIntoView({ block: "center" });
    });
  }

  readonly #submit = async (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const titre = String(data.get("titre") ?? "").trim();
    const detail = String(data.get("detail") ?? "").trim();
    if (titre === "" || this.draft === null || this.busy) return;
    // Who tries again after a refusal has seen what stands there now, and means it.
    const now = this.problem === "" ? undefined : this.findings.find((f) => f.id === this.#id);
    const known = now ?? (this.draft === "new" ? null : this.draft);
    const body = known === null ? this.#merged() : sentFinding(known);
    // What was typed stays until it is kept.
    this.busy = true;
    try {
      this.problem = await this.write([{ id: this.#id, body: { ...body, titre, detail } }]);
    } finally {
      this.busy = false;
    }
    if (this.problem !== "") return;
    if (this.draft === "new") this.chosen = new Set();
    this.#open(null);
  };

  /** What the chosen remarks say together, but for its words. */
  #merged(): Omit<Schemas["NewFinding"], "titre"> {
    const chosen = this.#remarks();
    const place = chosen.find((r) => r.geometry !== undefined)?.geometry;
    const about = chosen.flatMap((r) => r.about ?? []);
    return {
      base: 0,
      rang: nextRank(this.findings),
      themes: themesOf(chosen),
      tables: tablesOf(chosen),
      remarks: chosen.map((r) => r.id),
      markers: [...new Set(about)],
      ...(place === undefined ? {} : { geometry: place as never }),
    };
  }

  #send(...wishes: FindingWish[]): void {
    this.send<readonly FindingWish[]>("findings", wishes);
  }

  #addTo(finding: Finding, chosen: readonly RemarkState[]): void {
    const body = sentFinding(finding);
    const themes = new Set([...(body.themes ?? []), ...themesOf(chosen)]);
    this.#send({
      id: finding.id,
      body: {
        ...body,
        themes: [...themes],
        tables: [...new Set([...(body.tables ?? []), ...tablesOf(chosen)])].sort((a, b) => a - b),
        remarks: [...new Set([...(body.remarks ?? []), ...chosen.map((r) => r.id)])],
      },
    });
    this.chosen = new Set();
    this.#focus(".merge .primary");
  }

  #findings() {
    const findings = standing(this.findings);
    if (findings.length === 0) return html`<p class="hint">${text.diagnostic.noFindings}</p>`;
    return html`<ol class="findings">
      ${findings.map((finding, i) => {
        const { dots, voters } = scoreOf(this.said, finding.id);
        return html`<li class="finding">
          <p><strong>${finding.titre}</strong> ${finding.held ? html`<a class="tag open" href="/moderation">${text.toRead}</a>` : nothing}</p>
          ${finding.detail === "" ? nothing : html`<p>${finding.detail}</p>`}
          <p class="hint">
            ${[...(finding.tables.length > 0 ? [text.diagnostic.from(text.tables(finding.tables))] : []), dots === 0 ? text.noDots : text.dots(dots, voters)].join("\u00a0· ")}
          </p>
          ${
            this.closed
              ? nothing
              : html`<p class="row">
                  <button type="button" class="button small" aria-label="${text.diagnostic.edit}${colon}${finding.titre}" @click=${() => this.#open(finding)}>${text.diagnostic.edit}</button>
                  <button type="button" class="button small icon-only" aria-label=${text.diagnostic.up(finding.titre)} ?disabled=${i === 0} @click=${() => this.#move(finding.id, -1)}>${icon(ArrowUp)}</button>
                  <button type="button" class="button small icon-only" aria-label=${text.diagnostic.down(finding.titre)} ?disabled=${i === findings.length - 1} @click=${() => this.#move(finding.id, 1)}>${icon(ArrowDown)}</button>
                  <button type="button" class="button small" aria-label="${text.diagnostic.withdraw}${colon}${finding.titre}" @click=${() => {
                    this.#send({
                      id: finding.id,
                      body: { ...sentFinding(finding), withdrawn: true },
                    });
                    this.#focus("#findings-title");
                  }}>${text.diagnostic.withdraw}</button>
                </p>`
          }
        </li>`;
      })}
    </ol>`;
  }

  #move(id: Uuid, by: -1 | 1): void {
    const pair = swapped(this.findings, id, by);
    if (pair === null) return;
    const [one, other] = pair;
    this.#send(
      { id: one.id, body: { ...sentFinding(one), rang: other.rang } },
      { id: other.id, body: { ...sentFinding(other), rang: one.rang } },
    );
  }
}

const tablesOf = (remarks: readonly RemarkState[]): number[] =>
  [...new Set(remarks.map((r) => r.table))].sort((a, b) => a - b);

const themesOf = (remarks: readonly RemarkState[]) =>
  [...new Set(remarks.flatMap((r) => r.theme ?? []))] as Schemas["Theme"][];

customElements.define("animation-diagnostic", AnimationDiagnostic);
