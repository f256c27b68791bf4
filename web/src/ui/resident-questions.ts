import { html, nothing } from "lit";
import { Check } from "lucide";
import type { Attributes, MarkerState } from "../protocol";
import { text } from "../text/atelier";
import { choiceIcon } from "./choice-icon";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { answered, choicesFor, type Question, questionsFor } from "./marker-words";

/** Characters of a free text, as the server counts them. */
const NOTE_MAX = 280;

/**
 * One question at a time about a marker. Sends "answer" with the attributes to
 * change, and "finished" after the last one.
 */
export class ResidentQuestions extends LightElement {
  static override properties = {
    marker: { attribute: false },
    step: { state: true },
    chosen: { state: true },
    note: { state: true },
  };
  declare marker: MarkerState;
  declare private step: number;
  declare private chosen: readonly string[];
  declare private note: string;

  constructor() {
    super();
    this.step = 0;
    this.chosen = [];
    this.note = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#show(0);
  }

  get #questions(): readonly Question[] {
    return questionsFor(this.marker.felt);
  }

  get #question(): Question {
    return this.#questions[this.step] as Question;
  }

  #show(step: number): void {
    this.step = step;
    this.chosen = answered(this.marker.attributes, this.#question);
    this.note = String(this.marker.attributes.note ?? "");
  }

  override render() {
    const question = this.#question;
    const last = this.step === this.#questions.length - 1;
    const empty = question === "note" ? this.note.trim() === "" : this.chosen.length === 0;
    const goOn = last ? text.ask.end : text.ask.next;
    return html`
      <p class="progress">${text.ask.progress(this.step + 1, this.#questions.length)}</p>
      <h2 tabindex="-1" id="question">${text.ask[question]}</h2>
      ${question === "note" ? this.#noteField() : this.#choices(question)}
      ${this.chosen.includes("VIO") ? html`<p class="hint">${text.ask.danger}</p>` : nothing}
      <div class="row ask-next">
        <button type="button" class="button ${empty ? "" : "primary"} grow" @click=${this.#next}>
          ${empty ? text.ask.skip : goOn}
        </button>
        ${last ? nothing : html`<button type="button" class="button plain" @click=${() => this.send("finished", null)}>${text.ask.stop}</button>`}
      </div>
    `;
  }

  #choices(question: Question) {
    const choices = Object.entries(choicesFor(question, this.marker.felt) ?? {});
    return html`
      ${question === "nature" ? nothing : html`<p class="hint">${text.ask.several}</p>`}
      <div class="choices" role="group" aria-labelledby="question">
        ${choices.map(([code, words]) => {
          const on = this.chosen.includes(code);
          return html`<button type="button" class="choice" aria-pressed=${on} @click=${() => this.#toggle(code)}>
            ${icon(on ? Check : choiceIcon(question, code))}<span>${words}</span>
          </button>`;
        })}
      </div>
    `;
  }

  #noteField() {
    return html`
      <p class="warning" id="note-help">${text.ask.noteHelp}</p>
      <textarea
        rows="3"
        maxlength=${NOTE_MAX}
        aria-labelledby="question"
        aria-describedby="note-help note-left"
        .value=${this.note}
        @input=${(event: Event) => {
          this.note = (event.target as HTMLTextAreaElement).value;
        }}
      ></textarea>
      <p class="hint" id="note-left">${text.ask.noteLeft(NOTE_MAX - this.note.length)}</p>
    `;
  }

  #toggle(code: string): void {
    const on = this.chosen.includes(code);
    if (this.#question === "nature") this.chosen = on ? [] : [code];
    else this.chosen = on ? this.chosen.filter((c) => c !== code) : [...this.chosen, code];
  }

  readonly #next = async () => {
    const question = this.#question;
    const before = answered(this.marker.attributes, question);
    const after =
      question === "note" ? (this.note.trim() === "" ? [] : [this.note.trim()]) : this.chosen;
    if (before.length !== after.length || after.some((code) => !before.includes(code))) {
      const single = question === "nature" || question === "note";
      const value = single ? (after[0] ?? null) : after;
      this.send<Attributes>("answer", { [question]: value });
    }
    if (this.step + 1 === this.#questions.length) return this.send("finished", null);
    this.#show(this.step + 1);
    await this.updateComplete;
    this.querySelector<HTMLElement>("#question")?.focus();
    // A long question was scrolled; the next one begins at its number.
    this.querySelector(".progress")?.scrollIntoView({ block: "end" });
  };
}

customElements.define("resident-questions", ResidentQuestions);
