import { html } from "lit";
import { choosePurpose, purpose, purposeChanges, purposes } from "../purpose";
import { text } from "../text/access";
import { text as account } from "../text/account";
import { LightElement } from "./light-element";

/** Why this page is read, to be chosen and changed; see purpose.ts. */
export class PurposeChoice extends LightElement {
  static override properties = { question: {} };
  /** What is asked beside the choice. */
  declare question: string;

  constructor() {
    super();
    this.question = text.bar.purpose;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    purposeChanges.addEventListener("change", this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    purposeChanges.removeEventListener("change", this.#changed);
  }

  override render() {
    const chosen = purpose();
    return html`<label class="purpose-choice">
      <span>${this.question}</span>
      <select .value=${chosen ?? ""} @change=${this.#choose}>
        <option value="" ?selected=${!chosen}>${text.bar.noPurpose}</option>
        ${purposes.map(
          (one) =>
            html`<option value=${one} ?selected=${one === chosen}>${account.journal.purposes[one]}</option>`,
        )}
      </select>
    </label>`;
  }

  readonly #changed = () => this.requestUpdate();

  readonly #choose = (event: Event) => choosePurpose((event.target as HTMLSelectElement).value);
}

customElements.define("purpose-choice", PurposeChoice);
