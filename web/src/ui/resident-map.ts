import { html, nothing, type PropertyValues } from "lit";
import {
  Circle,
  CloudOff,
  Ellipsis,
  List,
  MapPin,
  MessageSquareText,
  Move,
  Pencil,
  PenTool,
  Smartphone,
  Spline,
  Trash2,
  Undo2,
  X,
} from "lucide";
import { get } from "../api";
import type { Device } from "../device";
import {
  crossesItself,
  isInside,
  type MultiPolygon,
  middleOf,
  type Ring,
  simplified,
  zoneOf,
} from "../draw/shape";
import { createMap } from "../map/leaflet";
import type {
  Draft,
  Insets,
  MarkerShape,
  QuartierShape,
  QuietudeMap,
  Tap,
  ViewState,
} from "../map/map";
import { keepQuartier } from "../offline";
import type {
  Attributes,
  Felt,
  Geometry,
  MarkerState,
  Operation,
  Position,
  Uuid,
} from "../protocol";
import { rejoin } from "../seat";
import { betweenSteps, snapped } from "../state";
import type { StoredSeat } from "../storage";
import { type Intention, type Notice, ResidentRoom } from "../sync";
import { text } from "../text/atelier";
import { text as city } from "../text/city";
import { type Extent, extentOf, type LonLat, lonLat } from "../units";
import { uuidV7 } from "../uuid";
import "../style/map.css";
import { text as evening } from "../text/evening";
import { problemSentence } from "../text/problem";
import { feltMark } from "./felt-mark";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { feltWords, said } from "./marker-words";
import "./resident-evening";
import type { ListWish } from "./resident-list";
import "./resident-list";
import "./resident-more";
import "./resident-questions";

type Tool = "point" | "finger" | "corners";
type Mode =
  | { readonly name: "idle" }
  | { readonly name: "place"; readonly felt: Felt; readonly tool: Tool; readonly corners: Ring }
  | { readonly name: "ask"; readonly marker: Uuid }
  | { readonly name: "selected"; readonly marker: Uuid }
  | { readonly name: "move" | "reshape"; readonly marker: Uuid; readonly geometry: Geometry };
const IDLE: Mode = { name: "idle" };

const tools = [
  ["point", MapPin],
  ["finger", Circle],
  ["corners", Spline],
] as const;

/** More handles than this hide the zone that they shape. */
const HANDLES_MAX = 24;
/** Metres per pixel of Web Mercator at zoom 0 on the equator (256 px tiles). */
const MERCATOR = 156_543.033_928;
/** The sheet takes the whole width, and the map's attribution stands above it. */
const NARROW = matchMedia("(max-width: 48rem)");
/** Milliseconds that a message stays. */
const TOAST = 6_000;
const CLOCK = 10_000;
/** Milliseconds before the quartier's outline is asked again. */
const OUTLINE_AGAIN = 3_000;
/** Degrees, about one pixel of a map that shows a quartier. */
const PIXEL = 2e-4;
/** Room left around what is brought into view, CSS pixels. */
const MARGIN = 12;

/** Steps at which a table talks instead of drawing: diagnostic, answers, synthesis. */
const DIAGNOSTIC = 2;
const TALKED: readonly number[] = [DIAGNOSTIC, 5, 6];

const toLonLat = ([lon, lat]: Position): LonLat => lonLat(lon, lat);
const closed = (ring: Ring): Geometry => ({
  type: "Polygon",
  coordinates: [[...ring, ring[0] as Position].map(snapped)],
});
/** The corners of a zone, without the closing position. */
const cornersOf = (geometry: Geometry): Ring =>
  geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates[0].slice(0, -1);

function shifted(geometry: Geometry, to: Position): Geometry {
  if (geometry.type === "Point") return { type: "Point", coordinates: snapped(to) };
  const ring = cornersOf(geometry);
  const [x, y] = middleOf(ring);
  return closed(ring.map(([lon, lat]) => [lon + to[0] - x, lat + to[1] - y]));
}

/** The map of a resident: draws, answers, changes, with or without a network. */
export class ResidentMap extends LightElement {
  static override properties = {
    device: { attribute: false },
    seat: { attribute: false },
    seats: { attribute: false },
    mode: { state: true },
    panel: { state: true },
    talking: { state: true },
    toast: { state: true },
    now: { state: true },
  };
  declare device: Device;
  declare seat: StoredSeat;
  declare seats: readonly StoredSeat[];
  declare private mode: Mode;
  declare private panel: "list" | "more" | null;
  /** What is said in words covers the map. */
  declare private talking: boolean;
  declare private toast: string;
  declare private now: number;

  #map: QuietudeMap | null = null;
  #room: ResidentRoom | null = null;
  #quartier: QuartierShape | null = null;
  /** The view that the page itself gave: another one is the resident's. */
  #fitted: ViewState | null = null;
  /** The whole quartier was in view before the questions about a new marker moved the map. */
  #comesBack = false;
  #trace: LonLat[] = [];
  /** Step that this page last followed. */
  #step: number | null = null;
  #keyboard = false;
  #stops: (() => void)[] = [];
  #frame = 0;
  // Scale, attribution and zoom stay between the bar and the sheet, whatever their height.
  readonly #parts = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const name = target.classList.contains("bar") ? "--bar" : "--sheet";
      this.style.setProperty(name, `${Math.ceil(borderBoxSize[0]?.blockSize ?? 0)}px`);
      if (name === "--sheet") this.#keepInSight();
    }
  });
  #toastTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.mode = IDLE;
    this.panel = null;
    this.talking = false;
    this.toast = "";
    this.now = Date.now();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const clock = setInterval(() => {
      this.now = Date.now();
    }, CLOCK);
    const key = (event: KeyboardEvent) => {
      this.#keyboard = true;
      if (event.key === "Escape" && this.panel === null && this.mode.name !== "idle")
        this.#enter(IDLE);
      else this.#showCross();
    };
    const pointer = () => {
      this.#keyboard = false;
      this.#showCross();
    };
    const hide = () => void this.#room?.save();
    document.addEventListener("keydown", key);
    document.addEventListener("pointerdown", pointer);
    document.addEventListener("visibilitychange", hide);
    window.addEventListener("pagehide", hide);
    this.#stops = [
      () => clearInterval(clock),
      () => document.removeEventListener("keydown", key),
      () => document.removeEventListener("pointerdown", pointer),
      () => document.removeEventListener("visibilitychange", hide),
      () => window.removeEventListener("pagehide", hide),
      this.device.onChange(() => this.requestUpdate()),
      this.device.onWake(() => this.#room?.replica.wake()),
      this.device.onReceipts((seat, receipts) => {
        if (seat === this.#room?.seat.key) this.#room.received(receipts);
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    this.#parts.disconnect();
    this.#room?.stop();
    this.#map?.remove();
    this.#map = null;
  }

  override firstUpdated(): void {
    for (const part of this.querySelectorAll(".bar, .sheet")) this.#parts.observe(part);
    void this.#openMap();
  }

  /** A step or the end of the evening takes away what had the focus: the keyboard stays on the page. */
  override updated(): void {
    if (!this.#keyboard || this.panel !== null || document.activeElement !== document.body) return;
    this.querySelector<HTMLElement>(
      this.talking ? ".bar [aria-pressed]" : ".sheet :is(h2, button:enabled, a)",
    )?.focus();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("seat")) void this.#openRoom();
  }

  async #openRoom(): Promise<void> {
    this.#room?.stop();
    this.#room = null;
    const { seat } = this;
    const room = await ResidentRoom.open(seat, this.device.outbox, this.device.storage, {
      token: () => this.seat.token,
      onRefused: (status) => {
        if (status === 401) void this.#renew();
      },
    });
    if (this.seat !== seat) return;
    this.#room = room;
    this.mode = IDLE;
    this.panel = null;
    room.onChange(() => this.#refresh());
    room.onNotice((notice) => this.#notice(notice));
    room.start();
    this.#refresh();
  }

  /** The token is no longer accepted: the secret gives another. */
  async #renew(): Promise<void> {
    const again = await rejoin(this.seat, this.device.storage).catch(() => this.seat);
    if (again.key === this.seat.key && again.token !== this.seat.token)
      Object.assign(this.seat, { token: again.token });
  }

  async #openMap(): Promise<void> {
    const { territoire, quartier_nom } = this.seat.table.atelier;
    const [known, shape] = await Promise.all([
      get("/api/v1/territoires").catch(() => null),
      this.#outline().catch(() => null),
    ]);
    const commune = known?.territoires.find((t) => t.code === territoire);
    if (!this.isConnected) return;
    const map = createMap({
      element: this.querySelector(".map") as HTMLElement,
      words: {
        ...city.map,
        map: text.map.label(quartier_nom),
        attribution: city.map.attribution(commune?.nom ?? ""),
      },
      extent: (commune?.bbox as Extent | undefined) ?? FRANCE,
      territoire,
      // With whole steps a sheet that grows by a finger's width would halve the quartier, or cut it.
      anyZoom: devicePixelRatio < 2,
    });
    this.#map = map;
    map.on("tap", (tap) => this.#tap(tap));
    this.#refresh();
    if (shape === null) this.#askOutline();
    else this.#showOutline(shape);
  }

  /** Asks once more for what a moment without a network or a busy server left out. */
  #askOutline(): void {
    const again = setTimeout(() => {
      this.#outline().then(
        (shape) => {
          if (this.#map !== null && shape !== null) this.#showOutline(shape);
        },
        () => {
          if (this.#map !== null) this.#askOutline();
        },
      );
    }, OUTLINE_AGAIN);
    this.#stops.push(() => clearTimeout(again));
  }

  /** The quartier of this atelier; null when the city has none of that code. Rejects with Problem. */
  async #outline(): Promise<QuartierShape | null> {
    const { territoire, quartier } = this.seat.table.atelier;
    const { features } = await get("/api/v1/quartiers", { query: { territoire } });
    const feature = features.find((f) => f.properties.code === quartier);
    return (feature?.geometry as QuartierShape | undefined) ?? null;
  }

  #showOutline(shape: QuartierShape): void {
    this.#quartier = shape;
    this.#map?.setQuartier(shape);
    this.#fitQuartier();
    this.#refresh();
    const extent = this.#extent();
    if (extent !== null) void keepQuartier(extent, this.seat.table.atelier.territoire);
  }

  /** Brings the whole quartier between the bar and the sheet. */
  #fitQuartier(): void {
    const map = this.#map;
    const extent = this.#extent();
    if (map === null || extent === null) return;
    map.fit(extent, this.#insets());
    this.#fitted = map.view();
  }

  #extent(): Extent | null {
    return extentOf((this.#polygons() ?? []).flat(2));
  }

  #polygons(): MultiPolygon | null {
    const shape = this.#quartier;
    if (shape === null) return null;
    return (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates) as MultiPolygon;
  }

  // ── What the screen shows ────────────────────────────────────────────────

  override render() {
    const { state } = this.#room?.replica ?? {};
    return html`
      <div class="resident" data-seq=${state?.seq ?? nothing} data-unsent=${this.#room?.unsent ?? nothing}
        data-markers=${this.#room === null ? nothing : this.#standing().length} ?data-outlined=${this.#quartier !== null}>
        <header class="bar">
          ${this.seat.table.atelier.demo ? html`<p class="demo-banner">${text.demo}</p>` : nothing} ${this.#bar()} ${this.#banner()}
        </header>
        <div class="map" role="application"></div>
        <p class="toast" role="status" ?hidden=${this.toast === ""}>${this.toast}</p>
        <section class="sheet" aria-label=${text.draw.how}>${this.#sheet()}</section>
        ${this.#talk()}
      </div>
      ${this.#panel()}
    `;
  }

  #bar() {
    const room = this.#room?.replica.state?.room;
    const unsent = this.#room?.unsent ?? 0;
    const { numero } = this.seat.table;
    const devices = this.#room?.replica.presence?.tables.find((t) => t.numero === numero)?.devices;
    const step =
      room?.state === "closed" ? text.bar.closed : (text.bar.steps[room?.step ?? -1] ?? "");
    return html`<div class="bar-line">
      <p class="bar-words">
        <span>
          <strong>${text.bar.table(numero)}, ${text.bar.who(this.seat.rang)}</strong>
          ${
            devices === undefined
              ? nothing
              : html`<span class="devices" title=${text.bar.devices(devices)}>
                  ${icon(Smartphone)}<span aria-hidden="true">${devices}</span
                  ><span class="visually-hidden">${text.bar.devices(devices)}</span>
                </span>`
          }
        </span>
        <span>${[step, this.#clock()].filter(Boolean).join("\u00a0· ")}</span>
      </p>
      ${
        unsent > 0
          ? html`<p class="unsent">${icon(CloudOff)} ${text.bar.unsent(unsent)}</p>`
          : nothing
      }
      ${
        this.talking
          ? nothing
          : html`<button type="button" class="button plain" ?disabled=${!(this.#room?.canUndo ?? false)} @click=${this.#undo}>
              ${icon(Undo2)} ${text.bar.undo}
            </button>`
      }
      <button type="button" class="button plain" aria-pressed=${this.talking} @click=${() => {
        this.talking = !this.talking;
      }}>
        ${icon(MessageSquareText)} ${evening.resident.open}
      </button>
      <button type="button" class="button plain" @click=${() => this.#open("list")}>
        ${icon(List)} ${text.bar.list}
      </button>
      <button type="button" class="button plain" @click=${() => this.#open("more")}>
        ${icon(Ellipsis)} ${text.bar.more}
      </button>
    </div>`;
  }

  #clock(): string {
    const replica = this.#room?.replica;
    const room = replica?.state?.room;
    if (room === undefined || room.state === "closed") return "";
    if (betweenSteps(room)) return text.bar.between;
    if (room.step_at === undefined || room.step_minutes === undefined) return "";
    const end = Date.parse(room.step_at) + room.step_minutes * 60_000;
    const left = end - this.now - (replica?.clockAhead ?? 0);
    return left <= 0 ? text.bar.over : text.bar.left(Math.floor(left / 60_000));
  }

  /** The one thing that this resident should know about the line to the server. */
  #banner() {
    const room = this.#room;
    if (room === null) return nothing;
    const late = room.refused.filter((item) => item.status === "closed").length;
    const parked = room.refused.length - late;
    const words = [
      ...(this.device.outbox.durable ? [] : [text.trouble.volatile]),
      ...(late > 0 ? [text.trouble.late(late)] : []),
      ...(parked > 0 ? [text.trouble.refused(parked)] : []),
      ...(room.replica.state?.room.state === "closed" ? [text.trouble.closed] : []),
      ...this.#lineWords(room),
      ...(this.#paused() ? [text.trouble.tableClosed] : []),
    ];
    return words.length === 0
      ? nothing
      : html`<p class="banner" role="status">${words.join(" ")}</p>`;
  }

  #lineWords(room: ResidentRoom): readonly string[] {
    const { trouble } = this.device;
    if (trouble !== null && room.unsent > 0) return [text.trouble[trouble]];
    const silent = room.replica.link === "waiting" || room.replica.link === "refused";
    return silent ? [text.trouble[trouble ?? "network"]] : [];
  }

  #paused(): boolean {
    const table = this.#room?.replica.state?.room.tables.find(
      (t) => t.numero === this.seat.table.numero,
    );
    return table?.open === false;
  }

  get #writable(): boolean {
    return (
      this.#room !== null && this.#room.replica.state?.room.state !== "closed" && !this.#paused()
    );
  }

  #sheet() {
    const { mode } = this;
    if (mode.name === "place") return this.#placing(mode);
    if (mode.name === "idle") return this.#choice();
    const marker = this.#room?.markers.get(mode.marker);
    if (marker === undefined) return this.#choice();
    if (mode.name === "ask") {
      return html`<resident-questions
        .marker=${marker}
        @answer=${(event: CustomEvent<Attributes>) => void this.#write({ kind: "edit", marker: marker.id, attributes: event.detail })}
        @finished=${() => {
          this.#say(text.ask.thanks);
          this.#enter(IDLE);
        }}
      ></resident-questions>`;
    }
    if (mode.name === "selected") return this.#selected(marker);
    return html`
      <h2 tabindex="-1">${mode.name === "move" ? text.marker.move : text.marker.reshape}</h2>
      <p>${mode.name === "move" ? text.marker.moveHelp : text.marker.reshapeHelp}</p>
      <div class="row">
        <button type="button" class="button primary grow" @click=${() => this.#keep(mode)}>${text.marker.done}</button>
        <button type="button" class="button plain" @click=${() => this.#enter({ name: "selected", marker: mode.marker })}>${text.marker.close}</button>
      </div>
    `;
  }

  #choice() {
    if (this.#room?.replica.state?.room.state === "closed") return this.#thanks();
    const felts: readonly Felt[] = ["unsafe", "safe"];
    return html`<div class="stack">
      ${felts.map(
        (felt) => html`<button
          type="button"
          class="button big felt-button ${felt}"
          ?disabled=${!this.#writable}
          @click=${() => this.#enter({ name: "place", felt, tool: "point", corners: [] })}
        >
          ${feltMark(felt)} ${text.draw[felt]}
        </button>`,
      )}
    </div>`;
  }

  /** There is nothing left to draw; what becomes of it is told elsewhere. */
  #thanks() {
    return html`<div class="stack">
      <h2 tabindex="-1">${text.thanks.title}</h2>
      <p>${text.thanks.words}</p>
      <a class="button primary big" href="/est-ce-mieux">${text.thanks.follow}</a>
    </div>`;
  }

  #placing(mode: Mode & { name: "place" }) {
    const help = {
      point: text.draw.tapPoint,
      finger: text.draw.dragZone,
      corners: text.draw.tapCorners,
    }[mode.tool];
    return html`
      <h2 tabindex="-1" class="felt ${mode.felt}">${feltMark(mode.felt)} ${help}</h2>
      <div class="tools" role="group" aria-label=${text.draw.how}>
        ${tools.map(
          ([
            tool,
            node,
          ]) => html`<button type="button" class="button" aria-pressed=${mode.tool === tool} @click=${() => this.#enter({ ...mode, tool, corners: [] })}>
            ${icon(node)} ${text.draw[tool]}
          </button>`,
        )}
      </div>
      <div class="row">
        ${
          mode.tool === "point"
            ? html`<button type="button" class="button whole" @click=${() => this.#placePoint(this.#centre())}>${text.draw.centre}</button>`
            : nothing
        }
        ${mode.tool === "corners" ? this.#cornerButtons(mode) : nothing}
        <button type="button" class="button plain" @click=${() => this.#enter(IDLE)}>${icon(X)} ${text.draw.cancel}</button>
      </div>
      ${this.#keyboard && mode.tool !== "finger" ? html`<p class="hint">${text.draw.centreHelp}</p>` : nothing}
    `;
  }

  #cornerButtons(mode: Mode & { name: "place" }) {
    const count = mode.corners.length;
    return html`
      <button type="button" class="button primary grow" ?disabled=${count < 3} @click=${() => this.#closeCorners(mode)}>
        ${icon(PenTool)} ${text.draw.finish}
      </button>
      <button type="button" class="button grow" @click=${() => this.#addCorner(mode, this.#centre())}>${text.draw.centreCorner}</button>
      ${
        count === 0
          ? nothing
          : html`<button type="button" class="button" @click=${() => this.#enter({ ...mode, corners: mode.corners.slice(0, -1) })}>
              ${text.draw.lastCorner}
            </button>`
      }
      <span class="hint" role="status">${text.draw.cornersCount(count)}</span>
    `;
  }

  #selected(marker: MarkerState) {
    const mine = marker.author === this.seat.participant;
    const whose = mine
      ? text.marker.mine
      : marker.table === this.seat.table.numero
        ? text.marker.theirs
        : text.marker.other(marker.table);
    const zone = marker.geometry.type === "Polygon";
    const edit = () => this.#enter({ name: "ask", marker: marker.id });
    return html`
      <div class="dialog-head">
        <h2 tabindex="-1" class="felt ${marker.felt}">${feltMark(marker.felt)} ${feltWords(marker.felt)}</h2>
        <button type="button" class="button plain" aria-label=${text.marker.close} @click=${() => this.#enter(IDLE)}>${icon(X)}</button>
      </div>
      <p class="hint">${whose}${this.#room?.pendingMarkers.has(marker.id) ? `, ${text.marker.pending}` : ""}</p>
      ${said(marker).map((words) => html`<p>${words}</p>`)}
      ${mine && marker.hidden ? html`<p class="hint">${text.marker.hidden}</p>` : nothing}
      ${
        mine && this.#writable
          ? html`<div class="row">
              <button type="button" class="button" @click=${() => this.#enter({ name: "move", marker: marker.id, geometry: marker.geometry })}>
                ${icon(Move)} ${text.marker.move}
              </button>
              ${
                zone
                  ? html`<button type="button" class="button" @click=${() => this.#reshape(marker)}>${icon(Spline)} ${text.marker.reshape}</button>`
                  : nothing
              }
              <button type="button" class="button" @click=${edit}>${icon(Pencil)} ${text.marker.edit}</button>
              <button type="button" class="button" @click=${() => this.#remove(marker.id)}>${icon(Trash2)} ${text.marker.remove}</button>
            </div>`
          : nothing
      }
    `;
  }

  #panel() {
    const room = this.#room;
    if (room === null || this.panel === null) return nothing;
    const close = () => {
      this.panel = null;
    };
    if (this.panel === "list") {
      return html`<resident-list
        .markers=${this.#own()}
        .pending=${room.pendingMarkers}
        .refused=${room.refused}
        .writable=${this.#writable}
        .territoire=${this.seat.table.atelier.territoire}
        @wish=${(event: CustomEvent<ListWish>) => this.#wish(event.detail)}
        @closed=${close}
      ></resident-list>`;
    }
    return html`<resident-more .device=${this.device} .seat=${this.seat} .seats=${this.seats} @closed=${close}></resident-more>`;
  }

  #talk() {
    const room = this.#room;
    if (room === null || !this.talking) return nothing;
    const { state } = room.replica;
    return html`<resident-evening
      .room=${room}
      .seat=${this.seat}
      .seq=${(state?.seq ?? 0) + room.items.length / 1e6}
      .shown=${(state?.room.step ?? 0) > DIAGNOSTIC ? "vote" : "say"}
      @closed=${() => {
        this.talking = false;
      }}
    ></resident-evening>`;
  }

  /** The steps that are talked about cover the map, drawing uncovers it. */
  #followStep(): void {
    const step = this.#room?.replica.state?.room.step;
    if (step === undefined || step === this.#step) return;
    this.#step = step;
    if (TALKED.includes(step)) {
      this.panel = null;
      this.#enter(IDLE);
      this.talking = true;
    } else this.talking = false;
  }

  #own(): readonly MarkerState[] {
    const mine = this.#standing().filter((m) => m.author === this.seat.participant);
    return mine.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  // ── Modes ────────────────────────────────────────────────────────────────

  /** One way into every mode, so that no tool of the last one stays on the map; the keyboard follows. */
  #enter(mode: Mode, follow = true): void {
    if (this.mode.name === "ask" && this.#comesBack) this.#fitQuartier();
    if (mode.name !== "ask") this.#comesBack = false;
    this.mode = mode;
    this.#trace = [];
    const map = this.#map;
    if (map === null) return;
    map.setStroke(
      mode.name === "place" && mode.tool === "finger"
        ? ({ phase, at }) => this.#stroke(mode.felt, phase, at)
        : null,
    );
    map.selectMarker("marker" in mode ? mode.marker : null);
    map.setDraft(
      mode.name === "place" && mode.corners.length > 0 ? draftOf(mode.felt, mode.corners) : null,
    );
    this.#setHandles();
    this.#showCross();
    this.#refresh();
    void this.updateComplete.then(() => {
      if (this.#keyboard && follow)
        (
          this.querySelector<HTMLElement>(".sheet h2") ??
          this.querySelector<HTMLElement>(".sheet button")
        )?.focus();
    });
  }

  #showCross(): void {
    const aiming = this.mode.name === "place" && this.mode.tool !== "finger";
    this.#map?.setCross(aiming && this.#keyboard);
  }

  #setHandles(): void {
    const { mode } = this;
    if (mode.name === "move") this.#setGrip(mode.geometry);
    else if (mode.name === "reshape") this.#setCorners(cornersOf(mode.geometry));
    else this.#map?.setHandles([]);
  }

  /** One handle that takes the whole marker along. */
  #setGrip(geometry: Geometry): void {
    const at = toLonLat(middleOf(cornersOf(geometry)));
    this.#map?.setHandles([{ at, label: text.marker.handle }], ({ at: to }) =>
      this.#adjust(shifted(geometry, to)),
    );
  }

  #setCorners(corners: Ring): void {
    this.#map?.setHandles(
      corners.map((at, i) => ({ at: toLonLat(at), label: text.marker.corner(i + 1) })),
      ({ index, at }) => {
        const now = this.mode.name === "reshape" ? cornersOf(this.mode.geometry) : corners;
        this.#adjust(closed(now.map((corner, i) => (i === index ? at : corner))));
      },
    );
  }

  /** The geometry under the handles, not written yet. */
  #adjust(geometry: Geometry): void {
    if (this.mode.name !== "move" && this.mode.name !== "reshape") return;
    this.mode = { ...this.mode, geometry };
    this.#refresh();
  }

  #reshape(marker: MarkerState): void {
    const metres = this.#metresPerPixel();
    const corners = simplified(cornersOf(marker.geometry), metres, HANDLES_MAX);
    this.#enter({ name: "reshape", marker: marker.id, geometry: closed(corners) });
  }

  async #keep(mode: Mode & { name: "move" | "reshape" }): Promise<void> {
    if (mode.name === "reshape" && crossesItself(cornersOf(mode.geometry)))
      return this.#say(text.draw.tangled);
    if (!this.#isAllowed(mode.geometry)) return;
    await this.#write({ kind: mode.name, marker: mode.marker, geometry: mode.geometry });
    this.#enter({ name: "selected", marker: mode.marker });
  }

  // ── Fingers ──────────────────────────────────────────────────────────────

  #tap({ at, marker }: Tap): void {
    const { mode } = this;
    if (mode.name === "place") {
      if (mode.tool === "point") void this.#placePoint(at);
      if (mode.tool === "corners") this.#addCorner(mode, at);
    } else if (mode.name === "move") {
      this.#enter({ ...mode, geometry: shifted(mode.geometry, at) });
    } else if (mode.name !== "reshape" && mode.name !== "ask") {
      this.#enter(marker === null ? IDLE : { name: "selected", marker });
    }
  }

  #stroke(felt: Felt, phase: "start" | "move" | "end" | "cancel", at: LonLat): void {
    if (phase === "start") this.#trace = [];
    this.#trace.push(at);
    if (phase === "end" || phase === "cancel") {
      const trace = this.#trace;
      this.#trace = [];
      this.#map?.setDraft(null);
      if (phase === "end") void this.#placeZone(trace);
      return;
    }
    this.#map?.setDraft({ felt, positions: this.#trace, closed: false });
  }

  async #placePoint(at: LonLat): Promise<void> {
    await this.#place({ type: "Point", coordinates: snapped(at) });
  }

  async #placeZone(trace: Ring): Promise<void> {
    const zone = zoneOf(trace, this.#metresPerPixel());
    if ("fault" in zone) return this.#say(text.draw[zone.fault]);
    await this.#place(closed(zone.ring));
  }

  #addCorner(mode: Mode & { name: "place" }, at: LonLat): void {
    this.#enter({ ...mode, corners: [...mode.corners, at] });
  }

  async #closeCorners(mode: Mode & { name: "place" }): Promise<void> {
    if (crossesItself(mode.corners)) return this.#say(text.draw.tangled);
    await this.#placeZone(mode.corners);
  }

  async #place(geometry: Geometry): Promise<void> {
    if (this.mode.name !== "place") return;
    await this.#add(this.mode.felt, geometry);
  }

  async #add(felt: Felt, geometry: Geometry): Promise<void> {
    if (!this.#isAllowed(geometry)) return;
    const marker = uuidV7();
    await this.#write({ kind: "add", marker, felt, geometry });
    this.#say(text.draw.placed);
    this.#comesBack = this.#isFitted();
    this.#enter({ name: "ask", marker });
    await this.updateComplete;
    this.#map?.show(toLonLat(middleOf(cornersOf(geometry))), undefined, this.#insets());
  }

  /** A taller sheet or a turned tablet must hide neither the quartier to draw in nor the marker that is asked about. */
  #keepInSight(): void {
    const { name } = this.mode;
    if ((name === "idle" || name === "place") && this.#isFitted()) {
      this.#map?.resized();
      this.#fitQuartier();
    }
    if (this.mode.name !== "ask") return;
    const marker = this.#room?.markers.get(this.mode.marker);
    if (marker === undefined) return;
    this.#map?.show(toLonLat(middleOf(cornersOf(marker.geometry))), undefined, this.#insets());
  }

  /** Nobody has moved the map since; turning the device shifts its centre by a pixel. */
  #isFitted(): boolean {
    const [then, now] = [this.#fitted, this.#map?.view()];
    if (!then || then.zoom !== now?.zoom) return false;
    return then.center.every((angle, i) => Math.abs(angle - (now.center[i] ?? 0)) < PIXEL);
  }

  /** What lies over the map: the bar above, the sheet below. */
  #insets(): Insets {
    const height = (part: string) => this.querySelector(part)?.getBoundingClientRect().height ?? 0;
    // On a wide screen the sheet stands a little above the edge.
    const sheet = innerHeight - (this.querySelector(".sheet")?.getBoundingClientRect().top ?? 0);
    const above = NARROW.matches ? height(".map-attribution") : 0;
    return { top: height(".bar") + MARGIN, bottom: sheet + above + MARGIN };
  }

  /** Says at once what the server would refuse later. */
  #isAllowed(geometry: Geometry): boolean {
    const polygons = this.#polygons();
    if (polygons === null) return true;
    const inside =
      isInside(middleOf(cornersOf(geometry)), polygons) ||
      (geometry.type === "Polygon" && cornersOf(geometry).some((c) => isInside(c, polygons)));
    if (!inside) this.#say(text.draw.outside(this.seat.table.atelier.quartier_nom));
    return inside;
  }

  #centre(): LonLat {
    return (this.#map as QuietudeMap).view().center;
  }

  #metresPerPixel(): number {
    const { center, zoom } = (this.#map as QuietudeMap).view();
    return (MERCATOR * Math.cos((center[1] * Math.PI) / 180)) / 2 ** zoom;
  }

  // ── Writing ──────────────────────────────────────────────────────────────

  #write(intention: Intention): Promise<Operation> {
    return (this.#room as ResidentRoom).write(intention);
  }

  async #remove(marker: Uuid): Promise<void> {
    await this.#write({ kind: "delete", marker });
    this.#say(text.marker.removed);
    if (this.mode.name !== "idle") this.#enter(IDLE);
  }

  readonly #undo = async () => {
    const undone = await this.#room?.undo();
    this.#say(undone ? text.draw.undone : text.notice.nothingToUndo);
    if (undone) this.#enter(IDLE);
  };

  #wish(wish: ListWish): void {
    const room = this.#room as ResidentRoom;
    if (wish.kind === "retry") void this.device.outbox.retry(room.seat.key, wish.op);
    else if (wish.kind === "discard") void this.device.outbox.discard(room.seat.key, wish.op);
    else if (wish.kind === "remove") void this.#remove(wish.marker);
    else if (wish.kind === "add")
      void this.#add(wish.felt, { type: "Point", coordinates: snapped(wish.at) });
    else this.#look(wish.marker, wish.kind === "edit" ? "ask" : "selected");
  }

  #look(id: Uuid, mode: "ask" | "selected"): void {
    const marker = this.#room?.markers.get(id);
    if (marker === undefined) return;
    this.#enter({ name: mode, marker: id });
    void this.updateComplete.then(() =>
      this.#map?.show(toLonLat(middleOf(cornersOf(marker.geometry))), 17, this.#insets()),
    );
  }

  #notice(notice: Notice): void {
    if (notice.kind === "over") this.#say(text.notice.over);
    else {
      const { code, detail } = notice.item.problem ?? { code: "", detail: "" };
      this.#say(text.notice.refused(problemSentence(code, detail)));
      // A marker that was refused is no longer there to be answered or moved.
      if (
        notice.item.op.kind === "add" &&
        "marker" in this.mode &&
        this.mode.marker === notice.item.op.marker
      )
        this.#enter(IDLE);
    }
  }

  #say(words: string): void {
    clearTimeout(this.#toastTimer);
    this.toast = words;
    this.#toastTimer = setTimeout(() => {
      this.toast = "";
    }, TOAST);
  }

  /** The focus stays on the button that was pressed, where closing the panel gives it back. */
  #open(panel: "list" | "more"): void {
    this.#enter(IDLE, false);
    this.panel = panel;
  }

  /** Draws the room again, once per frame however many entries arrive. */
  #refresh(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#followStep();
      this.requestUpdate();
      this.#map?.setMarkers(this.#shapes());
    });
  }

  #standing(): readonly MarkerState[] {
    return [...(this.#room?.markers.values() ?? [])].filter((m) => !m.deleted);
  }

  #shapes(): readonly MarkerShape[] {
    const room = this.#room;
    if (room === null) return [];
    const { mode } = this;
    const pending = room.pendingMarkers;
    return this.#standing().map((m) => ({
      id: m.id,
      felt: m.felt,
      geometry:
        (mode.name === "move" || mode.name === "reshape") && mode.marker === m.id
          ? mode.geometry
          : m.geometry,
      emphasis: m.author === this.seat.participant ? "own" : "other",
      pending: pending.has(m.id),
    }));
  }
}

/** Where a map begins that knows no territoire yet. */
const FRANCE: Extent = [-5, 41, 10, 51];

function draftOf(felt: Felt, corners: Ring): Draft {
  return { felt, positions: corners.map(toLonLat), closed: corners.length > 2 };
}

customElements.define("resident-map", ResidentMap);
