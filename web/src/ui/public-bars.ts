import { html } from "lit";
import type { Schemas } from "../api";
import { text } from "../text/public";
import { LightElement } from "./light-element";

/** One strip of an edition as a table with bars; every number is a class. */
export class PublicBars extends LightElement {
  static override properties = {
    title: {},
    head: {},
    bars: { attribute: false },
    words: { attribute: false },
  };
  declare title: string;
  declare head: string;
  declare bars: readonly Schemas["EditionBar"][];
  declare words: Readonly<Record<string, string>>;

  constructor() {
    super();
    this.title = "";
    this.head = "";
    this.bars = [];
    this.words = {};
  }

  override render() {
    const most = Math.max(1, ...this.bars.map(({ people }) => people.at_least));
    return html`
      <table class="bars">
        <caption><strong>${this.title}</strong> ${text.strips.caption}</caption>
        <thead>
          <tr><th scope="col">${this.head}</th><th scope="col">${text.strips.number}</th></tr>
        </thead>
        <tbody>
          ${this.bars.map(
            ({ code, people }) => html`<tr>
              <th scope="row">${this.words[code] ?? text.strips.theme}</th>
              <td>
                <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect width=${(100 * people.at_least) / most} height="10"></rect>
                </svg>
                ${text.people(people.at_least, people.at_most ?? null)}
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
    `;
  }
}

customElements.define("public-bars", PublicBars);
