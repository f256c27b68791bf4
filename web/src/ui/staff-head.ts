import { html, nothing } from "lit";
import type { Purpose } from "../purpose";
import { session } from "../session";
import { text } from "../text/access";
import "./language-switch";
import { LightElement } from "./light-element";
import "./staff-bar";

/** The first line of the staff's pages, the same on all: whose service it is, the pages, the language. */
export class StaffHead extends LightElement {
  static override properties = { place: {}, purpose: {}, home: { state: true } };
  /** The territoire that the page is about, or "". */
  declare place: string;
  /** As in StaffBar. */
  declare purpose: Purpose | "";
  declare private home: string;

  constructor() {
    super();
    this.place = "";
    this.purpose = "";
    this.home = "/";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    session().then(
      ({ home }) => {
        this.home = home ?? "/";
      },
      () => {}, // the page itself says that the server does not answer
    );
  }

  override render() {
    return html`<div class="page-head">
      <p class="brand"><a href=${this.home}>${text.name}</a>${this.place ? html` <span>${this.place}</span>` : nothing}</p>
      <staff-bar .purpose=${this.purpose}></staff-bar>
      <language-switch></language-switch>
    </div>`;
  }
}

customElements.define("staff-head", StaffHead);
