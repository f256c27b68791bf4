import { html, nothing } from "lit";
import { X } from "lucide";
import { address, get, Problem, type Schemas } from "../api";
import { purpose } from "../purpose";
import { text as atelier } from "../text/atelier";
import { text as city } from "../text/city";
import { text as evening } from "../text/evening";
import { colon, formatMoment, formatNumber } from "../text/format";
import { text } from "../text/police";
import type { CellId } from "../units";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { type Place, sentences } from "./police-places";
import type { filterOf } from "./police-state";
import "./purpose-choice";

type Opened = Schemas["StatPlaceOpened"];
type Reports = Schemas["SignalementCollection"];

type Filter = Readonly<ReturnType<typeof filterOf>>;

/** Within it, an hour is known. */
const HOUR_MS = 3_600_000;

const round = (share: number, of: number) => Math.round(share * of);

/** One place opened: what is reported, what residents say and why, what is done. Sends "close". */
export class PolicePlace extends LightElement {
  static override properties = {
    cell: {},
    filter: { attribute: false },
    territoire: {},
    listed: { type: Boolean },
    found: { attribute: false },
    opened: { state: true },
    reports: { state: true },
    problem: { state: true },
  };
  declare cell: CellId;
  declare filter: Filter;
  declare territoire: string;
  /** On the fiche. */
  declare listed: boolean;
  /** The places of the lists whose middle it is, each by a method of its own. */
  declare found: readonly Place[];
  declare private opened: Opened | null;
  declare private reports: Reports | null;
  declare private problem: string;
  #request = new AbortController();
  #asked = "";
  /** The question stays where it is until it has served. */
  #asks = purpose() === undefined;

  constructor() {
    super();
    this.filter = {};
    this.territoire = "";
    this.listed = false;
    this.found = [];
    this.opened = null;
    this.reports = null;
    this.problem = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request.abort();
  }

  protected override updated(): void {
    const asked = address(this.cell, {}, { ...this.filter });
    if (asked !== this.#asked) {
      this.#asked = asked;
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    this.#request.abort();
    const request = new AbortController();
    this.#request = request;
    this.problem = "";
    this.reports = null;
    try {
      const opened = await get("/api/v1/statistiques/lieux/{h3}", {
        path: { h3: this.cell },
        query: { territoire: this.territoire, ...this.filter },
        signal: request.signal,
      });
      if (!request.signal.aborted) this.opened = opened;
    } catch (error) {
      if (!request.signal.aborted) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.problem = error instanceof Problem ? error.message : city.api.refused;
    if (!(error instanceof Problem)) throw error;
  }

  readonly #read = async () => {
    const why = purpose();
    if (!why) {
      this.#asks = true;
      this.requestUpdate();
      await this.updateComplete;
      this.querySelector<HTMLElement>("purpose-choice select")?.focus();
      return;
    }
    try {
      this.#asks = false;
      this.reports = await get("/api/v1/statistiques/lieux/{h3}/signalements", {
        path: { h3: this.cell },
        query: { territoire: this.territoire, ...this.filter },
        purpose: why,
        signal: this.#request.signal,
      });
    } catch (error) {
      if (!this.#request.signal.aborted) this.#fail(error);
    }
  };

  override render() {
    const opened = this.opened?.h3 === this.cell ? this.opened : null;
    const name = opened?.name ? text.places.near(opened.name) : text.places.unnamed;
    return html`<section class="place" aria-label=${opened ? name : text.place.loading}>
      <div class="place-head">
        <h2>${opened ? name : text.place.loading}</h2>
        <button type="button" class="button plain" aria-label=${text.close} @click=${() => this.send("close", null)}>
          ${icon(X)}
        </button>
      </div>
      ${this.problem ? html`<p class="notice" role="alert">${this.problem}</p>` : nothing}
      ${opened ? this.#body(opened) : nothing}
    </section>`;
  }

  #body(opened: Opened) {
    const { counts, band } = opened;
    const themes = counts.themes.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n);
    return html`
      <button type="button" class="button" aria-pressed=${this.listed} @click=${() => this.send("sheet", this.cell)}>
        ${this.listed ? text.places.remove : text.places.add}
      </button>
      ${
        this.found.length > 0
          ? html`<h3>${text.place.found}</h3>
              ${this.found.map((one) => html`<p>${sentences(one).join(" ")}</p>`)}
              <h3>${text.place.here}</h3>`
          : nothing
      }
      <p>${
        counts.n > 0 && counts.period
          ? text.place.count(
              counts.n,
              counts.period.from,
              counts.period.to,
              counts.interval.lo,
              counts.interval.hi,
            )
          : this.filter.source === "markers"
            ? text.source.onlyHere
            : text.place.empty
      }</p>
      ${
        band
          ? html`<p>${text.place.band(band.first_day, band.last_day, band.from, band.to, band.n, band.of)}</p>`
          : nothing
      }
      ${
        themes.length > 0 && counts.n > 0
          ? html`<h3>${text.place.themes}</h3>
              <ul>${themes
                .slice(0, 5)
                .map(
                  (one) => html`<li>${city.theme[one.theme]}${colon}${formatNumber(one.n, 1)}</li>`,
                )}</ul>`
          : nothing
      }
      ${this.filter.source === "signalements" ? nothing : html`<h3>${text.place.felt}</h3>`}
      ${opened.felt.length === 0 && this.filter.source !== "signalements" ? html`<p>${text.place.feltNone}</p>` : nothing}
      ${opened.felt.map(
        (one) => html`<p><strong>${text.place.feltOf(one.titre, one.on)}</strong><br />
          ${
            one.unsafe > 0
              ? text.place.unsafe(
                  one.unsafe,
                  one.of,
                  round(one.unsafe_share?.lo ?? 0, one.of),
                  round(one.unsafe_share?.hi ?? 1, one.of),
                )
              : nothing
          }
          ${one.safe > 0 ? text.place.safe(one.safe, one.of) : nothing}</p>`,
      )}
      ${this.#reasons(text.place.whyUnsafe, opened.unsafe_reasons, atelier.reasonsUnsafe)}
      ${this.#reasons(text.place.whySafe, opened.safe_reasons, atelier.reasonsSafe)}
      <h3>${text.place.actions}</h3>
      ${
        opened.actions.length === 0
          ? html`<p>${text.place.actionsNone}</p>`
          : html`<ul>${opened.actions.map(
              (one) =>
                html`<li>${one.titre} (${evening.codes[one.code]})${colon}${evening.states[one.state]}${
                  one.late ? html`, <strong>${evening.late}</strong>` : nothing
                }${one.reason ? html`. ${one.reason}` : nothing}</li>`,
            )}</ul>`
      }
      ${opened.sees_reports && counts.n > 0 ? this.#reports(counts.n) : nothing}
    `;
  }

  #reasons(
    title: string,
    reasons: Opened["unsafe_reasons"],
    words: Readonly<Record<string, string>>,
  ) {
    if (reasons.length === 0) return nothing;
    return html`<h3>${title}</h3>
      <ul>${reasons.map((one) => html`<li>${text.place.reason(words[one.reason] ?? "", one.people)}</li>`)}</ul>`;
  }

  #reports(count: number) {
    if (!this.reports) {
      return html`${this.#asks ? html`<purpose-choice .question=${text.place.why}></purpose-choice>` : nothing}
        <button type="button" class="button" @click=${this.#read}>${text.place.reports(count)}</button>`;
    }
    return html`<div class="figure-table" tabindex="0" role="region" aria-label=${text.place.reportsTitle}><table>
        <caption>${text.place.reportsTitle}</caption>
        <thead><tr><th scope="col">${text.place.when}</th><th scope="col">${text.place.theme}</th><th scope="col">${text.place.detail}</th></tr></thead>
        <tbody>${this.reports.features.map(
          ({ properties: p }) => html`<tr>
            <th scope="row">${
              Date.parse(p.occurred_to) - Date.parse(p.occurred_from) > HOUR_MS
                ? text.place.between(formatMoment(p.occurred_from), formatMoment(p.occurred_to))
                : formatMoment(p.occurred_from)
            }</th>
            <td>${city.theme[p.theme]}</td>
            <td>${[p.subtheme, p.note].filter(Boolean).join(" – ")}</td>
          </tr>`,
        )}</tbody>
      </table></div>
      <p class="figure-how">${text.place.reportsMost}</p>`;
  }
}

customElements.define("police-place", PolicePlace);
