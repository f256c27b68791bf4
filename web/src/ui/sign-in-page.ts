import { html, nothing } from "lit";
import { address, Problem, post } from "../api";
import { afterSignIn, type Session, session } from "../session";
import { text } from "../text/access";
import "./demo-banner";
import { LightElement } from "./light-element";
import "./staff-head";
import { tableCode } from "./table-code";

/** Where the staff signs in; residents who come here by mistake find their way. */
export class SignInPage extends LightElement {
  static override properties = {
    who: { state: true },
    shown: { state: true },
    sending: { state: true },
    failed: { state: true },
    problem: { state: true },
    wrongCode: { state: true },
    wantsCode: { state: true },
  };
  declare private who: Session | null;
  declare private shown: boolean;
  declare private sending: boolean;
  /** Why the identity provider's way did not succeed. */
  declare private failed: string;
  declare private problem: string;
  declare private wrongCode: boolean;
  declare private wantsCode: boolean;

  readonly #asked = new URLSearchParams(location.search).get("retour");

  constructor() {
    super();
    this.who = null;
    this.shown = false;
    this.sending = false;
    const failed = new URLSearchParams(location.search).get("echec");
    const failures: Readonly<Record<string, string>> = text.signIn.failures;
    this.failed = (failed && failures[failed]) || "";
    this.problem = "";
    this.wrongCode = false;
    this.wantsCode = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.signIn.title} – ${text.name}`;
    session().then(
      (who) => {
        this.who = who;
      },
      () => {}, // the form says it when it is sent
    );
  }

  override render() {
    return html`
      <header>
        <demo-banner></demo-banner>
        <staff-head></staff-head>
      </header>
      <main class="sign">
        <h1>${text.signIn.title}</h1>
        ${this.who?.home ? this.#already(this.who) : this.#form()}
        <section class="sign-resident" aria-labelledby="resident-title">
          <h2 id="resident-title">${text.signIn.residentTitle}</h2>
          <p>${text.signIn.resident}</p>
          <form novalidate @submit=${this.#openTable}>
            <label for="code">${text.signIn.code}</label>
            <input id="code" name="code" class="code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="16" aria-describedby="code-wrong" aria-invalid=${this.wrongCode} />
            <p id="code-wrong" class="form-error" role="alert">${this.wrongCode ? text.signIn.codeWrong : ""}</p>
            <button class="button">${text.signIn.codeGo}</button>
          </form>
        </section>
      </main>
    `;
  }

  #already(who: Session) {
    return html`<p>${text.signIn.already(who.nom ?? "", text.roles[who.role])}</p>
      <p class="sign-ways">
        ${who.home === "/connexion" ? nothing : html`<a class="button primary" href=${who.home ?? "/"}>${text.signIn.home}</a>`}
      </p>`;
  }

  #form() {
    return html`<p>${text.signIn.intro}</p>
      ${this.#asked ? html`<p>${text.signIn.back}</p>` : nothing}
      ${this.failed ? html`<p class="form-error" role="alert">${this.failed}</p>` : nothing}
      ${
        this.who?.externe
          ? html`<p class="sign-ways"><a class="button primary" href=${address("/api/v1/connexion-externe", {}, { retour: this.#asked })}>${text.signIn.external(this.who.externe)}</a></p>
              <p>${text.signIn.or}</p>`
          : nothing
      }
      <form class="sign-form" novalidate @submit=${this.#submit}>
        <label for="email">${text.signIn.email}</label>
        <input id="email" name="email" type="email" autocomplete="username" spellcheck="false" maxlength="254" required aria-describedby="problem" />
        <label for="password">${text.signIn.password}</label>
        <input id="password" name="password" type=${this.shown ? "text" : "password"} autocomplete="current-password" maxlength="512" required aria-describedby="problem" />
        ${
          this.wantsCode
            ? html`<label for="second">${text.signIn.code2}</label>
                <input id="second" name="second" autocomplete="one-time-code" maxlength="40" aria-describedby="problem" />`
            : nothing
        }
        <button type="button" class="button plain" aria-pressed=${this.shown} @click=${this.#toggle}>
          ${this.shown ? text.signIn.hide : text.signIn.show}
        </button>
        <p id="problem" class="form-error" role="alert">${this.problem}</p>
        <button class="button primary" ?disabled=${this.sending}>
          ${this.sending ? text.signIn.going : text.signIn.go}
        </button>
        <p class="sign-note">${text.signIn.forgotten}</p>
      </form>`;
  }

  readonly #toggle = () => {
    this.shown = !this.shown;
  };

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const email = String(fields.get("email") ?? "").trim();
    const password = String(fields.get("password") ?? "");
    this.problem = "";
    if (email.length < 3 || password === "") {
      this.problem = text.signIn.missing;
      this.#focus(email.length < 3 ? "#email" : "#password");
      return;
    }
    this.sending = true;
    try {
      const code = String(fields.get("second") ?? "").trim();
      const { home } = await post("/api/v1/session", {
        email,
        password,
        ...(code ? { code } : {}),
      });
      location.assign(afterSignIn(this.#asked, home ?? "/", location.origin));
    } catch (error) {
      this.sending = false;
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      this.wantsCode ||= error.code === "code_requis";
      await this.updateComplete;
      this.#focus(error.field === "code" ? "#second" : "#password");
    }
  };

  readonly #openTable = (event: SubmitEvent) => {
    event.preventDefault();
    const code = tableCode(String(new FormData(event.target as HTMLFormElement).get("code") ?? ""));
    this.wrongCode = code === null;
    if (code) location.assign(`/a/${code}`);
    else this.#focus("#code");
  };

  #focus(selector: string): void {
    this.querySelector<HTMLElement>(selector)?.focus();
  }
}

customElements.define("sign-in-page", SignInPage);
