import { html, nothing } from "lit";
import type { Schemas } from "../api";
import { colon } from "../text/format";
import { text } from "../text/police";
import type { CellId } from "../units";
import { cellId } from "../units";
import { LightElement } from "./light-element";
import type { Source } from "./police-state";

export type Agreements = Schemas["StatAgreements"];
export type Concentrations = Schemas["StatConcentrations"];
export type Place = Schemas["StatPlace"];

/** The lists, each by a method of its own. */
export type PlaceList = "agreed" | "gathered" | "risen";

/** Every place in the order of the lists; its number on the map is its position, from 1. */
export function placesOf(
  agreements: Agreements | null,
  concentrations: Concentrations | null,
): readonly Place[] {
  return [
    ...(agreements?.ateliers.flatMap((one) => one.places) ?? []),
    ...(concentrations?.gathered ?? []),
    ...(concentrations?.risen ?? []),
  ];
}

const reasons: Readonly<Record<string, string>> = text.places.reasons;
const why = (code: string) => text.places.why(reasons[code] ?? text.places.reasons.other);

/** A place in plain sentences: how many, how sure. */
export function sentences(p: Place): readonly string[] {
  const from = p.period?.from ?? "";
  const to = p.period?.to ?? "";
  if (p.origin === "atelier") {
    const lo = Math.round((p.share?.lo ?? 0) * p.of);
    const hi = Math.round((p.share?.hi ?? 1) * p.of);
    return [text.places.atelier(p.n, p.of, lo, hi), text.places.atelierP(p.p)];
  }
  if (p.origin === "concentration") {
    return [
      text.places.concentration(p.n, from, to, p.people, Math.round(p.expected)),
      text.places.concentrationP,
    ];
  }
  return [
    text.places.rise(p.n, from, to, p.people, Math.round(p.expected)),
    text.places.riseP(p.p),
  ];
}

/**
 * Places beyond chance, by method. Sends "place" (opened), "peek" (under the mouse
 * or focused) and "sheet" (put on the fiche or taken off).
 */
export class PolicePlaces extends LightElement {
  static override properties = {
    agreements: { attribute: false },
    concentrations: { attribute: false },
    progress: { attribute: false },
    exports: { attribute: false },
    sheet: { attribute: false },
    source: {},
    selected: {},
  };
  declare agreements: Agreements | null;
  declare concentrations: Concentrations | null;
  /** Shares done of the two works. */
  declare progress: readonly [agreements: number, concentrations: number];
  /** The ways out of one of the lists. */
  declare exports: (list: PlaceList) => unknown;
  declare sheet: readonly CellId[];
  /** Lists of what the source leaves out are not shown. */
  declare source: Source;
  declare selected: CellId | null;

  constructor() {
    super();
    this.agreements = null;
    this.concentrations = null;
    this.progress = [0, 0];
    this.exports = () => nothing;
    this.sheet = [];
    this.source = "";
    this.selected = null;
  }

  override render() {
    const { agreements, concentrations } = this;
    const tested = concentrations?.gathered;
    return html`<div class="places">
      <h2>${text.places.title}</h2>
      <p class="figure-how"><strong>${text.howTitle}</strong> ${text.places.how}</p>
      ${
        this.source === "signalements"
          ? nothing
          : this.#found(
              "agreed",
              agreements,
              0,
              agreements && agreements.ateliers.length > 0
                ? this.#agreed(agreements)
                : html`<p>${text.places.noAtelier}</p>`,
            )
      }
      ${
        this.source === "ateliers"
          ? nothing
          : html`${this.#found("gathered", concentrations, 1, tested ? this.#list(tested, concentrations.gathered_why?.code) : nothing)}
            ${this.#found("risen", concentrations, 1, concentrations ? this.#risen(concentrations) : nothing)}`
      }
    </div>`;
  }

  /** One list: how far its test is, or what came of it, how to read it and its method. */
  #found(list: PlaceList, answer: unknown, work: 0 | 1, content: unknown) {
    return html`<section class=${answer ? "figure" : "figure empty"}><h3>${text.places[list]}</h3>
      ${answer ? html`${content} ${this.exports(list)}` : this.#progress(work)}
      <p class="figure-how"><strong>${text.howTitle}</strong> ${text.places.reading[list]}</p>
      <details class="figure-more method"><summary>${text.method}</summary><p>${text.places.methods[list]}</p></details>
    </section>`;
  }

  #risen(found: Concentrations) {
    const { period, risen_period: last } = found;
    return html`${this.#list(found.risen, found.risen_why?.code)}
      ${
        period && last
          ? html`<p class="figure-how">${text.places.basis(found.n, found.reporters, period.from, period.to)}
              ${text.places.recent(last.from, last.to)}
              ${found.maps > 0 ? text.places.seed(found.seed, found.maps) : nothing}</p>`
          : nothing
      }`;
  }

  #progress(work: 0 | 1) {
    const share = this.progress[work];
    return html`<p role="status">${text.places.progress(share)}</p>
      <progress max="1" .value=${share} aria-label=${text.places.progress(share)}></progress>`;
  }

  /** Ateliers with places first; those without are one line each. */
  #agreed({ ateliers }: Agreements) {
    return ateliers.map(
      (
        one,
      ) => html`<p class="place-source">${text.places.atelierOf(one.titre, one.on, one.participants, one.speakers)}
          ${one.why ? why(one.why.code) : nothing}
          ${!one.why && one.places.length === 0 ? text.places.none : nothing}
          ${one.why ? nothing : html`<span class="figure-how">${text.places.seed(one.seed, one.maps)}</span>`}</p>
        ${one.places.length > 0 ? this.#list(one.places, undefined) : nothing}`,
    );
  }

  #list(places: readonly Place[], reason: string | undefined) {
    if (reason) return html`<p>${why(reason)}</p>`;
    if (places.length === 0) return html`<p>${text.places.none}</p>`;
    const all = placesOf(this.agreements, this.concentrations);
    return html`<ol class="place-list">${places.map((one) => this.#place(one, all.indexOf(one) + 1))}</ol>`;
  }

  #place(one: Place, number: number) {
    const id = cellId(one.h3);
    const name = one.name ? text.places.near(one.name) : text.places.unnamed;
    const listed = this.sheet.includes(id);
    return html`<li aria-current=${id === this.selected ? "true" : nothing}>
      <div class="place-title"><span class="map-place-number" aria-hidden="true">${number}</span>
        <button type="button" class="place-name"
          @focus=${() => this.send("peek", one)}
          @mouseenter=${() => this.send("peek", one)}
          @click=${() => this.send("place", one)}>${name}</button></div>
      ${sentences(one).map((words) => html`<p>${words}</p>`)}
      ${
        one.band
          ? html`<p>${text.place.band(
              one.band.first_day,
              one.band.last_day,
              one.band.from,
              one.band.to,
              one.band.n,
              one.band.of,
            )}</p>`
          : nothing
      }
      <button type="button" class="place-add" aria-pressed=${listed} aria-label=${`${listed ? text.places.remove : text.places.add}${colon}${name}`}
        @click=${() => this.send("sheet", id)}>${listed ? text.places.remove : text.places.add}</button>
    </li>`;
  }
}

customElements.define("police-places", PolicePlaces);
