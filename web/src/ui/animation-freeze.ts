import { html, nothing } from "lit";
import { text } from "../text/animation";
import { text as evening } from "../text/evening";
import { LightElement } from "./light-element";

/** What the animateur should know before closing. */
export interface BeforeFreeze {
  readonly connected: number;
  /** Devices seen on this page and no longer connected. */
  readonly missing: number;
  /** Requests of the animateur that have not left. */
  readonly own: number;
  /** Findings without an answer: while there are any, the server refuses. */
  readonly unanswered: readonly string[];
}

/** The dialog that closes an atelier for good; sends `freeze`. */
export class AnimationFreeze extends LightElement {
  static override properties = { facts: { attribute: false } };
  declare facts: BeforeFreeze;

  constructor() {
    super();
    this.facts = { connected: 0, missing: 0, own: 0, unanswered: [] };
  }

  show(): void {
    (this.querySelector("dialog") as HTMLDialogElement).showModal();
  }

  override render() {
    const { connected, missing, own, unanswered } = this.facts;
    return html`<dialog aria-labelledby="freeze-title" aria-describedby="freeze-help">
      <h2 id="freeze-title">${text.freeze.heading}</h2>
      <div id="freeze-help" class="stack">
        <p>${text.freeze.final}</p>
        <p>${text.freeze.refused}</p>
        <ul class="facts">
          <li>${text.freeze.connected(connected)}</li>
          ${missing > 0 ? html`<li><strong>${text.freeze.missing(missing)}</strong></li>` : nothing}
          ${own > 0 ? html`<li><strong>${text.freeze.own(own)}</strong></li>` : nothing}
          <li>${text.freeze.check}</li>
        </ul>
        ${
          unanswered.length === 0
            ? nothing
            : html`<p class="unanswered"><strong>${evening.freeze.unanswered}</strong></p>
                <ul class="facts">${unanswered.map((titre) => html`<li>${titre}</li>`)}</ul>`
        }
      </div>
      <div class="dialog-tools">
        <button type="button" class="button" autofocus @click=${this.#close}>${text.cancel}</button>
        <button type="button" class="button primary" ?disabled=${unanswered.length > 0} @click=${this.#confirm}>${text.freeze.submit}</button>
      </div>
    </dialog>`;
  }

  readonly #close = () => (this.querySelector("dialog") as HTMLDialogElement).close();
  readonly #confirm = () => {
    this.#close();
    this.send("freeze", null);
  };
}

customElements.define("animation-freeze", AnimationFreeze);
