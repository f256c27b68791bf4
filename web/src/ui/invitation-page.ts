import { html, nothing } from "lit";
import { get, Problem, post } from "../api";
import { formatMoment } from "../text/format";
import { text } from "../text/invitation";
import "./demo-banner";
import "./language-switch";
import { LightElement } from "./light-element";

type Invited = Awaited<ReturnType<typeof read>>;
const code = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const read = () => get("/api/v1/invitations/{code}", { path: { code } });

/** Where the link of an invitation leads: yes or no, and the last answer holds. */
export class InvitationPage extends LightElement {
  static override properties = {
    invited: { state: true },
    failure: { state: true },
    passing: { state: true },
    busy: { state: true },
  };
  declare private invited: Invited | null;
  declare private failure: string;
  /** Whether trying again may help. */
  declare private passing: boolean;
  declare private busy: boolean;

  constructor() {
    super();
    this.invited = null;
    this.failure = "";
    this.passing = false;
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = text.title;
    void this.#ask(read);
  }

  async #ask(call: () => Promise<Invited>): Promise<void> {
    this.busy = true;
    this.failure = "";
    try {
      this.invited = await call();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // A code that is no code is an address that nothing answers: same words.
      this.failure = error.status === 404 ? text.unknown : error.message;
      this.passing = error.passing;
    }
    this.busy = false;
  }

  #answer(answer: "yes" | "no"): void {
    void this.#ask(() => post("/api/v1/invitations/{code}", { answer }, { path: { code } }));
  }

  override render() {
    const { invited } = this;
    return html`<header>
      ${invited === null ? html`<demo-banner></demo-banner>` : invited.demo ? html`<p class="demo-banner">${text.demo}</p>` : nothing}
      <language-switch></language-switch>
    </header>
    <main class="invited">
      <h1>${invited?.titre ?? text.title}</h1>
      ${invited === null && this.failure === "" ? html`<p role="status">${text.loading}</p>` : nothing}
      ${this.failure === "" ? nothing : html`<p role="alert">${this.failure}</p>`}
      ${invited === null && this.failure !== "" && this.passing ? html`<button type="button" class="button" @click=${() => void this.#ask(read)}>${text.retry}</button>` : nothing}
      ${invited === null ? nothing : this.#question(invited)}
    </main>`;
  }

  #question(invited: Invited) {
    if (invited.state === "closed") return html`<p>${text.over}</p>`;
    return html`
      <p>${text.invited(invited.quartier_nom)}</p>
      <p><strong>${formatMoment(invited.starts_at)}</strong>${invited.lieu === "" ? nothing : html`<br />${invited.lieu}`}</p>
      <h2>${text.question}</h2>
      <div class="choice">
        ${(["yes", "no"] as const).map(
          (answer) =>
            html`<button type="button" class="button ${invited.answer === answer ? "primary" : ""}" aria-pressed=${invited.answer === answer} ?disabled=${this.busy} @click=${() => this.#answer(answer)}>${text[answer]}</button>`,
        )}
      </div>
      <p role="status">${invited.answer === "yes" ? text.saidYes : invited.answer === "no" ? text.saidNo : ""}</p>
      <p class="hint">${invited.answer === "" ? "" : text.change} ${text.privacy}</p>
    `;
  }
}

customElements.define("invitation-page", InvitationPage);
