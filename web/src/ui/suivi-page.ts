import { html, nothing } from "lit";
import { ArrowLeft, Megaphone, Printer } from "lucide";
import { get, Problem, type Quartier, type Schemas, type Territoire } from "../api";
import { editionShapes } from "../map/edition-shapes";
import { createMap } from "../map/leaflet";
import type { QuartierShape, QuietudeMap } from "../map/map";
import { mapWords } from "../text/city";
import { colon, formatDate } from "../text/format";
import { text as all } from "../text/public";
import { text } from "../text/suivi";
import { legendOf, namedBy, readEdition, type Shown, tableOf } from "./edition-view";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { publicFailure, publicFrame, publicPlace } from "./public-frame";

type Entry = Schemas["PublicActions"]["actions"][number];

/** How many of the last news the whole city shows. */
const LATEST = 6;

/** What was said and what was done, quartier by quartier, for everybody. */
export class SuiviPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    quartiers: { state: true },
    entries: { state: true },
    shown: { state: true },
    names: { state: true },
    problem: { state: true },
  };
  declare private territoire: Territoire | null;
  declare private quartiers: readonly Quartier[];
  declare private entries: readonly Entry[] | null;
  /** The newest edition of the quartier; null without one. */
  declare private shown: Shown | null;
  declare private names: ReadonlyMap<string, string>;
  declare private problem: string;
  #map: QuietudeMap | null = null;
  /** The quartier of the address; "" for the whole city. */
  readonly #quartier = decodeURIComponent(location.pathname.split("/")[2] ?? "");

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.entries = null;
    this.shown = null;
    this.names = new Map();
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  readonly #load = async (): Promise<void> => {
    this.problem = "";
    try {
      const { territoire, quartiers } = await publicPlace();
      const query = { territoire: territoire.code };
      const [{ actions }, { editions }] = await Promise.all([
        get("/api/v1/suivi", { query }),
        get("/api/v1/editions", { query }),
      ]);
      const newest = editions
        .filter((one) => one.quartier === this.#quartier && !one.withdrawn_on)
        .at(-1);
      this.shown = newest ? await readEdition(newest) : null;
      this.territoire = territoire;
      this.quartiers = quartiers;
      this.entries = actions;
      document.title = text.documentTitle(this.#nameOf(this.#quartier) || territoire.nom);
      await this.updateComplete;
      await this.#draw();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#map?.remove();
    this.#map = null;
  }

  async #draw(): Promise<void> {
    const element = this.querySelector<HTMLElement>("#map");
    const { territoire, shown } = this;
    const quartier = this.quartiers.find(({ properties }) => properties.code === this.#quartier);
    if (!element || !territoire || !shown || !quartier || this.#map) return;
    const [west, south, east, north] = territoire.bbox as [number, number, number, number];
    const shape = quartier.geometry as QuartierShape;
    const map = createMap({
      element,
      extent: [west, south, east, north],
      territoire: territoire.code,
      words: mapWords(territoire.nom),
      anyZoom: true,
    });
    this.#map = map;
    map.setQuartier(shape);
    map.fit(shape);
    map.setHexagons(editionShapes(shown.features, shown.content.threshold ?? 5));
    this.names = await namedBy(map, shown.features);
  }

  /** Where residents felt so, as it is published; the answers follow. */
  #edition() {
    const { shown } = this;
    if (shown === null) return nothing;
    const { quartier, numero } = shown.content;
    return html`<section class="suivi-edition" aria-labelledby="edition-title">
      <h2 id="edition-title">${text.where}</h2>
      <div class="public-map"><div id="map" class="map"></div>${legendOf([shown])}</div>
      ${tableOf([shown], this.names, null)}
      <p><a href="/?edition=${encodeURIComponent(`${quartier}/${numero}`)}">${text.edition(numero)}</a></p>
    </section>`;
  }

  #nameOf(code: string): string {
    return this.quartiers.find((one) => one.properties.code === code)?.properties.nom_court ?? "";
  }

  override render() {
    return publicFrame(
      this.territoire,
      html`<a class="button primary" href="/signaler">${icon(Megaphone)} ${all.report}</a>
        <a href="/">${text.home}</a>`,
      this.#main(),
    );
  }

  #main() {
    if (this.problem !== "") {
      return publicFailure(this.problem, this.#load);
    }
    const { entries } = this;
    if (entries === null) return html`<p role="status">${all.loading}</p>`;
    return this.#quartier === "" ? this.#city(entries) : this.#one(entries);
  }

  #city(entries: readonly Entry[]) {
    const latest = [...entries]
      .sort((a, b) => b.changed_on.localeCompare(a.changed_on))
      .slice(0, LATEST);
    return html`
      <h1>${text.heading}</h1>
      <p class="lead">${text.lead}</p>
      <p><a href="/est-ce-mieux">${text.better}</a></p>
      <h2>${text.choose}</h2>
      <ul class="suivi-quartiers">
        ${this.quartiers.map(({ properties: { code, nom_court } }) => {
          const own = entries.filter((one) => one.quartier === code);
          return html`<li>
            <a href="/suivi/${code}">${nom_court}</a>
            <span class="muted">${text.count(own.length)}${own.length > 0 ? html`<br />${summaryOf(own)}` : nothing}</span>
          </li>`;
        })}
      </ul>
      <h2>${text.latest}</h2>
      ${
        latest.length === 0
          ? html`<p class="empty">${text.empty}</p>`
          : html`<ul class="suivi-list">${latest.map((one) => this.#entry(one, true))}</ul>`
      }
      <p class="muted">${text.read}</p>
    `;
  }

  #one(entries: readonly Entry[]) {
    const name = this.#nameOf(this.#quartier);
    if (name === "") {
      return html`<h1>${text.heading}</h1><p class="notice">${text.unknown} <a href="/suivi">${text.back}</a></p>`;
    }
    const own = entries.filter((one) => one.quartier === this.#quartier);
    return html`
      <p><a class="suivi-back" href="/suivi">${icon(ArrowLeft)} ${text.back}</a></p>
      <h1>${name}${colon}${text.heading.charAt(0).toLowerCase()}${text.heading.slice(1)}</h1>
      ${own.length === 0 ? html`<p class="lead">${text.none}</p>` : nothing}
      <p class="suivi-links">
        <a href="/est-ce-mieux">${text.better}</a>
        <button type="button" class="button small" @click=${() => window.print()}>${icon(Printer)} ${text.print}</button>
      </p>
      ${this.#edition()}
      ${own.length === 0 ? nothing : html`<h2>${text.count(own.length)}, ${summaryOf(own)}</h2>`}
      <ul class="suivi-list">${own.map((one) => this.#entry(one, false))}</ul>
      <p class="muted">${text.read}</p>
    `;
  }

  #entry(one: Entry, where: boolean) {
    return html`<li class="suivi-entry ${one.state}">
      ${where ? html`<p class="suivi-where"><a href="/suivi/${one.quartier}">${this.#nameOf(one.quartier)}</a></p>` : nothing}
      ${
        one.said === ""
          ? nothing
          : html`<div class="suivi-said">
              <h3>${text.said}</h3>
              <p>${one.said}</p>
              ${one.atelier_on ? html`<p class="muted">${text.atelier(day(one.atelier_on))}</p>` : nothing}
            </div>`
      }
      <div class="suivi-done">
        <h3>${headingOf(one)}</h3>
        <p><strong>${one.titre}</strong></p>
        ${one.answer === "" ? nothing : html`<p>${one.answer}</p>`}
        <p class="suivi-state ${one.late ? "late" : ""}">${text.states[one.state]}</p>
        <p class="muted">${factsOf(one).map((fact, i) => html`${i > 0 ? html`<br />` : nothing}${fact}`)}</p>
        ${one.demo && !this.territoire?.demo ? html`<p class="muted">${all.demo}</p>` : nothing}
      </div>
    </li>`;
  }
}

const day = (date: string) => formatDate(`${date}T12:00:00Z`);

function headingOf(one: Entry): string {
  if (one.state === "done" || one.state === "verified") return text.done;
  return one.state === "refused" || one.state === "abandoned" || one.state === "forwarded"
    ? text.answered
    : text.pledged;
}

function factsOf(one: Entry): string[] {
  const open = one.done_on === undefined && one.state !== "refused" && one.state !== "abandoned";
  return [
    ...(one.pilote ? [text.by(one.pilote)] : []),
    ...(one.done_on ? [text.doneOn(day(one.done_on))] : []),
    ...(one.echeance && open
      ? [one.late ? text.late(day(one.echeance)) : text.due(day(one.echeance))]
      : []),
    ...(one.done_on === one.changed_on ? [] : [text.changed(day(one.changed_on))]),
  ];
}

function summaryOf(entries: readonly Entry[]): string {
  const done = entries.filter((one) => one.state === "done" || one.state === "verified").length;
  return text.summary(done, entries.filter((one) => one.late).length);
}

customElements.define("suivi-page", SuiviPage);
