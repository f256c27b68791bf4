import { html, nothing } from "lit";
import { get, Problem, type Territoire } from "../api";
import { text } from "../text/privacy";
import { language } from "../text/text";
import { LightElement } from "./light-element";
import "./language-switch";

interface Section {
  readonly title: string;
  readonly paragraphs?: readonly string[];
  readonly table?: readonly (readonly string[])[];
}

/** The information notice, as the server writes it from its settings. */
export class PrivacyPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    sections: { state: true },
    problem: { state: true },
  };
  declare private territoire: Territoire | null;
  declare private sections: readonly Section[] | null;
  declare private problem: string;

  constructor() {
    super();
    this.territoire = null;
    this.sections = null;
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = text.documentTitle;
    void this.#load();
  }

  readonly #load = async () => {
    this.problem = "";
    try {
      const { territoires } = await get("/api/v1/territoires");
      this.territoire = territoires[0] ?? null;
      const { sections } = await get("/api/v1/notice", { query: { lang: language() } });
      this.sections = sections;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  };

  override render() {
    return html`
      <header>
        ${this.territoire?.demo ? html`<p class="demo-banner"><strong>${text.demo}</strong></p>` : nothing}
        <div class="privacy-head">
        <a href="/">${text.home}</a>
        <language-switch></language-switch>
        </div>
      </header>
      <main class="privacy">
        <h1>${text.title}</h1>
        <p class="privacy-lead">${text.lead}</p>
        <p><a class="button" href="/ma-contribution">${text.own}</a></p>
        ${
          this.problem
            ? html`<div role="alert"><p>${this.problem}</p><button type="button" class="button" @click=${this.#load}>${text.retry}</button></div>`
            : nothing
        }
        ${
          this.sections === null
            ? this.problem
              ? nothing
              : html`<p role="status">${text.loading}</p>`
            : this.sections.map((section) => this.#section(section))
        }
      </main>
    `;
  }

  #section({ title, paragraphs = [], table = [] }: Section) {
    const [head, ...rows] = table;
    return html`<section>
      <h2>${title}</h2>
      ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
      ${
        head
          ? html`<table>
              <thead>
                <tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr>
              </thead>
              <tbody>
                ${rows.map(
                  ([first, ...others]) =>
                    html`<tr><th scope="row">${first}</th>${others.map((cell) => html`<td>${cell}</td>`)}</tr>`,
                )}
              </tbody>
            </table>`
          : nothing
      }
    </section>`;
  }
}

customElements.define("privacy-page", PrivacyPage);
