import { html } from "lit";
import { FileText } from "lucide";
import { get, type Schemas } from "../api";
import { text } from "../text/compte-rendu";
import { icon } from "./icon";
import { LightElement } from "./light-element";

interface Masked {
  readonly where: string;
  readonly kind: Schemas["PersonalKind"];
}

/** The compte rendu of a closed atelier, and what is masked in it. */
export class AnimationReport extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    masked: { state: true },
  };
  declare atelierId: string;
  /** Null while it is not known, undefined when it could not be asked. */
  declare masked: readonly Masked[] | null | undefined;
  readonly #gone = new AbortController();

  constructor() {
    super();
    this.atelierId = "";
    this.masked = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#gone.abort();
  }

  override firstUpdated(): void {
    void this.#check();
  }

  async #check(): Promise<void> {
    try {
      const facts = await get("/api/v1/ateliers/{id}/compte-rendu", {
        path: { id: this.atelierId },
        signal: this.#gone.signal,
      });
      this.masked = facts.masked;
    } catch {
      if (!this.#gone.signal.aborted) this.masked = undefined;
    }
  }

  override render() {
    const file = `/api/v1/ateliers/${this.atelierId}/compte-rendu`;
    return html`
      <h3>${text.heading}</h3>
      <p class="hint">${text.help}</p>
      <p>
        <a class="button primary wide" href="${file}.pdf" target="_blank">${icon(FileText)} ${text.pdf}</a>
        <a class="button wide" href="${file}.html" target="_blank">${text.html}</a>
        <a class="button wide" href="${file}.odt" download>${text.odt}</a>
      </p>
      <div role="status">${this.#facts()}</div>
      <p><a href="${file}.html?version=travail" target="_blank">${text.working}</a></p>
    `;
  }

  #facts() {
    if (this.masked === null) return html`<p class="hint">${text.checking}</p>`;
    if (this.masked === undefined) return html`<p class="hint">${text.unknown}</p>`;
    if (this.masked.length === 0) return html`<p class="hint">${text.clean}</p>`;
    return html`<p><strong>${text.masked}</strong></p>
      <ul class="facts">
        ${this.masked.map(({ where, kind }) => html`<li>${text.passage(where, text.kinds[kind])}</li>`)}
      </ul>`;
  }
}

customElements.define("animation-report", AnimationReport);
