import { html, nothing } from "lit";
import { Clock, Hand, MapPin, Users } from "lucide";
import { Problem } from "../api";
import type { TableView } from "../protocol";
import { join, normalCode, rejoin } from "../seat";
import type { Storage, StoredSeat } from "../storage";
import { text } from "../text/atelier";
import { formatMomentOf } from "../text/format";
import { chooseLanguage, type Language, language, languages } from "../text/text";
import { icon } from "./icon";
import { LightElement } from "./light-element";

/** Buttons for the other languages, each named in itself. */
export function languageButtons() {
  const others = (Object.keys(languages) as Language[]).filter((key) => key !== language());
  return html`<p class="languages">${others.map(
    (key) =>
      html`<button type="button" class="button" lang=${key} @click=${() => chooseLanguage(key)}>${languages[key].name}</button>`,
  )}</p>`;
}

/** The three sentences of the joining screen: what is kept, how long, who sees it. */
export function privacySentences(table: TableView) {
  const { text_months, position_months } = table.retention;
  const sentences = [
    [MapPin, text.join.kept],
    [Clock, text.join.time(text_months, position_months)],
    [Users, text.join.seen],
  ] as const;
  return html`<ul class="sentences">
    ${sentences.map(([node, sentence]) => html`<li>${icon(node)}<span>${sentence}</span></li>`)}
  </ul>
  <p><a href="/vie-privee">${text.join.privacy}</a></p>`;
}

/**
 * What somebody sees before sitting down: the table, three sentences, one
 * button. Sends "seated" with the seat.
 */
export class ResidentJoin extends LightElement {
  static override properties = {
    table: { attribute: false },
    seats: { attribute: false },
    linking: { state: true },
    busy: { state: true },
    problem: { state: true },
  };
  declare code: string;
  declare table: TableView;
  /** Residents of this device at this table, the last one first. */
  declare seats: readonly StoredSeat[];
  declare storage: Storage;
  declare private linking: boolean;
  declare private busy: boolean;
  declare private problem: string;

  constructor() {
    super();
    this.seats = [];
    this.linking = false;
    this.busy = false;
    this.problem = "";
  }

  override render() {
    const { atelier, numero } = this.table;
    return html`${atelier.demo ? html`<header><p class="demo-banner">${text.demo}</p></header>` : nothing}
    <main class="join">
      ${languageButtons()}
      <h1>${text.join.welcome}</h1>
      <p class="join-where"><strong>${text.join.table(numero)}</strong>, ${atelier.titre}<br />${formatMomentOf(atelier.titre, atelier.starts_at)}</p>
      ${privacySentences(this.table)}
      ${atelier.state === "prepared" ? html`<p class="hint">${text.join.prepared}</p>` : nothing}
      ${this.storage.durable ? nothing : html`<p class="warning" role="alert">${text.join.volatile}</p>`}
      ${this.problem ? html`<p class="warning" role="alert">${this.problem}</p>` : nothing}
      ${this.linking ? this.#linkForm() : this.#buttons()}
    </main>`;
  }

  #buttons() {
    const [last] = this.seats;
    return html`<div class="stack">
      ${
        last === undefined
          ? nothing
          : html`<button type="button" class="button primary big" ?disabled=${this.busy} @click=${() => this.#again(last)}>
              ${text.join.again(last.rang)}
            </button>`
      }
      <button
        type="button"
        class="button big ${last === undefined ? "primary" : ""}"
        ?disabled=${this.busy}
        @click=${() => this.#sit()}
      >
        ${icon(Hand)} ${this.busy ? text.join.joining : last === undefined ? text.join.start : text.join.other}
      </button>
      <button type="button" class="button plain" @click=${() => this.#showLink(true)}>${text.join.haveLink}</button>
    </div>`;
  }

  #linkForm() {
    return html`<form class="stack" @submit=${this.#link}>
      <label for="link">${text.join.link}</label>
      <input id="link" name="link" required minlength="6" maxlength="12" autocomplete="off" autocapitalize="characters" spellcheck="false" />
      <button class="button primary big" ?disabled=${this.busy}>${text.join.useLink}</button>
      <button type="button" class="button plain" @click=${() => this.#showLink(false)}>${text.join.back}</button>
    </form>`;
  }

  async #showLink(linking: boolean): Promise<void> {
    this.linking = linking;
    this.problem = "";
    await this.updateComplete;
    this.querySelector<HTMLElement>(linking ? "#link" : "button.primary")?.focus();
  }

  readonly #link = (event: Event) => {
    event.preventDefault();
    const link = normalCode(String(new FormData(event.target as HTMLFormElement).get("link")));
    void this.#sit(link);
  };

  /** Offline, the seat that the device remembers is enough to go on drawing. */
  async #again(seat: StoredSeat): Promise<void> {
    this.busy = true;
    const known = { ...seat, used: Date.now() };
    try {
      this.send<StoredSeat>("seated", await rejoin(seat, this.storage));
    } catch {
      await this.storage.putSeat(known).catch(() => undefined);
      this.send<StoredSeat>("seated", known);
    }
    this.busy = false;
  }

  async #sit(link?: string): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      this.send<StoredSeat>("seated", await join(this.code, this.storage, link));
    } catch (error) {
      this.problem = error instanceof Problem ? error.message : text.wrong.unreachableHelp;
    }
    this.busy = false;
  }
}

customElements.define("resident-join", ResidentJoin);
