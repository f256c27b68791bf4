import { html, nothing, type TemplateResult } from "lit";
import { colon } from "../text/format";

/** Words around a figure; every chart of the product is read the same way. */
export interface FigureWords {
  readonly title: string;
  /** One plain sentence that says what the figure shows now. */
  readonly sentence?: string;
  /** « Comment lire »: one line. */
  readonly how: string;
  readonly howTitle: string;
  /** Summary of the table of numbers; "" when they stand in the figure itself. */
  readonly numbers: string;
  /** Method and its source, one click away. */
  readonly method: { readonly title: string; readonly text: string };
}

/**
 * A chart with its sentence, the ways out of it, how to read it, its table of
 * numbers and its method: no figure goes without one of them.
 */
export function figure(
  words: FigureWords,
  chart: TemplateResult,
  exports: TemplateResult,
  table: TemplateResult | typeof nothing,
): TemplateResult {
  return html`<section class="figure">
    <h2>${words.title}</h2>
    ${words.sentence ? html`<p class="figure-said">${words.sentence}</p>` : nothing}
    ${chart} ${exports}
    <p class="figure-how"><strong>${words.howTitle}</strong> ${words.how}</p>
    ${
      table === nothing
        ? nothing
        : html`<details class="figure-more"><summary>${words.numbers}</summary>
            <div class="figure-table" tabindex="0" role="region" aria-label=${`${words.title}${colon}${words.numbers}`}>${table}</div>
          </details>`
    }
    <details class="figure-more method"><summary>${words.method.title}</summary><p>${words.method.text}</p></details>
  </section>`;
}
