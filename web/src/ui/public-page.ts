import { html, nothing } from "lit";
import { get, Problem, type Territoire } from "../api";
import { text } from "../text/public";
import "./language-switch";
import { LightElement } from "./light-element";

/** What the city publishes: editions, for everybody. Nothing here is live. */
export class PublicPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    problem: { state: true },
  };
  declare private territoire: Territoire | null;
  declare private problem: string;

  constructor() {
    super();
    this.territoire = null;
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    this.problem = "";
    try {
      const { territoires } = await get("/api/v1/territoires");
      this.territoire = territoires.find((one) => one.dedicated) ?? territoires[0] ?? null;
      if (this.territoire) document.title = text.title(this.territoire.nom);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  override render() {
    return html`
      <header>
        ${
          this.territoire?.demo
            ? html`<p class="demo-banner"><strong>${text.demo}</strong> : ${text.demoMore}</p>`
            : nothing
        }
        <div class="public-head">
          <p class="brand">${text.name}</p>
          <a href="/carte">${text.staff}</a>
          <language-switch></language-switch>
        </div>
      </header>
      <main class="public">${this.#main()}</main>
    `;
  }

  #main() {
    if (this.problem !== "") {
      return html`<div class="notice" role="alert">
        <p>${this.problem}</p>
        <button type="button" class="button" @click=${this.#load}>${text.retry}</button>
      </div>`;
    }
    if (!this.territoire) return html`<p role="status">${text.loading}</p>`;
    return html`
      <h1>${text.heading(this.territoire.nom)}</h1>
      <p class="lead">${text.lead}</p>
      <section aria-labelledby="editions-title">
        <h2 id="editions-title">${text.editions.title}</h2>
        <p>${text.editions.empty}</p>
      </section>
    `;
  }
}

customElements.define("public-page", PublicPage);
