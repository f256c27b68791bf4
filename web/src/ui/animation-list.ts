import { html, nothing } from "lit";
import { type Atelier, Problem, type Quartier, type Territoire } from "../api";
import { betweenSteps } from "../state";
import { text } from "../text/animation";
import { stageOf } from "./animation-draft";
import type { AnimationForm } from "./animation-form";
import "./animation-form";
import "./animation-propose";
import { atelierCard, atelierList, loadCity } from "./atelier-list";
import "./language-switch";
import { LightElement } from "./light-element";
import "./staff-head";

/** The ateliers of the territoire, and the form that prepares another. */
export class AnimationList extends LightElement {
  static override properties = {
    territoire: { state: true },
    quartiers: { state: true },
    ateliers: { state: true },
    problem: { state: true },
  };
  declare territoire: Territoire | null;
  declare quartiers: readonly Quartier[];
  declare private ateliers: readonly Atelier[] | null;
  declare private problem: string;

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.ateliers = null;
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.title} – ${text.name}`;
    void this.#load();
  }

  async #load(): Promise<void> {
    this.problem = "";
    try {
      const { territoire, quartiers, ateliers } = await loadCity();
      this.territoire = territoire;
      this.quartiers = quartiers;
      this.ateliers = ateliers;
      // From the map of a quartier: /animation?quartier=HC.
      const asked = new URLSearchParams(location.search).get("quartier") ?? "";
      if (quartiers.some(({ properties }) => properties.code === asked)) {
        await this.updateComplete;
        await this.#propose(asked);
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  override render() {
    return html`
      <header>
        ${this.territoire?.demo ? html`<p class="demo-banner"><strong>${text.demo}</strong></p>` : nothing}
        <staff-head .place=${this.territoire?.nom ?? ""}></staff-head>
      </header>
      <main class="list-page">
        <div class="list-intro">
          <h1>${text.list.heading}</h1>
          <p>${text.list.intro}</p>
        </div>
        <section class="list-ateliers" aria-labelledby="now-title">
          <h2 id="now-title">${text.list.now}</h2>
          ${this.#ateliers()}
        </section>
        <animation-propose
          .territoire=${this.territoire}
          .quartiers=${this.quartiers}
          @propose=${(event: CustomEvent<string>) => void this.#propose(event.detail)}
        ></animation-propose>
        <animation-form
          .territoire=${this.territoire}
          .quartiers=${this.quartiers}
          .ateliers=${this.ateliers ?? []}
        ></animation-form>
      </main>
    `;
  }

  /** The form is filled in for a quartier, and waits for its date. */
  async #propose(quartier: string): Promise<void> {
    await this.querySelector<AnimationForm>("animation-form")?.propose(quartier);
  }

  #ateliers() {
    if (this.problem !== "") {
      return html`<div class="notice" role="alert">
        <p>${this.problem}</p>
        <button type="button" class="button" @click=${this.#load}>${text.retry}</button>
      </div>`;
    }
    if (this.ateliers === null) return html`<p role="status">${text.loading}</p>`;
    return atelierList(this.ateliers, text.list.empty, (one) => this.#card(one));
  }

  #card(one: Atelier) {
    const said =
      (one.markers ?? 0) > 0 ? text.list.said(one.participants ?? 0, one.markers ?? 0) : "";
    const name = text.steps[one.step] ?? "";
    const stage = stageOf(one, Date.now());
    const step =
      stage !== "open" ? "" : betweenSteps(one) ? text.list.between(name) : text.list.step(name);
    return atelierCard(
      one,
      this,
      { href: `/animation/${one.id}`, label: text.list.open(one.titre) },
      [text.states[stage], step].filter(Boolean).join(", "),
      [text.list.tables(one.tables.length), said],
    );
  }
}

customElements.define("animation-list", AnimationList);
