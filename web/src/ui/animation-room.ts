import { html, nothing } from "lit";
import { ExternalLink, FileText, WifiOff } from "lucide";
import { type Atelier, get, Problem, post, put, type Quartier, type Territoire } from "../api";
import { Deck } from "../deck";
import { middleOf } from "../draw/shape";
import { Book, nextRank, type ReadRemark, unanswered } from "../evening";
import { createMap } from "../map/leaflet";
import type { QuartierShape, QuietudeMap } from "../map/map";
import {
  type Entry,
  FELTS,
  type Felt,
  type MarkerState,
  parseEntryPage,
  type Room,
  type Uuid,
} from "../protocol";
import { newsSeq, silent } from "../remark";
import { Replica } from "../replica";
import { betweenSteps } from "../state";
import { text as access } from "../text/access";
import { text as account } from "../text/account";
import { text } from "../text/animation";
import { mapWords } from "../text/city";
import { text as evening } from "../text/evening";
import { formatMoment, formatMomentOf } from "../text/format";
import { type Extent, type LonLat, lonLat, toLonLat } from "../units";
import { uuidV7 } from "../uuid";
import type { AnswerWish } from "./animation-answers";
import "./animation-answers";
import "./animation-before";
import type { AnimationCode } from "./animation-code";
import "./animation-code";
import { byTable, type Choice, chosenMarkers, countMarkers, visible } from "./animation-counts";
import type { FindingWish, RemarkWish } from "./animation-diagnostic";
import "./animation-diagnostic";
import "./animation-feed";
import type { AnimationFreeze, BeforeFreeze } from "./animation-freeze";
import "./animation-freeze";
import type { AnimationPublication } from "./animation-publication";
import "./animation-publication";
import "./animation-marker";
import { type Change, Orders } from "./animation-orders";
import { type Clock, extended, nextAction, planOf, stepsOf } from "./animation-plan";
import "./animation-erasure";
import type { AnimationReport } from "./animation-report";
import "./animation-report";
import "./animation-restitution";
import "./animation-steps";
import "./animation-synthesis";
import type { DrawingWish } from "./animation-tables";
import "./animation-tables";
import { feltMark } from "./felt-mark";
import { icon } from "./icon";
import "./language-switch";
import { LightElement } from "./light-element";

/** What a table sent too late, as counts. */
interface Late {
  readonly numero: number;
  readonly operations: number;
  readonly participants: number;
}

/** What the middle of the page shows. */
const VIEWS = ["before", "map", "diagnostic", "restitution", "answers", "synthesis"] as const;
type View = (typeof VIEWS)[number];
/** What belongs to each step; the map belongs to the others. */
const VIEW_OF: Readonly<Record<number, View>> = {
  2: "diagnostic",
  3: "restitution",
  5: "answers",
  6: "synthesis",
};
/** Milliseconds between two looks at what clusters. */
const SUGGEST_EVERY = 3_000;

/** Milliseconds between two readings of who has sat down. */
const PEOPLE_EVERY = 4_000;
/** Milliseconds between two readings of what arrived after the freeze. */
const LATE_EVERY = 15_000;
/** Milliseconds without a line before it is said: a short gap mends itself. */
const PATIENCE = 2_000;
/** Milliseconds after which a request counts as lost; it is sent again with the same ids. */
const REQUEST_TIMEOUT = 15_000;
/** Entries of the log that are read back to know when markers were added. */
const LOG_BACK = 500;
/** Markers, the newest ones, whose street is looked up. */
const NAMED = 40;
/** A marker that is looked at is brought this near at least. */
const CLOSE = 17;

/** One atelier in the hands of its animateur. */
export class AnimationRoom extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    atelier: { state: true },
    territoire: { state: true },
    quartier: { state: true },
    failure: { state: true },
    choice: { state: true },
    picked: { state: true },
    plan: { state: true },
    late: { state: true },
    refusals: { state: true },
    now: { state: true },
    view: { state: true },
  };
  declare atelierId: Uuid;
  declare private atelier: Atelier | null;
  declare private territoire: Territoire | null;
  declare private quartier: Quartier | null;
  /** Why the page cannot be shown; "" while it can. */
  declare private failure: string;
  declare private choice: Choice;
  declare private picked: Uuid | null;
  declare private plan: readonly number[];
  /** What arrived after the freeze; null while it cannot be read. */
  declare private late: readonly Late[] | null;
  declare private refusals: readonly string[];
  /** Server clock, milliseconds. */
  declare private now: number;
  declare private view: View;

  /** Findings and answers; null until the atelier is known. */
  #book: Book | null = null;
  #bookSeq = 0;
  #bookAt = 0;
  #deck: Deck | null = null;
  #deckSeq = 0;
  #viewStep: number | null = null;
  /** Somebody looked elsewhere already. */
  #chosen = false;
  /** What was shown last. */
  #state: Room["state"] | null = null;
  #map: QuietudeMap | null = null;
  #replica: Replica | null = null;
  #stops: (() => void)[] = [];
  #frame = 0;
  /** When the line was lost, clock of the device; null while it is live. */
  #lostAt: number | null = null;
  /** The most devices seen at each table. */
  readonly #seen = new Map<number, number>();
  readonly #times = new Map<Uuid, number>();
  readonly #streets = new Map<Uuid, string>();
  #peopleAt = 0;
  #lateAt = 0;
  readonly #orders = new Orders({
    post: (ops) =>
      post(
        "/api/v1/ateliers/{id}/ops",
        { ops: ops as never },
        {
          path: { id: this.atelierId },
          signal: AbortSignal.timeout(REQUEST_TIMEOUT),
        },
      ),
    onChange: () => this.requestUpdate(),
    onRefused: ({ words }, detail) => {
      this.refusals = [...this.refusals, text.line.refusedOrder(words, detail)];
    },
  });

  constructor() {
    super();
    this.atelierId = "";
    this.atelier = null;
    this.territoire = null;
    this.quartier = null;
    this.failure = "";
    this.choice = { table: null, felt: null };
    this.picked = null;
    this.plan = planOf(undefined, "atelier");
    this.late = null;
    this.refusals = [];
    this.view = "map";
    this.now = Date.now();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const tick = setInterval(() => this.#tick(), 1_000);
    const wake = () => {
      this.#replica?.wake();
      this.#orders.wake();
    };
    const seen = () => {
      if (document.visibilityState === "visible") wake();
    };
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", seen);
    this.#stops = [
      () => clearInterval(tick),
      () => window.removeEventListener("online", wake),
      () => document.removeEventListener("visibilitychange", seen),
    ];
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    this.#replica?.stop();
    this.#orders.stop();
    this.#deck?.stop();
    this.#map?.remove();
    this.#map = null;
  }

  // ── What is asked of the server ────────────────────────────────────────

  async #open(): Promise<void> {
    this.failure = "";
    try {
      const atelier = await get("/api/v1/ateliers/{id}", {
        path: { id: this.atelierId },
      });
      const [{ territoires }, { features }] = await Promise.all([
        get("/api/v1/territoires"),
        get("/api/v1/quartiers", { query: { territoire: atelier.territoire } }),
      ]);
      this.plan = planOf(atelier.plan, atelier.kind);
      this.territoire = territoires.find((one) => one.code === atelier.territoire) ?? null;
      this.quartier = features.find((one) => one.properties.code === atelier.quartier) ?? null;
      this.atelier = atelier;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.failure = error.passing ? text.line.unreachable : text.line.unknown;
      return;
    }
    document.title = text.titleOf(this.atelier.titre);
    await this.updateComplete;
    this.#book = new Book(this.atelier.id, this.atelier.territoire, () => {
      this.#bookSeq++;
      void this.#nameClusters();
      this.requestUpdate();
    });
    this.#deck = new Deck(this.atelier.id, () => {
      this.#deckSeq++;
      this.requestUpdate();
    });
    this.#createMap();
    this.#follow();
  }

  #createMap(): void {
    const element = this.querySelector<HTMLElement>(".map");
    if (!element || !this.territoire) return;
    const shape = (this.quartier?.geometry ?? null) as QuartierShape | null;
    const words = mapWords(this.territoire.nom);
    this.#map = createMap({
      element,
      extent: this.territoire.bbox as unknown as Extent,
      territoire: this.territoire.code,
      words: { ...words, map: text.map.label(this.#quartierName()) },
    });
    this.#map.setQuartier(shape);
    if (shape) this.#map.fit(shape);
    this.#map.on("tap", ({ marker }) => this.#pick(marker));
  }

  #follow(): void {
    this.#replica = new Replica({
      atelier: this.atelierId,
      reader: { participant: null, staff: true },
      token: () => null,
      onChange: () => this.#changed(),
      onEntry: (entry) => this.#noteTime(entry),
      onRefused: () => {
        this.failure = text.line.unknown;
      },
    });
    this.#replica.start();
  }

  #noteTime(entry: Entry): void {
    if (entry.kind === "add" && entry.marker) this.#times.set(entry.marker, Date.parse(entry.at));
  }

  /** Reads back the end of the log: a snapshot does not say when its markers were added. */
  async #readTimes(seq: number): Promise<void> {
    const after = Math.max(0, seq - LOG_BACK);
    const page = await get("/api/v1/ateliers/{id}/ops", {
      path: { id: this.atelierId },
      query: { after, limit: LOG_BACK },
    }).then(parseEntryPage, () => null);
    // Times are a convenience; without them the feed only lacks its last column.
    for (const entry of page?.ops ?? []) this.#noteTime(entry);
    this.requestUpdate();
  }

  #changed(): void {
    const replica = this.#replica;
    if (!replica) return;
    if (replica.link === "live") this.#lostAt = null;
    else this.#lostAt ??= Date.now();
    if (replica.state && this.#times.size === 0) void this.#readTimes(replica.state.seq);
    for (const { numero, devices } of replica.presence?.tables ?? []) {
      this.#seen.set(numero, Math.max(devices, this.#seen.get(numero) ?? 0));
    }
    this.#followEvening();
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
      this.requestUpdate();
    });
  }

  /** The middle follows the step, until somebody looks elsewhere. */
  #followEvening(): void {
    const state = this.#replica?.state;
    if (!state) return;
    if (state.room.step !== this.#viewStep) {
      // A page that opens on a closed evening shows its map.
      // What was chosen while the page waited for the evening stays.
      const chosen = this.#viewStep === null && this.#chosen;
      if (state.room.state !== "closed" && !chosen) this.view = VIEW_OF[state.room.step] ?? "map";
      this.#viewStep = state.room.step;
    }
    const suggest = this.view === "answers" && Date.now() - this.#bookAt > SUGGEST_EVERY;
    if (suggest) this.#bookAt = Date.now();
    void this.#book?.follow(newsSeq(state.said), state.seq, suggest);
  }

  #tick(): void {
    this.#followEvening();
    this.now = Date.now() + (this.#replica?.clockAhead ?? 0);
    const { state, link } = this.#replica ?? {};
    if (!state || link !== "live") return;
    const stale = this.atelier?.seq !== state.seq || this.#devices() !== this.#knownDevices;
    if (stale && Date.now() - this.#peopleAt > PEOPLE_EVERY) void this.#readPeople();
    if (state.room.state === "closed" && Date.now() - this.#lateAt > LATE_EVERY)
      void this.#readLate();
  }

  #knownDevices = 0;

  /** Who has sat down is not in the log. */
  async #readPeople(): Promise<void> {
    this.#peopleAt = Date.now();
    this.#knownDevices = this.#devices();
    const atelier = await get("/api/v1/ateliers/{id}", {
      path: { id: this.atelierId },
    }).catch(() => null);
    if (atelier) this.atelier = atelier;
  }

  async #readLate(): Promise<void> {
    this.#lateAt = Date.now();
    const answer = await get("/api/v1/ateliers/{id}/late", {
      path: { id: this.atelierId },
    }).catch(() => null);
    this.late = answer?.tables ?? null;
  }

  // ── The map ────────────────────────────────────────────────────────────

  #paint(): void {
    const map = this.#map;
    const markers = this.#replica?.state?.markers;
    if (!map || !markers) return;
    const chosen = chosenMarkers(markers.values(), this.choice);
    map.setMarkers(
      // The newest lie above.
      [...chosen]
        .reverse()
        .map(({ id, felt, geometry, hidden }) => ({ id, felt, geometry, hidden })),
    );
    void this.#nameStreets(chosen.slice(0, NAMED));
  }

  async #nameStreets(markers: readonly MarkerState[]): Promise<void> {
    const map = this.#map;
    const unnamed = markers.filter(({ id }) => !this.#streets.has(id));
    if (!map || unnamed.length === 0) return;
    for (const marker of unnamed) this.#streets.set(marker.id, "");
    for (const marker of unnamed) {
      const street = await map.streetNear(placeOf(marker)).catch(() => null);
      if (street) this.#streets.set(marker.id, street);
    }
    this.requestUpdate();
  }

  #pick(id: Uuid | null): void {
    this.picked = id;
    this.#map?.selectMarker(id);
  }

  /** From the list: the map goes there, and the keyboard to the words. */
  async #pickFromFeed(id: Uuid): Promise<void> {
    this.view = "map";
    const marker = this.#replica?.state?.markers.get(id);
    if (!marker) return;
    void this.#nameStreets([marker]);
    this.#pick(id);
    await this.updateComplete;
    await this.querySelector<LightElement>("animation-marker")?.updateComplete;
    const panel = this.querySelector<HTMLElement>(".picked");
    this.#map?.show(placeOf(marker), CLOSE, { bottom: panel?.offsetHeight ?? 0 });
    // The words are in the map's box: all of it comes into view, not only they.
    this.querySelector<HTMLElement>("#picked-title")?.focus({ preventScroll: true });
    this.querySelector(".map-box")?.scrollIntoView({ block: "nearest" });
  }

  #leave(): void {
    this.#pick(null);
    this.querySelector<HTMLElement>(".map")?.focus();
  }

  /** The button that was pressed goes with its view: the keyboard stays with what is shown. */
  async #goToAnswers(): Promise<void> {
    this.view = "answers";
    await this.updateComplete;
    this.querySelector<HTMLElement>(".views [aria-pressed=true]")?.focus();
  }

  #choose(choice: Partial<Choice>): void {
    this.choice = { ...this.choice, ...choice };
    this.#paint();
  }

  // ── What the animateur asks ────────────────────────────────────────────

  #ask(change: Change, words: string): void {
    this.#orders.send(change, words);
  }

  #openStep(step: number): void {
    const minutes = this.plan[step - 1];
    const name = text.steps[step] ?? "";
    this.#ask(
      { kind: "step", step, ...(minutes === undefined ? {} : { minutes }) },
      text.orders.step(name),
    );
  }

  /** The button that opens or closes a step goes with it: the keyboard stays with what is to do. */
  #closeStep(step: number): void {
    this.#ask({ kind: "step_close", step }, text.orders.stepClose(text.steps[step] ?? ""));
    this.#focusNext();
  }

  #focusNext(): void {
    this.querySelector<HTMLElement>("#next-title")?.focus();
  }

  #moreTime(clock: Clock): void {
    const step = this.#replica?.state?.room.step;
    if (step) this.#ask({ kind: "step", step, minutes: extended(clock, 5) }, text.orders.minutes);
  }

  #setDrawing({ table, open }: DrawingWish): void {
    const tables = this.#replica?.state?.room.tables ?? [];
    for (const { numero, open: already } of tables) {
      if (already === open || (table !== null && table !== numero)) continue;
      const words = open ? text.orders.tableOpen(numero) : text.orders.tableClose(numero);
      this.#ask({ kind: open ? "table_open" : "table_close", table: numero }, words);
    }
  }

  #share(shared: boolean): void {
    this.#ask({ kind: "share", shared }, shared ? text.orders.share : text.orders.unshare);
  }

  #hide(marker: Uuid, hidden: boolean): void {
    const words = hidden ? text.orders.hide : text.orders.unhide;
    this.#ask({ kind: hidden ? "hide" : "unhide", marker }, words);
  }

  #remark({ change, words }: RemarkWish): void {
    this.#ask(change, words);
  }

  /**
   * Writes findings one after the other; what somebody else changed meanwhile is shown
   * again. Why one was refused, "" when all are kept.
   */
  readonly #write = async (wishes: readonly FindingWish[]): Promise<string> => {
    try {
      for (const { id, body } of wishes) {
        await put("/api/v1/ateliers/{id}/findings/{finding}", body, {
          path: { id: this.atelierId, finding: id },
        });
      }
    } catch (error) {
      return refusalOf(error);
    } finally {
      await this.#book?.read().catch(() => undefined);
    }
    return "";
  };

  /** Lets remarks be shown outside their tables, as they were read. */
  async #show(remarks: readonly ReadRemark[]): Promise<void> {
    try {
      for (const { id, digest } of remarks) {
        await post("/api/v1/moderation/decisions", {
          id: uuidV7(),
          objet: "remark",
          objet_id: id,
          champ: "texte",
          verdict: "publish",
          digest,
        });
      }
    } catch (error) {
      this.#refused(refusalOf(error));
    }
    await this.#book?.read().catch(() => undefined);
  }

  /** Why it was refused; "" when it is kept. */
  readonly #answer = async (wish: AnswerWish): Promise<string> => {
    if (wish.kind === "finding") {
      const { cluster, titre } = wish;
      const body = {
        base: 0,
        rang: nextRank(this.#book?.findings ?? []),
        titre: titre.slice(0, 160),
        markers: [...cluster.markers].slice(0, 200),
        tables: this.#tablesOf(cluster.markers),
        geometry: { type: "Point" as const, coordinates: [...cluster.at.coordinates] },
      };
      this.#refused(await this.#write([{ id: uuidV7(), body }]));
      return "";
    }
    const query = { territoire: this.atelier?.territoire ?? "" };
    try {
      if (wish.kind === "add") await post("/api/v1/actions", wish.body, { query });
      if (wish.kind === "change")
        await post("/api/v1/actions/{action}/events", wish.body, {
          path: { action: wish.action },
          query,
        });
    } catch (error) {
      return refusalOf(error);
    } finally {
      await this.#book?.read().catch(() => undefined);
    }
    return "";
  };

  #refused(why: string): void {
    if (why !== "") this.refusals = [...this.refusals, why];
  }

  #tablesOf(markers: readonly Uuid[]): number[] {
    const tables = markers.flatMap((id) => this.#replica?.state?.markers.get(id)?.table ?? []);
    return [...new Set(tables)].sort((a, b) => a - b);
  }

  async #nameClusters(): Promise<void> {
    for (const { markers, at } of this.#book?.clusters ?? []) {
      const [first] = markers;
      if (first === undefined || this.#clusterStreets.has(first)) continue;
      this.#clusterStreets.set(first, "");
      const street = await this.#map?.streetNear(toLonLat(at.coordinates)).catch(() => null);
      if (street) this.#clusterStreets.set(first, street);
      this.requestUpdate();
    }
  }

  readonly #clusterStreets = new Map<Uuid, string>();

  /** The plan is seen at once; when it cannot be kept, that is said. */
  async #savePlan(plan: readonly number[]): Promise<void> {
    this.plan = plan;
    try {
      await post(
        "/api/v1/ateliers/{id}/deroule",
        { minutes: [...plan] },
        { path: { id: this.atelierId } },
      );
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.refusals = [...this.refusals, text.line.refusedOrder(text.orders.plan, error.message)];
    }
  }

  #showCode(numero: number): void {
    const code = this.atelier?.tables.find((one) => one.numero === numero)?.code;
    if (code) void this.querySelector<AnimationCode>("animation-code")?.show(numero, code);
  }

  readonly #showFreeze = () => this.querySelector<AnimationFreeze>("animation-freeze")?.show();

  // ── What is shown ──────────────────────────────────────────────────────

  #quartierName(): string {
    return this.quartier?.properties.nom_court ?? "";
  }

  #devices(): number {
    return (this.#replica?.presence?.tables ?? []).reduce((sum, { devices }) => sum + devices, 0);
  }

  #beforeFreeze(): BeforeFreeze {
    const connected = this.#devices();
    const seen = [...this.#seen.values()].reduce((sum, devices) => sum + devices, 0);
    return {
      connected,
      missing: Math.max(0, seen - connected),
      own: this.#orders.pending.length,
      unanswered: unanswered(this.#book?.findings ?? []).map((finding) => finding.titre),
    };
  }

  /** What asked for the end goes with the end. */
  override updated(): void {
    const { state } = this.#replica?.state?.room ?? {};
    if (state === "closed" && this.#state === "open" && document.activeElement === document.body)
      this.#focusNext();
    this.#state = state ?? null;
  }

  override render() {
    const { atelier } = this;
    if (this.failure !== "" || !atelier) {
      return html`<main class="alone">
        <h1>${text.title}</h1>
        ${
          this.failure === ""
            ? html`<p role="status">${text.loading}</p>`
            : html`<p role="alert">${this.failure}</p>
                <p>
                  <button type="button" class="button" @click=${this.#retry}>${text.retry}</button>
                  <a class="button" href="/animation">${text.back}</a>
                </p>`
        }
      </main>`;
    }
    const state = this.#replica?.state ?? null;
    return html`
      <header>
        ${atelier.demo ? html`<p class="demo-banner">${text.demo}</p>` : nothing} ${this.#head(atelier)}
        ${this.#alerts()}
      </header>
      <main class="room" data-seq=${state?.seq ?? nothing} data-markers=${state?.markers.size ?? nothing}>
        <section class="room-steps" aria-label=${text.plan.heading} tabindex=${state?.room.state === "closed" ? 0 : nothing}>${state ? this.#stepsColumn(atelier, state.room) : html`<p role="status">${text.loading}</p>`}</section>
        <div class="room-map">${this.#mapColumn()}</div>
        <div class="room-tables">${state ? this.#tablesColumn(atelier, state.room) : nothing}</div>
      </main>
      <animation-code .atelierId=${atelier.id}></animation-code>
      <animation-freeze
        .facts=${this.#beforeFreeze()}
        @freeze=${() => this.#ask({ kind: "freeze" }, text.orders.freeze)}
      ></animation-freeze>
    `;
  }

  readonly #retry = () => location.reload();

  #head(atelier: Atelier) {
    const live = this.#replica?.link === "live";
    const closed = this.#replica?.state?.room.state === "closed";
    return html`<div class="page-head">
      <div class="head-title">
        <a href="/animation">${text.back}</a>
        <h1>${atelier.titre}</h1>
        <p class="muted">
          ${[text.kinds[atelier.kind], formatMomentOf(atelier.titre, atelier.starts_at, this.territoire?.fuseau), atelier.lieu].filter(Boolean).join("\u00a0· ")}
        </p>
        <p class="head-purpose muted">${access.bar.logged(account.journal.purposes.animation)}</p>
      </div>
      ${closed ? nothing : html`<p class=${live ? "line live" : "line"} role="status">${live ? text.line.live : text.line.connecting}</p>`}
      <nav class="head-links" aria-label=${text.head.more}>
        <a class="button" href="/api/v1/ateliers/${atelier.id}/cartes-tables.pdf" target="_blank">
          ${icon(FileText)} ${text.head.cards}
        </a>
        <a class="button" href="/projection/${atelier.id}" target="_blank">
          ${icon(ExternalLink)} ${text.head.projection}
          <span class="visually-hidden">(${text.head.projectionHelp})</span>
        </a>
      </nav>
      <language-switch></language-switch>
    </div>`;
  }

  #alerts() {
    const lost = this.#lostAt !== null && Date.now() - this.#lostAt > PATIENCE;
    const unsent = this.#orders.failures > 0 ? this.#orders.pending.length : 0;
    return html`<div role="alert">
      ${lost ? html`<p class="banner">${icon(WifiOff)} ${text.line.lost}</p>` : nothing}
      ${
        unsent > 0
          ? html`<p class="banner">
              ${text.line.unsent(unsent)}
              <button type="button" class="button small" @click=${() => this.#orders.drop()}>${text.line.drop}</button>
            </p>`
          : nothing
      }
      ${this.refusals.map(
        (words, i) => html`<p class="banner refused">
          ${words}
          <button type="button" class="button small" @click=${() => this.#forget(i)}>${text.close}</button>
        </p>`,
      )}
    </div>`;
  }

  #forget(index: number): void {
    this.refusals = this.refusals.filter((_, i) => i !== index);
  }

  #stepsColumn(atelier: Atelier, room: Room) {
    return html`
      ${this.#next(room)}
      <animation-steps
        .kind=${atelier.kind}
        .room=${room}
        .plan=${this.plan}
        .now=${this.now}
        .startsAt=${Date.parse(atelier.starts_at)}
        .timeZone=${this.territoire?.fuseau ?? "Europe/Paris"}
        @open-step=${(event: CustomEvent<number>) => {
          this.#openStep(event.detail);
          this.#focusNext();
        }}
        @close-step=${(event: CustomEvent<number>) => this.#closeStep(event.detail)}
        @more-time=${(event: CustomEvent<Clock>) => this.#moreTime(event.detail)}
        @plan=${(event: CustomEvent<readonly number[]>) => this.#savePlan(event.detail)}
      ></animation-steps>
      ${
        room.state === "open" && nextAction(room, atelier.kind).kind !== "freeze"
          ? html`<button type="button" class="button wide" ?disabled=${this.#orders.waits("freeze")} @click=${this.#showFreeze}>
              ${text.freeze.open}
            </button>`
          : nothing
      }
    `;
  }

  #next(room: Room) {
    const next = nextAction(room, this.atelier?.kind ?? "atelier");
    const busy =
      this.#orders.waits("step") ||
      this.#orders.waits("step_close") ||
      this.#orders.waits("freeze") ||
      this.#orders.waits("table_open");
    // A disabled button would lose the keyboard while its order is sent.
    const button = (words: string, act: () => void) =>
      html`<button type="button" class="button primary next-button" aria-disabled=${busy ? "true" : nothing} @click=${once(busy ? () => {} : act)}>
        ${busy ? text.next.sending : words}
      </button>`;
    if (next.kind === "closed") return this.#closed(room);
    return html`<section class="next" aria-labelledby="next-title">
      <h2 id="next-title" tabindex="-1">${text.next.heading}</h2>
      ${
        next.kind === "step"
          ? button(text.next.step(text.steps[next.step] ?? ""), () => this.#openStep(next.step))
          : next.kind === "draw"
            ? button(text.next.draw, () => this.#setDrawing({ table: null, open: true }))
            : button(text.next.freeze, this.#showFreeze)
      }
      <p class="hint">
        ${
          betweenSteps(room)
            ? text.next.between(text.steps[room.step] ?? "")
            : next.kind === "step"
              ? text.next.during(text.steps[room.step] ?? "", text.stepHelp[room.step] ?? "")
              : next.kind === "draw"
                ? text.next.drawHelp
                : text.next.freezeHelp
        }
      </p>
      ${
        // Not shown by itself: it reads who may be invited, which the journal keeps.
        room.state === "prepared"
          ? html`<button type="button" class="button wide" @click=${() => {
              this.view = "before";
            }}>${text.next.prepare}</button>`
          : nothing
      }
    </section>`;
  }

  #closed(room: Room) {
    const hash = room.frozen_hash ?? this.atelier?.frozen_hash ?? "";
    const at = this.atelier?.frozen_at;
    return html`<section class="next closed" aria-labelledby="next-title">
      <h2 id="next-title" tabindex="-1">${text.next.closed}</h2>
      <p>${at ? `${text.freeze.at(formatMoment(at, this.territoire?.fuseau))}. ` : ""}${text.next.closedHelp}</p>
      <animation-report
        .atelierId=${this.atelier?.id ?? ""}
        @published=${() => void this.querySelector<AnimationPublication>("animation-publication")?.check()}
      ></animation-report>
      <animation-publication
        .atelier=${this.atelier}
        .territoire=${this.territoire}
        @published=${() => void this.querySelector<AnimationReport>("animation-report")?.check()}
      ></animation-publication>
      <h3>${text.freeze.hash}</h3>
      <p class="hash"><code>${hash}</code></p>
      <h3>${text.freeze.late}</h3>
      ${
        this.late === null
          ? html`<p>${text.freeze.lateUnknown}</p>`
          : this.late.length === 0
            ? html`<p>${text.freeze.lateNone}</p>`
            : html`<ul class="facts">
                ${this.late.map(
                  ({ numero, operations, participants }) =>
                    html`<li>
                      ${
                        numero === 0
                          ? text.freeze.lateOwn(operations)
                          : text.freeze.lateTable(numero, operations, participants)
                      }
                    </li>`,
                )}
              </ul>`
      }
    </section>`;
  }

  /** A réunion has neither slides nor a read-through of its own. */
  #views(): readonly View[] {
    const steps = stepsOf(this.atelier?.kind ?? "atelier");
    return VIEWS.filter((view) => {
      const own = Object.entries(VIEW_OF).find(([, name]) => name === view)?.[0];
      return own === undefined || steps.includes(Number(own));
    });
  }

  #mapColumn() {
    const markers = [...(this.#replica?.state?.markers.values() ?? [])];
    const counts = countMarkers(markers);
    const shown = chosenMarkers(markers, this.choice).length;
    const picked =
      this.picked === null ? undefined : this.#replica?.state?.markers.get(this.picked);
    return html`
      <div class="segments views" role="group" aria-label=${evening.view.label}>
        ${this.#views().map(
          (view) =>
            html`<button type="button" aria-pressed=${this.view === view} @click=${() => {
              this.#chosen = true;
              this.view = view;
            }}>${evening.view[view]}</button>`,
        )}
      </div>
      <div class="map-tools" ?hidden=${this.view !== "map"}>
        <ul class="counts" aria-label=${text.counts.label}>
          <li class="unsafe">${feltMark("unsafe")} ${text.counts.unsafe(counts.unsafe)}</li>
          <li class="safe">${feltMark("safe")} ${text.counts.safe(counts.safe)}</li>
          <li>${text.counts.people(this.atelier?.participants ?? 0)}</li>
          ${counts.hidden > 0 ? html`<li>${text.counts.hidden(counts.hidden)}</li>` : nothing}
        </ul>
        ${this.#filters()}
      </div>
      <div class="map-box">
        <div class="map" ?inert=${this.view !== "map"}></div>
        ${this.#words()}
        ${
          shown === 0 && this.view === "map" && this.#replica?.state
            ? html`<p class="map-empty" role="status">
                ${this.#nothing(markers.length)}
              </p>`
            : nothing
        }
        ${
          picked && this.view === "map"
            ? html`<animation-marker
                .marker=${picked}
                .street=${this.#streets.get(picked.id) ?? ""}
                .closed=${this.#replica?.state?.room.state === "closed"}
                .waiting=${this.#orders.waits("hide", { marker: picked.id }) || this.#orders.waits("unhide", { marker: picked.id })}
                @hide=${(event: CustomEvent<boolean>) => this.#hide(picked.id, event.detail)}
                @leave=${() => this.#leave()}
              ></animation-marker>`
            : nothing
        }
      </div>
    `;
  }

  /** What covers the map while something else is looked at. */
  #words() {
    const { atelier } = this;
    const book = this.#book;
    if (this.view === "map" || !atelier || !book) return nothing;
    const state = this.#replica?.state;
    const said = state?.said ?? silent;
    const closed = state?.room.state === "closed";
    return html`<div class="room-words" data-view=${this.view}>
      ${
        this.view === "before"
          ? html`<animation-before .atelierId=${atelier.id}></animation-before>`
          : this.view === "diagnostic"
            ? html`<animation-diagnostic .atelier=${atelier} .said=${said} .findings=${book.findings} .reads=${book.reads} .closed=${closed}
              @remark=${(event: CustomEvent<RemarkWish>) => this.#remark(event.detail)}
              .write=${this.#write}
              @findings=${async (event: CustomEvent<readonly FindingWish[]>) => this.#refused(await this.#write(event.detail))}
              @read=${(event: CustomEvent<readonly ReadRemark[]>) => void this.#show(event.detail)}
            ></animation-diagnostic>`
            : this.view === "restitution"
              ? html`<animation-restitution .atelier=${atelier} .quartier=${this.quartier} .deck=${this.#deck} .seq=${this.#deckSeq}
                .presenting=${state?.room.step === 3 && state.room.state === "open" && !betweenSteps(state.room)} .closed=${closed}></animation-restitution>`
              : this.view === "answers"
                ? html`<animation-answers .atelierId=${atelier.id} .territoire=${this.territoire} .quartier=${this.quartier} .markers=${[...(state?.markers.values() ?? [])].filter(visible)} .book=${book} .seq=${this.#bookSeq} .said=${said} .closed=${closed}
                .streets=${new Map(this.#clusterStreets)}
                .write=${this.#answer}
                @organisation=${() => void this.#book?.read().catch(() => undefined)}
              ></animation-answers>`
                : html`<animation-synthesis .book=${book} .seq=${this.#bookSeq}
                  @answers=${() => void this.#goToAnswers()}></animation-synthesis>`
      }
    </div>`;
  }

  #nothing(markers: number): string {
    if (markers > 0) return text.map.filtered;
    return this.#replica?.state?.room.state === "closed" ? text.map.none : text.map.empty;
  }

  #filters() {
    const { table, felt } = this.choice;
    const felts: readonly (Felt | null)[] = [null, ...FELTS];
    return html`<div class="filters" role="group" aria-label=${text.filter.label}>
      <label class="filter-table">
        <span class="visually-hidden">${text.filter.table}</span>
        <select @change=${(event: Event) => this.#choose({ table: Number((event.target as HTMLSelectElement).value) || null })}>
          <option value="" ?selected=${table === null}>${text.filter.allTables}</option>
          ${this.atelier?.tables.map(
            ({ numero }) => html`<option value=${numero} ?selected=${table === numero}>
              ${text.tables.one(numero)}
            </option>`,
          )}
        </select>
      </label>
      <span class="segments" role="group" aria-label=${text.filter.felt}>
        ${felts.map(
          (
            one,
          ) => html`<button type="button" aria-pressed=${felt === one} @click=${() => this.#choose({ felt: one })}>
            ${text.filter[one ?? "all"]}
          </button>`,
        )}
      </span>
    </div>`;
  }

  #tablesColumn(atelier: Atelier, room: Room) {
    const markers = this.#replica?.state?.markers ?? new Map<Uuid, MarkerState>();
    const waiting = (table: number | null) =>
      table === null
        ? this.#orders.waits("share")
        : this.#orders.waits("table_open", { table }) ||
          this.#orders.waits("table_close", { table });
    return html`
      <section aria-label=${text.tables.heading}>
        <animation-tables
          .room=${room}
          .presence=${this.#replica?.presence ?? null}
          .atelier=${atelier}
          .markers=${byTable(markers.values())}
          .waiting=${waiting}
          @drawing=${(event: CustomEvent<DrawingWish>) => this.#setDrawing(event.detail)}
          @share=${(event: CustomEvent<boolean>) => this.#share(event.detail)}
          @code=${(event: CustomEvent<number>) => this.#showCode(event.detail)}
        ></animation-tables>
        <animation-erasure .atelierId=${atelier.id}></animation-erasure>
      </section>
      <section aria-label=${text.feed.heading}>
        <animation-feed
          .closed=${room.state === "closed"}
          .markers=${chosenMarkers(markers.values(), this.choice)}
          .times=${new Map(this.#times)}
          .streets=${new Map(this.#streets)}
          .now=${this.now}
          .picked=${this.picked}
          @pick=${(event: CustomEvent<Uuid>) => void this.#pickFromFeed(event.detail)}
        ></animation-feed>
      </section>
    `;
  }
}

/** The second click of a double click would open the step after the next. */
function once(act: () => void) {
  return (event: MouseEvent) => {
    if (event.detail <= 1) act();
  };
}

function placeOf({ geometry }: MarkerState): LonLat {
  const [lon, lat] =
    geometry.type === "Point" ? geometry.coordinates : middleOf(geometry.coordinates[0]);
  return lonLat(lon, lat);
}

/** A refusal in words; what is none is thrown again. */
function refusalOf(error: unknown): string {
  if (!(error instanceof Problem)) throw error;
  return error.code === "version_depassee" ? evening.answers.overtaken : error.message;
}

customElements.define("animation-room", AnimationRoom);
