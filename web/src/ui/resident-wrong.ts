import { html, nothing } from "lit";
import { RotateCw } from "lucide";
import { normalCode } from "../seat";
import { text } from "../text/atelier";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { languageButtons } from "./resident-join";

/** Why the table cannot be shown. */
export type Wrong = "unknown" | "expired" | "unreachable";

/** A clear page for a wrong or expired code, with a field to type it again. */
export class ResidentWrong extends LightElement {
  static override properties = {
    reason: {},
    detail: {},
    code: {},
    short: { state: true },
  };
  declare reason: Wrong;
  /** What the server says of it, when it did. */
  declare detail: string;
  declare code: string;
  declare private short: boolean;

  constructor() {
    super();
    this.reason = "unknown";
    this.detail = "";
    this.code = "";
    this.short = false;
  }

  override render() {
    return html`<main class="join">
      ${languageButtons()}
      <h1>${text.wrong[this.reason]}</h1>
      <p>${this.detail || text.wrong[`${this.reason}Help`]}</p>
      ${
        this.reason === "unreachable"
          ? html`<button type="button" class="button primary big" @click=${() => location.reload()}>
              ${icon(RotateCw)} ${text.wrong.retry}
            </button>`
          : nothing
      }
      <form class="stack" novalidate @submit=${this.#open}>
        <label for="code">${text.wrong.code}</label>
        <input
          id="code"
          name="code"
          .value=${this.code}
          maxlength="16"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          aria-describedby=${this.short ? "code-short" : nothing}
          aria-invalid=${this.short ? "true" : nothing}
        />
        ${this.short ? html`<p class="warning" id="code-short" role="alert">${text.wrong.short}</p>` : nothing}
        <button class="button ${this.reason === "unreachable" ? "" : "primary"} big">${text.wrong.open}</button>
      </form>
    </main>`;
  }

  readonly #open = (event: Event) => {
    event.preventDefault();
    const code = normalCode(String(new FormData(event.target as HTMLFormElement).get("code")));
    this.short = code.length !== 8;
    if (!this.short) location.assign(`/a/${code}`);
  };
}

customElements.define("resident-wrong", ResidentWrong);
