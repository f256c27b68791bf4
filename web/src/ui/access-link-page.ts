import { html, nothing } from "lit";
import { post, type Schemas } from "../api";
import { text as access } from "../text/access";
import { text } from "../text/account";
import { AccountPage, field } from "./account-frame";

/** Opens a link: shows whose it is, takes a password, and signs in. */
export class AccessLinkPage extends AccountPage {
  static override properties = { invitation: { state: true } };
  declare private invitation: Schemas["Invitation"] | null;

  // The secret leaves the address at once: it must not stay in the history.
  readonly #secret = location.hash.slice(1);

  constructor() {
    super();
    this.invitation = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.invitation.title} – ${access.name}`;
    if (this.#secret.length < 20) {
      this.problem = text.invitation.missing;
      return;
    }
    void this.attempt(async () => {
      this.invitation = await post("/api/v1/liens/lecture", { secret: this.#secret });
    });
  }

  override render() {
    return this.frame(
      text.invitation.title,
      this.invitation ? this.#form(this.invitation) : this.problem ? this.#onward() : nothing,
    );
  }

  #onward() {
    return html`<p>${text.invitation.onward}</p>
      <p><a class="button primary" href="/connexion">${access.signIn.title}</a></p>`;
  }

  #form(one: Schemas["Invitation"]) {
    const words = text.invitation;
    const first = one.kind === "premier";
    const intro =
      one.kind === "mot_de_passe"
        ? words.reset(one.nom)
        : words.intro(one.nom, access.roles[one.role]);
    return html`${
      first
        ? html`<p><strong>${words.first}</strong></p><p>${words.firstIntro}</p>`
        : html`<p>${intro}</p>`
    }
      <form @submit=${this.#accept}>
        ${
          first
            ? html`<label for="email">${words.email}</label>
                <input id="email" name="email" type="email" autocomplete="username" required maxlength="254" />
                <label for="nom">${words.name}</label>
                <input id="nom" name="nom" autocomplete="name" required maxlength="120" />`
            : html`<input type="hidden" name="username" autocomplete="username" value=${one.email} />`
        }
        <label for="password">${words.password}</label>
        <input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="128" required aria-describedby="rule" />
        <p id="rule" class="hint">${words.rule}</p>
        <button class="button primary">${words.go}</button>
      </form>`;
  }

  readonly #accept = (event: SubmitEvent) => {
    event.preventDefault();
    const first = this.invitation?.kind === "premier";
    const body = {
      secret: this.#secret,
      password: field(event, "password"),
      ...(first ? { email: field(event, "email").trim(), nom: field(event, "nom").trim() } : {}),
    };
    void this.attempt(async () => {
      const { home } = await post("/api/v1/liens/acceptation", body);
      location.replace(home ?? "/");
    });
  };
}

customElements.define("access-link-page", AccessLinkPage);
