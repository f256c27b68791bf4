import { html } from "lit";
import "./animation-list";
import "./animation-room";
import { LightElement } from "./light-element";

/** /animation is the list, /animation/ID one atelier. */
export class AnimationPage extends LightElement {
  readonly #atelier = decodeURIComponent(location.pathname.split("/")[2] ?? "");

  override render() {
    return this.#atelier === ""
      ? html`<animation-list></animation-list>`
      : html`<animation-room .atelierId=${this.#atelier}></animation-room>`;
  }
}

customElements.define("animation-page", AnimationPage);
