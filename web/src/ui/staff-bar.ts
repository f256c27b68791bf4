import { html, nothing } from "lit";
import { LogOut, Menu } from "lucide";
import type { Purpose } from "../purpose";
import { type Session, session, signOut } from "../session";
import { text } from "../text/access";
import { text as account } from "../text/account";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import "./purpose-choice";

/** Which pages the role opens, who is signed in, and the way out. Empty for the public. */
export class StaffBar extends LightElement {
  static override properties = {
    purpose: {},
    chooses: {},
    who: { state: true },
    leaving: { state: true },
  };
  /** Why this page is read, where there is one reason; "" elsewhere. */
  declare purpose: Purpose | "";
  /** The role that chooses why it reads this page; "" for none. */
  declare chooses: Session["role"] | "";
  declare private who: Session | null;
  declare private leaving: boolean;

  constructor() {
    super();
    this.purpose = "";
    this.chooses = "";
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
      ${this.#menu(who)}
      <span class="staff-who"><strong>${who.nom}</strong> <span>${text.roles[who.role]}</span></span>
      <button type="button" class="button small" ?disabled=${this.leaving} @click=${this.#leave}>
        ${icon(LogOut)} <span class="staff-out">${this.leaving ? text.bar.signingOut : text.bar.signOut}</span>
      </button>
      ${this.purpose ? html`<span class="staff-purpose">${text.bar.logged(account.journal.purposes[this.purpose])}</span>` : nothing}
      ${who.role === this.chooses ? html`<purpose-choice></purpose-choice>` : nothing}
    </div>`;
  }

  #menu(who: Session) {
    return html`<details class="staff-menu" @keydown=${this.#escape} @focusout=${this.#blur}>
      <summary class="button small">${icon(Menu)} <span>${text.bar.menu}</span></summary>
      <nav aria-label=${text.bar.menu}>
        <ul>
          ${(who.pages ?? []).map(
            (page) =>
              html`<li><a href=${page} aria-current=${page === location.pathname ? "page" : nothing}>${text.bar.pages[page]}</a></li>`,
          )}
        </ul>
      </nav>
    </details>`;
  }

  readonly #escape = (event: KeyboardEvent) => {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  };

  readonly #blur = (event: FocusEvent) => {
    const menu = event.currentTarget as HTMLDetailsElement;
    if (!menu.contains(event.relatedTarget as Node | null)) menu.open = false;
  };

  readonly #leave = async () => {
    this.leaving = true;
    await signOut().catch(() => {
      this.leaving = false;
    });
  };
}

customElements.define("staff-bar", StaffBar);
