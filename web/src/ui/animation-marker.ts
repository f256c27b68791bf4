import { html, nothing } from "lit";
import { Eye, EyeOff, X } from "lucide";
import type { MarkerState } from "../protocol";
import { text } from "../text/animation";
import { feltMark } from "./felt-mark";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { details, feltWords } from "./marker-words";

/** One marker in words, with its moderation; sends `hide` (boolean, once confirmed) and `leave`. */
export class AnimationMarker extends LightElement {
  static override properties = {
    marker: { attribute: false },
    street: { attribute: false },
    closed: { attribute: false },
    waiting: { attribute: false },
  };
  declare marker: MarkerState;
  declare street: string;
  /** After the freeze nothing can be hidden any more. */
  declare closed: boolean;
  declare waiting: boolean;

  override render() {
    const { marker } = this;
    const { note } = marker.attributes;
    const where = [
      ...(marker.geometry.type === "Polygon" ? [text.feed.zone] : []),
      ...(this.street ? [text.feed.near(this.street)] : []),
    ].join(" ");
    return html`<section class="picked" aria-labelledby="picked-title">
      <div class="dialog-head">
        <h2 id="picked-title" tabindex="-1">${text.marker.heading(marker.table)}</h2>
        <button type="button" class="button plain icon-only" aria-label=${text.close} @click=${() => this.send("leave", null)}>
          ${icon(X)}
        </button>
      </div>
      <p class="picked-felt ${marker.felt}">${feltMark(marker.felt)} <strong>${feltWords(marker.felt)}</strong> ${where}</p>
      <p>${details(marker) || text.feed.nothing}</p>
      ${
        typeof note === "string"
          ? html`<figure class="note">
              <figcaption class="muted">${text.marker.note}</figcaption>
              <blockquote>${note}</blockquote>
            </figure>`
          : nothing
      }
      ${this.#moderation()}
    </section>
    ${this.#dialog()}`;
  }

  #moderation() {
    const { hidden, deleted } = this.marker;
    if (deleted) return html`<p role="status">${text.marker.gone}</p>`;
    return html`
      ${hidden ? html`<p role="status">${text.marker.hidden}</p>` : nothing}
      ${
        this.closed
          ? nothing
          : html`<button type="button" class="button" ?disabled=${this.waiting} @click=${this.#ask}>
              ${icon(hidden ? Eye : EyeOff)} ${hidden ? text.marker.unhide : text.marker.hide}
            </button>`
      }
    `;
  }

  #dialog() {
    const { hidden } = this.marker;
    return html`<dialog aria-labelledby="hide-title" aria-describedby="hide-help">
      <h2 id="hide-title">${hidden ? text.marker.unhideAsk : text.marker.hideAsk}</h2>
      <p id="hide-help">${hidden ? text.marker.unhideHelp : text.marker.hideHelp}</p>
      <div class="dialog-tools">
        <button type="button" class="button" @click=${this.#close}>${text.cancel}</button>
        <button type="button" class="button primary" @click=${this.#confirm}>
          ${hidden ? text.marker.unhideDo : text.marker.hideDo}
        </button>
      </div>
    </dialog>`;
  }

  readonly #ask = () => (this.querySelector("dialog") as HTMLDialogElement).showModal();
  readonly #close = () => (this.querySelector("dialog") as HTMLDialogElement).close();
  readonly #confirm = () => {
    this.#close();
    this.send("hide", !this.marker.hidden);
    // The button that asked is disabled until it is done.
    this.querySelector<HTMLElement>("#picked-title")?.focus();
  };
}

customElements.define("animation-marker", AnimationMarker);
