import { html, nothing, type PropertyValues, svg } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { get, type Schemas } from "../api";
import { type FigureWords, figure } from "../chart/figure";
import type { StripWords } from "../chart/hour-strip";
import "../chart/hour-strip";
import { drawIntervals, layoutIntervals } from "../chart/intervals";
import { drawKey, type KeyEntry } from "../chart/key";
import { drawMap } from "../chart/map-drawing";
import type { SeriesWords } from "../chart/month-series";
import "../chart/month-series";
import { drawn } from "../chart/save";
import { totalOf, type WeekBrush } from "../chart/week";
import { drawWeek } from "../chart/week-grid";
import { colour } from "../map/colour";
import { createMap } from "../map/leaflet";
import { classes, classOf, type Measure, rangeOf } from "../map/legend";
import type { HexagonShape, Hover, QuartierShape, QuietudeMap, Tap } from "../map/map";
import { densityRamp, type QuadrantStyle, quadrants } from "../map/police-legend";
import { pictureOf } from "../map/surface";
import { text as city, mapWords } from "../text/city";
import { formatDate, formatMonth, formatMonthTick, formatNumber } from "../text/format";
import { text } from "../text/police";
import { type CellId, cellId, extentOf, inRing, type LonLat, quartierCode } from "../units";
import { type MapView, type Theme, themes } from "./address";
import type { ExportLinks } from "./figure-exports";
import { ask } from "./figure-request";
import { basisOf, exportsOf, type FigureView, linksOf } from "./figure-view";
import "./language-switch";
import "./police-place";
import {
  type Agreements,
  type Concentrations,
  type Place,
  type PlaceList,
  placesOf,
} from "./police-places";
import {
  consistent,
  type Form,
  filterOf,
  format,
  forms,
  initial,
  type Origin,
  type PoliceState,
  type PoliceViewName,
  parse,
  type Source,
  sources,
  toggled,
  viewsOf,
} from "./police-state";
import { namesOf, reachOf } from "./quartier-shape";
import "./staff-bar";
import { TerritoirePage } from "./territoire-page";

type Counts = Schemas["StatCounts"];
type Hexagons = Schemas["StatHexagons"];
type Density = Schemas["StatDensity"];
type Recorded = Schemas["StatRecorded"];

/** What one of the two maps shows. */
type Layer = "signalements" | "ressenti" | "croisement";

const RADIUS = 125;
const mapFormats = ["csv", "xlsx", "geojson"] as const;
/** Of a saved picture, in its own units. */
const EXPORT_WIDTH = 720;
const HEAVY_AFTER_MS = 500;
/** Room above two maps for their names, and beyond a limit for the hexagons that it cuts. */
const NAME_PX = 36;
const EDGE_PX = 8;

/** Where and when, for police: map, week, months, themes, places beyond chance. */
export class PolicePage extends TerritoirePage {
  static override properties = {
    view: { state: true },
    counts: { state: true },
    hexagons: { state: true },
    densities: { state: true },
    agreements: { state: true },
    concentrations: { state: true },
    recorded: { state: true },
    names: { state: true },
    loading: { state: true },
    progress: { state: true },
    copied: { state: true },
  };
  declare private view: PoliceState;
  declare private counts: Counts | null;
  declare private hexagons: Hexagons | null;
  declare private densities: Partial<Record<Layer, Density>>;
  declare private agreements: Agreements | null;
  declare private concentrations: Concentrations | null;
  declare private recorded: Recorded | null;
  /** Nearest street of some hexagons. */
  declare private names: ReadonlyMap<string, string>;
  declare private loading: boolean;
  /** Shares done of the two tests. */
  declare private progress: readonly [agreements: number, concentrations: number];
  declare private copied: boolean;

  /** The map on the left, and the one beside it when both are shown. */
  readonly #maps: (QuietudeMap | null)[] = [null, null];
  #following = false;
  /** Where the page itself has put the maps; null once a person has moved them. */
  #fitted: MapView | null = null;
  readonly #room = new ResizeObserver(() => this.#refit());
  #request = new AbortController();
  #heavy = new AbortController();
  #heavyTimer = 0;

  constructor() {
    super();
    this.view = parse(location.search);
    this.counts = null;
    this.hexagons = null;
    this.densities = {};
    this.agreements = null;
    this.concentrations = null;
    this.recorded = null;
    this.names = new Map();
    this.loading = true;
    this.progress = [0, 0];
    this.copied = false;
  }

  protected override restore(): void {
    this.view = parse(location.search);
    this.#frame();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#heavyTimer);
    this.#request.abort();
    this.#heavy.abort();
    this.#room.disconnect();
    for (const map of this.#maps) map?.remove();
  }

  protected override firstUpdated(): void {
    void this.start();
  }

  protected override updated(changed: PropertyValues): void {
    if (this.territoire) document.title = text.title(this.territoire.nom);
    if (changed.has("view") && this.territoire) {
      const before = changed.get("view") as PoliceState | undefined;
      if (before?.show !== this.view.show) this.#arrange();
    }
  }

  // ── What is asked of the server ────────────────────────────────────────

  protected override async begin(): Promise<void> {
    this.#arrange();
    this.#frame();
    void this.#loadRecorded();
    await this.#load();
  }

  /** A city in fine hexagons is a texture, not a map. */
  #resolution(): 9 | 10 {
    return this.view.quartier ? 10 : 9;
  }

  #query() {
    return { territoire: this.territoire?.code ?? "", ...filterOf(this.view) };
  }

  /** Figures of the filter; an older answer that comes late is dropped. */
  async #load(): Promise<void> {
    this.#request.abort();
    const request = new AbortController();
    this.#request = request;
    const { signal } = request;
    this.loading = true;
    this.problem = "";
    const query = this.#query();
    try {
      const [counts, hexagons] = await Promise.all([
        get("/api/v1/statistiques/vue", { query, signal }),
        get("/api/v1/statistiques/hexagones", {
          query: { ...query, resolution: this.#resolution() },
          signal,
        }),
      ]);
      if (signal.aborted) return;
      this.counts = counts;
      this.hexagons = hexagons;
      await this.#loadDensities(signal);
      if (signal.aborted) return;
      this.loading = false;
      this.#paint();
      this.#askPlaces();
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  async #loadDensities(signal: AbortSignal): Promise<void> {
    if (this.view.form !== "densite") return;
    const query = { ...this.#query(), rayon: RADIUS };
    const wanted = this.#layers().filter((layer) => layer !== "croisement");
    const found = await Promise.all(
      wanted.map(async (layer) => {
        const felt = layer === "ressenti" ? ({ felt: "unsafe" } as const) : {};
        return [
          layer,
          await get("/api/v1/statistiques/densite", { query: { ...query, ...felt }, signal }),
        ] as const;
      }),
    );
    if (!signal.aborted) this.densities = Object.fromEntries(found);
  }

  /** The tests begin once the choices have rested for a moment. */
  #askPlaces(): void {
    clearTimeout(this.#heavyTimer);
    this.#heavy.abort();
    this.agreements = null;
    this.concentrations = null;
    this.progress = [0, 0];
    const heavy = new AbortController();
    this.#heavy = heavy;
    this.#heavyTimer = window.setTimeout(() => void this.#loadPlaces(heavy.signal), HEAVY_AFTER_MS);
  }

  async #loadPlaces(signal: AbortSignal): Promise<void> {
    const query = this.#query();
    try {
      this.agreements = await ask<Agreements>(
        "/api/v1/statistiques/accords",
        { query, signal },
        (share) => {
          this.progress = [share, 0];
        },
      );
      this.#outline();
      this.concentrations = await ask<Concentrations>(
        "/api/v1/statistiques/concentrations",
        { query, signal },
        (share) => {
          this.progress = [1, share];
        },
      );
      this.#outline();
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  async #loadRecorded(): Promise<void> {
    const territoire = this.territoire?.code ?? "";
    this.recorded = await get("/api/v1/statistiques/communales", { query: { territoire } });
  }

  protected override fail(error: unknown): void {
    this.loading = false;
    super.fail(error);
  }

  // ── What a person chooses ──────────────────────────────────────────────

  #change(part: Partial<PoliceState>): void {
    const before = this.view;
    const step = part.quartier !== undefined && part.quartier !== before.quartier;
    this.view = consistent({ ...before, ...(step ? { view: null } : {}), ...part });
    this.copied = false;
    this.remember(format(this.view), step);
    if (step) this.#frame();
    const asksAgain = (
      ["quartier", "source", "origins", "themes", "brush", "from", "to"] as const
    ).some((name) => this.view[name] !== before[name]);
    if (asksAgain || (this.view.form === "densite" && !this.#hasDensities())) void this.#load();
    else this.#paint();
  }

  #hasDensities(): boolean {
    return this.#layers().every((one) => one === "croisement" || this.densities[one]);
  }

  readonly #copy = async () => {
    await navigator.clipboard.writeText(location.href);
    this.copied = true;
  };

  // ── The maps ───────────────────────────────────────────────────────────

  #layers(): readonly Layer[] {
    const { show } = this.view;
    return show === "cote" ? ["signalements", "ressenti"] : [show];
  }

  /** Makes the second map when it is first needed, and fits both to their room. */
  #arrange(): void {
    const territoire = this.territoire;
    if (!territoire) return;
    this.#layers().forEach((_, i) => {
      if (this.#maps[i]) return;
      const element = this.querySelector<HTMLElement>(`#map-${i}`);
      if (!element) return;
      const [west, south, east, north] = territoire.bbox as [number, number, number, number];
      const map = createMap({
        element,
        extent: [west, south, east, north],
        territoire: territoire.code,
        words: mapWords(territoire.nom),
        printable: true,
        anyZoom: true,
      });
      this.#maps[i] = map;
      this.#room.observe(element);
      map.on("tap", (tap) => this.#tapped(tap));
      map.on("view", () => this.#moved(i));
      map.on("hover", (hover) => this.#hovered(i, hover));
      map.setQuartierNames(namesOf(this.quartiers));
      map.setQuartier(this.#shape());
    });
    requestAnimationFrame(() => {
      this.#refit();
      this.#paint();
      this.#outline();
    });
  }

  #follow(move: () => void): void {
    this.#following = true;
    move();
    this.#following = false;
  }

  /** Both maps show the same piece of the city. */
  #moved(index: number): void {
    const map = this.#maps[index];
    if (!map || this.#following) return;
    const { center, zoom } = map.view();
    // A window of another size tells of a move that nobody made.
    if (this.#fitted && samePlace(this.#fitted, { center, zoom })) return;
    this.#fitted = null;
    const other = this.#maps[1 - index];
    if (other && this.view.show === "cote") this.#follow(() => other.setView(center, zoom));
    this.view = { ...this.view, view: { center, zoom } };
    this.remember(format(this.view));
  }

  /** One cursor for both: where the mouse is on one, a ring is on the other. */
  #hovered(index: number, hover: Hover): void {
    if (this.view.show !== "cote") return;
    this.#maps[1 - index]?.setPlace(hover?.at ?? null);
    for (const map of this.#maps) map?.highlightHexagon(hover?.hexagon ?? this.view.place);
  }

  #tapped(tap: Tap): void {
    const hexagon = this.hexagons?.features.find((one) =>
      inRing(tap.at, one.geometry.coordinates[0] ?? []),
    );
    this.#change({ place: hexagon ? cellId(hexagon.id) : null });
  }

  #shape(): QuartierShape | null {
    const found = this.quartier(this.view.quartier);
    return found ? (found.geometry as QuartierShape) : null;
  }

  #frame(): void {
    const shape = this.#shape();
    for (const map of this.#maps) map?.setQuartier(shape);
    this.#settle();
  }

  #shownMaps(): readonly QuietudeMap[] {
    return this.#layers().flatMap((_, i) => this.#maps[i] ?? []);
  }

  /**
   * Both maps show what a person has moved them to; before that, the city or the
   * quartier fills the room that they have.
   */
  #settle(): void {
    const whole = this.#shape() ?? reachOf(this.quartiers);
    const [first, ...others] = this.#shownMaps();
    if (!whole || !first) return;
    const { view } = this.view;
    this.#follow(() => {
      if (view) first.setView(view.center, view.zoom);
      else first.fit(whole, { top: others.length > 0 ? NAME_PX : EDGE_PX, bottom: EDGE_PX });
      const { center, zoom } = first.view();
      for (const other of others) other.setView(center, zoom);
      this.#fitted = { center, zoom };
    });
  }

  /** After legends, tables or the window have given the maps another room. */
  #refit(): void {
    this.#follow(() => {
      for (const map of this.#shownMaps()) map.resized();
    });
    this.#settle();
  }

  #paint(): void {
    this.#layers().forEach((layer, i) => {
      const map = this.#maps[i];
      if (!map) return;
      const dense = this.#dense(layer);
      map.setHexagons(dense ? [] : this.#shapes(layer));
      const picture = dense ? this.densities[layer]?.value : null;
      map.setPicture(picture ? pictureOf(picture, layer === "ressenti") : null);
      map.highlightHexagon(this.view.place);
    });
  }

  /** Lines around the places of the lists; dashed where signalements, not residents, say so. */
  #outline(): void {
    const cells = { ...this.agreements?.cells, ...this.concentrations?.cells };
    const places = placesOf(this.agreements, this.concentrations).map((place, i) => ({
      rings: place.hexagons.map((id) => cells[id] ?? []),
      at: place.at as unknown as LonLat,
      label: String(i + 1),
      dashed: place.origin !== "atelier",
    }));
    // Thick lines of the crossing are its own answer: others would be taken for it.
    const drawn = this.view.show === "croisement" ? [] : places;
    for (const map of this.#maps) map?.setOutlines(drawn);
  }

  #shapes(layer: Layer): readonly HexagonShape[] {
    return (this.hexagons?.features ?? []).flatMap(({ id, geometry, properties }) => {
      const ring = geometry.coordinates[0];
      const style: QuadrantStyle | null =
        layer === "croisement"
          ? properties.quadrant
            ? quadrants[properties.quadrant]
            : null
          : classOf(measureOf(layer), this.#resolution(), {
              unsafe: properties.unsafe,
              safe: properties.safe,
              signalements: Math.round(properties.signalements),
              contested: null,
            });
      return style && ring
        ? [
            {
              id: cellId(id),
              ring,
              fill: style.fill,
              edge: style.edge,
              hatched: style.hatched,
              strong: layer === "croisement" && properties.beyond,
            },
          ]
        : [];
    });
  }

  // ── What is shown ──────────────────────────────────────────────────────

  override render() {
    const both = this.view.show === "cote";
    const ateliers = this.view.source === "ateliers";
    return html`
      <a class="skip" href="#panel">${text.skip}</a>
      <header>
        ${this.banner()}
        <div class="police-header">
          <h1><a href="/police">${text.name}</a> <span>${text.page}, ${this.territoire?.nom ?? ""}</span></h1>
          <staff-bar .chooses=${"police"}></staff-bar>
          ${this.#choices()}
          <language-switch></language-switch>
        </div>
      </header>
      <main class="police">
        <div class="police-left figure">
          <div class=${classMap({ "police-maps": true, both })}>
            ${[0, 1].map(
              (i) => html`<div class="police-map" ?hidden=${i === 1 && !both}>
                ${both ? html`<p class="police-map-name">${text.map[i === 0 ? "signalements" : "ressenti"]}</p>` : nothing}
                <div id="map-${i}" class="map"></div>
              </div>`,
            )}
          </div>
          <div class="police-legends">${this.#layers().map((layer) => this.#legend(layer))} ${this.#lines()} ${this.#methods()} ${this.#mapTable()} ${this.#mapExports()}</div>
        </div>
        <section id="panel" class="police-panel" tabindex="-1" aria-label=${text.skip}>
          <p class="police-printed">${basisOf(this.#figureView())}</p>
          ${this.#status()}
          <div class="police-tools">${this.#tools()}</div>
          ${
            this.view.place
              ? html`<police-place .cell=${this.view.place} .filter=${filterOf(this.view)}
                  .territoire=${this.territoire?.code ?? ""}
                  ?listed=${this.view.sheet.includes(this.view.place)}
                  .found=${placesOf(this.agreements, this.concentrations).filter((one) => one.h3 === this.view.place)}
                  @sheet=${this.#toggle}
                  @close=${() => this.#change({ place: null })}></police-place>`
              : nothing
          }
          ${
            ateliers
              ? nothing
              : html`${this.#strip()}<div class="police-time">${this.#months()}</div>`
          }
          ${this.#themes()}
          ${ateliers ? nothing : this.#origins()}
          <police-places .source=${this.view.source} .agreements=${this.agreements} .concentrations=${this.concentrations}
            .progress=${this.progress} .exports=${this.#placesExports}
            .sheet=${this.view.sheet} .selected=${this.view.place}
            @peek=${(event: CustomEvent<Place>) => this.#peek(event.detail)}
            @place=${(event: CustomEvent<Place>) => this.#open(event.detail)}
            @sheet=${this.#toggle}></police-places>
          ${this.#recorded()}
        </section>
      </main>
    `;
  }

  readonly #toggle = (event: CustomEvent<CellId>) =>
    this.#change({ sheet: toggled(this.view.sheet, event.detail) });

  /** A ring where a place of the list is; its hexagon may be finer than those of the map. */
  #peek(place: Place): void {
    for (const map of this.#maps) map?.setPlace(place.at as unknown as LonLat);
  }

  #open(place: Place): void {
    this.#change({ place: cellId(place.h3) });
    this.#peek(place);
    for (const map of this.#maps) map?.show(place.at as unknown as LonLat, 15);
    this.querySelector("#panel")?.scrollTo({ top: 0 });
  }

  #choices() {
    const select = <T extends string>(
      id: string,
      label: string,
      chosen: T,
      options: readonly (readonly [T, string])[],
      change: (value: T) => void,
    ) => html`<div class="police-field"><label for=${id}>${label}</label>
      <select id=${id} @change=${(event: Event) => change((event.target as HTMLSelectElement).value as T)}>
        ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
      </select></div>`;
    const { view } = this;
    return html`
      ${select(
        "quartier",
        text.quartier,
        view.quartier ?? "",
        [
          ["", text.city],
          ...this.quartiers.map(({ properties: p }) => [p.code, p.nom_court] as const),
        ],
        (code) => this.#change({ quartier: code ? quartierCode(code) : null }),
      )}
      ${select(
        "show",
        text.show,
        view.show,
        viewsOf(view.source).map((one): [PoliceViewName, string] => [one, text.views[one]]),
        (show) => this.#change({ show }),
      )}
      ${
        view.show === "croisement"
          ? nothing
          : select(
              "form",
              text.form,
              view.form,
              forms.map((one): [Form, string] => [one, text.forms[one]]),
              (form) => this.#change({ form }),
            )
      }
      ${select(
        "source",
        text.source.label,
        view.source,
        sources.map((one): [Source, string] => [one, text.source[one || "all"]]),
        (source) => this.#change({ source }),
      )}
    `;
  }

  /** Where signalements came from, to be chosen among; their numbers follow the other filters. */
  #origins() {
    const chosen = this.view.origins;
    const counts = new Map<Origin, number>([
      ...chosen.map((one) => [one, 0] as const),
      ...(this.counts?.origins ?? []).map((one) => [one.origin as Origin, one.n] as const),
    ]);
    if (counts.size < 2 && chosen.length === 0) return nothing;
    const all = [...counts.keys()].sort();
    const total = [...counts.values()].reduce((sum, one) => sum + one, 0);
    return html`<section class="police-filter" aria-labelledby="origins"><h2 id="origins">${text.source.origins}</h2>
      <p>${text.source.said}</p>
      <ul class="police-themes">${all.map((origin) => {
        const n = counts.get(origin) ?? 0;
        return html`<li>${choiceRow(
          origin,
          originName(origin),
          chosen.includes(origin),
          (on) =>
            this.#change({
              origins: all.filter((one) => (one === origin ? on : chosen.includes(one))),
            }),
          shareBar(n, total),
        )}</li>`;
      })}</ul></section>`;
  }

  #tools() {
    const { view } = this;
    const filtered = Object.keys(filterOf(view)).length > 0;
    return html`
      ${
        filtered
          ? html`<button type="button" class="button" @click=${() =>
              this.#change({
                quartier: null,
                source: "",
                origins: [],
                themes: initial.themes,
                brush: null,
                from: "",
                to: "",
              })}>${text.reset}</button>`
          : nothing
      }
      <a class="button" href=${`/police/fiche${format({ ...view, place: null, view: null })}`}>${text.sheet.open(view.sheet.length)}</a>
      <button type="button" class="button plain" @click=${this.#copy}>${text.link}</button>
      ${this.copied ? html`<span role="status">${text.linkCopied}</span>` : nothing}
    `;
  }

  #status() {
    if (this.problem) {
      return this.trouble(() => (this.territoire ? this.#load() : this.start()));
    }
    const { counts } = this;
    if (this.view.source === "ateliers") {
      return html`<div class="police-said"><p role="status">${text.source.onlyAteliers}</p></div>`;
    }
    const { origins } = this.view;
    return html`<div class="police-said">
      <p role="status" aria-busy=${this.loading}>${
        !counts
          ? text.wait
          : counts.n > 0 && counts.period
            ? text.said(
                counts.n,
                counts.people,
                counts.period.from,
                counts.period.to,
                Math.round(counts.interval.lo),
                Math.round(counts.interval.hi),
              )
            : counts.extent || this.view.quartier
              ? text.nothing
              : text.nothingYet
      }</p>
      ${origins.length > 0 ? html`<p class="figure-how">${text.source.how(originNames(origins))}</p>` : nothing}
      ${counts && counts.anonymous > 0 ? html`<p class="figure-how">${text.anonymous(counts.anonymous)}</p>` : nothing}
      ${counts && counts.unsure >= 0.5 ? html`<p class="figure-how">${text.unsure(Math.round(counts.unsure))}</p>` : nothing}
    </div>`;
  }

  // ── What can be taken away ─────────────────────────────────────────────

  #figureView(): FigureView {
    return {
      width: EXPORT_WIDTH,
      city: this.territoire?.nom ?? "",
      place: this.quartier(this.view.quartier)?.properties.nom ?? "",
      demo: this.territoire?.demo ?? false,
      period: this.#asked(this.counts?.period),
      made: formatDate(new Date().toISOString()),
      folded: true,
    };
  }

  /** The days of a figure, and the other choices that it follows: all but its own. */
  #asked(over: Counts["period"] | undefined, but?: "themes" | "brush"): string {
    const { source, origins } = this.view;
    const chosen = but === "themes" ? [] : this.view.themes;
    const brush = but === "brush" ? null : this.view.brush;
    return [
      over ? text.exports.days(over.from, over.to) : text.exports.always,
      ...(chosen.length > 0
        ? [text.exports.themes(chosen.map((one) => city.theme[one]).join(", "))]
        : []),
      ...(brush
        ? [text.strip.brush(brush.firstDay, brush.lastDay, brush.firstHour, brush.lastHour)]
        : []),
      ...(source ? [text.source[source]] : []),
      ...(origins.length > 0 ? [text.source.from(originNames(origins))] : []),
    ].join(" ; ");
  }

  #n(): string {
    const { counts } = this;
    return counts && this.view.source !== "ateliers"
      ? text.exports.n(counts.n, counts.people, counts.anonymous)
      : "";
  }

  #countsLinks(table: string) {
    return linksOf("/api/v1/statistiques/vue", {}, this.#query(), table, ["csv", "xlsx"]);
  }

  readonly #placesExports = (list: PlaceList) => {
    const table = { agreed: "lieux_partages", gathered: "concentrations", risen: "hausses" }[list];
    const path = `/api/v1/statistiques/${list === "agreed" ? "accords" : "concentrations"}`;
    return exportsOf(this.#figureView(), {
      title: text.places[list],
      n: list === "agreed" ? this.#participants() : this.#n(),
      caveat: list === "agreed" ? text.places.how : `${text.legend.caveat} ${text.places.how}`,
      links: linksOf(path, {}, this.#query(), table, mapFormats),
      name: table.replace("_", "-"),
      charts: "none",
    });
  };

  /** n of the ateliers that were tested. */
  #participants(): string {
    const all = this.agreements?.ateliers ?? [];
    return text.exports.participants(
      all.reduce((sum, one) => sum + one.participants, 0),
      all.length,
    );
  }

  /** The maps as they are on the screen, each with its legend. */
  readonly #mapCharts = (): readonly SVGSVGElement[] =>
    this.#layers().flatMap((layer, i) => {
      const map = this.#maps[i];
      if (!map) return [];
      const width = EXPORT_WIDTH;
      const { height, content } = drawMap(map.drawing(), width);
      const key = drawKey(this.#key(layer), width);
      return [
        // Alone, a map has the title of the whole.
        drawn(width, height, content, this.view.show === "cote" ? this.#title(layer) : ""),
        drawn(width, key.height, key.content),
      ];
    });

  /** What the colours and lines of a map mean. */
  #key(layer: Layer): readonly KeyEntry[] {
    const line = { fill: "none", edge: colour.ink, strong: true };
    const { source } = this.view;
    const lines: readonly KeyEntry[] = [
      ...(source === "signalements" ? [] : [{ ...line, words: text.legend.agreedLine }]),
      ...(source === "ateliers"
        ? []
        : [{ ...line, dashed: true, words: text.legend.reportedLine }]),
    ];
    if (layer === "croisement") {
      return [
        ...(["felt", "reported", "both"] as const).map((one) => ({
          ...quadrants[one],
          words: text.legend.quadrant[one],
        })),
        { fill: colour.paper, edge: colour.ink, strong: true, words: text.legend.beyond },
      ];
    }
    if (this.view.form === "densite") {
      const shades = densityRamp(layer === "ressenti");
      return [
        ...shades.map((fill, i) => ({
          fill,
          edge: fill,
          words:
            i === 0
              ? text.legend.densityLow
              : i === shades.length - 1
                ? text.legend.densityHigh
                : "",
        })),
        ...lines,
      ];
    }
    return [
      ...classes(measureOf(layer), this.#resolution()).map((step) => ({
        ...step,
        words: step.to === null ? text.legend.more(step.from) : rangeOf(step),
      })),
      ...lines,
    ];
  }

  #mapExports() {
    const w = text.legend;
    const layers = this.#layers();
    const dense = this.view.form === "densite" && this.view.show !== "croisement";
    const caveats = layers.flatMap((layer) =>
      layer === "croisement" ? [w.caveat, w.voices] : [layer === "ressenti" ? w.voices : w.caveat],
    );
    return exportsOf(this.#figureView(), {
      title: layers.map((layer) => this.#title(layer)).join(" ; "),
      n: [
        this.view.show === "ressenti" ? "" : this.#n(),
        this.view.show === "signalements" ? "" : text.exports.voices(this.hexagons?.voices ?? 0),
      ].join(" "),
      caveat: [...(dense ? [w.density(RADIUS)] : []), ...caveats].join(" "),
      links: dense ? this.#densityLinks() : this.#hexagonLinks(),
      name: "carte",
      charts: this.#mapCharts,
    });
  }

  #hexagonLinks() {
    const query = { ...this.#query(), resolution: this.#resolution() };
    return linksOf("/api/v1/statistiques/hexagones", {}, query, "hexagones", mapFormats);
  }

  /** One map of density, or the files of each when two are side by side. */
  #densityLinks(): ExportLinks {
    const linksTo = (layer: Layer) => {
      const felt = layer === "ressenti" ? { felt: "unsafe" } : {};
      const query = { ...this.#query(), ...felt, rayon: RADIUS };
      return linksOf("/api/v1/statistiques/densite", {}, query, "densite", mapFormats);
    };
    const [first, ...others] = this.#layers();
    if (!first || others.length === 0) return linksTo(first ?? "signalements");
    return {
      more: [first, ...others].flatMap((layer) =>
        Object.entries(linksTo(layer)).map(([format, href]) => ({
          label: text.exports.of(format.toUpperCase(), text.views[layer]),
          href,
        })),
      ),
    };
  }

  // ── Figures ────────────────────────────────────────────────────────────

  #months() {
    const words: SeriesWords = {
      first: text.months.first,
      last: text.months.last,
      month: formatMonth,
      tick: formatMonthTick,
      number: (value) => formatNumber(value),
    };
    const points = this.counts?.months ?? [];
    const frame: FigureWords = {
      title: text.months.title,
      howTitle: text.howTitle,
      how: text.months.how,
      numbers: text.numbers,
      method: { title: text.method, text: text.months.methodText },
    };
    return figure(
      frame,
      html`<month-series class="pictured" .points=${points} .words=${words} .from=${this.view.from} .to=${this.view.to}
          @period=${(event: CustomEvent<{ from: string; to: string }>) => this.#change(event.detail)}></month-series>`,
      exportsOf(this.#figureView(), {
        title: text.months.title,
        n: text.exports.reports(points.reduce((sum, one) => sum + one.n, 0)),
        caveat: text.legend.caveat,
        links: this.#countsLinks("mois"),
        name: "mois",
        period: this.#asked(this.counts?.extent),
      }),
      html`<table><thead><tr><th scope="col">${text.months.month}</th><th scope="col">${text.months.count}</th>
          <th scope="col">${text.months.low}</th><th scope="col">${text.months.high}</th></tr></thead>
        <tbody>${points.map(
          (
            one,
          ) => html`<tr><th scope="row">${formatMonth(one.month)}</th><td>${formatNumber(one.n, 1)}</td>
            <td>${formatNumber(one.interval.lo)}</td><td>${formatNumber(one.interval.hi)}</td></tr>`,
        )}</tbody></table>`,
    );
  }

  #strip() {
    const week = this.counts?.strip ?? [];
    const days = text.strip.days.split(",");
    const words: StripWords = {
      label: text.strip.label,
      days,
      hour: text.strip.hour,
      cell: text.strip.cell,
    };
    const { brush } = this.view;
    const total = totalOf(week, null);
    const presets: readonly (readonly [string, WeekBrush | null])[] = [
      [text.strip.presets.all, null],
      [text.strip.presets.evening, { firstDay: 1, lastDay: 7, firstHour: 18, lastHour: 21 }],
      [text.strip.presets.night, { firstDay: 1, lastDay: 7, firstHour: 22, lastHour: 5 }],
      [text.strip.presets.weekend, { firstDay: 6, lastDay: 7, firstHour: 0, lastHour: 23 }],
    ];
    const same = (one: WeekBrush | null) => JSON.stringify(one) === JSON.stringify(brush);
    return figure(
      {
        title: text.strip.title,
        sentence: brush
          ? text.strip.said(
              totalOf(week, brush),
              total,
              text.strip.brush(brush.firstDay, brush.lastDay, brush.firstHour, brush.lastHour),
            )
          : text.strip.whole(total),
        howTitle: text.howTitle,
        how: text.strip.how,
        numbers: text.numbers,
        method: { title: text.method, text: text.strip.methodText },
      },
      html`<hour-strip id="week" .week=${week} .brush=${brush} .words=${words}
          @brush=${(event: CustomEvent<WeekBrush | null>) => this.#change({ brush: event.detail })}></hour-strip>
        <div class="police-presets">${presets.map(
          ([label, one]) =>
            html`<button type="button" aria-pressed=${same(one)} @click=${() => this.#change({ brush: one })}>${label}</button>`,
        )}</div>
        ${brush && this.view.show !== "signalements" ? html`<p class="figure-how">${text.feltNoHour}</p>` : nothing}`,
      exportsOf(this.#figureView(), {
        title: text.strip.title,
        n: text.exports.reports(total),
        period: this.#asked(this.counts?.period, "brush"),
        caveat: text.legend.caveat,
        links: this.#countsLinks("heures"),
        name: "semaine",
        charts: () => {
          const { height, content } = drawWeek(
            week,
            EXPORT_WIDTH,
            Math.max(0, ...week.flat()),
            words,
          );
          return [drawn(EXPORT_WIDTH, height, content)];
        },
      }),
      html`<table><thead><tr><th scope="col">${text.strip.day}</th>${Array.from(
        { length: 24 },
        (_, hour) => html`<th scope="col">${text.strip.hour(hour)}</th>`,
      )}</tr></thead><tbody>${week.map(
        (hours, d) =>
          html`<tr><th scope="row">${text.dayName(d + 1)}</th>${hours.map((value) => html`<td>${formatNumber(value, 1)}</td>`)}</tr>`,
      )}</tbody></table>`,
    );
  }

  #themes() {
    const found = new Map((this.counts?.themes ?? []).map((one) => [one.theme, one]));
    const total = [...found.values()].reduce((sum, one) => sum + one.n, 0);
    const chosen = this.view.themes;
    const toggle = (theme: Theme, on: boolean) =>
      this.#change({ themes: themes.filter((one) => (one === theme ? on : chosen.includes(one))) });
    const choice = (theme: Theme, bar: unknown = nothing) =>
      choiceRow(theme, city.theme[theme], chosen.includes(theme), (on) => toggle(theme, on), bar);
    if (this.view.source === "ateliers") {
      return html`<section class="police-filter"><h2>${text.themes.title}</h2><p>${text.themes.said}</p>
        <ul class="police-themes">${themes.map((theme) => html`<li>${choice(theme)}</li>`)}</ul></section>`;
    }
    return figure(
      {
        title: text.themes.title,
        sentence: text.themes.said,
        howTitle: text.howTitle,
        how: text.themes.how,
        numbers: text.numbers,
        method: { title: text.method, text: text.themes.method },
      },
      html`<ul class="police-themes">${themes.map((theme) => {
        const n = found.get(theme)?.n ?? 0;
        return html`<li>${choice(theme, shareBar(n, total))}</li>`;
      })}</ul>`,
      exportsOf(this.#figureView(), {
        title: text.themes.title,
        n: text.exports.reports(total),
        period: this.#asked(this.counts?.period, "themes"),
        caveat: text.legend.caveat,
        links: this.#countsLinks("themes"),
        name: "themes",
        charts: () => {
          const options = {
            width: EXPORT_WIDTH,
            axis: "rate",
            tick: (value: number) => `${formatNumber(100 * value)} %`,
          } as const;
          const rows = themes.map((theme) => {
            const one = found.get(theme);
            return {
              label: city.theme[theme],
              value: total > 0 ? (one?.n ?? 0) / total : null,
              lo: one?.share?.lo ?? null,
              hi: one?.share?.hi ?? null,
              note: formatNumber(one?.n ?? 0),
              missing: "–",
            };
          });
          const layout = layoutIntervals(rows, options);
          return [drawn(EXPORT_WIDTH, layout.height, drawIntervals(layout, options))];
        },
      }),
      html`<table><thead><tr><th scope="col">${text.themes.theme}</th><th scope="col">${text.themes.count}</th><th scope="col">${text.themes.share}</th></tr></thead>
        <tbody>${themes.map((theme) => {
          const one = found.get(theme);
          return html`<tr><th scope="row">${city.theme[theme]}</th><td>${formatNumber(one?.n ?? 0, 1)}</td>
            <td>${one?.share ? `${formatNumber(100 * one.share.lo)} – ${formatNumber(100 * one.share.hi)} %` : "–"}</td></tr>`;
        })}</tbody></table>`,
    );
  }

  /** What the colours of a map mean, how to read them and how they were made. */
  #legend(layer: Layer) {
    const w = text.legend;
    const dense = this.#dense(layer);
    return html`<div class="police-legend"><h2>${this.#title(layer)}</h2>
      ${layer === "croisement" ? this.#crossing() : dense ? this.#ramp(layer) : this.#steps(layer)}
      <p class="figure-how"><strong>${text.howTitle}</strong> ${dense ? w.density(RADIUS) : w.how[layer]}
        ${layer === "croisement" ? this.#similarity() : nothing}
        ${layer === "ressenti" ? w.voices : w.caveat}</p>
    </div>`;
  }

  #title(layer: Layer): string {
    return layer !== "croisement" && this.#dense(layer)
      ? text.legend.titleDense[layer]
      : text.legend.title[layer];
  }

  #dense(layer: Layer): boolean {
    return this.view.form === "densite" && layer !== "croisement";
  }

  #methods() {
    const words = new Set(
      this.#layers().map((layer) => text.legend.method[this.#dense(layer) ? "densite" : layer]),
    );
    return html`<details class="figure-more method"><summary>${text.method}</summary>
      ${[...words].map((one) => html`<p>${one}</p>`)}</details>`;
  }

  #steps(layer: "signalements" | "ressenti") {
    return html`<ul>${classes(measureOf(layer), this.#resolution()).map(
      (step) =>
        html`<li>${swatch(step)} ${step.to === null ? text.legend.more(step.from) : rangeOf(step)}</li>`,
    )}</ul>`;
  }

  #ramp(layer: "signalements" | "ressenti") {
    const density = this.densities[layer];
    if (density && !density.value) return html`<p>${text.legend.densityNone}</p>`;
    return html`<p class="police-ramp">${text.legend.densityLow}
      <svg viewBox="0 0 140 14" aria-hidden="true">${densityRamp(layer === "ressenti").map(
        (fill, i) => svg`<rect x=${28 * i} width="28" height="14" fill=${fill}></rect>`,
      )}</svg>
      ${text.legend.densityHigh}</p>`;
  }

  #crossing() {
    return html`<ul>${(["felt", "reported", "both"] as const).map(
      (one) => html`<li>${swatch(quadrants[one])} ${text.legend.quadrant[one]}</li>`,
    )}<li>${swatch({ fill: colour.paper, edge: colour.ink, hatched: false }, 3)} ${text.legend.beyond}</li></ul>`;
  }

  #similarity() {
    const { similarity, differing = 0, compared = 0 } = this.hexagons ?? {};
    return typeof similarity === "number"
      ? text.legend.similarity(similarity, differing, compared)
      : text.legend.similarityNone;
  }

  /** What the lines around places mean. */
  #lines() {
    const line = { fill: "none", edge: colour.ink, hatched: false };
    const { source, show } = this.view;
    if (show === "croisement") return nothing;
    return html`<ul class="police-lines">
      ${source === "signalements" ? nothing : html`<li>${swatch(line, 3)} ${text.legend.agreedLine}</li>`}
      ${source === "ateliers" ? nothing : html`<li>${swatch(line, 3, "4 3")} ${text.legend.reportedLine}</li>`}
    </ul>`;
  }

  /** The fullest hexagons of what is shown. */
  #fullest() {
    const felt = this.view.show === "ressenti";
    const value = ({ properties: p }: Hexagons["features"][number]) =>
      felt ? p.unsafe : p.signalements;
    return [...(this.hexagons?.features ?? [])].sort((a, b) => value(b) - value(a)).slice(0, 50);
  }

  /** Finds a street for the rows of the table, from the tiles that the map has drawn. */
  readonly #nameRows = async () => {
    const map = this.#maps[0];
    if (!map) return;
    const found = await Promise.all(
      this.#fullest().map(async ({ id, geometry }) => {
        const ring = geometry.coordinates[0] ?? [];
        const extent = extentOf(ring);
        if (!extent) return null;
        const at = [(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2];
        const street = await map.streetNear(at as unknown as LonLat).catch(() => null);
        return street ? ([id, street] as const) : null;
      }),
    );
    this.names = new Map([...this.names, ...found.flatMap((one) => (one ? [one] : []))]);
  };

  #mapTable() {
    return html`<details class="figure-more" @toggle=${this.#nameRows}><summary>${text.hexagons.numbers}</summary>
      <div class="figure-table" tabindex="0" role="region" aria-label=${text.hexagons.numbers}><table>
        <caption>${text.hexagons.caption}</caption>
        <thead><tr><th scope="col">${text.hexagons.place}</th><th scope="col">${text.hexagons.reported}</th><th scope="col">${text.hexagons.felt}</th>
          <th scope="col">${text.hexagons.quadrant}</th><th scope="col">${text.hexagons.beyond}</th></tr></thead>
        <tbody>${this.#fullest().map(
          ({ id, properties: p }, i) => html`<tr>
            <th scope="row"><button type="button" class="place-name" @click=${() => this.#change({ place: cellId(id) })}>${this.names.get(id) ?? text.hexagons.unnamed(i + 1)}</button></th>
            <td>${formatNumber(p.signalements, 1)}</td><td>${formatNumber(p.unsafe)}</td>
            <td>${p.quadrant ? text.legend.quadrant[p.quadrant] : text.hexagons.little}</td>
            <td>${p.beyond ? text.hexagons.yes : text.hexagons.no}</td></tr>`,
        )}</tbody></table></div></details>`;
  }

  #recorded() {
    const { recorded } = this;
    if (!recorded || !this.territoire) return nothing;
    if (recorded.indicators.length === 0) {
      return html`<section class="figure empty"><h2>${text.recorded.title(this.territoire.nom)}</h2>
        <p>${text.recorded.none}</p><p class="figure-how">${text.recorded.noneHow}</p></section>`;
    }
    const years = [
      ...new Set(recorded.indicators.flatMap((one) => one.years.map(({ year }) => year))),
    ]
      .sort((a, b) => b - a)
      .slice(0, 5);
    return figure(
      {
        title: text.recorded.title(recorded.commune),
        sentence: text.recorded.said,
        howTitle: text.howTitle,
        how: text.recorded.how,
        numbers: text.numbers,
        method: { title: text.method, text: text.recorded.method },
      },
      html`<p class="figure-how">${text.recorded.source(recorded.sources.join(" ; "), recorded.imported_on ?? "")}</p>`,
      exportsOf(this.#figureView(), {
        title: text.recorded.title(recorded.commune),
        n: "",
        caveat: text.recorded.how,
        links: linksOf(
          "/api/v1/statistiques/communales",
          {},
          { territoire: this.territoire.code },
          "communales",
          ["csv", "xlsx"],
        ),
        name: "communales",
        charts: "none",
      }),
      html`<table><thead><tr><th scope="col">${text.recorded.indicator}</th>${years.map((year) => html`<th scope="col">${year}</th>`)}</tr></thead>
        <tbody>${recorded.indicators.map(
          (one) =>
            html`<tr><th scope="row">${one.indicator} (${one.unit})</th>${years.map((year) => {
              const found = one.years.find((value) => value.year === year);
              if (!found) return html`<td>–</td>`;
              if (!found.diffuse) return html`<td>${text.recorded.withheld}</td>`;
              if (found.n === null) return html`<td>${text.recorded.missing}</td>`;
              return html`<td>${formatNumber(found.n)}${found.rate === null ? nothing : html`<br />${text.recorded.rate(found.rate)}`}</td>`;
            })}</tr>`,
        )}</tbody></table>`,
    );
  }
}

/** The same view, but for what the rounding of a screen may change. */
function samePlace(a: MapView, b: MapView): boolean {
  return (
    Math.abs(a.zoom - b.zoom) < 0.005 &&
    Math.abs(a.center[0] - b.center[0]) < 1e-4 &&
    Math.abs(a.center[1] - b.center[1]) < 1e-4
  );
}

function originName(origin: Origin): string {
  if (origin === "habitant" || origin === "demo") return text.source[origin];
  return text.source.file(origin.slice("import:".length));
}

const originNames = (origins: readonly Origin[]): string => origins.map(originName).join(", ");

/** One thing to tick, with what there is of it. */
function choiceRow(
  value: string,
  words: string,
  chosen: boolean,
  change: (on: boolean) => void,
  bar: unknown,
) {
  return html`<label>
    <input type="checkbox" value=${value} .checked=${chosen}
      @change=${(event: Event) => change((event.target as HTMLInputElement).checked)} />
    <span>${words}</span> ${bar}</label>`;
}

/** A number, and what part of the whole it is. */
function shareBar(n: number, total: number) {
  return html`<svg class="police-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="10" fill="#eceef1"></rect>
      <rect width=${total > 0 ? (100 * n) / total : 0} height="10" fill="#687182"></rect>
    </svg>
    <span class="police-number">${formatNumber(n)}</span>`;
}

const measureOf = (layer: "signalements" | "ressenti"): Measure =>
  layer === "ressenti" ? "unsafe" : "signalements";

function swatch(style: QuadrantStyle, edge = 1.5, dashes = "none") {
  return html`<svg class="police-swatch" viewBox="0 0 18 18" aria-hidden="true">
    <rect x="2" y="2" width="14" height="14" fill=${style.fill} stroke=${style.edge} stroke-width=${edge} stroke-dasharray=${dashes}></rect>
    ${
      style.hatched
        ? svg`<path d="M2 10 10 2M2 16 16 2M9 16 16 9" stroke=${style.edge} stroke-width="1.4"></path>`
        : nothing
    }
  </svg>`;
}

customElements.define("police-page", PolicePage);
