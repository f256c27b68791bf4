import { html, nothing } from "lit";
import { get, post, put, type Schemas } from "../api";
import { text as access } from "../text/access";
import { text } from "../text/account";
import { formatMoment } from "../text/format";
import { AccountPage, field } from "./account-frame";

/** The session about to be ended, or all but this one. */
type Ending = { readonly session?: string };

/** One's own account: where one is signed in, password, second factor. */
export class OwnAccountPage extends AccountPage {
  static override properties = {
    own: { state: true },
    factor: { state: true },
    recovery: { state: true },
    who: { state: true },
    ending: { state: true },
  };
  declare private own: Schemas["OwnCompte"] | null;
  declare private factor: Schemas["SecondFactorSecret"] | null;
  declare private recovery: readonly string[];
  declare private who: Schemas["Session"] | null;
  declare private ending: Ending | null;

  constructor() {
    super();
    this.own = null;
    this.factor = null;
    this.recovery = [];
    this.who = null;
    this.ending = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.own.title} – ${access.name}`;
    void this.attempt(() => this.#load());
  }

  async #load(): Promise<void> {
    [this.own, this.who] = await Promise.all([get("/api/v1/compte"), get("/api/v1/session")]);
  }

  override render() {
    const { own } = this;
    if (!own) return this.frame(text.own.title, html`<p>${this.problem ? "" : text.loading}</p>`);
    return this.frame(
      text.own.title,
      html`<p>${own.nom}, ${access.roles[own.role]} · ${own.email}</p>
        ${this.#organisation(own)}
        ${
          this.who?.second_factor_due
            ? this.#factor(own)
            : html`${this.#sessions(own)} ${own.password ? this.#password() : nothing} ${this.#factor(own)}`
        }`,
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
                : this.#endButton(text.own.end, { session: one.id }, "button small")
            }
          </li>`,
        )}
      </ul>
      ${own.sessions.length > 1 ? this.#endButton(text.own.endOthers, {}, "button") : nothing}
    </section>`;
  }

  /** Ends sessions once the password has been given again. */
  #endButton(words: string, which: Ending, shape: string) {
    if (!this.ending || this.ending.session !== which.session) {
      return html`<button type="button" class=${shape} @click=${() => this.#ask(which)}>${words}</button>`;
    }
    return html`<form @submit=${this.#end}>
      ${this.#again("end-password")}
      <button class="button">${words}</button>
      <button type="button" class="button plain" @click=${() => this.#ask(null)}>${text.own.cancel}</button>
    </form>`;
  }

  #again(id: string) {
    if (!this.own?.password) return nothing;
    return html`<label for=${id}>${text.own.again}</label>
      <input id=${id} name="again" type="password" autocomplete="current-password" maxlength="512" required />`;
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
    const due = this.who?.second_factor_due;
    return html`<section aria-labelledby="factor-title">
      <h2 id="factor-title">${text.own.factor}</h2>
      ${own.password ? html`<p>${due ? text.own.factorDue : own.second_factor ? text.own.factorOn : text.own.factorOff}</p>` : nothing}
      ${
        this.recovery.length > 0
          ? html`<p><strong>${text.own.recovery}</strong></p>
              <ol class="codes">${this.recovery.map((code) => html`<li><code>${code}</code></li>`)}</ol>
              <a class="button primary" href=${this.who?.home ?? "/"}>${text.own.onward}</a>`
          : nothing
      }
      ${!own.password ? html`<p>${text.own.factorElsewhere(this.who?.externe ?? text.own.provider)}</p>` : own.second_factor ? this.#manage() : this.#begin()}
    </section>`;
  }

  #begin() {
    if (!this.factor) {
      return html`<form @submit=${this.#beginFactor}>
        ${this.#again("factor-password")}
        <button class="button">${text.own.factorBegin}</button>
      </form>`;
    }
    return html`<p>${text.own.factorScan}</p>
      <img class="qr" src=${this.factor.qr} alt=${text.own.qr} width="220" height="220" />
      <p><code>${this.factor.secret.replace(/(.{4})/g, "$1 ")}</code></p>
      <form @submit=${this.#confirm}>
        <label for="factor-code">${text.own.factorCode}</label>
        <input id="factor-code" name="code" inputmode="numeric" autocomplete="one-time-code" minlength="6" maxlength="6" required />
        <button class="button">${text.own.factorConfirm}</button>
      </form>`;
  }

  #manage() {
    return html`<details>
      <summary>${text.own.factorManage}</summary>
      <form @submit=${this.#changeFactor}>
        ${this.#again("factor-password")}
        <label for="factor-any">${text.own.factorAnyCode}</label>
        <input id="factor-any" name="code" autocomplete="one-time-code" minlength="6" maxlength="40" required />
        <button class="button" value="secours">${text.own.recoveryRenew}</button>
        <button class="button" value="retrait">${text.own.factorRemove}</button>
      </form>
    </details>`;
  }

  readonly #ask = async (which: Ending | null) => {
    this.ending = which;
    await this.updateComplete;
    this.querySelector<HTMLElement>("#end-password")?.focus();
  };

  readonly #end = async (event: SubmitEvent) => {
    event.preventDefault();
    const body = { current: field(event, "again"), ...this.ending };
    const done = await this.attempt(async () => {
      await post("/api/v1/compte/sessions/fin", body);
      this.ending = null;
      await this.#load();
    });
    if (done) this.note = text.own.ended;
  };

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

  readonly #beginFactor = (event: SubmitEvent) => {
    event.preventDefault();
    const current = field(event, "again");
    void this.attempt(async () => {
      this.factor = await post("/api/v1/compte/second-facteur", { current });
    });
  };

  readonly #confirm = (event: SubmitEvent) => {
    event.preventDefault();
    const code = field(event, "code").trim();
    void this.attempt(async () => {
      this.recovery = (await put("/api/v1/compte/second-facteur", { code })).recovery;
      this.factor = null;
      await this.#load();
      this.note = text.own.factorDone;
    });
  };

  readonly #changeFactor = (event: SubmitEvent) => {
    event.preventDefault();
    const body = { current: field(event, "again"), code: field(event, "code").trim() };
    const form = event.target as HTMLFormElement;
    const renew = (event.submitter as HTMLButtonElement | null)?.value === "secours";
    void this.attempt(async () => {
      if (renew) {
        this.recovery = (await post("/api/v1/compte/second-facteur/secours", body)).recovery;
      } else {
        await post("/api/v1/compte/second-facteur/retrait", body);
        this.recovery = [];
      }
      form.reset();
      await this.#load();
    });
  };
}

customElements.define("own-account-page", OwnAccountPage);
