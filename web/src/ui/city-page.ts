import { html, nothing, type PropertyValues } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { ChevronDown, ChevronUp, PenLine, X } from "lucide";
import { address, get, type Hexagone, type Territoire } from "../api";
import { createMap } from "../map/leaflet";
import {
  type Counts,
  classOf,
  type Measure,
  measures,
  type Resolution,
  shownCount,
} from "../map/legend";
import type { Insets, QuartierShape, QuietudeMap, Tap } from "../map/map";
import { mapWords, text } from "../text/city";
import { formatNumber } from "../text/format";
import {
  type CellId,
  cellId,
  type LonLat,
  lonLat,
  type QuartierCode,
  quartierCode,
} from "../units";
import { type Theme, themes } from "./address";
import { type CityState, filtersActive, format, parse } from "./city-state";
import type { HexagonRow } from "./hexagon-row";
import "./hexagon-table";
import { icon } from "./icon";
import type { JoinDialog } from "./join-dialog";
import "./join-dialog";
import "./language-switch";
import "./map-legend";
import { measureMark } from "./measure-mark";
import { hoursParameter } from "./moment";
import type { Moment } from "./moment-filter";
import "./moment-filter";
import { holds, namesOf, reachOf } from "./quartier-shape";
import "./staff-bar";
import type { Place } from "./street-search";
import "./street-search";
import "./date-field";
import type { DateField } from "./date-field";
import { TerritoirePage } from "./territoire-page";

/** Counts of one quartier that add up over its hexagons. */
interface Totals {
  readonly code: QuartierCode;
  readonly name: string;
  readonly markers: number;
  readonly signalements: number;
}

type Loading = "map" | "numbers" | "done";

/** The city page: map, choices, legend and the same numbers as a table. */
export class CityPage extends TerritoirePage {
  static override properties = {
    view: { state: true },
    hexagones: { state: true },
    totals: { state: true },
    names: { state: true },
    loading: { state: true },
    expanded: { state: true },
    raster: { state: true },
  };
  declare private view: CityState;
  declare private hexagones: readonly Hexagone[];
  declare private totals: readonly Totals[];
  /** Nearest street of each hexagon. */
  declare private names: ReadonlyMap<string, string>;
  declare private loading: Loading;
  declare private expanded: boolean;
  declare private raster: boolean;

  #map: QuietudeMap | null = null;
  #fitting = false;
  #request = new AbortController();
  readonly #rasterURL =
    document.querySelector<HTMLMetaElement>('meta[name="quietude-basemap"]')?.content.trim() ?? "";
  // The scale and the attribution stay above the sheet, whatever its height.
  readonly #panelSize = new ResizeObserver(([entry]) => {
    const height = entry?.borderBoxSize[0]?.blockSize ?? 0;
    this.querySelector<HTMLElement>(".city")?.style.setProperty(
      "--sheet",
      `${Math.round(height)}px`,
    );
  });

  constructor() {
    super();
    this.view = parse(location.search);
    this.hexagones = [];
    this.totals = [];
    this.names = new Map();
    this.loading = "map";
    this.expanded = false;
    this.raster = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#panelSize.disconnect();
    this.#request.abort();
    this.#map?.remove();
  }

  protected override firstUpdated(): void {
    const panel = this.querySelector(".panel");
    if (panel) this.#panelSize.observe(panel);
    void this.start();
  }

  protected override updated(changed: PropertyValues): void {
    const title = this.territoire ? text.title(this.territoire.nom) : text.name;
    if (document.title !== title) document.title = title;
    if (changed.has("expanded")) this.#map?.resized();
  }

  // ── What is asked of the server ────────────────────────────────────────

  protected override async begin(): Promise<void> {
    this.loading = "map";
    if (this.territoire) this.#createMap(this.territoire);
    this.#showQuartier(true);
    await this.#load();
  }

  #createMap(territoire: Territoire): void {
    if (this.#map) return;
    const element = this.querySelector<HTMLElement>("#map");
    if (!element) return;
    const [west, south, east, north] = territoire.bbox as [number, number, number, number];
    const map = createMap({
      element,
      extent: [west, south, east, north],
      territoire: territoire.code,
      words: mapWords(territoire.nom),
    });
    map.setQuartierNames(namesOf(this.quartiers));
    map.on("tap", (tap) => this.#tapped(tap));
    map.on("view", ({ center, zoom }) => {
      // What the page itself brings into view follows from the rest of the address.
      if (this.#fitting) return;
      this.view = { ...this.view, view: { center, zoom } };
      this.remember(format(this.view));
    });
    this.#map = map;
  }

  /** Fetches what the map shows; an older answer that comes late is dropped. */
  async #load(): Promise<void> {
    this.#request.abort();
    const request = new AbortController();
    this.#request = request;
    this.loading = "numbers";
    this.problem = "";
    try {
      if (this.view.quartier) await this.#loadQuartier(this.view.quartier, request.signal);
      else await this.#loadCity(request.signal);
      if (!request.signal.aborted) this.loading = "done";
    } catch (error) {
      if (!request.signal.aborted) this.fail(error);
    }
  }

  async #loadQuartier(code: QuartierCode, signal: AbortSignal): Promise<void> {
    const collection = await get("/api/v1/quartiers/{code}/hexagones", {
      path: { code },
      query: { ...this.#filter(), resolution: this.view.resolution },
      signal,
    });
    this.hexagones = collection.features;
    this.totals = [];
    this.#map?.setHexagonTiles(null);
    this.#paint();
    void this.#nameHexagons(collection.features, signal);
  }

  async #loadCity(signal: AbortSignal): Promise<void> {
    this.hexagones = [];
    const { measure, resolution } = this.view;
    const tiles = address(
      "/tiles/hexagones/{z}/{x}/{y}.mvt",
      {},
      { ...this.#filter(), resolution },
    );
    this.#map?.setHexagonTiles(
      tiles,
      (properties) => classOf(measure, resolution, countsOf(properties)),
      // The hexagons of a quartier stay until those of the city are there.
      () => {
        if (!signal.aborted) this.#paint();
      },
    );
    this.totals = await Promise.all(
      this.quartiers.map(async (quartier) => {
        const code = quartierCode(quartier.properties.code);
        // The coarsest grid is enough: both counts add up at every resolution.
        const { features } = await get("/api/v1/quartiers/{code}/hexagones", {
          path: { code },
          query: { ...this.#filter(), resolution: 8 },
          signal,
        });
        const sum = (name: "markers" | "signalements") =>
          features.reduce((total, feature) => total + feature.properties[name], 0);
        return {
          code,
          name: quartier.properties.nom_court,
          markers: sum("markers"),
          signalements: sum("signalements"),
        };
      }),
    );
  }

  #filter() {
    const { themes: chosen, from, to, days, hours } = this.view;
    return {
      ...(this.territoire ? { territoire: this.territoire.code } : {}),
      ...(chosen.length > 0 ? { theme: chosen.join(",") } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(days.length > 0 ? { days: days.join(",") } : {}),
      ...(hours ? { hours: hoursParameter(hours) } : {}),
    };
  }

  /** Finds a street for every hexagon, from the tiles that the map has drawn. */
  async #nameHexagons(features: readonly Hexagone[], signal: AbortSignal): Promise<void> {
    const map = this.#map;
    if (!map) return;
    const found = await Promise.all(
      features.map(async (feature) => {
        const street = await map.streetNear(middleOf(feature)).catch(() => null);
        return [feature.id, street] as const;
      }),
    );
    if (signal.aborted) return;
    this.names = new Map(found.flatMap(([id, street]) => (street ? [[id, street] as const] : [])));
  }

  protected override fail(error: unknown): void {
    this.loading = "done";
    super.fail(error);
  }

  // ── What a person chooses ──────────────────────────────────────────────

  /** Takes over part of a new state; a new quartier is a step in the history. */
  #change(part: Partial<CityState>): void {
    const before = this.view;
    this.view = { ...before, ...part };
    const step = this.view.quartier !== before.quartier;
    this.remember(format(this.view), step);
    if (step) this.#showQuartier(false);
    const asksAgain =
      this.view.quartier !== before.quartier ||
      this.view.resolution !== before.resolution ||
      this.view.themes !== before.themes ||
      this.view.from !== before.from ||
      this.view.to !== before.to ||
      this.view.days !== before.days ||
      this.view.hours !== before.hours ||
      (this.view.measure !== before.measure && !this.view.quartier);
    if (asksAgain) void this.#load();
    else this.#paint();
  }

  protected override restore(): void {
    this.view = parse(location.search);
    this.#showQuartier(true);
    void this.#load();
  }

  #tapped(tap: Tap): void {
    if (this.view.quartier && tap.hexagon) {
      this.#change({ hexagon: tap.hexagon });
      return;
    }
    const code = this.quartiers.find((quartier) => holds(quartier, tap.at))?.properties.code;
    if (code && code !== this.view.quartier) this.#choose(code);
    else this.#change({ hexagon: null });
  }

  #choose(code: string): void {
    this.#change({ quartier: code ? quartierCode(code) : null, hexagon: null, view: null });
  }

  #showQuartier(keepView: boolean): void {
    const map = this.#map;
    if (!map) return;
    const quartier = this.quartier(this.view.quartier);
    map.setQuartier(quartier ? (quartier.geometry as QuartierShape) : null);
    this.#fitting = true;
    if (keepView && this.view.view) {
      map.setView(this.view.view.center, this.view.view.zoom);
    } else if (quartier) {
      map.fit(quartier.geometry as QuartierShape, this.#insets());
    } else {
      const all = reachOf(this.quartiers);
      if (all) map.fit(all, this.#insets());
    }
    this.#fitting = false;
  }

  /** Room that the panel takes from the map, so that what is chosen is not under it. */
  #insets(): Insets {
    const map = this.querySelector("#map")?.getBoundingClientRect();
    const panel = this.querySelector(".panel")?.getBoundingClientRect();
    if (!map || !panel) return {};
    if (panel.width < map.width * 0.6) return { left: panel.right - map.left };
    return { bottom: Math.min(map.height * 0.5, map.bottom - panel.top) };
  }

  /** Draws the hexagons of the quartier in the classes of the legend. */
  #paint(): void {
    const { measure, resolution, hexagon } = this.view;
    this.#map?.setHexagons(
      this.hexagones.flatMap((feature) => {
        const style = classOf(measure, resolution, feature.properties);
        const ring = feature.geometry.coordinates[0];
        return style && ring ? [{ ...style, id: cellId(feature.id), ring }] : [];
      }),
    );
    this.#map?.highlightHexagon(hexagon);
  }

  #rows(): readonly HexagonRow[] {
    const seen = new Map<string, number>();
    return this.hexagones.map((feature, i) => {
      const street = this.names.get(feature.id) ?? text.hexagon.unnamed(i + 1);
      const times = (seen.get(street) ?? 0) + 1;
      seen.set(street, times);
      return {
        id: cellId(feature.id),
        place: times === 1 ? street : `${street} (${times})`,
        unsafe: feature.properties.unsafe,
        safe: feature.properties.safe,
        contested: shownCount("contested", feature.properties) > 0,
        signalements: feature.properties.signalements,
      };
    });
  }

  // ── What is shown ──────────────────────────────────────────────────────

  override render() {
    const rows = this.#rows();
    return html`
      <a class="skip" href="#panel">${text.skip}</a>
      <header>
        ${this.banner()}
        <div class="city-header">
          <h1><a href="/carte">${text.name}</a> <span>${this.territoire?.nom ?? ""}</span></h1>
          <staff-bar></staff-bar>
          <street-search
            .territoire=${this.territoire?.code ?? ""}
            .quartierName=${this.nameOf}
            @place=${(event: CustomEvent<Place | null>) => this.#goTo(event.detail)}
          ></street-search>
          <language-switch></language-switch>
        </div>
      </header>
      <main class="city">
        <div id="map" class="map"></div>
        <section id="panel" class=${classMap({ panel: true, expanded: this.expanded, reading: this.view.hexagon !== null })} aria-label=${text.panel.label} tabindex="-1">
          <div class="panel-main">
            ${this.#sheetToggle()} ${this.#quartierChoice()} ${this.#measureChoice()}
            ${this.view.hexagon ? this.#details(rows) : nothing}
            <map-legend class="legend" .measure=${this.view.measure} .resolution=${this.view.resolution}></map-legend>
            ${this.#status()}
            <button type="button" class="button primary wide" @click=${this.#openJoin}>
              ${icon(PenLine)} ${text.draw.open}
            </button>
            <a class="prepare" href=${this.view.quartier ? `/animation?quartier=${this.view.quartier}` : "/animation"}>${text.prepare}</a>
            <a class="prepare" href="/actions">${text.ledger}</a>
          </div>
          <div class="panel-more">
            ${this.#sizeChoice()} ${this.#filterChoice()} ${this.#rasterChoice()}
            <h2>${text.table.title}</h2>
            ${this.view.quartier ? this.#table(rows) : this.#totalsTable()} ${this.#about()}
          </div>
        </section>
      </main>
      <join-dialog .territoire=${this.territoire?.code ?? ""} .demo=${this.territoire?.demo ?? false}></join-dialog>
    `;
  }

  readonly #openJoin = () => this.querySelector<JoinDialog>("join-dialog")?.show();

  #goTo(place: Place | null): void {
    this.#map?.setPlace(place?.at ?? null);
    if (!place) return;
    this.expanded = false;
    const home = this.quartiers.find((quartier) => holds(quartier, place.at));
    if (this.view.quartier && home && home.properties.code !== this.view.quartier) {
      this.#choose(home.properties.code);
    }
    this.#map?.show(place.at, 16, this.#insets());
  }

  #sheetToggle() {
    return html`<button
      type="button"
      class="sheet-toggle"
      aria-expanded=${this.expanded}
      aria-controls="panel"
      @click=${() => {
        this.expanded = !this.expanded;
      }}
    >
      ${icon(this.expanded ? ChevronDown : ChevronUp)}
      ${this.expanded ? text.panel.close : text.panel.open}
    </button>`;
  }

  #quartierChoice() {
    return html`<div class="field">
      <label for="quartier">${text.panel.quartier}</label>
      <select
        id="quartier"
        @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}
      >
        <option value="" ?selected=${!this.view.quartier}>${text.panel.city}</option>
        ${this.quartiers.map(
          ({ properties }) => html`<option
            value=${properties.code}
            ?selected=${properties.code === this.view.quartier}
          >${properties.nom_court}</option>`,
        )}
      </select>
    </div>`;
  }

  #measureChoice() {
    return html`<fieldset class="measures">
      <legend>${text.panel.shown}</legend>
      ${measures.map(
        (measure: Measure) => html`<label class="measure">
          <input
            type="radio"
            name="measure"
            value=${measure}
            .checked=${measure === this.view.measure}
            @change=${() => this.#change({ measure })}
          />
          ${measureMark(measure)} <span>${text.measure[measure]}</span>
        </label>`,
      )}
    </fieldset>`;
  }

  #sizeChoice() {
    const size = this.view.resolution;
    return html`<div class="field">
      <label for="size">${text.panel.size}</label>
      <div class="range">
        <span aria-hidden="true">${text.panel.wide}</span>
        <input
          id="size"
          type="range"
          min="8"
          max="11"
          step="1"
          .value=${String(size)}
          aria-valuetext=${text.panel.sizes[size]}
          @change=${(event: Event) =>
            this.#change({
              resolution: Number((event.target as HTMLInputElement).value) as Resolution,
              hexagon: null,
            })}
        />
        <span aria-hidden="true">${text.panel.fine}</span>
      </div>
      <p class="hint">${text.panel.sizes[size]}</p>
    </div>`;
  }

  #filterChoice() {
    const { from, to, themes: chosen } = this.view;
    const active = filtersActive(this.view);
    const toggle = (theme: Theme, on: boolean) =>
      this.#change({ themes: themes.filter((one) => (one === theme ? on : chosen.includes(one))) });
    return html`<details class="filters" ?open=${active > 0}>
      <summary>
        ${text.panel.filters}
        ${active > 0 ? html`<span class="badge">${text.panel.filtersActive(active)}</span>` : nothing}
      </summary>
      <fieldset class="themes">
        <legend>${text.panel.themes}</legend>
        ${themes.map(
          (theme) => html`<label>
            <input
              type="checkbox"
              value=${theme}
              .checked=${chosen.includes(theme)}
              @change=${(event: Event) => toggle(theme, (event.target as HTMLInputElement).checked)}
            />
            ${text.theme[theme]}
          </label>`,
        )}
      </fieldset>
      <fieldset class="period">
        <legend>${text.panel.period}</legend>
        <date-field label=${text.panel.from} .value=${from} max=${to}
          @change=${(event: Event) => this.#change({ from: (event.target as DateField).value })}></date-field>
        <date-field label=${text.panel.to} .value=${to} min=${from}
          @change=${(event: Event) => this.#change({ to: (event.target as DateField).value })}></date-field>
        <p class="form-error" role="alert">${from && to && from > to ? text.panel.periodWrong : ""}</p>
      </fieldset>
      <moment-filter
        .days=${this.view.days}
        .hours=${this.view.hours}
        @moment=${(event: CustomEvent<Moment>) => this.#change(event.detail)}
      ></moment-filter>
      ${
        active > 0
          ? html`<button type="button" class="button" @click=${() => this.#change({ themes: [], from: "", to: "", days: [], hours: null })}>
              ${text.panel.reset}
            </button>`
          : nothing
      }
    </details>`;
  }

  #rasterChoice() {
    if (!this.#rasterURL) return nothing;
    const choose = (raster: boolean) => {
      this.raster = raster;
      this.#map?.setRaster(raster ? this.#rasterURL : "");
    };
    const option = (raster: boolean, label: string) => html`<label>
      <input type="radio" name="basemap" .checked=${this.raster === raster} @change=${() => choose(raster)} />
      ${label}
    </label>`;
    return html`<fieldset class="themes">
      <legend>${text.map.basemap}</legend>
      ${option(false, text.map.ownBasemap)} ${option(true, text.map.rasterBasemap)}
    </fieldset>`;
  }

  #status() {
    if (this.problem) {
      return this.trouble(() => (this.#map ? this.#load() : this.start()));
    }
    const [kind, said] = this.#said();
    return html`<p class="status ${kind}" role="status">${said}</p>`;
  }

  /** One sentence on what is shown, and whether it waits or finds nothing. */
  #said(): [kind: "wait" | "empty" | "full", sentence: string] {
    if (this.loading === "map") return ["wait", text.status.loadingMap];
    if (this.loading === "numbers") return ["wait", text.status.loading];
    const counts = this.view.quartier ? this.hexagones.map((one) => one.properties) : this.totals;
    const sum = (name: "markers" | "signalements") =>
      counts.reduce((total, one) => total + one[name], 0);
    if (sum("markers") + sum("signalements") === 0) return ["empty", text.status.empty];
    const said = text.status.totals(sum("markers"), sum("signalements"));
    return ["full", this.view.quartier ? said : `${said} ${text.status.choose}`];
  }

  #details(rows: readonly HexagonRow[]) {
    const row = rows.find((one) => one.id === this.view.hexagon);
    const feature = this.hexagones.find((one) => one.id === this.view.hexagon);
    if (!row || !feature) return nothing;
    const { unsafe, safe, markers, signalements } = feature.properties;
    const said = (measure: Measure, sentence: string) =>
      html`<p class="said">${measureMark(measure)} <span>${sentence}</span></p>`;
    return html`<section class="details" aria-live="polite" aria-label=${row.place}>
      <div class="dialog-head">
        <h2>${row.place}</h2>
        <button type="button" class="button plain" aria-label=${text.hexagon.close} @click=${() => this.#change({ hexagon: null })}>
          ${icon(X)}
        </button>
      </div>
      ${said("unsafe", text.hexagon.unsafe(unsafe))} ${said("safe", text.hexagon.safe(safe))}
      ${row.contested ? said("contested", text.hexagon.contested) : nothing}
      ${said("signalements", text.hexagon.signalements(signalements))}
      <p class="hint">${text.hexagon.markers(markers)}</p>
    </section>`;
  }

  #table(rows: readonly HexagonRow[]) {
    return html`<p class="hint">${text.hexagon.show}</p>
      <hexagon-table
        .rows=${rows}
        .place=${this.nameOf(this.view.quartier ?? "")}
        .selected=${this.view.hexagon}
        .column=${this.view.measure}
        @peek=${(event: CustomEvent<CellId>) => this.#map?.highlightHexagon(event.detail)}
        @hexagon=${(event: CustomEvent<CellId>) => this.#change({ hexagon: event.detail })}
      ></hexagon-table>`;
  }

  #totalsTable() {
    return html`<table class="numbers totals">
      <caption>${text.table.captionCity}</caption>
      <thead>
        <tr>
          <th scope="col">${text.table.quartier}</th>
          <th scope="col">${text.table.markers}</th>
          <th scope="col">${text.table.signalements}</th>
        </tr>
      </thead>
      <tbody>
        ${this.totals.map(
          (one) => html`<tr>
            <th scope="row">
              <button type="button" class="row-button" @click=${() => this.#choose(one.code)}>${one.name}</button>
            </th>
            <td>${formatNumber(one.markers)}</td>
            <td>${formatNumber(one.signalements)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #about() {
    return html`<section class="about">
      <h2>${text.about.title}</h2>
      <p>${text.about.felt}</p>
      <p>${text.about.few}</p>
      <p>${text.about.definition}</p>
      <p>${text.about.urgent}</p>
    </section>`;
  }
}

function countsOf(properties: Readonly<Record<string, unknown>>): Counts {
  const number = (name: string) => Number(properties[name] ?? 0) || 0;
  const [unsafe, safe] = [number("unsafe"), number("safe")];
  return {
    unsafe,
    safe,
    signalements: number("signalements"),
    contested: unsafe + safe > 0 ? 1 - Math.abs(unsafe - safe) / (unsafe + safe) : null,
  };
}

function middleOf(feature: Hexagone): LonLat {
  const ring = feature.geometry.coordinates[0]?.slice(1) ?? [];
  const mean = (axis: 0 | 1) => ring.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / ring.length;
  return lonLat(mean(0), mean(1));
}

customElements.define("city-page", CityPage);
