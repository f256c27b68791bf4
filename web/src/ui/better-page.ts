import { html, nothing } from "lit";
import { Check, X } from "lucide";
import { get, Problem, post, put, remove, type Schemas } from "../api";
import { followed, forgetFollowed, rememberFollowed } from "../followed";
import { colon, formatDate, formatDay } from "../text/format";
import { text as shared } from "../text/public";
import { text as all } from "../text/suivi";
import { icon } from "./icon";
import "./demo-banner";
import "./language-switch";
import { LightElement } from "./light-element";

const text = all.asking;

type Following = Schemas["Following"];
type Followed = Following["actions"][number];

/**
 * Residents follow what their atelier was promised, by a code that this device
 * keeps or that an e-mail brought, and say in two taps whether it is better.
 */
export class BetterPage extends LightElement {
  static override properties = {
    following: { state: true },
    known: { state: true },
    busy: { state: true },
    sure: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  declare private following: Following | null;
  declare private known: readonly { code: string; titre: string }[];
  declare private busy: boolean;
  /** Erasing waits for a yes. */
  declare private sure: boolean;
  declare private said: string;
  declare private problem: string;
  #order: { readonly code: string; readonly ids: readonly string[] } = { code: "", ids: [] };

  constructor() {
    super();
    this.following = null;
    this.known = followed();
    this.busy = false;
    this.sure = false;
    this.said = "";
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = text.documentTitle;
    addEventListener("hashchange", this.#open);
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#open);
  }

  /** Opens what the address names: CODE, or CODE-WORD from a confirmation. */
  readonly #open = async (): Promise<void> => {
    const [code = "", confirm] = location.hash.slice(1).split("-");
    if (code === "") {
      this.following = null;
      const only = this.known.length === 1 ? this.known[0] : undefined;
      if (only)
        await this.#ask(() => get("/api/v1/abonnements/{code}", { path: { code: only.code } }));
      return;
    }
    await this.#ask(
      () =>
        confirm === undefined
          ? get("/api/v1/abonnements/{code}", { path: { code } })
          : post("/api/v1/abonnements/{code}/confirmation", { confirm }, { path: { code } }),
      confirm === undefined ? "" : text.confirmed,
    );
    // The word is used up; the code stays, so that the page can be kept.
    if (confirm !== undefined) history.replaceState(null, "", `${location.pathname}#${code}`);
  };

  async #ask(call: () => Promise<Following>, said = ""): Promise<boolean> {
    this.busy = true;
    this.problem = "";
    this.said = "";
    try {
      this.following = await call();
      this.said = said;
      rememberFollowed(this.following.code, this.following.titre);
      this.known = followed();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      return false;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const { following } = this;
    return html`
      <header>
        ${following === null ? html`<demo-banner></demo-banner>` : following.demo ? html`<p class="demo-banner"><strong>${shared.demo}</strong></p>` : nothing}
        <div class="public-head">
          <p class="brand"><a href="/suivi">${all.name}</a></p>
          <language-switch></language-switch>
        </div>
      </header>
      <main class="better">
        <h1>${text.title}</h1>
        <p role="status" class="better-said">${this.said}</p>
        ${this.problem ? html`<p role="alert" class="notice">${this.problem}</p>` : nothing}
        ${following === null ? this.#start() : this.#follow(following)}
        <p><a href="/vie-privee">${text.privacy}</a></p>
      </main>
    `;
  }

  #start() {
    return html`
      <p>${text.lead}</p>
      ${
        this.known.length === 0
          ? nothing
          : html`<h2>${text.mine}</h2>
              <ul class="better-known">
                ${this.known.map(({ code, titre }) => html`<li><a class="button" href="#${code}">${titre}</a></li>`)}
              </ul>
              <h2>${text.other}</h2>`
      }
      <form class="better-form" @submit=${this.#join}>
        <label for="code">${text.code}</label>
        <input id="code" name="code" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" aria-describedby="code-help" />
        <p id="code-help" class="hint">${text.codeHelp}</p>
        <button class="button primary" ?disabled=${this.busy}>${text.follow}</button>
      </form>
    `;
  }

  readonly #join = (event: SubmitEvent) => {
    event.preventDefault();
    const code = String(new FormData(event.target as HTMLFormElement).get("code") ?? "");
    void this.#ask(() => post("/api/v1/abonnements", { code })).then((done) => {
      if (done && this.following)
        history.replaceState(null, "", `${location.pathname}#${this.following.code}`);
    });
  };

  #follow(following: Following) {
    const waiting = following.actions.filter((one) => one.asked && one.better === undefined);
    return html`
      <p><strong>${this.#named(following)}</strong></p>
      ${waiting.length > 0 ? html`<p>${text.waiting(waiting.length)}</p>` : nothing}
      ${following.actions.length === 0 ? html`<p>${text.nothing(following.by_email)}</p>` : nothing}
      <ul class="better-list">${this.#ordered(following).map((one) => this.#action(one))}</ul>
      <p class="hint">${text.rule(following.min_voices)}</p>
      <p><a href="/suivi/${following.quartier}">${text.all}</a></p>
      ${following.by_email ? this.#email(following) : nothing}
      <p class="hint">${text.keep}</p>
      ${this.#eraser()}
      <p><button type="button" class="button small" @click=${this.#another}>${text.other}</button></p>
    `;
  }

  /**
   * Questions that wait come first, in an order that no answer changes: a second
   * tap must not meet another question.
   */
  #ordered({ code, actions }: Following): readonly Followed[] {
    if (this.#order.code !== code) {
      const waits = (one: Followed) => one.asked && one.better === undefined;
      const ids = [...actions.filter(waits), ...actions.filter((one) => !waits(one))];
      this.#order = { code, ids: ids.map((one) => one.id) };
    }
    const { ids } = this.#order;
    return [...actions].sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  }

  #action(one: Followed) {
    const day = (date: string) => formatDate(`${date}T12:00:00Z`);
    return html`<li class="better-action">
      <h2>${one.titre}</h2>
      ${one.said === "" ? nothing : html`<p class="hint">${all.said} : ${one.said}</p>`}
      ${one.answer === "" ? nothing : html`<p>${one.answer}</p>`}
      <p>
        <strong>${all.states[one.state]}</strong>${one.done_on ? html`<br />${all.doneOn(day(one.done_on))}` : nothing}
        ${one.echeance && !one.done_on && one.late ? html`<br />${all.late(day(one.echeance))}` : nothing}
        ${one.pilote ? html`<br />${all.by(one.pilote)}` : nothing}
      </p>
      ${one.asked ? this.#question(one) : one.ask_from ? html`<p class="hint">${text.askFrom(day(one.ask_from))}</p>` : nothing}
    </li>`;
  }

  #question(one: Followed) {
    const answer = (better: boolean, words: string, mark: typeof Check) => html`<button
      type="button"
      class="button ${one.better === better ? "primary" : ""}"
      aria-pressed=${one.better === better}
      aria-label=${`${words}${colon}${one.titre}`}
      ?disabled=${this.busy}
      @click=${() => this.#speak(one, better)}
    >${icon(mark)} ${words}</button>`;
    return html`<p class="better-question">${text.question}</p>
      <div class="better-choice">${answer(true, text.yes, Check)}${answer(false, text.no, X)}</div>
      ${one.better === undefined ? nothing : html`<p class="hint">${one.better ? text.saidYes : text.saidNo} ${text.change}</p>`}`;
  }

  #speak(one: Followed, better: boolean): void {
    const code = this.following?.code ?? "";
    void this.#ask(
      () =>
        post("/api/v1/abonnements/{code}/reponses", { action: one.id, better }, { path: { code } }),
      text.thanks,
    );
  }

  /** A title often says the day already. */
  #named({ titre, starts_at, fuseau }: Following): string {
    const day = formatDay(starts_at, fuseau);
    return titre.includes(day) ? titre : text.following(titre, day);
  }

  #email(following: Following) {
    if (following.email !== "none") {
      return html`<section class="better-email">
        <h2>${text.email}</h2>
        <p>${following.email === "confirmed" ? text.confirmed : text.sent}</p>
        <button type="button" class="button" ?disabled=${this.busy} @click=${() => this.#setEmail("", text.stopped)}>${text.stop}</button>
      </section>`;
    }
    return html`<section class="better-email">
      <h2>${text.email}</h2>
      <form class="better-form" @submit=${this.#give}>
        <label for="email">${text.address}</label>
        <input id="email" name="email" type="email" required autocomplete="email" maxlength="254" aria-describedby="email-help" />
        <p id="email-help" class="hint">${text.emailHelp(following.contact_months)}</p>
        <button class="button" ?disabled=${this.busy}>${text.send}</button>
      </form>
    </section>`;
  }

  readonly #give = (event: SubmitEvent) => {
    event.preventDefault();
    const email = String(new FormData(event.target as HTMLFormElement).get("email") ?? "").trim();
    this.#setEmail(email, text.sent);
  };

  #setEmail(email: string, said: string): void {
    const code = this.following?.code ?? "";
    void this.#ask(
      () => put("/api/v1/abonnements/{code}/email", { email }, { path: { code } }),
      said,
    );
  }

  #eraser() {
    if (!this.sure) {
      return html`<p><button type="button" class="button small" @click=${() => {
        this.sure = true;
      }}>${text.erase}</button> <span class="hint">${text.eraseHelp}</span></p>`;
    }
    return html`<div class="notice" role="group" aria-label=${text.erase}>
      <p>${text.sure}</p>
      <button type="button" class="button" @click=${this.#erase}>${text.confirm}</button>
      <button type="button" class="button" @click=${() => {
        this.sure = false;
      }}>${text.cancel}</button>
    </div>`;
  }

  readonly #erase = async (): Promise<void> => {
    const code = this.following?.code ?? "";
    this.problem = "";
    try {
      await remove("/api/v1/abonnements/{code}", { path: { code } });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      return;
    }
    forgetFollowed(code);
    this.known = followed();
    this.following = null;
    this.sure = false;
    this.said = text.erased;
    history.replaceState(null, "", location.pathname);
  };

  readonly #another = () => {
    this.following = null;
    this.said = "";
    history.replaceState(null, "", location.pathname);
  };
}

customElements.define("better-page", BetterPage);
