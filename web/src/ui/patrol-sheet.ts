import { html, nothing } from "lit";
import { address, Problem, post, type Quartier, type Schemas, type Territoire } from "../api";
import { createMap } from "../map/leaflet";
import type { QuietudeMap } from "../map/map";
import { quadrants } from "../map/police-legend";
import { text as city, mapWords } from "../text/city";
import { text } from "../text/police";
import { cellId, extentOf, type LonLat } from "../units";
import { uuidV4 } from "../uuid";
import { ask } from "./figure-request";
import { LightElement } from "./light-element";
import { filterOf, format, parse } from "./police-state";
import { holds } from "./quartier-shape";
import { currentTerritoire, quartiersOf } from "./territoire-page";

type Fiche = Schemas["StatFiche"];
type FichePlace = Fiche["places"][number];

/** The fiche de patrouille as a page: read, filled in, printed. */
export class PatrolSheet extends LightElement {
  static override properties = {
    territoire: { state: true },
    fiche: { state: true },
    progress: { state: true },
    problem: { state: true },
    notes: { state: true },
    recorded: { state: true },
    refused: { state: true },
  };
  declare private territoire: Territoire | null;
  declare private fiche: Fiche | null;
  declare private progress: number;
  declare private problem: string;
  /** Consignes by hexagon, as typed. */
  declare private notes: Readonly<Record<string, string>>;
  declare private recorded: ReadonlySet<string>;
  declare private refused: Readonly<Record<string, string>>;
  #quartiers: readonly Quartier[] = [];
  #map: QuietudeMap | null = null;
  /** The same identifier when a consigne is sent again. */
  readonly #ids = new Map<string, string>();
  readonly #request = new AbortController();
  readonly #view = parse(location.search);

  constructor() {
    super();
    this.territoire = null;
    this.fiche = null;
    this.progress = 0;
    this.problem = "";
    this.notes = {};
    this.recorded = new Set();
    this.refused = {};
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
    this.#map?.remove();
  }

  protected override firstUpdated(): void {
    document.title = text.sheet.title;
    void this.#load();
  }

  #query() {
    return {
      territoire: this.territoire?.code ?? "",
      ...filterOf(this.#view),
      ...(this.#view.sheet.length > 0 ? { lieux: this.#view.sheet.join(",") } : {}),
    };
  }

  async #load(): Promise<void> {
    this.problem = "";
    const { signal } = this.#request;
    try {
      this.territoire = await currentTerritoire(signal);
      this.#quartiers = await quartiersOf(this.territoire, signal);
      this.fiche = await ask<Fiche>(
        "/api/v1/statistiques/fiche",
        { query: this.#query(), signal },
        (share) => {
          this.progress = share;
        },
      );
      await this.updateComplete;
      this.#draw(this.fiche);
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Problem ? error.message : city.api.refused;
      if (!(error instanceof Problem)) throw error;
    }
  }

  #draw(fiche: Fiche): void {
    const element = this.querySelector<HTMLElement>("#map");
    const territoire = this.territoire;
    if (!element || !territoire || fiche.places.length === 0 || this.#map) return;
    const [west, south, east, north] = territoire.bbox as [number, number, number, number];
    const map = createMap({
      element,
      extent: [west, south, east, north],
      territoire: territoire.code,
      words: { ...mapWords(territoire.nom), map: text.sheet.map },
      still: true,
      printable: true,
    });
    this.#map = map;
    map.setHexagons(
      Object.entries(fiche.cells).map(([id, ring]) => ({
        id: cellId(id),
        ring,
        ...quadrants.felt,
      })),
    );
    map.setOutlines(
      fiche.places.map((one, i) => ({
        rings: one.hexagons.map((id) => fiche.cells[id] ?? []),
        at: one.at as unknown as LonLat,
        label: String(i + 1),
        dashed: false,
      })),
    );
    const extent = extentOf(Object.values(fiche.cells).flat());
    if (extent) {
      map.fit([extent[0] - 0.003, extent[1] - 0.002, extent[2] + 0.003, extent[3] + 0.002]);
    }
  }

  /** The quartier of a place, or "" in the surroundings. */
  #quartierOf(place: FichePlace): string {
    const at = place.at as unknown as LonLat;
    return this.#quartiers.find((one) => holds(one, at))?.properties.code ?? "";
  }

  async #record(place: FichePlace): Promise<void> {
    const quartier = this.#quartierOf(place);
    const identifier = (part: string) => {
      const key = `${place.h3} ${part} ${this.notes[place.h3] ?? ""}`;
      const known = this.#ids.get(key) ?? uuidV4();
      this.#ids.set(key, known);
      return known;
    };
    try {
      await post("/api/v1/actions", {
        id: identifier("action"),
        quartier,
        code: "PAT",
        titre: text.sheet.titre(place.where).slice(0, 160),
        detail: this.notes[place.h3] ?? "",
        geometry: { type: "Point", coordinates: place.at },
        event: { id: identifier("event"), state: "planned" },
      });
      this.recorded = new Set([...this.recorded, place.h3]);
      this.refused = { ...this.refused, [place.h3]: "" };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.refused = { ...this.refused, [place.h3]: error.message };
    }
  }

  override render() {
    const { fiche } = this;
    const query = { ...this.#query() };
    return html`
      ${this.territoire?.demo ? html`<header><p class="demo-banner"><strong>${text.demo}</strong></p></header>` : nothing}
      <main class="sheet">
        <nav class="sheet-tools" aria-label=${text.sheet.title}>
          <a class="button" href=${`/police${format(this.#view)}`}>${text.sheet.back}</a>
          <button type="button" class="button primary" @click=${() => window.print()}>${text.sheet.print}</button>
          <a class="button" href=${address("/api/v1/statistiques/fiche.pdf", {}, query)}>${text.sheet.pdf}</a>
        </nav>
        <h1>${text.sheet.title}</h1>
        <p>${fiche?.quartier ? `${fiche.quartier}, ` : ""}${fiche?.commune ?? ""}</p>
        ${this.problem ? html`<p role="alert">${this.problem}</p>` : nothing}
        ${
          fiche
            ? this.#sheet(fiche)
            : this.problem
              ? nothing
              : html`<p role="status">${text.places.progress(this.progress)}</p>`
        }
      </main>
    `;
  }

  #sheet(fiche: Fiche) {
    return html`<p>${fiche.period ? text.sheet.period(fiche.period.from, fiche.period.to) : ""} ${text.sheet.printed(fiche.printed_on)}</p>
      ${fiche.choices ? html`<p>${text.sheet.choices(fiche.choices)}</p>` : nothing}
      ${fiche.places.length === 0 ? html`<p>${text.sheet.none}</p>` : html`<div id="map" class="map sheet-map"></div>`}
      ${fiche.places.length === 0 ? nothing : html`<p class="sheet-help">${text.sheet.consignesHelp}</p>`}
      <ol class="sheet-places">${fiche.places.map((one) => this.#place(one))}</ol>
      <p class="sheet-caveat">${fiche.caveat}</p>`;
  }

  #place(place: FichePlace) {
    const id = `note-${place.h3}`;
    const note = this.notes[place.h3] ?? "";
    const refused = this.refused[place.h3];
    return html`<li>
      <h2>${place.where}</h2>
      ${place.lines.map((line) => html`<p>${line}</p>`)}
      <p>${place.when}</p>
      <div class="sheet-note">
        <label for=${id}>${text.sheet.write}</label>
        <textarea id=${id} rows="2" maxlength="1000" placeholder=" " .value=${note}
          @input=${(event: Event) => {
            this.notes = {
              ...this.notes,
              [place.h3]: (event.target as HTMLTextAreaElement).value,
            };
          }}></textarea>
        ${
          this.recorded.has(place.h3)
            ? html`<p role="status">${text.sheet.recorded}</p>`
            : this.#quartierOf(place)
              ? html`<button type="button" class="button" ?disabled=${note.trim() === ""} @click=${() => this.#record(place)}>${text.sheet.record}</button>`
              : html`<p>${text.sheet.outside}</p>`
        }
        ${refused ? html`<p role="alert">${refused}</p>` : nothing}
      </div>
      <div class="sheet-lines" aria-hidden="true"><span></span><span></span></div>
    </li>`;
  }
}

customElements.define("patrol-sheet", PatrolSheet);
