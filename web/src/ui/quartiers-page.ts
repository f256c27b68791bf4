import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { address, get, Problem, type Quartier } from "../api";
import { text as city } from "../text/city";
import { formatDay } from "../text/format";
import { text } from "../text/quartiers";
import { quartierCode } from "../units";
import { ask } from "./figure-request";
import { basisOf, type FigureView, linksOf } from "./figure-view";
import "./staff-head";
import { funnelFigure, pairsFigure, ratesFigure } from "./quartier-between";
import { changeFigure, zoneFigure, zoneMap } from "./quartier-change";
import {
  type Action,
  type Agreements,
  type Between,
  type Change,
  empty,
  type Portrait,
  type ZoneChange,
} from "./quartier-figure";
import { actionsFigure, ateliersFigure } from "./quartier-lists";
import { groundOf, multiplesFigure, sharedFigure } from "./quartier-maps";
import { hoursFigure, monthsFigure, themesFigure, voicesFigure } from "./quartier-portrait";
import {
  changeMeasures,
  cuts,
  format,
  initial,
  mapMeasures,
  parse,
  type QuartiersState,
  quartierOfPath,
  rates,
  sizes,
} from "./quartiers-state";
import "./date-field";
import type { DateField } from "./date-field";
import { TerritoirePage } from "./territoire-page";

/** What is asked of the server for one figure, and what came of it. */
type Answer<T> =
  | { readonly kind: "wait"; readonly progress: number }
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "cancelled" };

const waiting = { kind: "wait", progress: 0 } as const;

/** Parts of the page that are asked for on their own. */
type Part = "between" | "side" | "portrait" | "shared" | "change" | "ground" | "zone";

/** The planners' pages: quartiers side by side, or one of them. */
export class QuartiersPage extends TerritoirePage {
  static override properties = {
    view: { state: true },
    actions: { state: true },
    answers: { state: true },
    width: { state: true },
  };
  declare private view: QuartiersState;
  declare private actions: readonly Action[];
  declare private answers: Readonly<Partial<Record<Part, Answer<unknown>>>>;
  declare private width: number;

  readonly #code = quartierOfPath(location.pathname);
  readonly #requests = new Map<Part, { key: string; abort: AbortController }>();
  readonly #size = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width > 0 && width !== this.width) this.width = width;
  });

  constructor() {
    super();
    this.view = parse(location.search);
    this.actions = [];
    this.answers = {};
    this.width = 0;
  }

  protected override restore(): void {
    this.view = parse(location.search);
    this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
    for (const { abort } of this.#requests.values()) abort.abort();
  }

  protected override firstUpdated(): void {
    const main = this.querySelector(".figures");
    if (main) this.#size.observe(main);
    void this.start();
  }

  protected override updated(_: PropertyValues): void {
    const quartier = this.quartier(this.#code);
    const title = quartier ? text.titleOf(quartier.properties.nom_court) : text.title;
    if (document.title !== `${title} – Quiétude`) document.title = `${title} – Quiétude`;
  }

  // ── What is asked of the server ────────────────────────────────────────

  protected override async begin(): Promise<void> {
    if (this.#code) {
      if (!this.quartier(this.#code)) throw new Problem(404, "quartier_inconnu", text.unknown);
      const { actions } = await get("/api/v1/actions", {
        query: { territoire: this.territoire?.code ?? "", quartier: this.#code },
      });
      this.actions = actions;
    }
    this.#load();
  }

  /** Asks for every figure whose question has changed. */
  #load(): void {
    if (!this.territoire) return;
    if (this.#code) this.#loadQuartier(this.#code);
    else this.#loadOverview();
  }

  #base() {
    const { from, to } = this.view;
    return {
      territoire: this.territoire?.code ?? "",
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    };
  }

  #loadOverview(): void {
    const chosen = this.#chosen();
    if (chosen.length < 2 || this.#periodWrong()) return;
    this.#ask<Between>("between", "/api/v1/comparaisons", {
      query: { ...this.#base(), quartiers: chosen.join(","), taux: this.view.rate },
    });
    this.#together<Portrait>(
      "side",
      chosen.map((code) => ({ path: { code }, query: this.#base() })),
    );
  }

  #loadQuartier(code: string): void {
    if (this.#periodWrong()) return;
    const { view } = this;
    this.#ask<Portrait>("portrait", "/api/v1/quartiers/{code}/portrait", {
      path: { code },
      query: this.#portraitQuery(),
    });
    // Ateliers, years and hexagons to choose from do not depend on the period.
    this.#ask<Portrait>("ground", "/api/v1/quartiers/{code}/portrait", {
      path: { code },
      query: { territoire: this.#base().territoire, par: "annee", resolution: 10 },
    });
    this.#ask<Agreements>("shared", "/api/v1/statistiques/accords", {
      query: { ...this.#base(), quartier: code },
    });
    const sides = this.#sides();
    if (sides) {
      this.#ask<Change>("change", "/api/v1/quartiers/{code}/changement", {
        path: { code },
        query: this.#changeQuery(sides),
      });
    } else this.#drop("change");
    if ((view.zone.length > 0 && view.date) || view.action) {
      this.#ask<ZoneChange>("zone", "/api/v1/quartiers/{code}/avant-apres", {
        path: { code },
        query: this.#zoneQuery(),
      });
    } else this.#drop("zone");
  }

  #portraitQuery() {
    const { cut, show, size } = this.view;
    return { ...this.#base(), par: show === "signalements" ? "annee" : cut, resolution: size };
  }

  #changeQuery(sides: readonly [string, string]) {
    return {
      territoire: this.#base().territoire,
      mesure: this.view.measure,
      avant: sides[0],
      apres: sides[1],
      resolution: this.view.size,
    };
  }

  #zoneQuery() {
    const { zone, date, months, action } = this.view;
    return {
      territoire: this.#base().territoire,
      ...(action ? { action } : { hexagones: zone.join(",") }),
      ...(date ? { date } : {}),
      mois: months,
    };
  }

  #ask<T>(
    part: Part,
    path: Parameters<typeof ask>[0],
    options: { path?: Record<string, string>; query: Record<string, string | number> },
    force = false,
  ): void {
    const key = JSON.stringify([path, options]);
    if (!force && this.#requests.get(part)?.key === key) return;
    this.#run<T>(part, key, (signal, progress) => ask<T>(path, { ...options, signal }, progress));
  }

  /** Asks for several portraits as one part. */
  #together<T>(
    part: Part,
    questions: readonly { path: Record<string, string>; query: Record<string, string | number> }[],
  ): void {
    const key = JSON.stringify(questions);
    if (this.#requests.get(part)?.key === key) return;
    this.#run<T[]>(part, key, (signal) =>
      Promise.all(
        questions.map((question) =>
          ask<T>("/api/v1/quartiers/{code}/portrait", { ...question, signal }),
        ),
      ),
    );
  }

  #run<T>(
    part: Part,
    key: string,
    work: (signal: AbortSignal, progress: (share: number) => void) => Promise<T>,
  ): void {
    this.#requests.get(part)?.abort.abort();
    const abort = new AbortController();
    this.#requests.set(part, { key, abort });
    const set = (answer: Answer<T>) => {
      if (this.#requests.get(part)?.abort === abort)
        this.answers = { ...this.answers, [part]: answer };
    };
    set(waiting);
    work(abort.signal, (progress) => set({ kind: "wait", progress })).then(
      (value) => {
        set({ kind: "done", value });
        // What there is to compare is known only now.
        if (part === "ground") this.#load();
      },
      (error) => {
        if (abort.signal.aborted) return;
        set({
          kind: "failed",
          message: error instanceof Problem ? error.message : city.api.refused,
        });
      },
    );
  }

  #drop(part: Part): void {
    this.#requests.get(part)?.abort.abort();
    this.#requests.delete(part);
    const { [part]: _, ...rest } = this.answers;
    this.answers = rest;
  }

  #cancel(part: Part): void {
    const request = this.#requests.get(part);
    request?.abort.abort();
    this.answers = { ...this.answers, [part]: { kind: "cancelled" } };
  }

  #again(part: Part): void {
    this.#requests.delete(part);
    this.#load();
  }

  // ── What a person chooses ──────────────────────────────────────────────

  #change(part: Partial<QuartiersState>): void {
    this.view = { ...this.view, ...part };
    this.remember(format(this.view));
    this.#load();
  }

  /** The quartiers set side by side: those of the address, or the first two. */
  #chosen(): readonly string[] {
    const known = this.view.quartiers.filter((code) =>
      this.quartiers.some((one) => one.properties.code === code),
    );
    return known.length > 0 ? known : this.quartiers.slice(0, 2).map((one) => one.properties.code);
  }

  #toggle(code: string, on: boolean): void {
    const chosen = this.#chosen();
    const next = on ? [...chosen, code].sort() : chosen.filter((one) => one !== code);
    this.#change({ quartiers: next.map(quartierCode) });
  }

  #periodWrong(): boolean {
    return this.view.from !== "" && this.view.to !== "" && this.view.from > this.view.to;
  }

  /** What there is to compare: ateliers, or years of signalements. */
  #candidates(): readonly {
    readonly value: string;
    readonly label: string;
    readonly over: boolean;
  }[] {
    const ground = this.#value<Portrait>("ground");
    if (!ground) return [];
    if (this.view.measure !== "signalements") {
      return ground.ateliers
        .filter((one) => one.participants > 0)
        .map((one) => ({
          value: one.id,
          label: text.change.sideAtelier(one.titre, formatDay(one.starts_at)),
          over: one.state === "closed",
        }));
    }
    const years = [...new Set(ground.months.map((month) => month.month.slice(0, 4)))];
    return years.map((year) => ({
      value: `${year}-01-01..${year}-12-31`,
      label: text.choose.year(year),
      over: Number(year) < new Date().getFullYear(),
    }));
  }

  /** The two sides: those of the address when they are there, else the last two that are over. */
  #sides(): readonly [string, string] | null {
    const candidates = this.#candidates();
    if (candidates.length < 2) return null;
    const known = (value: string) => candidates.some((one) => one.value === value);
    // What still goes on, an open atelier or this year, is compared only when asked for.
    const over = candidates.filter((one) => one.over);
    const two = over.length > 1 ? over : candidates;
    const before = known(this.view.before) ? this.view.before : (two.at(-2)?.value ?? "");
    const after = known(this.view.after) ? this.view.after : (two.at(-1)?.value ?? "");
    return before === after ? null : [before, after];
  }

  #value<T>(part: Part): T | null {
    const answer = this.answers[part];
    return answer?.kind === "done" ? (answer.value as T) : null;
  }

  // ── What is shown ──────────────────────────────────────────────────────

  #figureView(place: string): FigureView {
    const { from, to } = this.view;
    return {
      width: Math.max(280, this.width),
      city: this.territoire?.nom ?? "",
      place,
      demo: this.territoire?.demo ?? false,
      period: text.period.text(from ? formatDay(from) : "", to ? formatDay(to) : ""),
      made: formatDay(new Date().toISOString()),
    };
  }

  /** What all figures rest on, at the foot of a printed page. */
  #basis(place: string): string {
    return [basisOf(this.#figureView(place)), text.exports.voices, text.exports.reports].join(" ");
  }

  /** A part while it waits, when it failed, or as it came. */
  #part<T>(part: Part, draw: (value: T) => TemplateResult | typeof nothing) {
    const answer = this.answers[part] as Answer<T> | undefined;
    if (!answer) return nothing;
    switch (answer.kind) {
      case "done":
        return draw(answer.value);
      case "failed":
        return html`<div class="notice error" role="alert"><p>${answer.message}</p>
          <button type="button" class="button" @click=${() => this.#again(part)}>${text.retry}</button></div>`;
      case "cancelled":
        return html`<p class="hint">${text.cancelled}
          <button type="button" class="button" @click=${() => this.#again(part)}>${text.again}</button></p>`;
      default:
        return html`<div class="working" role="status">
          <p>${answer.progress > 0 ? text.progress(answer.progress) : text.loading}</p>
          ${answer.progress > 0 ? html`<progress max="1" .value=${answer.progress} aria-label=${text.loading}></progress>` : nothing}
          <button type="button" class="button" @click=${() => this.#cancel(part)}>${text.cancel}</button>
        </div>`;
    }
  }

  override render() {
    const quartier = this.quartier(this.#code);
    return html`
      <a class="skip" href="#figures">${text.skip}</a>
      <header>
        ${this.banner()}
        <staff-head .place=${this.territoire?.nom ?? ""}></staff-head>
        <div class="planner-header">
          <h1>${quartier ? text.titleOf(quartier.properties.nom_court) : text.title}</h1>
          <nav>
            ${this.#code ? html`<a href="/quartiers">${text.overview}</a>` : nothing}
            <a href=${this.#code ? `/carte?quartier=${this.#code}` : "/carte"}>${text.map}</a>
            <button type="button" class="button" @click=${() => window.print()}>${text.print}</button>
          </nav>
        </div>
      </header>
      <main id="figures" tabindex="-1">
        ${this.problem ? this.trouble(() => this.start()) : nothing}
        ${this.territoire && !this.problem ? this.#choices() : nothing}
        <div class="figures">${this.territoire && !this.problem ? (this.#code ? this.#one(quartier) : this.#overview()) : nothing}</div>
        <p class="printed">${this.#basis(quartier?.properties.nom ?? "")}</p>
      </main>`;
  }

  #choices() {
    const { from, to } = this.view;
    return html`<form class="choices" @submit=${(event: Event) => event.preventDefault()}>
      ${
        this.#code
          ? nothing
          : html`<fieldset><legend>${text.choose.quartiers}</legend>
              <div class="boxes">${this.quartiers.map(
                ({ properties: { code, nom_court } }) => html`<span class="box">
                <label><input type="checkbox" value=${code} .checked=${this.#chosen().includes(code)}
                  @change=${(event: Event) => this.#toggle(code, (event.target as HTMLInputElement).checked)} /> ${nom_court}</label>
                <a href="/quartiers/${code}" aria-label=${text.choose.open(nom_court)}>${text.choose.openShort}</a></span>`,
              )}</div>
              <p class="form-error" role="alert">${this.#chosen().length < 2 ? text.choose.few : ""}</p>
            </fieldset>
            ${this.#select(
              "rate",
              text.choose.rate,
              rates.map((value) => [value, text.choose.rates[value]]),
              this.view.rate,
              (rate) => this.#change({ rate: rate as QuartiersState["rate"] }),
            )}`
      }
      <fieldset class="period"><legend>${text.period.legend}</legend>
        <date-field label=${text.period.from} .value=${from} max=${to} @change=${(event: Event) => this.#change({ from: (event.target as DateField).value })}></date-field>
        <date-field label=${text.period.to} .value=${to} min=${from} @change=${(event: Event) => this.#change({ to: (event.target as DateField).value })}></date-field>
        <p class="form-error" role="alert">${this.#periodWrong() ? text.period.wrong : ""}</p>
      </fieldset>
    </form>`;
  }

  #select(
    id: string,
    label: string,
    options: readonly (readonly [value: string, label: string])[],
    value: string,
    change: (value: string) => void,
  ) {
    return html`<label class="choice" for=${id}>${label}
      <select id=${id} @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}>
        ${options.map(([one, words]) => html`<option value=${one} ?selected=${one === value}>${words}</option>`)}
      </select></label>`;
  }

  #overview() {
    const view = this.#figureView("");
    const query = { ...this.#base(), quartiers: this.#chosen().join(","), taux: this.view.rate };
    const links = (table: string) =>
      linksOf("/api/v1/comparaisons", {}, query, table, ["csv", "xlsx", "geojson"]);
    return html`
      ${this.#part<Between>(
        "between",
        (data) => html`${ratesFigure(view, data, this.nameOf, links("quartiers"))}
          ${funnelFigure(view, data, this.nameOf, { ...links("quartiers"), more: [{ label: text.funnel.limits, href: links("entonnoir").csv ?? "" }] })}
          ${pairsFigure(view, data, this.nameOf, linksOf("/api/v1/comparaisons", {}, query, "paires", ["csv", "xlsx"]))}`,
      )}
      ${this.#part<Portrait[]>("side", (portraits) => {
        // One table per quartier, so that each says its own n.
        const of = (table: string) => ({
          more: portraits.flatMap(({ quartier: { code, nom_court } }) =>
            (["csv", "xlsx"] as const).map((format) => ({
              label: text.exports.of(format.toUpperCase(), nom_court),
              href: linksOf("/api/v1/quartiers/{code}/portrait", { code }, this.#base(), table, [
                format,
              ])[format] as string,
            })),
          ),
        });
        return html`<h2 class="part">${text.side.title}</h2>
          ${voicesFigure(view, portraits, of("ateliers"))} ${themesFigure(view, portraits, of("themes"))}
          ${monthsFigure(view, portraits, of("mois"))} ${hoursFigure(view, portraits, of("heures"))}`;
      })}`;
  }

  #one(quartier: Quartier | undefined) {
    if (!quartier) return nothing; // `begin` has said so
    const view = this.#figureView(quartier.properties.nom_court);
    const code = { code: quartier.properties.code };
    const path = "/api/v1/quartiers/{code}/";
    const query = this.#portraitQuery();
    const links = (table: string) =>
      linksOf(`${path}portrait`, code, query, table, ["csv", "xlsx"]);
    const sides = this.#sides();
    return html`
      ${this.#part<Portrait>("portrait", (portrait) => {
        const ground = groundOf(quartier, portrait.streets);
        return html`${voicesFigure(view, [portrait], links("ateliers"))}
          ${multiplesFigure(view, portrait, ground, this.view.show, this.view.size, linksOf(`${path}portrait`, code, query, "hexagones", ["csv", "xlsx", "geojson"]), this.#mapChoices())}
          ${this.#part<Agreements>("shared", (data) => sharedFigure(view, data, ground, linksOf("/api/v1/statistiques/accords", {}, { ...this.#base(), quartier: quartier.properties.code }, "lieux_partages", ["csv", "xlsx", "geojson"])))}
          ${themesFigure(view, [portrait], links("themes"))} ${monthsFigure(view, [portrait], links("mois"))}
          ${hoursFigure(view, [portrait], links("heures"))}
          ${this.#changePart(view, ground, code, path, sides)}
          ${this.#zonePart(view, ground, code, path)} ${this.#actionsPart(view)} ${ateliersFigure(view, portrait, links("ateliers"))}`;
      })}`;
  }

  #mapChoices() {
    const { show, cut, size } = this.view;
    return html`<div class="choices inline">
      ${this.#select(
        "show",
        text.choose.show,
        mapMeasures.map((one) => [one, city.measure[one]]),
        show,
        (value) => this.#change({ show: value as QuartiersState["show"] }),
      )}
      ${this.#select(
        "cut",
        text.choose.cut,
        cuts.map((one) => [one, text.choose.cuts[one]]),
        show === "signalements" ? "annee" : cut,
        (value) => this.#change({ cut: value as QuartiersState["cut"] }),
      )}
      ${this.#select(
        "size",
        text.choose.size,
        sizes.map((one) => [String(one), text.choose.sizes[one]]),
        String(size),
        (value) => this.#change({ size: Number(value) as QuartiersState["size"] }),
      )}
    </div>`;
  }

  #changePart(
    view: FigureView,
    ground: ReturnType<typeof groundOf>,
    code: { code: string },
    path: string,
    sides: readonly [string, string] | null,
  ) {
    const candidates = this.#candidates();
    const pick = (name: "before" | "after") =>
      this.#select(
        name,
        text.choose[name],
        candidates.map(({ value, label }) => [value, label]),
        (this.view[name] || sides?.[name === "before" ? 0 : 1]) ?? "",
        (value) => this.#change({ [name]: value }),
      );
    const controls = html`<div class="choices inline">
      ${this.#select(
        "measure",
        text.choose.measure,
        changeMeasures.map((one) => [one, text.choose.measures[one]]),
        this.view.measure,
        (value) =>
          this.#change({ measure: value as QuartiersState["measure"], before: "", after: "" }),
      )}
      ${candidates.length > 1 ? html`${pick("before")} ${pick("after")}` : nothing}
    </div>`;
    if (!sides) {
      return empty(
        text.change.title,
        candidates.length < 2 ? text.change.chooseTwo : text.change.unequal,
        controls,
      );
    }
    const links = linksOf(
      `${path}changement`,
      code,
      this.#changeQuery(sides),
      `hexagones_${this.view.size}`,
      ["csv", "xlsx", "geojson"],
    );
    const answer = this.answers.change;
    if (answer?.kind !== "done") {
      return html`<section class="figure empty"><h2>${text.change.title}</h2>${controls}${this.#part("change", () => nothing)}</section>`;
    }
    return changeFigure(view, answer.value as Change, ground, links, controls);
  }

  #zonePart(
    view: FigureView,
    ground: ReturnType<typeof groundOf>,
    code: { code: string },
    path: string,
  ) {
    const w = text.zone;
    const { zone, date, months, action } = this.view;
    const done = this.actions.filter((one) => one.done_on && one.geometry);
    const all = this.#value<Portrait>("ground");
    const toggle = (id: string) =>
      this.#change({
        action: "",
        zone: (zone as readonly string[]).includes(id)
          ? zone.filter((one) => one !== id)
          : [...zone, id as (typeof zone)[number]],
      });
    const controls = html`<div class="zone-choice"><p>${w.intro}</p>
      <div class="choices inline">
        ${done.length > 0 ? this.#select("action", w.action, [["", w.noAction], ...done.map((one) => [one.id, one.titre] as const)], action, (value) => this.#change({ action: value, zone: [], date: "" })) : nothing}
        ${action ? nothing : html`<date-field class="choice" label=${w.date} .value=${date} @change=${(event: Event) => this.#change({ date: (event.target as DateField).value })}></date-field>`}
        ${this.#select(
          "months",
          w.months,
          [3, 6, 12, 24].map((one) => [String(one), w.monthsOption(one)] as const),
          String(months),
          (value) => this.#change({ months: Number(value) }),
        )}
      </div>
      ${
        action || !all
          ? nothing
          : html`${zoneMap(view, all, ground, zone, toggle)}
            <p class="hint" role="status">${w.chosen(zone.length)}
              ${zone.length > 0 ? html`<button type="button" class="button" @click=${() => this.#change({ zone: initial.zone })}>${w.clear}</button>` : nothing}</p>`
      }
      </div>`;
    const links = linksOf(`${path}avant-apres`, code, this.#zoneQuery(), "avant_apres", [
      "csv",
      "xlsx",
      "geojson",
    ]);
    const answer = this.answers.zone;
    return answer?.kind === "done"
      ? zoneFigure(view, answer.value as ZoneChange, links, controls)
      : html`<section class="figure empty"><h2>${w.title}</h2>${controls}${this.#part("zone", () => nothing)}</section>`;
  }

  #actionsPart(view: FigureView) {
    const query = { territoire: this.#base().territoire, quartier: this.#code };
    return actionsFigure(view, this.actions, {
      csv: address("/api/v1/actions.csv", {}, query),
      xlsx: address("/api/v1/actions.xlsx", {}, query),
      geojson: address("/api/v1/actions.geojson", {}, query),
    });
  }
}

customElements.define("quartiers-page", QuartiersPage);
