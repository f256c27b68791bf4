import { html, nothing } from "lit";
import { ListChecks, Megaphone, PenLine, Printer } from "lucide";
import { get, Problem, type Quartier, type Schemas, type Territoire } from "../api";
import { editionShapes, outer, type Said } from "../map/edition-shapes";
import { editionStyle, type Reading } from "../map/edition-style";
import { createMap, type QuartierShape, type QuietudeMap } from "../map/leaflet";
import { text as city, mapWords } from "../text/city";
import { formatDay, formatMoment } from "../text/format";
import { text } from "../text/public";
import { extentOf, type LonLat, lonLat } from "../units";
import { icon } from "./icon";
import type { JoinDialog } from "./join-dialog";
import "./join-dialog";
import { LightElement } from "./light-element";
import "./public-bars";
import { publicFailure, publicFrame, publicPlace } from "./public-frame";
import "./public-list";
import { namesOf } from "./quartier-shape";

type Edition = Schemas["Edition"];
type Content = Schemas["EditionContent"];
type Features = Schemas["EditionFeatures"]["features"];
type People = Schemas["PeopleClass"];
type Meeting = {
  quartier: string;
  titre: string;
  lieu: string;
  starts_at: string;
  closes_at: string;
};

/** An edition that is shown, with its outlines. */
interface Shown {
  readonly content: Content;
  readonly features: Features;
}

/** What the city publishes: editions, for everybody. Nothing here is live. */
export class PublicPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    quartiers: { state: true },
    editions: { state: true },
    shown: { state: true },
    meetings: { state: true },
    chosen: { state: true },
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
      document.title = text.title(territoire.nom);
      await this.#show();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  };

  /** Those that the choice names: one, or the newest of each quartier. */
  #wanted(): readonly Edition[] {
    const alive = (this.editions ?? []).filter((one) => !one.withdrawn_on);
    const one = alive.filter((edition) => keyOf(edition) === this.chosen);
    if (one.length > 0) return one;
    return alive.filter(
      (edition, i) => !alive.slice(i + 1).some((later) => later.quartier === edition.quartier),
    );
  }

  async #show(): Promise<void> {
    const wanted = this.#wanted();
    this.shown = await Promise.all(
      wanted.map(async ({ quartier, numero, territoire }) => {
        const options = { path: { code: quartier, numero }, query: { territoire } };
        const [content, { features }] = await Promise.all([
          get("/api/v1/quartiers/{code}/editions/{numero}", options),
          get("/api/v1/quartiers/{code}/editions/{numero}/hexagones", options),
        ]);
        return { content, features };
      }),
    );
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
    const found = await Promise.all(
      features.map(async (feature) => {
        const street = await map.streetNear(middle(feature)).catch(() => null);
        return [nameKey(feature), street] as const;
      }),
    );
    this.names = new Map(
      found.flatMap(([key, street]) => (street ? [[key, street] as const] : [])),
    );
  }

  readonly #choose = (event: Event) => {
    this.chosen = (event.target as HTMLSelectElement).value;
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
    const alive = (this.editions ?? []).filter((one) => !one.withdrawn_on);
    return html`
      <div class="public-choice">
        <label for="edition">${text.editions.choose}</label>
        <select id="edition" @change=${this.#choose}>
          <option value="" ?selected=${this.chosen === ""}>${text.editions.all}</option>
          ${alive.map(
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
        ${this.#legend()}
      </div>
      ${this.#table()} ${this.chosen === "" ? nothing : this.shown.map(({ content }) => this.#strips(content))}
    `;
  }

  #legend() {
    const k = this.shown[0]?.content.threshold ?? 5;
    const swatches = (reading: Reading, steps: readonly number[]) =>
      steps.map(
        (n) =>
          html`<li>${swatch(reading, n, k)} ${text.people(n, n < 3 * k ? n + k - 1 : null)}</li>`,
      );
    return html`<div class="public-legend">
      <h3>${text.legend.title}</h3>
      <p>${text.legend.unsafe}</p>
      <ul>${swatches("unsafe", [k, 2 * k, 3 * k])}</ul>
      <p>${text.legend.safe}</p>
      <ul>${swatches("safe", [k, 2 * k, 3 * k])}</ul>
      <ul><li>${swatch("contested", k, k)} ${text.legend.contested}</li></ul>
      <p class="muted">${text.legend.none}</p>
    </div>`;
  }

  #table() {
    const rows = this.shown.flatMap(({ content, features }) =>
      features.map((feature) => ({ content, feature })),
    );
    if (rows.length === 0) return html`<p class="empty">${text.editions.nothing}</p>`;
    const several = this.shown.length > 1;
    return html`
      <h3 id="table-title">${text.table.title}</h3>
      <div class="table-scroll" tabindex="0" role="region" aria-labelledby="table-title">
        <table>
          <caption>${text.table.caption}</caption>
          <thead>
            <tr>
              <th scope="col">${text.table.place}</th>
              ${several ? html`<th scope="col" class="wide-only">${text.table.quartier}</th>` : nothing}
              <th scope="col">${text.table.unsafe}</th>
              <th scope="col">${text.table.safe}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ content, feature }) => html`<tr>
                <th scope="row">
                  ${swatchOf(content, feature.properties)}
                  ${this.names.get(nameKey(feature)) ?? text.table.unnamed}
                  ${several ? html`<span class="place-quartier">${this.#quartierName(content.quartier)}</span>` : nothing}
                </th>
                ${several ? html`<td class="wide-only">${this.#quartierName(content.quartier)}</td>` : nothing}
                <td>${peopleOf(feature.properties.unsafe)}</td>
                <td>${peopleOf(feature.properties.safe)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
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
    const now = Date.now();
    const coming = this.meetings.filter((one) => Date.parse(one.closes_at) > now);
    return html`<section aria-labelledby="meetings-title">
      <h2 id="meetings-title">${text.meetings.title}</h2>
      ${
        coming.length === 0
          ? html`<p class="empty">${text.meetings.none}</p>`
          : html`<ul class="meetings">
              ${coming.map(
                (one) => html`<li>
                  <strong>${one.titre || text.meetings.untitled}</strong>
                  <span>${formatMoment(one.starts_at, this.territoire?.fuseau)}</span>
                  <span class="muted">${one.lieu || this.#quartierName(one.quartier)}</span>
                </li>`,
              )}
            </ul>`
      }
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

function peopleOf(people: People | null | undefined) {
  if (!people) {
    return html`<span aria-hidden="true">${text.table.none}</span><span class="visually-hidden">${text.table.noneLong}</span>`;
  }
  return text.people(people.at_least, people.at_most ?? null);
}

const swatchOf = (content: Content, said: Said) =>
  swatch(
    said.reading ?? "contested",
    (said.reading === "safe" ? said.safe : said.unsafe)?.at_least ?? 0,
    content.threshold ?? 5,
  );

/** A small hexagon; the words beside it say the same. */
function swatch(reading: Reading, people: number, k: number) {
  const { fill, edge, hatched } = editionStyle(reading, people, k);
  return html`<svg class="swatch" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M12 1.5 21 6.75v10.5L12 22.5l-9-5.25V6.75Z" fill=${fill} stroke=${edge} stroke-width="1.5"></path>
    <path d="M4 14 14 4M5 20 20 5M11 21 21 11" stroke=${edge} stroke-width=${hatched ? 1.6 : 0}></path>
  </svg>`;
}

type Ring = readonly (readonly number[])[];

const nameKey = (feature: Features[number]) => `${feature.properties.quartier}/${feature.id}`;

/** The middle of the corners of the first part. */
function middle(feature: Features[number]): LonLat {
  const ring = outer(feature)[0]?.slice(1) ?? [];
  const mean = (axis: 0 | 1) => ring.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / ring.length;
  return lonLat(mean(0), mean(1));
}

function corners(quartier: Quartier): LonLat[] {
  const polygons = quartier.geometry.coordinates as readonly (readonly Ring[])[];
  return polygons.flatMap((polygon) =>
    (polygon[0] ?? []).map(([lon, lat]) => lonLat(lon ?? 0, lat ?? 0)),
  );
}

customElements.define("public-page", PublicPage);
