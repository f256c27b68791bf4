import { html, nothing } from "lit";
import { type Session, session } from "../session";
import { text } from "../text/access";
import { language } from "../text/text";
import "./demo-banner";
import { LightElement } from "./light-element";
import "./staff-head";

/**
 * What a browser shows of an address that the server refused: in the server's words, which
 * are French, or in those of the interface's language for what people meet most.
 */
export class ErrorPage extends LightElement {
  static override properties = { status: {}, name: {}, detail: {}, who: { state: true } };
  declare status: string;
  declare name: string;
  declare detail: string;
  declare private who: Session | null;

  constructor() {
    super();
    this.status = "";
    this.name = "";
    this.detail = "";
    this.who = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${this.#said.name} – ${text.name}`;
    session().then(
      (who) => {
        this.who = who;
      },
      () => {}, // there is a way on without knowing
    );
  }

  get #said(): { readonly name: string; readonly detail: string; readonly lang: string } {
    const own = { 403: text.error.forbidden, 404: text.error.missing }[Number(this.status)];
    return language() === "fr" || !own
      ? { name: this.name, detail: this.detail, lang: "fr" }
      : { ...own, lang: language() };
  }

  override render() {
    const words = text.error;
    const said = this.#said;
    const home = this.who?.home;
    return html`
      <header><demo-banner></demo-banner><staff-head></staff-head></header>
      <main class="sign">
        <h1 lang=${said.lang}>${said.name}</h1>
        <p lang=${said.lang}>${said.detail}</p>
        <p class="sign-ways">
          ${
            home
              ? html`<a class="button primary" href=${home}>${text.signIn.home}</a>
                  <a class="button" href="/connexion">${words.account}</a>`
              : html`<a class="button primary" href="/">${words.public}</a>
                  ${this.status === "401" ? html`<a class="button" href="/connexion">${text.signIn.title}</a>` : nothing}`
          }
        </p>
      </main>
    `;
  }
}

customElements.define("error-page", ErrorPage);
