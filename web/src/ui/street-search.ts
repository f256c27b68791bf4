import { html, nothing } from "lit";
import { Search, X } from "lucide";
import { get, Problem } from "../api";
import { text } from "../text/city";
import { type LonLat, toLonLat } from "../units";
import { icon } from "./icon";
import { LightElement } from "./light-element";

/** A street or a landmark that was chosen. */
export interface Place {
  readonly name: string;
  readonly at: LonLat;
}

interface Found {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly at: LonLat;
}

// Long enough that a typist causes one request a word, short enough not to be felt.
const PAUSE_MS = 180;

/**
 * Search by name as an ARIA combobox with a list: arrows move, Enter chooses,
 * Escape closes. Sends "place" with a Place, or with null when cleared.
 */
export class StreetSearch extends LightElement {
  static override properties = {
    territoire: {},
    quartierName: { attribute: false },
    found: { state: true },
    open: { state: true },
    active: { state: true },
    message: { state: true },
    filled: { state: true },
  };
  declare territoire: string;
  /** Name of a quartier by code, to tell two streets apart. */
  declare quartierName: (code: string) => string;
  declare private found: readonly Found[];
  declare private open: boolean;
  declare private active: number;
  declare private message: string;
  declare private filled: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  constructor() {
    super();
    this.territoire = "";
    this.quartierName = (code) => code;
    this.found = [];
    this.open = false;
    this.active = -1;
    this.message = "";
    this.filled = false;
  }

  override render() {
    const expanded = this.open && this.found.length > 0;
    return html`
      <label class="visually-hidden" for="street">${text.search.label}</label>
      <span class="search-box">
        ${icon(Search)}
        <input
          id="street"
          type="text"
          role="combobox"
          inputmode="search"
          enterkeyhint="search"
          maxlength="80"
          autocomplete="off"
          spellcheck="false"
          placeholder=${text.search.placeholder}
          aria-autocomplete="list"
          aria-expanded=${expanded}
          aria-controls="street-list"
          aria-activedescendant=${expanded && this.active >= 0 ? `street-${this.active}` : nothing}
          @input=${this.#typed}
          @keydown=${this.#key}
          @blur=${() => {
            this.open = false;
          }}
        />
        ${
          this.filled
            ? html`<button type="button" class="search-clear" aria-label=${text.search.clear} @click=${this.#clear}>
                ${icon(X)}
              </button>`
            : nothing
        }
      </span>
      <ul id="street-list" role="listbox" aria-label=${text.search.label} ?hidden=${!expanded}>
        ${this.found.map(
          (place, i) => html`<li
            id="street-${i}"
            role="option"
            aria-selected=${i === this.active}
            @pointerdown=${(event: Event) => event.preventDefault()}
            @click=${() => this.#choose(place)}
          >
            <span>${place.name}</span> <span class="search-note">${place.note}</span>
          </li>`,
        )}
      </ul>
      <p class=${this.message && this.open && !expanded ? "search-none" : "visually-hidden"} role="status">
        ${this.message}
      </p>
    `;
  }

  #input(): HTMLInputElement {
    return this.querySelector("input") as HTMLInputElement;
  }

  readonly #typed = () => {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const query = this.#input().value.trim();
    this.filled = query !== "";
    if (query.length < 2) {
      this.found = [];
      this.message = "";
      this.open = false;
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(query), PAUSE_MS);
  };

  async #ask(query: string): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const { results } = await get("/api/v1/voies", {
        query: { q: query, limit: 8, ...(this.territoire ? { territoire: this.territoire } : {}) },
        signal: request.signal,
      });
      this.found = results.map((place) => ({
        id: place.id,
        name: place.nom,
        note: place.quartier ? this.quartierName(place.quartier) : text.search.outside,
        at: toLonLat(place.position),
      }));
      this.message =
        this.found.length === 0 ? text.search.none : text.search.results(this.found.length);
    } catch (error) {
      if (!(error instanceof Problem)) return; // a newer word is being searched
      this.found = [];
      this.message = error.message;
    }
    this.active = -1;
    this.open = true;
  }

  readonly #key = (event: KeyboardEvent) => {
    const count = this.found.length;
    if (event.key === "Escape") {
      if (this.open) this.open = false;
      else this.#clear();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      this.open = true;
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = this.active < 0 && step < 0 ? count : this.active;
      this.active = (from + step + count) % count;
    } else if (event.key === "Enter") {
      const place = this.found[Math.max(0, this.active)];
      if (this.open && place) {
        event.preventDefault();
        this.#choose(place);
      }
    }
  };

  readonly #clear = () => {
    this.#input().value = "";
    this.found = [];
    this.filled = false;
    this.open = false;
    this.message = "";
    this.#input().focus();
    this.send<Place | null>("place", null);
  };

  #choose(place: Found): void {
    this.#input().value = place.name;
    this.filled = true;
    this.open = false;
    this.message = "";
    this.send<Place>("place", { name: place.name, at: place.at });
  }
}

customElements.define("street-search", StreetSearch);
