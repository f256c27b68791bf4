import { html, nothing } from "lit";
import { type Session, session } from "../session";
import { text } from "../text/access";
import "./demo-banner";
import { LightElement } from "./light-element";
import "./staff-head";

/** What a browser shows of an address that the server refused, in the server's words. */
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
    document.title = `${this.name} – ${text.name}`;
    session().then(
      (who) => {
        this.who = who;
      },
      () => {}, // there is a way on without knowing
    );
  }

  override render() {
    const words = text.error;
    const home = this.who?.home;
    return html`
      <header><demo-banner></demo-banner><staff-head></staff-head></header>
      <main class="sign">
        <h1 lang="fr">${this.name}</h1>
        <p lang="fr">${this.detail}</p>
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
