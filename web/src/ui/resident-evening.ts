import { html, nothing } from "lit";
import { CloudOff, Map as MapIcon, Minus, Pencil, Plus, Trash2 } from "lucide";
import { get, type Schemas } from "../api";
import { QUESTIONS, type Question, type RemarkState, type Uuid } from "../protocol";
import { dotsOf, MAX_DOTS, REMARK_LIMIT, type Said } from "../remark";
import { snapped } from "../state";
import type { StoredSeat } from "../storage";
import type { ResidentRoom } from "../sync";
import { text as words } from "../text/atelier";
import { text } from "../text/evening";
import { colon } from "../text/format";
import { uuidV7 } from "../uuid";
import "../style/evening.css";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import type { Place } from "./street-search";
import "./street-search";

type Finding = Schemas["Finding"];

/** Milliseconds between two tries to read the findings while the network is away. */
const RETRY = 5_000;

/**
 * What a table says in words and how a resident shares out dots, over the map.
 * Sends "closed" when the map is wanted, "say" with words for the person.
 */
export class ResidentEvening extends LightElement {
  static override properties = {
    room: { attribute: false },
    seat: { attribute: false },
    seq: { attribute: false },
    shown: { state: true },
    rank: { state: true },
    editing: { state: true },
    place: { state: true },
    problem: { state: true },
    added: { state: true },
    findings: { state: true },
  };
  declare room: ResidentRoom;
  declare seat: StoredSeat;
  /** Changes with every entry and every own operation, so that this is drawn again. */
  declare seq: number;
  /** What is shown: the diagnostic until the tables have drawn, then the dots. */
  declare shown: "say" | "vote";
  declare private rank: number;
  declare private editing: RemarkState | null;
  declare private place: Place | null;
  declare private problem: string;
  /** What was written last has just been added. */
  declare private added: boolean;
  declare private findings: readonly Finding[];
  #readAt = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.seq = 0;
    this.shown = "say";
    this.rank = 0;
    this.editing = null;
    this.place = null;
    this.problem = "";
    this.added = false;
    this.findings = [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override firstUpdated(): void {
    this.querySelector<HTMLElement>("h2")?.focus();
  }

  override updated(): void {
    const seq = this.room.replica.state?.said.findingsSeq ?? 0;
    if (seq !== this.#readAt) void this.#readFindings(seq);
  }

  async #readFindings(seq: number): Promise<void> {
    this.#readAt = seq;
    const answer = await get("/api/v1/ateliers/{id}/findings", {
      path: { id: this.seat.table.atelier.id },
      token: this.seat.token,
    }).catch(() => null);
    if (answer !== null) {
      this.findings = answer.findings;
    } else if (this.isConnected) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#readFindings(seq), RETRY);
    }
  }

  get #closed(): boolean {
    return this.room.replica.state?.room.state === "closed";
  }

  override render() {
    const { said } = this.room;
    return html`<section class="evening" aria-labelledby="evening-title">
      <div class="evening-head">
        <h2 id="evening-title" tabindex="-1">${text.resident.title}</h2>
        <button type="button" class="button" @click=${() => this.send("closed", null)}>
          ${icon(MapIcon)} ${text.resident.map}
        </button>
      </div>
      <div class="segments" role="group" aria-label=${text.resident.title}>
        ${(["say", "vote"] as const).map(
          (part) =>
            html`<button type="button" aria-pressed=${this.shown === part} @click=${() => {
              this.shown = part;
            }}>${text.resident[part]}</button>`,
        )}
      </div>
      ${
        this.#closed
          ? html`<p class="hint">${text.resident.closed}</p>
              <p><a class="button" href="/est-ce-mieux">${words.thanks.follow}</a></p>`
          : nothing
      }
      ${this.shown === "say" ? this.#diagnostic(said) : this.#votes(said)}
    </section>`;
  }

  get #question(): Question {
    return QUESTIONS[this.rank] ?? "troubles";
  }

  #diagnostic(said: Said) {
    const question = this.#question;
    const table = this.seat.table.numero;
    const remarks = [...said.remarks.values()]
      .filter((r) => !r.deleted && r.question === question && r.table === table)
      .sort((a, b) => a.added_seq - b.added_seq);
    const last = this.rank === QUESTIONS.length - 1;
    return html`
      <p class="hint">${text.resident.question(this.rank + 1, QUESTIONS.length)}</p>
      <h3 tabindex="-1" id="evening-question">${text.questions[question]}</h3>
      <p>${text.questionHelp[question]}</p>
      ${this.#closed ? nothing : this.#form(question)}
      <h4>${text.resident.said}</h4>
      ${remarks.length === 0 ? html`<p class="hint">${text.resident.nothing}</p>` : nothing}
      <ul class="remarks">${remarks.map((remark) => this.#remark(remark))}</ul>
      <div class="row">
        ${this.rank === 0 ? nothing : html`<button type="button" class="button" @click=${() => this.#go(-1)}>${text.resident.previous}</button>`}
        ${last ? nothing : html`<button type="button" class="button ${remarks.length > 0 ? "primary" : ""} grow" @click=${() => this.#go(1)}>${remarks.length > 0 ? text.resident.next : text.resident.skip}</button>`}
      </div>
    `;
  }

  #form(question: Question) {
    const { editing, place } = this;
    return html`<form class="stack" @submit=${this.#submit}>
      <label for="remark-text">${text.resident.write}</label>
      <textarea id="remark-text" name="text" rows="2" maxlength=${REMARK_LIMIT} aria-describedby="remark-help remark-problem"
        .value=${editing?.text ?? ""}></textarea>
      <p id="remark-help" class="hint">${text.resident.writeHelp}</p>
      <label for="remark-theme">${text.theme}</label>
      <select id="remark-theme" name="theme">
        <option value="" ?selected=${editing?.theme === undefined}>${text.noTheme}</option>
        ${Object.entries(words.themes).map(
          ([code, name]) =>
            html`<option value=${code} ?selected=${editing?.theme === code}>${name}</option>`,
        )}
      </select>
      <details ?open=${place !== null}>
        <summary>${place === null ? text.resident.place : text.resident.placed(place.name)}</summary>
        <street-search
          .territoire=${this.seat.table.atelier.territoire}
          @place=${(event: CustomEvent<Place | null>) => {
            this.place = event.detail;
          }}
        ></street-search>
      </details>
      <p id="remark-problem" role="alert" class=${this.problem ? "warning" : "visually-hidden"}>${this.problem}</p>
      <div class="row">
        <button class="button primary big grow" name="question" value=${question}>
          ${editing === null ? html`${icon(Plus)} ${text.resident.add}` : text.resident.save}
        </button>
        ${editing === null ? nothing : html`<button type="button" class="button" @click=${() => this.#edit(null)}>${text.resident.cancel}</button>`}
      </div>
      <p role="status">${this.added ? text.resident.added : nothing}</p>
    </form>`;
  }

  #remark(remark: RemarkState) {
    const own = remark.author === this.seat.participant;
    const waiting = this.room.pendingRemarks.has(remark.id);
    const theme = remark.theme as keyof typeof words.themes | undefined;
    const facts = [
      ...(theme === undefined ? [] : [words.themes[theme]]),
      ...(remark.geometry === undefined ? [] : [text.diagnostic.located]),
      ...(own ? [text.resident.mine] : []),
      ...(remark.hidden ? [text.resident.hidden] : []),
    ];
    return html`<li class="remark">
      <p>${remark.text}</p>
      <p class="hint">
        ${waiting ? html`<strong>${icon(CloudOff)} ${text.resident.waiting}</strong> ` : nothing}${facts.join("\u00a0· ")}
      </p>
      ${
        own && !this.#closed
          ? html`<p class="row">
              <button type="button" class="button small" aria-label="${text.resident.edit}${colon}${remark.text}" @click=${() => this.#edit(remark)}>${icon(Pencil)} ${text.resident.edit}</button>
              <button type="button" class="button small" aria-label="${text.resident.remove}${colon}${remark.text}" @click=${() => this.#remove(remark.id)}>${icon(Trash2)} ${text.resident.remove}</button>
            </p>`
          : nothing
      }
    </li>`;
  }

  readonly #submit = async (event: Event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const said = String(data.get("text") ?? "").trim();
    if (said === "") {
      this.problem = text.resident.empty;
      form.querySelector<HTMLElement>("textarea")?.focus();
      return;
    }
    this.problem = "";
    const theme = String(data.get("theme") ?? "");
    const { editing, place } = this;
    const [lon, lat] = place?.at ?? [0, 0];
    await this.room.write({
      kind: editing === null ? "remark_add" : "remark_edit",
      remark: editing?.id ?? uuidV7(),
      question: this.#question,
      text: said,
      ...(theme === "" ? {} : { theme }),
      ...(place === null
        ? editing?.geometry === undefined
          ? {}
          : { geometry: editing.geometry }
        : { geometry: { type: "Point" as const, coordinates: snapped([lon, lat]) } }),
    });
    form.reset();
    this.place = null;
    this.editing = null;
    this.added = true;
    await this.updateComplete;
    form.querySelector<HTMLElement>("textarea")?.focus();
  };

  #edit(remark: RemarkState | null): void {
    this.editing = remark;
    this.place = null;
    this.problem = "";
    this.added = false;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("#remark-text")?.focus());
  }

  #remove(remark: Uuid): void {
    if (this.editing?.id === remark) this.editing = null;
    void this.room.write({ kind: "remark_delete", remark });
    // The button goes with what is removed.
    this.querySelector<HTMLElement>("#evening-question")?.focus();
  }

  #go(by: number): void {
    this.rank = Math.min(QUESTIONS.length - 1, Math.max(0, this.rank + by));
    this.#edit(null);
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>("#evening-question")?.focus(),
    );
  }

  #votes(said: Said) {
    const { findings } = this;
    if (findings.length === 0) return html`<p class="hint">${text.resident.noFindings}</p>`;
    const given = dotsOf(
      said,
      this.seat.participant,
      findings.map((f) => f.id),
    );
    const left = MAX_DOTS - [...given.values()].reduce((sum, dots) => sum + dots, 0);
    return html`
      ${
        this.#closed
          ? nothing
          : html`<p>${text.resident.voteHelp}</p>
              <p class="dots-left" role="status"><strong>${text.resident.left(left)}</strong></p>`
      }
      <ol class="findings">
        ${findings.map((finding) => this.#vote(finding, given.get(finding.id) ?? 0, left))}
      </ol>
    `;
  }

  #vote({ id, titre, tables }: Finding, dots: number, left: number) {
    return html`<li class="finding">
      <p><strong>${titre}</strong></p>
      ${tables.length === 0 ? nothing : html`<p class="hint">${text.diagnostic.from(text.tables(tables))}</p>`}
      <p class="row votes">
        ${
          this.#closed
            ? nothing
            : html`<button type="button" class="button" aria-label=${text.resident.minus(titre)} ?disabled=${dots === 0} @click=${() => this.#give(id, dots - 1)}>${icon(Minus)}</button>`
        }
        <span class="dots" aria-hidden="true">${"●".repeat(dots)}${"○".repeat(MAX_DOTS - dots)}</span>
        <span class="visually-hidden">${text.resident.given(dots)}</span>
        ${
          this.#closed
            ? nothing
            : html`<button type="button" class="button" aria-label=${text.resident.plus(titre)} ?disabled=${left <= 0} @click=${() => this.#give(id, dots + 1)}>${icon(Plus)}</button>`
        }
      </p>
    </li>`;
  }

  #give(finding: Uuid, dots: number): void {
    void this.room.write({ kind: "vote", finding, dots });
  }
}

customElements.define("resident-evening", ResidentEvening);
