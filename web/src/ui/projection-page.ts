import { html, nothing, type PropertyValues } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { ArrowRight, Check } from "lucide";
import { type Atelier, get, type Hexagone, Problem, type Quartier, type Territoire } from "../api";
import { Deck } from "../deck";
import { Book } from "../evening";
import { createMap } from "../map/leaflet";
import { classOf, shownCount } from "../map/legend";
import type { QuartierShape, QuietudeMap } from "../map/map";
import { newsSeq, silent } from "../remark";
import { Replica } from "../replica";
import { isMap, slideOutlines, slidePicture, slideShapes, type Told, titleOf } from "../slide";
import { betweenSteps } from "../state";
import { text } from "../text/animation";
import { mapWords } from "../text/city";
import { text as evening } from "../text/evening";
import { formatNumber, formatTime } from "../text/format";
import { text as slideText } from "../text/restitution";
import { cellId, type Extent } from "../units";
import { countMarkers, visible } from "./animation-counts";
import { clockOf, planOf, stepAfter, stepsOf } from "./animation-plan";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import "./projection-codes";
import { mixedClass, RESOLUTION } from "./projection-hexagon";
import "./projection-legend";
import type { ProjectionStep } from "./projection-step";
import "./projection-step";
import {
  firstView,
  keys,
  TURN,
  turned,
  type WallView,
  type Wish,
  wished,
  wishOf,
} from "./projection-view";
import "./slide-picture";
import { slideHead } from "./slide-words";
import "./slide-words";

/** Steps with a screen of their own beside the map: welcome, diagnostic, answers, synthesis, follow-up. */
const WELCOME = 1;
const SPOKEN: readonly number[] = [2, 5, 6, 7];
/** The step at which the police shows its slides, if any were chosen. */
const RESTITUTION = 3;
/** Milliseconds between two readings of the hexagons while the log moves. */
const HEXAGONS_EVERY = 2_000;
/** Milliseconds that the controls stay after the mouse has moved. */
const CONTROLS = 3_000;
/** Milliseconds without a line before the hall is told. */
const PATIENCE = 5_000;
const RETRY = 5_000;
/** Names and markers on a wall of 1080 lines, against those of a laptop's map. */
const NAME_SCALE = 2.6;
const SHAPE_SCALE = 1.9;

/** The wall of the hall: the map of all tables, a legend and one sentence. */
export class ProjectionPage extends LightElement {
  static override properties = {
    atelier: { state: true },
    view: { state: true },
    hexagons: { state: true },
    failed: { state: true },
    controls: { state: true },
    now: { state: true },
    told: { state: true },
  };
  declare private atelier: Atelier | null;
  declare private view: WallView;
  declare private hexagons: readonly Hexagone[];
  declare private failed: boolean;
  declare private controls: boolean;
  /** Server clock, milliseconds. */
  declare private now: number;
  /** The slide on the wall; null on the opening page and until it is counted. */
  declare private told: Told | null;

  readonly #id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  #book: Book | null = null;
  #bookSeq = 0;
  #deck: Deck | null = null;
  /** What the deck said when the slide on the wall was counted. */
  #recounted = 0;
  /** Whether the map makes room for a slide. */
  #sliding = false;
  #territoire: Territoire | null = null;
  #quartier: Quartier | null = null;
  #map: QuietudeMap | null = null;
  #replica: Replica | null = null;
  #stops: (() => void)[] = [];
  #frame = 0;
  #lostAt: number | null = null;
  #turnAt = Date.now() + TURN;
  #hexagonsSeq = -1;
  #hexagonsAt = 0;
  #controlsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.atelier = null;
    this.view = firstView;
    this.hexagons = [];
    this.failed = false;
    this.controls = false;
    this.now = Date.now();
    this.told = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const tick = setInterval(() => this.#tick(), 500);
    const key = (event: KeyboardEvent) => this.#key(event);
    const move = () => this.#showControls();
    const wake = () => this.#replica?.wake();
    document.addEventListener("keydown", key);
    document.addEventListener("pointermove", move);
    window.addEventListener("online", wake);
    this.#stops = [
      () => clearInterval(tick),
      () => document.removeEventListener("keydown", key),
      () => document.removeEventListener("pointermove", move),
      () => window.removeEventListener("online", wake),
    ];
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#controlsTimer);
    this.#replica?.stop();
    this.#deck?.stop();
    this.#map?.remove();
    this.#map = null;
  }

  // ── What is asked of the server ────────────────────────────────────────

  /** A wall has nobody to press a button: it tries again by itself. */
  async #open(): Promise<void> {
    try {
      const atelier = await get("/api/v1/ateliers/{id}", { path: { id: this.#id } });
      const [{ territoires }, { features }] = await Promise.all([
        get("/api/v1/territoires"),
        get("/api/v1/quartiers", { query: { territoire: atelier.territoire } }),
      ]);
      this.#territoire = territoires.find((one) => one.code === atelier.territoire) ?? null;
      this.#quartier = features.find((one) => one.properties.code === atelier.quartier) ?? null;
      this.atelier = atelier;
      this.failed = false;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.failed = true;
      if (error.passing && this.isConnected) setTimeout(() => void this.#open(), RETRY);
      return;
    }
    document.title = text.projectionTitle(this.atelier.titre);
    await this.updateComplete;
    this.#book = new Book(this.#id, this.atelier.territoire, () => {
      this.#bookSeq++;
      this.requestUpdate();
    });
    this.#deck = new Deck(this.#id, () => void this.#tell());
    this.#createMap();
    this.#replica = new Replica({
      atelier: this.#id,
      reader: { participant: null, staff: true },
      token: () => null,
      onChange: () => this.#changed(),
    });
    this.#replica.start();
  }

  /** The slide that was there stays until the new one is counted, unless it shows too much. */
  async #tell(): Promise<void> {
    const deck = this.#deck;
    if (!deck) return;
    const { shown: rang, recounted } = deck;
    const told = rang === 0 ? null : await deck.tell(rang).catch(() => undefined);
    if (told === undefined) {
      // Without figures the wall asks again at its next turn.
      setTimeout(() => void this.#tell(), RETRY);
      if (this.#recounted !== deck.recounted) this.told = null;
    } else if (rang === deck.shown && recounted === deck.recounted) {
      this.told = told;
      this.#recounted = recounted;
    }
    this.requestUpdate();
  }

  #createMap(): void {
    const element = this.querySelector<HTMLElement>(".map");
    if (!element || !this.#territoire) return;
    const size = window.innerHeight / 1080;
    this.#map = createMap({
      element,
      extent: this.#territoire.bbox as unknown as Extent,
      territoire: this.#territoire.code,
      words: {
        ...mapWords(this.#territoire.nom),
        map: text.projection.mapLabel(this.#quartier?.properties.nom ?? ""),
      },
      still: true,
      anyZoom: true,
      nameScale: NAME_SCALE * size,
      shapeScale: SHAPE_SCALE * size,
    });
    const shape = (this.#quartier?.geometry ?? null) as QuartierShape | null;
    this.#map.setQuartier(shape);
    if (shape) this.#map.fit(shape);
  }

  #changed(): void {
    const { link } = this.#replica ?? {};
    if (link === "live") this.#lostAt = null;
    else this.#lostAt ??= Date.now();
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
      this.requestUpdate();
    });
  }

  #tick(): void {
    const now = Date.now();
    const state = this.#replica?.state;
    if (state) void this.#book?.follow(newsSeq(state.said), state.seq, false);
    this.now = now + (this.#replica?.clockAhead ?? 0);
    this.#deck?.follow(this.#own === RESTITUTION);
    if (now >= this.#turnAt && this.#drawn) this.#show(turned(this.view));
    const seq = this.#replica?.state?.seq;
    if (seq === undefined || seq === this.#hexagonsSeq || now - this.#hexagonsAt < HEXAGONS_EVERY)
      return;
    void this.#readHexagons(seq);
  }

  async #readHexagons(seq: number): Promise<void> {
    const { atelier } = this;
    if (!atelier) return;
    this.#hexagonsAt = Date.now();
    const collection = await get("/api/v1/quartiers/{code}/hexagones", {
      path: { code: atelier.quartier },
      query: {
        territoire: atelier.territoire,
        source: "markers",
        atelier: atelier.id,
        resolution: RESOLUTION,
      },
    }).catch(() => null);
    // Without an answer the next tick asks again.
    if (!collection) return;
    this.#hexagonsSeq = seq;
    this.hexagons = collection.features;
    this.#paint();
  }

  // ── What keys and the mouse ask ────────────────────────────────────────

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = turnOf(event.key);
    if (by !== null) this.#turn(by);
    const wish = wishOf(event.key);
    if (wish) this.#show(wished(this.view, wish));
  }

  /** The next page of what is on the wall, or the one before. */
  #turn(by: -1 | 1): void {
    this.querySelector<ProjectionStep>("projection-step")?.turn(by);
    const deck = this.#deck;
    if (!this.#slides || !deck) return;
    const to = deck.shown + by;
    // Refused or without a network, the wall stays where it is.
    if (to >= 0 && to <= deck.slides.length)
      void deck.show(to).catch(() => deck.read().catch(() => undefined));
  }

  #show(view: WallView): void {
    if (
      view.shown !== this.view.shown ||
      view.chosen !== this.view.chosen ||
      Date.now() >= this.#turnAt
    ) {
      this.#turnAt = Date.now() + TURN;
    }
    this.view = view;
    this.#paint();
  }

  #showControls(): void {
    this.controls = true;
    clearTimeout(this.#controlsTimer);
    this.#controlsTimer = setTimeout(() => {
      this.controls = false;
    }, CONTROLS);
  }

  readonly #fullScreen = () => {
    // Refused without a gesture or by the browser's settings: the wall works as it is.
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
    else void document.documentElement.requestFullscreen().catch(() => {});
  };

  // ── What is shown ──────────────────────────────────────────────────────

  #paint(): void {
    const map = this.#map;
    const state = this.#replica?.state;
    if (!map || !state) return;
    const { shown } = this.view;
    if (this.#slides) {
      map.setMarkers([]);
      const told = this.told && isMap(this.told.kind) ? this.told : null;
      map.setHexagons(told ? slideShapes(told) : []);
      map.setPicture(told ? slidePicture(told) : null);
      map.setOutlines(told ? slideOutlines(told) : []);
      return;
    }
    map.setPicture(null);
    map.setOutlines([]);
    const markers = shown === "markers" ? [...state.markers.values()].filter(visible) : [];
    // Later ones lie above, also after a turn.
    markers.sort((a, b) => a.added_seq - b.added_seq);
    map.setMarkers(markers.map(({ id, felt, geometry }) => ({ id, felt, geometry })));
    map.setHexagons(
      shown === "markers"
        ? []
        : this.hexagons.flatMap(({ id, geometry, properties }) => {
            const style =
              shown === "hexagons"
                ? mixedClass(properties)
                : classOf("contested", RESOLUTION, properties);
            const ring = geometry.coordinates[0];
            return style && ring ? [{ ...style, id: cellId(id), ring }] : [];
          }),
    );
  }

  /** A slide takes a wider column of words and a title over the map, and the map has to know. */
  override updated(changed: PropertyValues): void {
    const sliding = this.#slides;
    if (sliding === this.#sliding && !changed.has("told")) return;
    this.#sliding = sliding;
    const shape = (this.#quartier?.geometry ?? null) as QuartierShape | null;
    this.#map?.resized();
    const top = this.querySelector<HTMLElement>(".wall-slide-head")?.offsetHeight ?? 0;
    if (shape) this.#map?.fit(shape, { top });
    this.#paint();
  }

  override render() {
    const { atelier, view } = this;
    if (!atelier) {
      return html`<main class="wall-alone">
        <h1>${text.name}</h1>
        <p role="status">${this.failed ? text.projection.unreachable : text.loading}</p>
      </main>`;
    }
    return html`
      <main class=${classMap({ wall: true, pointing: this.controls, sliding: this.#slides })} data-seq=${this.#replica?.state?.seq ?? nothing} data-shown=${view.shown}>
        <div class="wall-map">
          <div class="map"></div>
          ${this.#lost()} ${this.#spoken()} ${this.#slide()} ${this.#course()}
          ${view.codes || this.#welcoming ? html`<projection-codes class="wall-over" .atelier=${atelier}></projection-codes>` : nothing}
        </div>
        ${this.#side(atelier)} ${this.#help()} ${this.#controls()}
      </main>
    `;
  }

  /** The step, while nobody has asked for the map with a key. */
  get #own(): number | null {
    const room = this.#replica?.state?.room;
    if (room === undefined || room.state === "closed" || this.view.chosen) return null;
    return betweenSteps(room) ? null : room.step;
  }

  /** A step was closed and the next is not open yet; with a key the hall has the map. */
  get #between(): boolean {
    const room = this.#replica?.state?.room;
    return room !== undefined && betweenSteps(room) && !this.view.chosen;
  }

  /** There is something to count: an empty wall stays on its sentence. */
  get #drawn(): boolean {
    return [...(this.#replica?.state?.markers.values() ?? [])].some(visible);
  }

  /** People come in: nothing is open yet. */
  get #before(): boolean {
    return this.#replica?.state?.room.state === "prepared" && !this.view.chosen;
  }

  /** The map is what the wall shows, with its sentence and its legend. */
  get #aboutMap(): boolean {
    return (
      !this.#slides &&
      !this.#between &&
      !this.#before &&
      (this.#own === null || !(this.#welcoming || SPOKEN.includes(this.#own)))
    );
  }

  get #welcoming(): boolean {
    return this.#own === WELCOME;
  }

  #spoken() {
    const step = this.#own;
    if (step === null || !SPOKEN.includes(step) || this.#book === null) return nothing;
    return html`<projection-step
      class="wall-over wall-spoken"
      .step=${step}
      .said=${this.#replica?.state?.said ?? silent}
      .book=${this.#book}
      .seq=${this.#bookSeq}
    ></projection-step>`;
  }

  get #slides(): boolean {
    return this.#own === RESTITUTION && (this.#deck?.slides.length ?? 0) > 0;
  }

  #slide() {
    const { told } = this;
    const deck = this.#deck;
    if (!this.#slides || !deck) return nothing;
    if (!told || deck.shown === 0) {
      return html`<section class="wall-over wall-slide" data-slide="0">
        <header class="wall-slide-head"><h2>${slideText.wall.title}</h2></header>
        <ol class="wall-slide-list">${deck.slides.map((slide) => html`<li>${titleOf(slide)}</li>`)}</ol>
      </section>`;
    }
    return html`<section class=${classMap({ "wall-slide": true, "wall-over": !isMap(told.kind), "wall-slide-map": isMap(told.kind) })} data-slide=${told.rang}>
      <header class="wall-slide-head">${slideHead(told)}</header>
      ${isMap(told.kind) ? nothing : html`<slide-picture .told=${told}></slide-picture>`}
    </section>`;
  }

  #slideSide() {
    const { told } = this;
    const deck = this.#deck;
    if (!told || !deck || deck.shown === 0) return nothing;
    return html`<slide-words .told=${told} .quartier=${this.#quartier?.properties.nom ?? ""}></slide-words>
      <p class="wall-page">${slideText.wall.page(told.rang, deck.slides.length)}</p>`;
  }

  /** What comes this evening, with the minutes that the animateur planned. */
  #agenda() {
    const kind = this.atelier?.kind ?? "atelier";
    const plan = planOf(this.atelier?.plan, kind);
    return html`<section class="wall-agenda">
      <h2>${evening.wall.agenda}</h2>
      <ol>
        ${stepsOf(kind).map(
          (step) =>
            html`<li><span>${text.steps[step]}</span> <span>${evening.wall.minutes(plan[step - 1] ?? 0)}</span></li>`,
        )}
      </ol>
    </section>`;
  }

  /** Between two steps: what has been done, what comes, and the map again with a key. */
  #course() {
    const room = this.#replica?.state?.room;
    if (!this.#between || room === undefined) return nothing;
    const kind = this.atelier?.kind ?? "atelier";
    const plan = planOf(this.atelier?.plan, kind);
    const next = stepAfter(room.step, kind);
    const words = evening.wall;
    return html`<section class="wall-over wall-course">
      <h2>${next === null ? words.last : words.next(text.steps[next] ?? "")}</h2>
      <ol>
        ${stepsOf(kind).map((step) => {
          const done = step <= room.step;
          return html`<li class=${done ? "done" : step === next ? "next" : ""} aria-current=${step === next ? "step" : nothing}>
            <span class="wall-course-mark">${done ? icon(Check) : step === next ? icon(ArrowRight) : nothing}</span>
            <span>${text.steps[step]}</span>
            <span>${done ? words.done : words.minutes(plan[step - 1] ?? 0)}</span>
          </li>`;
        })}
      </ol>
    </section>`;
  }

  #lost() {
    const lost = this.#lostAt !== null && Date.now() - this.#lostAt > PATIENCE;
    return lost ? html`<p class="wall-lost" role="alert">${text.projection.lost}</p>` : nothing;
  }

  #side(atelier: Atelier) {
    const state = this.#replica?.state;
    const counts = countMarkers(state?.markers.values() ?? []);
    const markers = counts.unsafe + counts.safe;
    const empty = state?.room.state === "closed" ? text.map.none : text.projection.empty;
    return html`<div class="wall-side">
      <header>
        ${atelier.demo ? html`<p class="demo-banner">${text.demo}</p>` : nothing}
        <h1>${this.#quartier?.properties.nom ?? atelier.titre}</h1>
        ${this.#step()}
      </header>
      ${this.#before ? html`<p class="wall-sentence">${text.projection.starts(formatTime(atelier.starts_at, this.#territoire?.fuseau))}</p>` : nothing}
      ${this.#before || this.#welcoming ? this.#agenda() : nothing} ${this.#slides ? this.#slideSide() : nothing}
      <p class="wall-sentence" ?hidden=${!this.#aboutMap}>
        ${markers === 0 ? empty : text.projection.sentence(counts.people, markers)}
      </p>
      <projection-legend class="wall-legend" ?hidden=${!this.#aboutMap} .shown=${this.view.shown} .unsafe=${formatNumber(counts.unsafe)} .safe=${formatNumber(counts.safe)} .divided=${this.hexagons.some(({ properties }) => shownCount("contested", properties) > 0)}></projection-legend>
    </div>`;
  }

  #step() {
    const room = this.#replica?.state?.room;
    if (!room) return nothing;
    if (room.state === "closed") return html`<p class="wall-step">${text.projection.closed}</p>`;
    const left = clockOf(room, this.now)?.left ?? null;
    const words =
      left === null
        ? ""
        : left <= 0
          ? text.projection.over
          : text.projection.left(Math.floor(left / 60_000));
    if (betweenSteps(room)) {
      return html`<p class="wall-step">${text.steps[room.step]}, ${evening.wall.finished}</p>`;
    }
    return html`<p class="wall-step">${text.steps[room.step]}</p>
      ${words ? html`<p class="wall-left">${words}</p>` : nothing}`;
  }

  #help() {
    if (!this.view.help) return nothing;
    return html`<section class="wall-over wall-help" aria-labelledby="help-title">
      <h2 id="help-title">${text.projection.help}</h2>
      <dl>
        ${Object.entries(keys).map(
          ([key, wish]) => html`<div>
            <dt><kbd>${key.toUpperCase()}</kbd></dt>
            <dd>${text.projection.keys[wish]}</dd>
          </div>`,
        )}
      </dl>
      <p>${text.projection.helpNote}</p>
    </section>`;
  }

  /** Nothing is seen of them until the mouse moves or the keyboard reaches them. */
  #controls() {
    const pressed = (wish: Wish): "true" | "false" => {
      const { shown, chosen, codes, help } = this.view;
      const is =
        wish === "codes"
          ? codes
          : wish === "help"
            ? help
            : wish === "auto"
              ? !chosen
              : chosen && shown === wish;
      return is ? "true" : "false";
    };
    return html`<div class="wall-controls" role="toolbar" aria-label=${text.projection.controls}>
      ${Object.values(keys).map(
        (
          wish,
        ) => html`<button type="button" aria-pressed=${pressed(wish)} @click=${() => this.#show(wished(this.view, wish))}>
          ${text.projection.keys[wish]}
        </button>`,
      )}
      <button type="button" @click=${this.#fullScreen}>${text.projection.keys.full}</button>
    </div>`;
  }
}

/** Arrows, and the keys of a remote control. */
function turnOf(key: string): -1 | 1 | null {
  if (key === "ArrowRight" || key === "PageDown") return 1;
  return key === "ArrowLeft" || key === "PageUp" ? -1 : null;
}

customElements.define("projection-page", ProjectionPage);
