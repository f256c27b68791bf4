import { html, nothing } from "lit";
import { LogOut } from "lucide";
import { type Session, session, signOut } from "../session";
import { text } from "../text/access";
import { icon } from "./icon";
import { LightElement } from "./light-element";

/** Who is signed in, in which role, and the way out. Empty for the public. */
export class StaffBar extends LightElement {
  static override properties = { who: { state: true }, leaving: { state: true } };
  declare private who: Session | null;
  declare private leaving: boolean;

  constructor() {
    super();
    this.who = null;
    this.leaving = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    session().then(
      (who) => {
        this.who = who;
      },
      () => {}, // the page itself says that the server does not answer
    );
  }

  override render() {
    const { who } = this;
    if (who === null || who.home === undefined) return nothing;
    return html`<div class="staff-bar" role="group" aria-label=${text.bar.label}>
      <span class="staff-who"><strong>${who.nom}</strong> <span>${text.roles[who.role]}</span></span>
      <button type="button" class="button small" ?disabled=${this.leaving} @click=${this.#leave}>
        ${icon(LogOut)} <span class="staff-out">${this.leaving ? text.bar.signingOut : text.bar.signOut}</span>
      </button>
    </div>`;
  }

  readonly #leave = async () => {
    this.leaving = true;
    await signOut().catch(() => {
      this.leaving = false;
    });
  };
}

customElements.define("staff-bar", StaffBar);
