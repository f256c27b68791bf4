import { html, nothing } from "lit";
import { type Atelier, Problem, type Quartier, type Territoire } from "../api";
import { Deck } from "../deck";
import { text as animation } from "../text/animation";
import { formatMomentOf } from "../text/format";
import { text } from "../text/restitution";
import { stageOf } from "./animation-draft";
import { stepsOf } from "./animation-plan";
import "./animation-restitution";
import { atelierCard, atelierList, loadCity, quartierName } from "./atelier-list";
import { LightElement } from "./light-element";
import "./staff-head";

/** The step at which the police speaks. */
const RESTITUTION = 3;

/**
 * Where the police prepares what it shows: the evenings to come, and the slides of
 * the one that the address names. The wall itself is moved by who leads the evening.
 */
export class RestitutionPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    quartiers: { state: true },
    ateliers: { state: true },
    changes: { state: true },
    problem: { state: true },
  };
  declare territoire: Territoire | null;
  declare quartiers: readonly Quartier[];
  /** Null until they are known. */
  declare private ateliers: readonly Atelier[] | null;
  declare private changes: number;
  declare private problem: string;
  readonly #asked = /^\/restitution\/([^/]+)/.exec(location.pathname)?.[1] ?? "";
  #deck: Deck | null = null;

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.ateliers = null;
    this.changes = 0;
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.page.title} – ${animation.name}`;
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#deck?.stop();
    this.#deck = null;
  }

  readonly #load = async (): Promise<void> => {
    this.problem = "";
    try {
      const { territoire, quartiers, ateliers } = await loadCity();
      this.territoire = territoire;
      this.quartiers = quartiers;
      // A réunion spécifique has no such step.
      this.ateliers = ateliers.filter(({ kind }) => stepsOf(kind).includes(RESTITUTION));
      const one = this.#one;
      if (one && !this.#deck) {
        this.#deck = new Deck(one.id, () => {
          this.changes++;
        });
        document.title = `${text.page.title} – ${one.titre} – ${animation.name}`;
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  };

  get #one(): Atelier | undefined {
    return this.ateliers?.find(({ id }) => id === this.#asked);
  }

  override render() {
    return html`
      <header>
        ${this.territoire?.demo ? html`<p class="demo-banner"><strong>${animation.demo}</strong></p>` : nothing}
        <staff-head .place=${this.territoire?.nom ?? ""}></staff-head>
      </header>
      <main class="list-page deck-page">${this.#body()}</main>
    `;
  }

  #body() {
    if (this.problem !== "") {
      return html`<h1>${text.page.title}</h1>
        <div class="notice" role="alert">
          <p>${this.problem}</p>
          <button type="button" class="button" @click=${this.#load}>${animation.retry}</button>
        </div>`;
    }
    if (this.ateliers === null)
      return html`<h1>${text.page.title}</h1><p role="status">${animation.loading}</p>`;
    const one = this.#one;
    return one && this.#deck ? this.#evening(one, this.#deck) : this.#list(this.ateliers);
  }

  #evening(one: Atelier, deck: Deck) {
    const closed = one.state === "closed";
    return html`<div class="list-intro">
        <p><a href="/restitution">${text.page.back}</a></p>
        <h1>${one.titre}</h1>
        <p>${formatMomentOf(one.titre, one.starts_at, this.territoire?.fuseau)}</p>
        <p class="muted">${[quartierName(this.quartiers, one.quartier), one.lieu].filter(Boolean).join("\u00a0· ")}</p>
        ${closed ? nothing : html`<p>${text.page.wall}</p>`}
      </div>
      <animation-restitution .atelier=${one} .quartier=${this.#quartierOf(one.quartier)} .deck=${deck} .seq=${this.changes} .leads=${false} .closed=${closed}></animation-restitution>`;
  }

  #list(ateliers: readonly Atelier[]) {
    return html`<div class="list-intro">
        <h1>${text.page.title}</h1>
        <p>${text.page.intro}</p>
        ${this.#asked === "" ? nothing : html`<p role="alert">${text.page.unknown}</p>`}
      </div>
      <section class="list-ateliers" aria-labelledby="now-title">
        <h2 id="now-title">${animation.list.now}</h2>
        ${atelierList(ateliers, text.page.empty, (one) =>
          atelierCard(
            one,
            this,
            { href: `/restitution/${one.id}`, label: text.page.open(one.titre) },
            animation.states[stageOf(one, Date.now())],
          ),
        )}
      </section>`;
  }

  #quartierOf(code: string): Quartier | null {
    return this.quartiers.find(({ properties }) => properties.code === code) ?? null;
  }
}

customElements.define("restitution-page", RestitutionPage);
