import { html, nothing } from "lit";
import { get } from "../api";
import { text } from "../text/city";
import { LightElement } from "./light-element";

/** Says on pages without data of a territoire that what they lead to is fictional. */
export class DemoBanner extends LightElement {
  static override properties = { demo: { state: true } };
  declare private demo: boolean;

  constructor() {
    super();
    this.demo = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    get("/api/v1/territoires").then(
      ({ territoires }) => {
        this.demo = (territoires.find((one) => one.dedicated) ?? territoires[0])?.demo ?? false;
      },
      () => {}, // the page itself says that the server does not answer
    );
  }

  override render() {
    return this.demo ? html`<p class="demo-banner"><strong>${text.demo}</strong></p>` : nothing;
  }
}

customElements.define("demo-banner", DemoBanner);
