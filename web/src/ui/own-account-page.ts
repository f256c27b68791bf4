import { html, nothing } from "lit";
import { get, post, put, remove, type Schemas } from "../api";
import { text as access } from "../text/access";
import { text } from "../text/account";
import { formatMoment } from "../text/format";
import { AccountPage, field } from "./account-frame";

/** One's own account: where one is signed in, password, second factor. */
export class OwnAccountPage extends AccountPage {
  static override properties = {
    own: { state: true },
    factor: { state: true },
    recovery: { state: true },
  };
  declare private own: Schemas["OwnCompte"] | null;
  declare private factor: Schemas["SecondFactorSecret"] | null;
  declare private recovery: readonly string[];

  constructor() {
    super();
    this.own = null;
    this.factor = null;
    this.recovery = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.own.title} – ${access.name}`;
    void this.attempt(() => this.#load());
  }

  async #load(): Promise<void> {
    this.own = await get("/api/v1/compte");
  }

  override render() {
    const { own } = this;
    if (!own) return this.frame(text.own.title, html`<p>${this.problem ? "" : text.loading}</p>`);
    return this.frame(
      text.own.title,
      html`<p>${own.nom}, ${access.roles[own.role]} · ${own.email}</p>
        ${this.#organisation(own)}
        ${this.#sessions(own)} ${this.#password()} ${this.#factor(own)}`,
    );
  }

  #organisation({ organisation, role }: Schemas["OwnCompte"]) {
    if (organisation) return html`<p>${text.own.organisation(organisation.nom)}</p>`;
    return role === "bailleur" ? html`<p>${text.own.noOrganisation}</p>` : nothing;
  }

  #sessions(own: Schemas["OwnCompte"]) {
    return html`<section aria-labelledby="sessions-title">
      <h2 id="sessions-title">${text.own.sessions}</h2>
      <p>${text.own.sessionsIntro}</p>
      <ul class="account-list">
        ${own.sessions.map(
          (one) => html`<li>
            <span>
              <strong>${one.appareil}</strong>${one.current ? html` (${text.own.here})` : nothing}
              <br />${text.own.seen(formatMoment(one.seen_at))}
            </span>
            ${
              one.current
                ? nothing
                : html`<button type="button" class="button small" @click=${() => this.#end(one.id)}>${text.own.end}</button>`
            }
          </li>`,
        )}
      </ul>
      ${
        own.sessions.length > 1
          ? html`<button type="button" class="button" @click=${this.#endOthers}>${text.own.endOthers}</button>`
          : nothing
      }
    </section>`;
  }

  #password() {
    return html`<section aria-labelledby="password-title">
      <h2 id="password-title">${text.own.password}</h2>
      <form @submit=${this.#change}>
        <label for="current">${text.own.current}</label>
        <input id="current" name="current" type="password" autocomplete="current-password" required />
        <label for="next">${text.own.next}</label>
        <input id="next" name="next" type="password" autocomplete="new-password" minlength="12" required aria-describedby="rule" />
        <p id="rule" class="hint">${text.invitation.rule}</p>
        <button class="button">${text.own.change}</button>
      </form>
    </section>`;
  }

  #factor(own: Schemas["OwnCompte"]) {
    return html`<section aria-labelledby="factor-title">
      <h2 id="factor-title">${text.own.factor}</h2>
      <p>${own.second_factor ? text.own.factorOn : text.own.factorOff}</p>
      ${
        this.recovery.length > 0
          ? html`<p><strong>${text.own.recovery}</strong></p>
              <ol class="codes">${this.recovery.map((code) => html`<li><code>${code}</code></li>`)}</ol>`
          : nothing
      }
      ${own.second_factor ? this.#codeForm(text.own.factorRemove, this.#removeFactor) : this.#begin()}
    </section>`;
  }

  #begin() {
    if (!this.factor) {
      return html`<button type="button" class="button" @click=${this.#beginFactor}>${text.own.factorBegin}</button>`;
    }
    return html`<p>${text.own.factorScan}</p>
      <img class="qr" src=${this.factor.qr} alt=${text.own.qr} width="220" height="220" />
      <p><code>${this.factor.secret.replace(/(.{4})/g, "$1 ")}</code></p>
      ${this.#codeForm(text.own.factorConfirm, this.#confirm)}`;
  }

  #codeForm(words: string, submit: (event: SubmitEvent) => void) {
    return html`<form @submit=${submit}>
      <label for="factor-code">${text.own.factorCode}</label>
      <input id="factor-code" name="code" inputmode="numeric" autocomplete="one-time-code" minlength="6" maxlength="16" required />
      <button class="button">${words}</button>
    </form>`;
  }

  #end(session: string): void {
    void this.attempt(async () => {
      await remove("/api/v1/compte/sessions/{session}", { path: { session } });
      await this.#load();
    });
  }

  readonly #endOthers = () =>
    this.attempt(async () => {
      await remove("/api/v1/compte/sessions");
      await this.#load();
    });

  readonly #change = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const body = { current: field(event, "current"), password: field(event, "next") };
    const done = await this.attempt(async () => {
      await put("/api/v1/compte/mot-de-passe", body);
      await this.#load();
    });
    if (!done) return;
    form.reset();
    this.note = text.own.changed;
  };

  readonly #beginFactor = () =>
    this.attempt(async () => {
      this.factor = await post("/api/v1/compte/second-facteur", undefined as never);
    });

  readonly #confirm = (event: SubmitEvent) => {
    event.preventDefault();
    const code = field(event, "code").trim();
    void this.attempt(async () => {
      this.recovery = (await put("/api/v1/compte/second-facteur", { code })).recovery;
      this.factor = null;
      await this.#load();
    });
  };

  readonly #removeFactor = (event: SubmitEvent) => {
    event.preventDefault();
    const code = field(event, "code").trim();
    void this.attempt(async () => {
      await post("/api/v1/compte/second-facteur/retrait", { code });
      this.recovery = [];
      await this.#load();
    });
  };
}

customElements.define("own-account-page", OwnAccountPage);
