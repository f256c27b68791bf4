import { html, nothing } from "lit";
import { ListChecks, Megaphone, PenLine, Printer } from "lucide";
import { get, Problem, type Quartier, type Schemas, type Territoire } from "../api";
import { editionShapes } from "../map/edition-shapes";
import { createMap } from "../map/leaflet";
import type { QuartierShape, QuietudeMap } from "../map/map";
import { text as city, mapWords } from "../text/city";
import { formatDay, formatMoment } from "../text/format";
import { text } from "../text/public";
import { extentOf, type LonLat, lonLat } from "../units";
import { legendOf, namedBy, readEdition, type Shown, tableOf } from "./edition-view";
import { icon } from "./icon";
import type { JoinDialog } from "./join-dialog";
import "./join-dialog";
import { LightElement } from "./light-element";
import "./public-bars";
import { publicFailure, publicFrame, publicPlace } from "./public-frame";
import "./public-list";
import { type Meeting, meetingsOf } from "./public-meetings";
import { namesOf } from "./quartier-shape";

type Edition = Schemas["Edition"];
type Content = Schemas["EditionContent"];

/** What the city publishes: editions, for everybody. Nothing here is live. */
export class PublicPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    quartiers: { state: true },
    editions: { state: true },
    shown: { state: true },
    meetings: { state: true },
    chosen: { state: true },
    missing: { state: true },
    names: { state: true },
    problem: { state: true },
  };
  declare private territoire: Territoire | null;
  declare private quartiers: readonly Quartier[];
  declare private editions: readonly Edition[] | null;
  declare private shown: readonly Shown[];
  declare private meetings: readonly Meeting[];
  /** "HC/3", or "" for the newest of each quartier. */
  declare private chosen: string;
  /** Whether the address asked for an edition that is not there. */
  declare private missing: boolean;
  declare private names: ReadonlyMap<string, string>;
  declare private problem: string;
  #map: QuietudeMap | null = null;

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.editions = null;
    this.shown = [];
    this.meetings = [];
    this.chosen = new URLSearchParams(location.search).get("edition") ?? "";
    this.missing = false;
    this.names = new Map();
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#map?.remove();
  }

  readonly #load = async (): Promise<void> => {
    this.problem = "";
    try {
      const { territoire, quartiers } = await publicPlace();
      const query = { territoire: territoire.code };
      const [{ editions }, { rencontres }] = await Promise.all([
        get("/api/v1/editions", { query }),
        get("/api/v1/rencontres", { query }),
      ]);
      this.territoire = territoire;
      this.quartiers = quartiers;
      this.editions = editions;
      this.meetings = rencontres;
      this.missing = this.chosen !== "" && !this.#alive.some((one) => keyOf(one) === this.chosen);
      if (this.missing) this.chosen = "";
      document.title = text.title(territoire.nom);
      await this.#show();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  };

  get #alive(): readonly Edition[] {
    return (this.editions ?? []).filter((one) => !one.withdrawn_on);
  }

  /** Those that the choice names: one, or the newest of each quartier. */
  #wanted(): readonly Edition[] {
    const alive = this.#alive;
    const one = alive.filter((edition) => keyOf(edition) === this.chosen);
    if (one.length > 0) return one;
    return alive.filter(
      (edition, i) => !alive.slice(i + 1).some((later) => later.quartier === edition.quartier),
    );
  }

  async #show(): Promise<void> {
    const wanted = this.#wanted();
    this.shown = await Promise.all(wanted.map(readEdition));
    await this.updateComplete;
    this.#draw();
  }

  #draw(): void {
    const element = this.querySelector<HTMLElement>("#map");
    if (!element || !this.territoire) return;
    if (!this.#map) {
      const [west, south, east, north] = this.territoire.bbox as [number, number, number, number];
      this.#map = createMap({
        element,
        extent: [west, south, east, north],
        territoire: this.territoire.code,
        words: mapWords(this.territoire.nom),
        anyZoom: true,
      });
      this.#map.setQuartierNames(namesOf(this.quartiers));
    }
    const map = this.#map;
    const only = this.shown.length === 1 && this.chosen !== "" ? this.shown[0] : undefined;
    const quartier = this.quartiers.find((one) => one.properties.code === only?.content.quartier);
    map.setQuartier(quartier ? (quartier.geometry as QuartierShape) : null);
    if (quartier) map.fit(quartier.geometry as QuartierShape);
    else {
      const all = extentOf(this.quartiers.flatMap(corners));
      if (all) map.fit(all);
    }
    map.setHexagons(
      this.shown.flatMap(({ content, features }) =>
        editionShapes(features, content.threshold ?? 5),
      ),
    );
    void this.#name();
  }

  /** Finds a street for every hexagon, from the tiles that the map has drawn. */
  async #name(): Promise<void> {
    const map = this.#map;
    if (!map) return;
    const features = this.shown.flatMap((one) => one.features);
    this.names = await namedBy(map, features);
  }

  readonly #choose = (event: Event) => {
    this.chosen = (event.target as HTMLSelectElement).value;
    this.missing = false;
    const query = this.chosen ? `?edition=${encodeURIComponent(this.chosen)}` : "";
    history.replaceState(null, "", location.pathname + query);
    void this.#show();
  };

  #quartierName(code: string): string {
    return this.quartiers.find((one) => one.properties.code === code)?.properties.nom_court ?? code;
  }

  override render() {
    const ways = html`<a class="button primary" href="/signaler">${icon(Megaphone)} ${text.report}</a>
      <button type="button" class="button" @click=${this.#openJoin}>${icon(PenLine)} ${city.draw.open}</button>
      <a href="/carte">${text.staff}</a>`;
    return html`${publicFrame(this.territoire, ways, this.#main())}<join-dialog></join-dialog>`;
  }

  /** Whoever types the address of the table's card comes here, with its code. */
  readonly #openJoin = () => this.querySelector<JoinDialog>("join-dialog")?.show();

  #main() {
    if (this.problem !== "") {
      return publicFailure(this.problem, this.#load);
    }
    if (!this.territoire || !this.editions) return html`<p role="status">${text.loading}</p>`;
    return html`
      <h1>${text.heading(this.territoire.nom)}</h1>
      <p class="lead">${text.lead}</p>
      <p class="public-follow"><a class="button" href="/suivi">${icon(ListChecks)} ${text.follow}</a></p>
      <section aria-labelledby="editions-title">
        <h2 id="editions-title">${text.editions.title}</h2>
        ${this.missing ? html`<p class="notice" role="status">${text.editions.missing}</p>` : nothing}
        ${this.#wanted().length === 0 ? html`<p class="empty">${text.editions.empty}</p>` : this.#results()}
      </section>
      ${this.#about()} ${this.#meetings()}
      <public-list
        .editions=${this.editions}
        .quartierName=${(code: string) => this.#quartierName(code)}
      ></public-list>
      <p class="urgent">${text.urgent}</p>
      <p class="public-privacy"><a href="/vie-privee">${text.privacy}</a> <a href="/ma-contribution">${text.contribution}</a></p>
    `;
  }

  #results() {
    return html`
      <div class="public-choice">
        <label for="edition">${text.editions.choose}</label>
        <select id="edition" @change=${this.#choose}>
          <option value="" ?selected=${this.chosen === ""}>${text.editions.all}</option>
          ${this.#alive.map(
            (one) => html`<option value=${keyOf(one)} ?selected=${keyOf(one) === this.chosen}>
              ${text.editions.one(this.#quartierName(one.quartier), one.numero)}
            </option>`,
          )}
        </select>
        <button type="button" class="button" @click=${() => window.print()}>
          ${icon(Printer)} ${text.print}
        </button>
      </div>
      ${this.chosen === "" ? nothing : this.shown.map(({ content }) => html`<p class="muted">${sourceOf(content)}</p>`)}
      <div class="public-map">
        <div id="map" class="map"></div>
        ${legendOf(this.shown)}
      </div>
      ${tableOf(this.shown, this.names, this.shown.length > 1 ? (code) => this.#quartierName(code) : null)} ${this.chosen === "" ? nothing : this.shown.map(({ content }) => this.#strips(content))}
    `;
  }

  #strips(content: Content) {
    if (content.themes.length === 0 && content.dayparts.length === 0) {
      return html`<p class="muted">${text.strips.absent}</p>`;
    }
    const bars = (
      title: string,
      head: string,
      all: Content["themes"],
      words: Record<string, string>,
    ) =>
      all.length === 0
        ? nothing
        : html`<public-bars .title=${title} .head=${head} .bars=${all} .words=${words}></public-bars>`;
    return html`<div class="public-strips">
      ${bars(text.strips.when, text.strips.part, content.dayparts, text.strips.parts)}
      ${bars(text.strips.what, text.strips.theme, content.themes, text.strips.themes)}
    </div>`;
  }

  #about() {
    const k = this.shown[0]?.content.threshold ?? 5;
    return html`<section class="public-about" aria-labelledby="about-title">
      <h2 id="about-title">${text.about.title}</h2>
      <p>${text.about.felt}</p>
      <p>${text.about.person}</p>
      <h3>${text.about.leftOut}</h3>
      <ul>${Object.values(text.about.omissions).map((say) => html`<li>${say(k)}</li>`)}</ul>
      <p>${text.about.texts}</p>
    </section>`;
  }

  #meetings() {
    const { begun, coming } = meetingsOf(this.meetings, Date.now(), this.territoire?.fuseau);
    const list = (meetings: readonly Meeting[]) => html`<ul class="meetings">
      ${meetings.map(
        (one) => html`<li>
          <strong>${one.titre || text.meetings.untitled}</strong>
          <span>${formatMoment(one.starts_at, this.territoire?.fuseau)}</span>
          <span class="muted">${one.lieu || this.#quartierName(one.quartier)}</span>
        </li>`,
      )}
    </ul>`;
    return html`${
      begun.length === 0
        ? nothing
        : html`<section aria-labelledby="begun-title">
            <h2 id="begun-title">${text.meetings.begun}</h2>
            ${list(begun)}
          </section>`
    }
      <section aria-labelledby="meetings-title">
        <h2 id="meetings-title">${text.meetings.title}</h2>
        ${coming.length === 0 ? html`<p class="empty">${text.meetings.none}</p>` : list(coming)}
      </section>`;
  }
}

const keyOf = (edition: { quartier: string; numero: number }) =>
  `${edition.quartier}/${edition.numero}`;

function sourceOf(content: Content): string {
  const day = (text: string) => formatDay(`${text}T12:00:00Z`);
  const days = content.period
    ? text.editions.period(day(content.period.from), day(content.period.to))
    : text.editions.ateliers((content.ateliers ?? []).map(day));
  return text.editions.source(days);
}

type Ring = readonly (readonly number[])[];

function corners(quartier: Quartier): LonLat[] {
  const polygons = quartier.geometry.coordinates as readonly (readonly Ring[])[];
  return polygons.flatMap((polygon) =>
    (polygon[0] ?? []).map(([lon, lat]) => lonLat(lon ?? 0, lat ?? 0)),
  );
}

customElements.define("public-page", PublicPage);
