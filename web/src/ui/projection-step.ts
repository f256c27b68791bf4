import { html, nothing, type PropertyValues } from "lit";
import { answersOf, type Book, type Finding, standing } from "../evening";
import { pageAt, pagesOf } from "../pages-of";
import { QUESTIONS } from "../protocol";
import { type Said, scoreOf, spoken } from "../remark";
import { text } from "../text/evening";
import { answerFacts } from "./animation-answers";
import { LightElement } from "./light-element";

/** Milliseconds that a page stays, when pages turn by themselves. */
const TURN = 12_000;
/** As many as can be read from the back of the hall. */
const FINDINGS = 3;
const REMARKS = 3;

/**
 * The wall of a step that is not about the map: what the tables say, the
 * findings with their answers, also once more at the end, the read-through one
 * finding at a time. Pages
 * turn by themselves but for the read-through, where `turn` follows the voice.
 */
export class ProjectionStep extends LightElement {
  static override properties = {
    step: { attribute: false },
    said: { attribute: false },
    book: { attribute: false },
    seq: { attribute: false },
    turned: { state: true },
  };
  declare step: number;
  declare said: Said;
  declare book: Book;
  declare seq: number;
  declare private turned: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.step = 2;
    this.seq = 0;
    this.turned = 0;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("step")) this.turned = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      if (this.step !== 6) this.turned++;
    }, TURN);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  /** Shows the next page, or the one before. */
  turn(by: -1 | 1): void {
    this.turned += by;
  }

  override render() {
    if (this.step === 2) return this.#questions();
    const findings = standing(this.book.findings);
    const pages = pagesOf(findings, this.step === 6 ? 1 : FINDINGS);
    const page = pageAt(pages, this.turned);
    return html`
      <h2>${this.step === 6 ? text.wall.synthesis : this.step === 7 ? text.wall.decided : text.wall.answers}</h2>
      ${findings.length === 0 ? html`<p>${text.wall.nothing}</p>` : nothing}
      <ol class="wall-findings" data-page=${page}>
        ${(pages[page] ?? []).map((finding) => this.#finding(finding))}
      </ol>
      ${pages.length > 1 ? html`<p class="wall-page">${text.wall.page(page + 1, pages.length)}</p>` : nothing}
    `;
  }

  #questions() {
    const all = spoken(this.said);
    return html`
      <h2>${text.wall.questions}</h2>
      <div class="wall-questions">
        ${QUESTIONS.map((question) => {
          const remarks = all.filter((r) => r.question === question).reverse();
          // What nobody has read yet stays at its table.
          const read = remarks.flatMap((r) => this.book.reads.get(r.id)?.text || []);
          const pages = pagesOf(read, REMARKS);
          return html`<section>
            <h3>${text.questions[question]}</h3>
            <p class="wall-count">${text.wall.said(remarks.length)}</p>
            <ul>${(pages[pageAt(pages, this.turned)] ?? []).map((words) => html`<li>${words}</li>`)}</ul>
          </section>`;
        })}
      </div>
    `;
  }

  #finding(finding: Finding) {
    const answers = answersOf(finding.id, this.book.actions);
    const { dots, voters } = scoreOf(this.said, finding.id);
    return html`<li>
      <h3>${finding.titre}</h3>
      <p class="wall-from">${[...(finding.tables.length > 0 ? [text.tables(finding.tables)] : []), ...(dots > 0 ? [text.dots(dots, voters)] : [])].join("\u00a0· ")}</p>
      ${finding.answered ? nothing : html`<p class="wall-waiting">${text.wall.waiting}</p>`}
      <ul>
        ${answers.map(
          (action) => html`<li class=${action.state}>
            <strong>${action.titre}</strong>
            <br />${answerFacts(action, this.book).join("\u00a0· ")}
            ${action.reason ? html`<br />${action.reason}` : nothing}
          </li>`,
        )}
      </ul>
    </li>`;
  }
}

customElements.define("projection-step", ProjectionStep);
