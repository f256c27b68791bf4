import { html, nothing } from "lit";
import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, Eye, MonitorUp, X } from "lucide";
import { type Atelier, get, Problem, type Quartier, type Schemas, type Theme } from "../api";
import type { Deck } from "../deck";
import {
  isCounted,
  isLocated,
  MAX_SLIDES,
  SLIDE_KINDS,
  type Slide,
  type SlideKind,
  shifted,
  type Told,
  takesMoment,
  takesTheme,
  titleOf,
  usualSlides,
} from "../slide";
import { text as resident } from "../text/atelier";
import { formatDate } from "../text/format";
import { text } from "../text/restitution";
import "../style/evening.css";
import { themes } from "./address";
import "./date-field";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import "./slide-picture";
import { slideHead } from "./slide-words";
import "./slide-words";

const MOMENTS = ["day", "evening", "night"] as const;

/** What a slide can be made of, beside signalements. */
interface Offer {
  readonly editions: readonly Schemas["Edition"][];
  readonly indicators: readonly string[];
}

/** The police's slides: chosen and ordered before, moved on the wall during the step. */
export class AnimationRestitution extends LightElement {
  static override properties = {
    atelier: { attribute: false },
    quartier: { attribute: false },
    deck: { attribute: false },
    seq: { attribute: false },
    presenting: { attribute: false },
    leads: { attribute: false },
    closed: { attribute: false },
    kind: { state: true },
    offer: { state: true },
    preview: { state: true },
    message: { state: true },
    busy: { state: true },
  };
  declare atelier: Atelier;
  declare quartier: Quartier | null;
  declare deck: Deck;
  /** Changes whenever the deck does. */
  declare seq: number;
  /** The step of the restitution is open. */
  declare presenting: boolean;
  /** Whoever reads this moves the wall; the police prepares what is on it. */
  declare leads: boolean;
  declare closed: boolean;
  declare private kind: SlideKind;
  declare private offer: Offer;
  declare private preview: { readonly rang: number; readonly told: Told } | null;
  declare private message: string;
  declare private busy: boolean;
  #seen = "";

  constructor() {
    super();
    this.quartier = null;
    this.seq = 0;
    this.presenting = false;
    this.leads = true;
    this.closed = false;
    this.kind = "map";
    this.offer = { editions: [], indicators: [] };
    this.preview = null;
    this.message = "";
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#key);
    void this.#try(() => this.deck.read());
    void this.#readOffer();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#key);
    this.deck.follow(false);
  }

  override willUpdate(): void {
    // The wall has keys of its own.
    this.deck.follow(this.presenting);
    const { version, recounted } = this.deck;
    if (`${version}/${recounted}` === this.#seen) return;
    this.#seen = `${version}/${recounted}`;
    this.preview = null;
  }

  async #readOffer(): Promise<void> {
    const query = { territoire: this.atelier.territoire };
    const [editions, recorded] = await Promise.all([
      get("/api/v1/editions", { query }).catch(() => ({ editions: [] })),
      get("/api/v1/statistiques/communales", { query }).catch(() => ({ indicators: [] })),
    ]);
    this.offer = {
      editions: editions.editions.filter(
        (one) => one.quartier === this.atelier.quartier && one.withdrawn_on === undefined,
      ),
      indicators: [...new Set(recorded.indicators.map(({ indicator }) => indicator))],
    };
  }

  async #try(call: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.message = "";
    try {
      await call();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const overtaken = error.code === "version_depassee";
      this.message = overtaken ? text.overtaken : error.message;
      if (overtaken) await this.deck.read().catch(() => undefined);
    } finally {
      this.busy = false;
    }
  }

  readonly #key = (event: KeyboardEvent) => {
    if (!this.presenting || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element | null;
    if (target?.closest("input, select, textarea, dialog")) return;
    const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#move(by);
  };

  #move(by: number): void {
    const to = this.deck.shown + by;
    if (to < 0 || to > this.deck.slides.length) return;
    void this.#try(() => this.deck.show(to));
  }

  override render() {
    const { slides } = this.deck;
    return html`<div class="evening">
      <h2>${text.heading}</h2>
      <p class="hint">${text.help}</p>
      <p class="hint">${text.rule}</p>
      <p role="status">${this.message}</p>
      ${slides.length > 0 && this.leads && !this.closed ? this.#wall() : nothing}
      ${this.#list()} ${this.#previewed()}
      ${this.closed ? html`<p class="hint">${text.closed}</p>` : this.#form()}
    </div>`;
  }

  // ── The wall ─────────────────────────────────────────────────────────────

  #wall() {
    const { shown, slides } = this.deck;
    return html`<section class="deck-wall" aria-labelledby="deck-wall-title">
      <h3 id="deck-wall-title">${text.wall.heading}</h3>
      <p role="status">
        <strong>${shown === 0 ? text.wall.opening : `${text.wall.now(shown, slides.length)} : ${titleOf(slides[shown - 1] as Slide)}`}</strong>
      </p>
      <p class="row">
        <button type="button" class="button deck-move" ?disabled=${shown === 0 || !this.presenting} @click=${() => this.#move(-1)}>${icon(ChevronLeft)} ${text.wall.previous}</button>
        <button type="button" class="button primary deck-move" ?disabled=${shown >= slides.length || !this.presenting} @click=${() => this.#move(1)}>${text.wall.next} ${icon(ChevronRight)}</button>
      </p>
      <p class="hint">${!this.presenting ? text.wall.notYet : shown >= slides.length ? text.wall.end : text.wall.help}</p>
    </section>`;
  }

  // ── The list ─────────────────────────────────────────────────────────────

  #list() {
    const { slides, shown } = this.deck;
    if (slides.length === 0) {
      return html`<p class="hint">${text.none}</p>
        ${this.closed ? nothing : html`<p class="row"><button type="button" class="button primary" ?disabled=${!this.deck.known} @click=${() => void this.#try(() => this.deck.choose(usualSlides(new Date())))}>${text.usual}</button></p>`}`;
    }
    return html`<ol class="findings deck" aria-label=${text.list}>
      ${slides.map((slide, i) => {
        const title = titleOf(slide);
        return html`<li class="finding" aria-current=${this.presenting && shown === i + 1 ? "true" : nothing}>
          <p><strong>${i + 1}. ${title}</strong> ${this.presenting && shown === i + 1 ? html`<span class="tag">${text.wall.shown}</span>` : nothing}</p>
          <p class="hint">${slideFacts(slide)}</p>
          <p class="row">
            <button type="button" class="button small" aria-label=${text.preview(title)} title=${text.preview(title)} @click=${() => void this.#look(i + 1)}>${icon(Eye)}</button>
            ${
              this.closed
                ? nothing
                : html`<button type="button" class="button small" aria-label=${text.up(title)} title=${text.up(title)} ?disabled=${i === 0} @click=${() => this.#put(shifted(slides, i, -1))}>${icon(ArrowUp)}</button>
                    <button type="button" class="button small" aria-label=${text.down(title)} title=${text.down(title)} ?disabled=${i === slides.length - 1} @click=${() => this.#put(shifted(slides, i, 1))}>${icon(ArrowDown)}</button>
                    <button type="button" class="button small" aria-label=${text.remove(title)} title=${text.remove(title)} @click=${() => this.#put(slides.filter((_, at) => at !== i))}>${icon(X)}</button>`
            }
            ${this.presenting ? html`<button type="button" class="button small" aria-label=${text.wall.show(title)} title=${text.wall.show(title)} @click=${() => void this.#try(() => this.deck.show(i + 1))}>${icon(MonitorUp)}</button>` : nothing}
          </p>
        </li>`;
      })}
    </ol>`;
  }

  #put(slides: readonly Slide[]): void {
    void this.#try(() => this.deck.choose(slides));
  }

  async #look(rang: number): Promise<void> {
    await this.#try(async () => {
      this.preview = { rang, told: await this.deck.tell(rang) };
    });
    await this.updateComplete;
    this.querySelector(".deck-preview")?.scrollIntoView({ block: "nearest" });
  }

  #previewed() {
    if (this.preview === null) return nothing;
    const { told } = this.preview;
    return html`<section class="deck-preview" aria-label=${text.previewTitle}>
      ${slideHead(told)}
      <slide-picture .told=${told} .quartier=${this.quartier}></slide-picture>
      <slide-words .told=${told} .quartier=${this.quartier?.properties.nom ?? ""}></slide-words>
      <p class="row"><button type="button" class="button small" @click=${() => {
        this.preview = null;
      }}>${text.close}</button></p>
    </section>`;
  }

  // ── The form ─────────────────────────────────────────────────────────────

  #form() {
    const { kind } = this;
    if (this.deck.slides.length >= MAX_SLIDES) return html`<p class="hint">${text.full}</p>`;
    const choices = this.#choices();
    return html`<h3>${text.add}</h3>
      <form class="inline-form deck-form" @submit=${this.#submit}>
        <label>${text.kind}
          <select name="kind" @change=${(event: Event) => {
            this.kind = (event.target as HTMLSelectElement).value as SlideKind;
          }}>${SLIDE_KINDS.map((one) => html`<option value=${one} ?selected=${one === kind}>${text.kinds[one]}</option>`)}</select>
        </label>
        ${
          takesTheme(kind)
            ? html`<label>${text.theme}
                <select name="theme">
                  <option value="">${text.allThemes}</option>
                  ${themes.filter((one) => !isLocated(kind) || one !== "STU").map((one) => html`<option value=${one}>${resident.themes[one]}</option>`)}
                </select>
              </label>`
            : nothing
        }
        ${
          takesMoment(kind)
            ? html`<label>${text.moment}
                <select name="moment">
                  <option value="">${text.allMoments}</option>
                  ${MOMENTS.map((one) => html`<option value=${one}>${text.moments[one]}</option>`)}
                </select>
              </label>`
            : nothing
        }
        ${
          isCounted(kind)
            ? html`<date-field name="from" label=${text.from} described="deck-period"></date-field>
                <date-field name="to" label=${text.to} described="deck-period"></date-field>
                <p class="hint full" id="deck-period">${text.periodHelp}</p>`
            : choices.length > 0
              ? html`<label>${kind === "edition" ? text.edition : text.recorded}
                  <select name="choice">${choices.map(({ value, label }) => html`<option value=${value}>${label}</option>`)}</select>
                </label>`
              : html`<p class="hint">${text.nothingToChoose[kind as "edition" | "recorded"]}</p>`
        }
        <button class="button" ?disabled=${!isCounted(kind) && choices.length === 0}>${text.submit}</button>
      </form>`;
  }

  #choices(): readonly { readonly value: string; readonly label: string }[] {
    const { editions, indicators } = this.offer;
    switch (this.kind) {
      case "edition":
        return editions.map(({ numero }) => ({
          value: `${numero}`,
          label: text.editionNumber(numero),
        }));
      case "recorded":
        return indicators.map((one) => ({ value: one, label: one }));
      default:
        return [];
    }
  }

  readonly #submit = (event: Event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const read = (name: string) => String(data.get(name) ?? "");
    const choice = read("choice");
    const slide: Slide = {
      kind: this.kind,
      ...(read("theme") === "" ? {} : { theme: read("theme") as Theme }),
      ...(read("moment") === "" ? {} : { moment: read("moment") as (typeof MOMENTS)[number] }),
      ...(read("from") === "" ? {} : { from: read("from") }),
      ...(read("to") === "" ? {} : { to: read("to") }),
      ...(this.kind === "edition" ? { numero: Number(choice) } : {}),
      ...(this.kind === "recorded" ? { indicateur: choice } : {}),
    };
    this.#put([...this.deck.slides, slide]);
  };
}

/** The kind and the period that were asked for. */
function slideFacts({ kind, from, to }: Slide): string {
  const period =
    from && to
      ? text.period.between(from, to)
      : to
        ? text.period.until(to)
        : from
          ? `${text.from} ${formatDate(from)}`
          : "";
  return [text.kinds[kind], period].filter(Boolean).join("\u00a0· ");
}

customElements.define("animation-restitution", AnimationRestitution);
