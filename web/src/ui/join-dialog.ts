import { html, nothing } from "lit";
import { X } from "lucide";
import { get } from "../api";
import "../style/join-dialog.css";
import { text } from "../text/city";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { tableCode } from "./table-code";

/** A fictional atelier that is open, with its tables. */
interface Example {
  readonly title: string;
  readonly tables: readonly { readonly numero: number; readonly code: string }[];
}

/** Asks for the code of a table and opens its map; offers fictional ones in the demo. */
export class JoinDialog extends LightElement {
  static override properties = {
    territoire: {},
    demo: { type: Boolean },
    examples: { state: true },
    wrong: { state: true },
  };
  declare territoire: string;
  declare demo: boolean;
  declare private examples: readonly Example[] | null;
  declare private wrong: boolean;
  #asked = false;

  constructor() {
    super();
    this.territoire = "";
    this.demo = false;
    this.examples = null;
    this.wrong = false;
  }

  show(): void {
    this.wrong = false;
    (this.querySelector("dialog") as HTMLDialogElement).showModal();
    this.#askExamples();
  }

  override updated(): void {
    this.#askExamples();
  }

  /** Once; that this is a demonstration may be known only when the dialog is open. */
  #askExamples(): void {
    if (this.#asked || !this.demo || !this.querySelector("dialog")?.open) return;
    this.#asked = true;
    void this.#loadExamples();
  }

  override render() {
    return html`<dialog aria-labelledby="join-title">
      <form novalidate @submit=${this.#submit}>
        <div class="dialog-head">
          <h2 id="join-title">${text.draw.title}</h2>
          <button type="button" class="button plain" aria-label=${text.draw.close} @click=${this.#close}>
            ${icon(X)}
          </button>
        </div>
        <p id="join-explain">${text.draw.explain}</p>
        <label for="join-code">${text.draw.code}</label>
        <input
          id="join-code"
          name="code"
          autofocus
          class="code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          maxlength="16"
          placeholder=${text.draw.hint}
          aria-describedby="join-explain join-wrong"
          aria-invalid=${this.wrong}
        />
        <p id="join-wrong" class="form-error" role="alert">${this.wrong ? text.draw.wrong : ""}</p>
        <button class="button primary wide">${text.draw.go}</button>
        ${this.demo ? this.#exampleList() : nothing}
      </form>
    </dialog>`;
  }

  #exampleList() {
    if (this.examples === null) return nothing;
    return html`<h3>${text.draw.examples}</h3>
      ${this.examples.length === 0 ? html`<p>${text.draw.noExample}</p>` : nothing}
      ${this.examples.map(
        ({ title, tables }) => html`<p class="example">${title}</p>
          <ul class="examples" aria-label=${title}>
            ${tables.map(
              ({ numero, code }) => html`<li>
                <a class="button" href="/a/${code}">${text.draw.table(numero)}</a>
              </li>`,
            )}
          </ul>`,
      )}`;
  }

  readonly #close = () => (this.querySelector("dialog") as HTMLDialogElement).close();

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault();
    const input = this.querySelector("#join-code") as HTMLInputElement;
    const code = tableCode(input.value);
    this.wrong = code === null;
    if (code) location.assign(`/a/${code}`);
    else input.focus();
  };

  async #loadExamples(): Promise<void> {
    const query = this.territoire ? { query: { territoire: this.territoire } } : {};
    // Examples are a convenience: without them the field above still works.
    const answer = await get("/api/v1/ateliers", query).catch(() => ({ ateliers: [] }));
    this.examples = answer.ateliers
      .filter((atelier) => atelier.demo && atelier.state === "open")
      .map((atelier) => ({
        title: atelier.titre,
        tables: atelier.tables.flatMap(({ numero, open, code }) =>
          open && code ? [{ numero, code }] : [],
        ),
      }))
      .filter(({ tables }) => tables.length > 0)
      .slice(0, 3);
  }
}

customElements.define("join-dialog", JoinDialog);
