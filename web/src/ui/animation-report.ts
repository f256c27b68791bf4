import { html, nothing } from "lit";
import { FileText } from "lucide";
import { get, Problem, post, type Schemas } from "../api";
import { text } from "../text/compte-rendu";
import { uuidV7 } from "../uuid";
import { icon } from "./icon";
import { LightElement } from "./light-element";

/** The compte rendu of a closed atelier, and what it leaves out for now. Sends
 * "published" once it has made the edition of the evening public. */
export class AnimationReport extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    facts: { state: true },
    busy: { state: true },
    problem: { state: true },
  };
  declare atelierId: string;
  /** Null while they are not known, undefined when they could not be asked. */
  declare facts: Schemas["CompteRenduFacts"] | null | undefined;
  declare private busy: boolean;
  declare private problem: string;
  /** The draft of this page: pressed twice, it is one edition. */
  readonly #draft = uuidV7();
  readonly #gone = new AbortController();

  constructor() {
    super();
    this.atelierId = "";
    this.facts = null;
    this.busy = false;
    this.problem = "";
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

  readonly #publish = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    this.problem = "";
    try {
      this.facts = await post(
        "/api/v1/ateliers/{id}/compte-rendu/diffusion",
        { id: this.#draft },
        { path: { id: this.atelierId } },
      );
      this.send("published", null);
      await this.updateComplete;
      this.querySelector<HTMLElement>(".report-files a")?.focus();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      await this.check();
    } finally {
      this.busy = false;
    }
  };

  override render() {
    const file = `/api/v1/ateliers/${this.atelierId}/compte-rendu`;
    return html`
      <h3>${text.heading}</h3>
      <p class="hint">${text.help}</p>
      <div role="status">${this.#missing()}</div>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${this.#publication()}
      <p class="report-files">
        <a class="button wide" href="${file}.pdf" target="_blank">${icon(FileText)} ${text.pdf}</a>
        <a class="button wide" href="${file}.html" target="_blank">${text.html}</a>
        <a class="button wide" href="${file}.odt" download>${text.odt}</a>
      </p>
      <p><a href="${file}.html?version=travail" target="_blank">${text.working}</a></p>
    `;
  }

  #missing() {
    if (this.facts === null) return html`<p class="hint">${text.checking}</p>`;
    if (this.facts === undefined) return html`<p class="hint">${text.unknown}</p>`;
    const { unread, map, refusal } = this.facts;
    return html`
      <p class="hint">${text.map[map]}</p>
      ${refusal ? html`<p>${text.refused} ${refusal}</p>` : nothing}
      ${
        unread.length === 0
          ? nothing
          : html`<p><strong>${text.unread(unread.length)}</strong></p>
              <ul class="facts">${counted(unread).map(([where, count]) => html`<li>${count === 1 ? where : text.several(where, count)}</li>`)}</ul>
              <p><a class="button wide" href="/moderation">${text.moderate}</a></p>`
      }
    `;
  }

  /** One click, once everything is read: the edition, and the document with its map. */
  #publication() {
    const { map, unread, refusal } = this.facts ?? {};
    if (map !== "none" || refusal) return nothing;
    const waits = (unread ?? []).length > 0;
    return html`<button type="button" class="button primary wide" ?disabled=${this.busy || waits} aria-describedby="report-publish-help" @click=${this.#publish}>
        ${this.busy ? text.publishing : text.publish}
      </button>
      <p class="hint" id="report-publish-help">${waits ? text.publishWaits : text.publishHelp}</p>`;
  }
}

/** Places with how often each stands in a list, in its order. */
function counted(list: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts];
}

customElements.define("animation-report", AnimationReport);
