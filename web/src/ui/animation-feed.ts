import { html, nothing } from "lit";
import type { MarkerState, Uuid } from "../protocol";
import { text } from "../text/animation";
import { feltMark } from "./felt-mark";
import { LightElement } from "./light-element";
import { details, feltWords } from "./marker-words";

/** As many as a glance takes in; the others are one button away. */
const SHORT = 8;

/** The newest markers in words; sends `pick` (identifier of a marker). */
export class AnimationFeed extends LightElement {
  static override properties = {
    markers: { attribute: false },
    closed: { attribute: false },
    times: { attribute: false },
    streets: { attribute: false },
    now: { attribute: false },
    picked: { attribute: false },
    whole: { state: true },
  };
  /** Newest first. */
  declare markers: readonly MarkerState[];
  /** Nothing more will come in. */
  declare closed: boolean;
  /** When each marker was added, server clock, where it is known. */
  declare times: ReadonlyMap<Uuid, number>;
  /** The street nearest to each marker, where it is known. */
  declare streets: ReadonlyMap<Uuid, string>;
  declare now: number;
  declare picked: Uuid | null;
  declare private whole: boolean;

  constructor() {
    super();
    this.markers = [];
    this.closed = false;
    this.times = new Map();
    this.streets = new Map();
    this.now = 0;
    this.picked = null;
    this.whole = false;
  }

  override render() {
    const { markers, whole } = this;
    const shown = whole ? markers : markers.slice(0, SHORT);
    return html`
      <h2>${text.feed.heading}</h2>
      ${markers.length === 0 ? html`<p class="empty">${this.closed ? text.map.none : text.feed.empty}</p>` : nothing}
      <ul class="feed">${shown.map((marker) => this.#row(marker))}</ul>
      ${
        markers.length > SHORT
          ? html`<button type="button" class="button small" aria-expanded=${whole} @click=${this.#toggle}>
              ${whole ? text.feed.less : text.feed.all(markers.length)}
            </button>`
          : nothing
      }
    `;
  }

  #row(marker: MarkerState) {
    const street = this.streets.get(marker.id);
    const said = details(marker);
    const facts = [
      ...(marker.geometry.type === "Polygon" ? [text.feed.zone] : []),
      ...(street ? [text.feed.near(street)] : []),
      ...(said ? [said] : []),
      ...(marker.attributes.note ? [text.feed.note] : []),
    ];
    return html`<li>
      <button type="button" class="feed-row ${marker.felt}" aria-current=${marker.id === this.picked ? "true" : nothing} @click=${() => this.send("pick", marker.id)}>
        ${feltMark(marker.felt)}
        <span>
          <strong>${text.tables.one(marker.table)}, ${feltWords(marker.felt).toLocaleLowerCase()}</strong>
          ${marker.hidden ? html`<em>${text.feed.hidden}</em>` : nothing}
          <br />
          <span class="muted">${facts.join("\u00a0· ") || text.feed.nothing}</span>
        </span>
        <span class="feed-time muted">${this.#ago(marker)}</span>
      </button>
    </li>`;
  }

  #ago(marker: MarkerState): string {
    const at = this.times.get(marker.id);
    if (at === undefined) return "";
    const minutes = Math.max(0, Math.floor((this.now - at) / 60_000));
    const hours = Math.floor(minutes / 60);
    if (minutes < 60) return text.feed.ago(minutes);
    return hours < 48 ? text.feed.agoHours(hours) : text.feed.agoDays(Math.floor(hours / 24));
  }

  readonly #toggle = () => {
    this.whole = !this.whole;
  };
}

customElements.define("animation-feed", AnimationFeed);
