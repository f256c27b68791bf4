import { html, nothing } from "lit";
import { ArrowLeft, ArrowRight, Check, Eye, EyeOff, History, PenLine, X } from "lucide";
import { get, Problem, post, type Schemas, type Territoire } from "../api";
import { text as cityText } from "../text/city";
import { colon, formatMoment } from "../text/format";
import { text } from "../text/moderation";
import { uuidV4 } from "../uuid";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import "./staff-head";

type Held = Schemas["HeldText"];
type Verdict = Schemas["Verdict"];
type State = "held" | "published" | "redacted" | "withheld" | "hidden";
type Reason = keyof typeof text.reasons;

/** Objects that can be hidden as a whole: what residents gave. */
const hideable = ["marker", "signalement", "remark"] as const;
type Hideable = (typeof hideable)[number];
const isHideable = (objet: string): objet is Hideable =>
  (hideable as readonly string[]).includes(objet);

const states: readonly State[] = ["held", "published", "redacted", "withheld", "hidden"];

/** The reasons that a verdict may give, as the server takes them. */
const reasonsFor: Record<Verdict, readonly Reason[]> = {
  publish: [],
  redact: ["name", "contact", "plate", "address", "accusation", "insult", "health", "off_topic"],
  withhold: ["name", "contact", "plate", "address", "accusation", "insult", "health", "off_topic"],
  hide: ["duplicate", "off_topic", "wrong_place", "targets_person", "abuse", "test"],
  restore: ["mistake", "clarified"],
};

interface Decision {
  readonly id: string;
  readonly champ: string;
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly texte?: string;
  readonly role: string;
  readonly auteur?: string;
  readonly at: string;
}

/**
 * Where the animateur reads residents' texts, one at a time. Letters work while
 * the text or one of its buttons has the focus, nowhere else.
 */
export class ModerationPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    quartiers: { state: true },
    quartier: { state: true },
    state: { state: true },
    texts: { state: true },
    at: { state: true },
    next: { state: true },
    held: { state: true },
    verdict: { state: true },
    history: { state: true },
    said: { state: true },
    problem: { state: true },
    busy: { state: true },
  };
  declare private territoire: Territoire | null;
  declare private quartiers: readonly { code: string; nom: string }[];
  declare private quartier: string;
  declare private state: State;
  declare private texts: readonly Held[] | null;
  declare private at: number;
  declare private next: string;
  declare private held: number;
  /** The verdict whose reason is being asked; null when none is. */
  declare private verdict: Verdict | null;
  declare private history: readonly Decision[] | null;
  declare private said: string;
  declare private problem: string;
  declare private busy: boolean;
  /** The identifier of the decision being sent: a second try decides once. */
  #decision = "";

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.quartier = "";
    this.state = "held";
    this.texts = null;
    this.at = 0;
    this.next = "";
    this.held = 0;
    this.verdict = null;
    this.history = null;
    this.said = "";
    this.problem = "";
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = text.documentTitle;
    void this.#start();
  }

  readonly #start = () =>
    this.#try(async () => {
      const { territoires } = await get("/api/v1/territoires");
      this.territoire = territoires[0] ?? null;
      const found = await get("/api/v1/quartiers");
      this.quartiers = found.features.map(({ properties: { code, nom_court } }) => ({
        code,
        nom: nom_court,
      }));
      await this.#load();
      this.#focus();
    });

  async #load(cursor = ""): Promise<void> {
    const query = {
      state: this.state,
      ...(this.quartier === "" ? {} : { quartier: this.quartier }),
      ...(cursor === "" ? {} : { cursor }),
    };
    const answer = await get("/api/v1/moderation", { query });
    const before = cursor === "" ? [] : (this.texts ?? []);
    this.texts = [...before, ...answer.texts];
    this.at = cursor === "" ? 0 : before.length;
    this.next = answer.next ?? "";
    this.held = answer.held;
    this.#settle();
  }

  /** Nothing is asked any more about the text before. */
  #settle(): void {
    this.verdict = null;
    this.history = null;
    this.#decision = "";
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.problem = "";
    this.busy = true;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  }

  get #current(): Held | undefined {
    return this.texts?.[this.at];
  }

  override render() {
    return html`
      <header>
        ${this.territoire?.demo ? html`<p class="demo-banner"><strong>${text.demo}</strong></p>` : nothing}
        <staff-head .place=${this.territoire?.nom ?? ""} .purpose=${"moderation"}></staff-head>
      </header>
      <main class="moderation">
        <div class="moderation-title">
          <h1>${text.title}</h1>
          <p class="moderation-count">${text.waiting(this.held)}</p>
        </div>
        <p>${text.lead}</p>
        <div class="moderation-filters">
          <div role="group" aria-label=${text.states.label} class="moderation-states">
            ${states.map(
              (state) =>
                html`<button type="button" class="button" aria-pressed=${state === this.state} @click=${() => this.#show(state)}>${text.states[state]}</button>`,
            )}
          </div>
          <label>
            <span>${text.quartier}</span>
            <select @change=${this.#choose}>
              <option value="">${text.everywhere}</option>
              ${this.quartiers.map(({ code, nom }) => html`<option value=${code}>${nom}</option>`)}
            </select>
          </label>
        </div>
        <p role="status" class="moderation-said">${this.said}</p>
        ${
          this.problem
            ? html`<div class="moderation-problem" role="alert">
                <p>${this.problem}</p>
                <button type="button" class="button" @click=${this.#start}>${text.retry}</button>
              </div>`
            : nothing
        }
        ${this.#list()}
      </main>
    `;
  }

  #list() {
    if (this.texts === null) {
      return this.problem ? nothing : html`<p>${text.loading}</p>`;
    }
    const current = this.#current;
    if (!current) return html`<p class="moderation-empty">${text.empty[this.state]}</p>`;
    const kinds = [...new Set(current.kinds)];
    const name = this.quartiers.find(({ code }) => code === current.quartier)?.nom;
    const details = [
      current.felt ? text.felt[current.felt] : "",
      ...current.themes.map((theme) => cityText.theme[theme as keyof typeof cityText.theme]),
      name ?? "",
      formatMoment(current.at),
      current.demo ? text.demo : "",
    ].filter((part) => part !== "");
    return html`
      <article class="moderation-card" tabindex="0" aria-labelledby="card-title" aria-keyshortcuts="P E R M S A H" @keydown=${this.#key}>
        <header>
          <h2 id="card-title">
            ${text.objets[current.objet]}${current.champ ? html`, ${text.champs[current.champ]}` : nothing}
          </h2>
          <p class="moderation-position">${text.position(this.at + 1, this.texts.length, this.next !== "")}</p>
        </header>
        <p class="moderation-details">${details.join("\u00a0· ")}</p>
        <blockquote class="moderation-text">${
          current.champ === ""
            ? text.noText
            : current.segments.map((segment) =>
                segment.kind
                  ? html`<mark>${segment.text}<span class="kind">${text.kinds[segment.kind]}</span></mark>`
                  : segment.text,
              )
        }</blockquote>
        ${
          current.champ === ""
            ? nothing
            : html`<p class="moderation-found">${
                kinds.length === 0
                  ? text.none
                  : `${text.found}${colon}${kinds.map((kind) => text.kinds[kind]).join(", ")}.`
              }</p>`
        }
        ${
          current.shown && current.state === "redacted"
            ? html`<p><strong>${text.shown} :</strong> ${current.shown}</p>`
            : nothing
        }
        ${current.reason ? html`<p><strong>${text.reason} :</strong> ${text.reasons[current.reason as Reason] ?? ""}</p>` : nothing}
        ${this.verdict === null ? this.#buttons(current) : this.#form(current, this.verdict)}
        ${this.history === null ? nothing : this.#past(this.history)}
      </article>
      <p class="moderation-keys">${text.keys}</p>
    `;
  }

  #buttons(current: Held) {
    const about = current.champ !== "" && !current.hidden;
    return html`<div class="moderation-actions">
      ${
        about
          ? html`<button type="button" class="button primary" ?disabled=${this.busy} @click=${() => this.#decide("publish")}>${icon(Check)} ${text.publish}</button>
            <button type="button" class="button" ?disabled=${this.busy} @click=${() => this.#ask("redact")}>${icon(PenLine)} ${text.redact}</button>
            <button type="button" class="button" ?disabled=${this.busy} @click=${() => this.#ask("withhold")}>${icon(X)} ${text.withhold}</button>`
          : nothing
      }
      ${
        current.hidden
          ? html`<button type="button" class="button" ?disabled=${this.busy} @click=${() => this.#ask("restore")}>${icon(Eye)} ${text.restore}</button>`
          : isHideable(current.objet)
            ? html`<button type="button" class="button" ?disabled=${this.busy} @click=${() => this.#ask("hide")}>${icon(EyeOff)} ${text.hide}</button>`
            : nothing
      }
      <span class="moderation-moves">
        <button type="button" class="button" ?disabled=${this.at === 0} @click=${() => this.#move(-1)}>${icon(ArrowLeft)} ${text.previous}</button>
        <button type="button" class="button" ?disabled=${this.at + 1 >= (this.texts?.length ?? 0) && this.next === ""} @click=${() => this.#move(1)}>${text.next} ${icon(ArrowRight)}</button>
        <button type="button" class="button" aria-expanded=${this.history !== null} @click=${this.#toggleHistory}>${icon(History)} ${text.history}</button>
      </span>
    </div>`;
  }

  #form(current: Held, verdict: Verdict) {
    const titles = {
      publish: text.publish,
      redact: text.redact,
      withhold: text.withhold,
      hide: text.hide,
      restore: text.restore,
    };
    return html`<form class="moderation-form" @submit=${this.#submit}>
      <h3>${titles[verdict]}</h3>
      ${verdict === "hide" && isHideable(current.objet) ? html`<p>${text.hideHelp[current.objet]}</p>` : nothing}
      <label>
        <span>${text.reason}</span>
        <select name="reason" required>
          <option value="">${text.choose}</option>
          ${reasonsFor[verdict].map((reason) => html`<option value=${reason}>${text.reasons[reason]}</option>`)}
        </select>
      </label>
      ${
        verdict === "redact"
          ? html`<label>
              <span>${text.replacement}</span>
              <textarea name="texte" required maxlength=${isHideable(current.objet) ? 280 : 1000} rows="4" aria-describedby="replacement-help" .value=${current.shown || current.proposal}></textarea>
            </label>
            <p id="replacement-help" class="moderation-hint">${text.replacementHelp}</p>`
          : nothing
      }
      <div class="moderation-actions">
        <button type="submit" class="button primary" ?disabled=${this.busy}>${text.confirm}</button>
        <button type="button" class="button" @click=${this.#cancel}>${text.cancel}</button>
      </div>
    </form>`;
  }

  #past(decisions: readonly Decision[]) {
    if (decisions.length === 0) return html`<p class="moderation-history">${text.historyEmpty}</p>`;
    return html`<ol class="moderation-history">
      ${decisions.map(
        (d) => html`<li>
          <strong>${text.verdicts[d.verdict]}</strong>, ${formatMoment(d.at)}, ${d.auteur || text.roles[d.role as keyof typeof text.roles] || ""}
          ${d.reason ? html`<br />${text.reason} : ${text.reasons[d.reason as Reason] ?? ""}` : nothing}
          ${d.texte ? html`<br />« ${d.texte} »` : nothing}
        </li>`,
      )}
    </ol>`;
  }

  #show(state: State): void {
    this.state = state;
    this.said = "";
    void this.#try(() => this.#load());
  }

  readonly #choose = (event: Event) => {
    this.quartier = (event.target as HTMLSelectElement).value;
    void this.#try(() => this.#load());
  };

  #ask(verdict: Verdict): void {
    this.verdict = verdict;
    this.said = "";
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>("select[name=reason]")?.focus(),
    );
  }

  readonly #cancel = () => {
    this.#settle();
    this.#focus();
  };

  #focus(): void {
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(".moderation-card")?.focus(),
    );
  }

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const verdict = this.verdict;
    if (verdict === null) return;
    void this.#decide(verdict, String(form.get("reason") ?? ""), String(form.get("texte") ?? ""));
  };

  #decide(verdict: Verdict, reason = "", texte = ""): Promise<void> {
    return this.#try(async () => {
      const current = this.#current;
      if (!current) return;
      this.#decision ||= uuidV4();
      const about = verdict !== "hide" && verdict !== "restore";
      const { held } = await post("/api/v1/moderation/decisions", {
        id: this.#decision,
        objet: current.objet,
        objet_id: current.objet_id,
        verdict,
        ...(reason === "" ? {} : { reason }),
        ...(about && current.champ !== "" ? { champ: current.champ, digest: current.digest } : {}),
        ...(verdict === "redact" ? { texte } : {}),
      });
      this.held = held;
      this.said = text.done[verdict];
      // A hidden object takes all its texts along.
      this.texts = (this.texts ?? []).filter((one) =>
        about ? one !== current : one.objet_id !== current.objet_id,
      );
      this.at = Math.min(this.at, Math.max(0, this.texts.length - 1));
      this.#settle();
      if (this.texts.length === 0 && this.next !== "") await this.#load();
      this.#focus();
    });
  }

  #move(by: 1 | -1): void {
    const to = this.at + by;
    const count = this.texts?.length ?? 0;
    if (to < 0) return;
    if (to >= count) {
      if (this.next !== "") void this.#try(() => this.#load(this.next)).then(() => this.#focus());
      return;
    }
    this.at = to;
    this.said = "";
    this.#settle();
    this.#focus();
  }

  readonly #toggleHistory = () => {
    if (this.history !== null) {
      this.history = null;
      return;
    }
    void this.#try(async () => {
      const current = this.#current;
      if (!current) return;
      const path = { objet: current.objet, id: current.objet_id };
      const { decisions } = await get("/api/v1/moderation/{objet}/{id}", { path });
      this.history = decisions;
    });
  };

  readonly #key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const current = this.#current;
    if (!current) return;
    if (this.verdict !== null) {
      if (event.key === "Escape") this.#cancel();
      return; // letters are words here
    }
    const about = current.champ !== "" && !current.hidden && !this.busy;
    switch (event.key.toLowerCase()) {
      case "p":
        if (about) void this.#decide("publish");
        break;
      case "e":
        if (about) this.#ask("redact");
        break;
      case "r":
        if (about) this.#ask("withhold");
        break;
      case "m":
        if (!this.busy && isHideable(current.objet)) this.#ask(current.hidden ? "restore" : "hide");
        break;
      case "s":
        this.#move(1);
        break;
      case "a":
        this.#move(-1);
        break;
      case "h":
        this.#toggleHistory();
        break;
      default:
        return;
    }
    event.preventDefault();
  };
}

customElements.define("moderation-page", ModerationPage);
