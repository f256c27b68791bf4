import { html, nothing } from "lit";
import { answersOf, type Book, standing, unanswered } from "../evening";
import { text } from "../text/evening";
import "../style/evening.css";
import { answerFacts } from "./animation-answers";
import { LightElement } from "./light-element";

/** Each finding with its answers, to be read aloud before the end; sends "answers" where one is missing. */
export class AnimationSynthesis extends LightElement {
  static override properties = { book: { attribute: false }, seq: { attribute: false } };
  declare book: Book;
  declare seq: number;

  override render() {
    const findings = standing(this.book.findings);
    const open = unanswered(findings).length;
    return html`<div class="evening">
      <h2>${text.synthesis.heading}</h2>
      <p class="hint">${text.synthesis.help}</p>
      <p role="status"><strong>${findings.length === 0 ? text.synthesis.none : open > 0 ? text.synthesis.open(open) : text.synthesis.ready}</strong></p>
      <ol class="findings">
        ${findings.map(
          (finding) => html`<li class="finding">
            <h3>${finding.titre}</h3>
            ${finding.detail === "" ? nothing : html`<p>${finding.detail}</p>`}
            ${
              finding.answered
                ? nothing
                : html`<p><span class="tag open">${text.answers.noAnswer}</span></p>
                  <p><button type="button" class="button small" aria-label=${text.answers.answer(finding.titre)} @click=${() => this.send("answers", null)}>${text.answers.respond}</button></p>`
            }
            <ul class="answers">
              ${answersOf(finding.id, this.book.actions).map(
                (action) => html`<li class="answer ${action.state}">
                  <p><strong>${action.titre}</strong></p>
                  <p>${answerFacts(action, this.book).join("\u00a0· ")}</p>
                  ${action.reason ? html`<p>${action.reason}</p>` : nothing}
                  ${action.proof ? html`<p>${action.proof}</p>` : nothing}
                </li>`,
              )}
            </ul>
          </li>`,
        )}
      </ol>
    </div>`;
  }
}

customElements.define("animation-synthesis", AnimationSynthesis);
