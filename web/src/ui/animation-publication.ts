import { html, nothing, type PropertyValues } from "lit";
import { type Atelier, get, Problem, post, remove, type Schemas, type Territoire } from "../api";
import { editionShapes } from "../map/edition-shapes";
import { createMap } from "../map/leaflet";
import type { QuietudeMap } from "../map/map";
import { text } from "../text/animation";
import { mapWords } from "../text/city";
import { formatDate } from "../text/format";
import { extentOf } from "../units";
import { uuidV7 } from "../uuid";
import { LightElement } from "./light-element";

type Brouillon = Schemas["Brouillon"];

/** How often a draft that is being made is looked at, milliseconds. */
const LOOK_EVERY = 1000;

/** How many evenings make the map finer (edition.Source.Finest). */
const FINER = 3;

/** Prepares, shows and publishes the edition of a closed atelier, alone or merged
 * with others of its quartier. Sends "published" once what is public has changed. */
export class AnimationPublication extends LightElement {
  static override properties = {
    atelier: { attribute: false },
    territoire: { attribute: false },
    draft: { state: true },
    others: { state: true },
    chosen: { state: true },
    withdrawn: { state: true },
    sure: { state: true },
    busy: { state: true },
    problem: { state: true },
  };
  declare atelier: Atelier | null;
  declare territoire: Territoire | null;
  /** The newest draft; null when there is none. */
  declare private draft: Brouillon | null;
  /** Closed evenings of the quartier that no edition counts yet. */
  declare private others: readonly Atelier[];
  /** Those of them that are merged with this one. */
  declare private chosen: ReadonlySet<string>;
  declare private withdrawn: boolean;
  declare private sure: boolean;
  declare private busy: boolean;
  declare private problem: string;
  #map: QuietudeMap | null = null;
  #drawn = "";
  #asked = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.atelier = null;
    this.territoire = null;
    this.draft = null;
    this.others = [];
    this.chosen = new Set();
    this.withdrawn = false;
    this.sure = false;
    this.busy = false;
    this.problem = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#map?.remove();
    this.#map = null;
    this.#drawn = "";
  }

  protected override updated(_: PropertyValues): void {
    if (this.atelier && this.atelier.id !== this.#asked) {
      this.#asked = this.atelier.id;
      void this.#try(() => this.#read());
    }
    void this.#try(() => this.#draw());
  }

  get #query() {
    return this.atelier ? { territoire: this.atelier.territoire } : {};
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  /** Asks again: something was published meanwhile. */
  check(): Promise<void> {
    return this.#try(() => this.#read());
  }

  /** The draft that counts: a published one, else the newest. */
  async #read(): Promise<void> {
    if (!this.atelier) return;
    const { brouillons } = await get("/api/v1/ateliers/{id}/brouillons", {
      path: { id: this.atelier.id },
    });
    this.draft = brouillons.find((one) => one.state === "published") ?? brouillons[0] ?? null;
    if (this.draft?.state !== "published") await this.#readOthers();
    if (this.draft?.state === "asked") this.#look();
    if (this.draft?.state === "published") {
      const { editions } = await get("/api/v1/editions", { query: this.#query });
      const mine = editions.find(
        (one) => one.quartier === this.draft?.quartier && one.numero === this.draft?.numero,
      );
      this.withdrawn = mine?.withdrawn_on !== undefined;
    }
  }

  async #readOthers(): Promise<void> {
    const mine = this.atelier;
    if (!mine) return;
    const query = { territoire: mine.territoire, quartier: mine.quartier };
    const { ateliers } = await get("/api/v1/ateliers", { query });
    this.others = ateliers.filter(
      (one) =>
        one.id !== mine.id &&
        one.state === "closed" &&
        one.counted === false &&
        one.demo === mine.demo,
    );
    const drafted = new Set(this.draft?.ateliers ?? []);
    this.chosen = new Set(this.others.map((one) => one.id).filter((id) => drafted.has(id)));
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#try(() => this.#read()), LOOK_EVERY);
  }

  readonly #prepare = () =>
    this.#once(async () => {
      if (!this.atelier) return;
      this.draft = await post(
        "/api/v1/brouillons",
        { id: uuidV7(), ateliers: [this.atelier.id, ...this.chosen] },
        { query: this.#query },
      );
      this.#look();
    });

  readonly #publish = () =>
    this.#once(async () => {
      if (!this.draft) return;
      const path = { id: this.draft.id };
      this.draft = await post("/api/v1/brouillons/{id}/publier", undefined as never, {
        path,
        query: this.#query,
      });
      this.send("published", undefined);
    });

  readonly #withdraw = () =>
    this.#once(async () => {
      if (!this.draft?.numero) return;
      await remove("/api/v1/quartiers/{code}/editions/{numero}", {
        path: { code: this.draft.quartier, numero: this.draft.numero },
        query: this.#query,
      });
      this.withdrawn = true;
      this.sure = false;
      this.send("published", undefined);
    });

  async #once(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = "";
    await this.#try(act);
    this.busy = false;
  }

  async #draw(): Promise<void> {
    const element = this.querySelector<HTMLElement>(".publication-map");
    if (!element || !this.draft?.edition || !this.territoire) {
      this.#map?.remove();
      this.#map = null;
      this.#drawn = "";
      return;
    }
    if (this.#drawn === this.draft.id) return;
    this.#drawn = this.draft.id;
    const { features } = await get("/api/v1/brouillons/{id}/hexagones", {
      path: { id: this.draft.id },
      query: this.#query,
    });
    const [west, south, east, north] = this.territoire.bbox as [number, number, number, number];
    this.#map ??= createMap({
      element,
      extent: [west, south, east, north],
      territoire: this.territoire.code,
      words: mapWords(this.territoire.nom, text.publication.heading),
    });
    const shapes = editionShapes(features, this.draft.edition.threshold ?? 5);
    const all = extentOf(shapes.flatMap(({ ring }) => ring));
    if (all) this.#map.fit(all);
    this.#map.setHexagons(shapes);
  }

  override render() {
    return html`<section class="publication" aria-labelledby="publication-title">
      <h3 id="publication-title">${text.publication.heading}</h3>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${this.#state()}
    </section>`;
  }

  #state() {
    const draft = this.draft;
    if (draft?.state === "published") return this.#published(draft);
    if (draft?.state === "asked") return html`<p role="status">${text.publication.making}</p>`;
    return html`
      ${
        draft?.state === "refused"
          ? html`<p role="status">${draft.refusal}</p>`
          : draft?.state === "ready"
            ? this.#preview(draft)
            : html`<p>${text.publication.help}</p>`
      }
      ${this.#merge()}
      <button type="button" class="button wide" ?disabled=${this.busy} @click=${this.#prepare}>
        ${draft ? text.publication.again : text.publication.prepare}
      </button>
    `;
  }

  /** Which other evenings are counted together with this one. */
  #merge() {
    if (this.others.length === 0) return nothing;
    const toggle = (id: string) => {
      const chosen = new Set(this.chosen);
      if (!chosen.delete(id)) chosen.add(id);
      this.chosen = chosen;
    };
    const count = this.chosen.size + 1;
    return html`<fieldset class="publication-merge">
      <legend>${text.publication.merge}</legend>
      <p class="hint">${text.publication.mergeHelp}</p>
      ${this.others.map(
        (one) => html`<label class="check">
          <input type="checkbox" .checked=${this.chosen.has(one.id)} @change=${() => toggle(one.id)} />
          ${one.titre}, ${formatDate(one.starts_at, this.territoire?.fuseau)}
        </label>`,
      )}
      <p role="status" class="hint">${count === 1 ? text.publication.alone : text.publication.merged(count, count >= FINER)}</p>
    </fieldset>`;
  }

  #preview({ edition, ateliers }: Brouillon) {
    const content = edition?.content ?? [];
    const read = (reading: string) => content.filter((one) => one.reading === reading).length;
    return html`
      <p role="status">${text.publication.preview(content.length)}${ateliers.length > 1 ? ` ${text.publication.together(ateliers.length)}` : ""}</p>
      <div class="publication-map map"></div>
      <ul class="facts">
        ${Object.entries(text.publication.read).map(([reading, words]) =>
          read(reading) > 0 ? html`<li>${words} : ${read(reading)}</li>` : nothing,
        )}
        <li>
          ${(edition?.themes.length ?? 0) + (edition?.dayparts.length ?? 0) > 0 ? text.publication.strips : text.publication.noStrips}
        </li>
      </ul>
      <p>${text.publication.final}</p>
      <button type="button" class="button primary wide" ?disabled=${this.busy} @click=${this.#publish}>
        ${this.busy ? text.publication.publishing : text.publication.publish}
      </button>
    `;
  }

  #published(draft: Brouillon) {
    if (this.withdrawn) return html`<p role="status">${text.publication.withdrawn}</p>`;
    const ask = () => {
      this.sure = true;
    };
    return html`
      <p role="status">${text.publication.published(draft.numero ?? 0)}</p>
      <p><a href="/?edition=${draft.quartier}/${draft.numero}">${text.publication.see}</a></p>
      <p class="muted">${text.publication.withdrawHelp}</p>
      ${
        this.sure
          ? html`<button type="button" class="button wide" ?disabled=${this.busy} @click=${this.#withdraw}>
              ${text.publication.withdrawSure}
            </button>`
          : html`<button type="button" class="button wide" @click=${ask}>${text.publication.withdraw}</button>`
      }
    `;
  }
}

customElements.define("animation-publication", AnimationPublication);
