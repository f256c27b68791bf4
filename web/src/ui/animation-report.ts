import { html, nothing } from "lit";
import { FileText } from "lucide";
import { get } from "../api";
import { text } from "../text/compte-rendu";
import { icon } from "./icon";
import { LightElement } from "./light-element";

interface Facts {
  readonly unread: number;
  readonly map: "published" | "withdrawn" | "none";
}

/** The compte rendu of a closed atelier, and what it leaves out for now. */
export class AnimationReport extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    facts: { state: true },
  };
  declare atelierId: string;
  /** Null while they are not known, undefined when they could not be asked. */
  declare facts: Facts | null | undefined;
  readonly #gone = new AbortController();

  constructor() {
    super();
    this.atelierId = "";
    this.facts = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#gone.abort();
  }

  override firstUpdated(): void {
    void this.check();
  }

  /** Asks again: something was read or published meanwhile. */
  async check(): Promise<void> {
    try {
      this.facts = await get("/api/v1/ateliers/{id}/compte-rendu", {
        path: { id: this.atelierId },
        signal: this.#gone.signal,
      });
    } catch {
      if (!this.#gone.signal.aborted) this.facts = undefined;
    }
  }

  override render() {
    const file = `/api/v1/ateliers/${this.atelierId}/compte-rendu`;
    return html`
      <h3>${text.heading}</h3>
      <p class="hint">${text.help}</p>
      <div role="status">${this.#missing()}</div>
      <p>
        <a class="button primary wide" href="${file}.pdf" target="_blank">${icon(FileText)} ${text.pdf}</a>
        <a class="button wide" href="${file}.html" target="_blank">${text.html}</a>
        <a class="button wide" href="${file}.odt" download>${text.odt}</a>
      </p>
      <p><a href="${file}.html?version=travail" target="_blank">${text.working}</a></p>
    `;
  }

  #missing() {
    if (this.facts === null) return html`<p class="hint">${text.checking}</p>`;
    if (this.facts === undefined) return html`<p class="hint">${text.unknown}</p>`;
    const { unread, map } = this.facts;
    return html`
      <p class="hint">${text.map[map]}</p>
      ${
        unread === 0
          ? nothing
          : html`<p><strong>${text.unread(unread)}</strong> <a href="/moderation">${text.moderate}</a></p>`
      }
    `;
  }
}

customElements.define("animation-report", AnimationReport);
