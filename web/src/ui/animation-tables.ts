import { html, nothing } from "lit";
import { QrCode, Smartphone } from "lucide";
import type { Atelier } from "../api";
import type { Presence, Room } from "../protocol";
import { text } from "../text/animation";
import { icon } from "./icon";
import { LightElement } from "./light-element";

/** A wish about drawing: of one table, or of all when `table` is null. */
export interface DrawingWish {
  readonly table: number | null;
  readonly open: boolean;
}

/** The tables; sends `drawing` (DrawingWish), `share` (boolean) and `code` (number). */
export class AnimationTables extends LightElement {
  static override properties = {
    room: { attribute: false },
    presence: { attribute: false },
    atelier: { attribute: false },
    markers: { attribute: false },
    waiting: { attribute: false },
  };
  declare room: Room;
  declare presence: Presence | null;
  declare atelier: Atelier;
  /** Markers by table. */
  declare markers: ReadonlyMap<number, number>;
  /** Whether a wish about the drawing of a table (or about sharing, null) is on its way. */
  declare waiting: (table: number | null) => boolean;

  override render() {
    const { tables, state, shared } = this.room;
    const closed = state === "closed";
    return html`
      <div class="section-head">
        <h2>${text.tables.heading}</h2>
        ${
          closed
            ? nothing
            : html`<span class="pair-buttons">
                <button type="button" class="button small" ?disabled=${tables.every((t) => t.open)} @click=${() => this.#all(true)}>
                  ${text.tables.openAll}
                </button>
                <button type="button" class="button small" ?disabled=${tables.every((t) => !t.open)} @click=${() => this.#all(false)}>
                  ${text.tables.closeAll}
                </button>
              </span>`
        }
      </div>
      <ul class="tables">${tables.map((table) => this.#table(table, closed))}</ul>
      ${closed ? nothing : this.#sharing(shared)}
    `;
  }

  #sharing(shared: boolean) {
    return html`<div class="share">
        <label class="switch">
          <input type="checkbox" role="switch" .checked=${shared} ?disabled=${this.waiting(null)} aria-describedby="share-help" @change=${this.#share} />
          <span>${text.tables.share}</span>
        </label>
        <p class="hint" id="share-help">${shared ? text.tables.shared : text.tables.unshared}</p>
      </div>`;
  }

  #table({ numero, open }: Room["tables"][number], closed: boolean) {
    const devices = this.presence?.tables.find((one) => one.numero === numero)?.devices ?? 0;
    const seats = this.atelier.tables.find((one) => one.numero === numero);
    const facts = [
      text.tables.people(seats?.participants ?? 0),
      text.tables.markers(this.markers.get(numero) ?? 0),
    ];
    return html`<li class="table">
      <div>
        <p class="table-name">
          <strong>${text.tables.one(numero)}</strong>
          <span class=${devices > 0 ? "devices" : "devices none"} title=${text.tables.devices(devices)}>${icon(Smartphone)}<span aria-hidden="true">${devices}</span><span class="visually-hidden">${text.tables.devices(devices)}</span></span>
        </p>
        <p class="muted">${facts.join("\u00a0· ")}</p>
      </div>
      ${closed ? nothing : this.#drawing(numero, open)}
      ${
        seats?.code && !closed
          ? html`<button type="button" class="button icon-only" aria-label=${text.tables.codeOf(numero)} title=${text.tables.codeOf(numero)} @click=${() => this.send("code", numero)}>
              ${icon(QrCode)}
            </button>`
          : nothing
      }
    </li>`;
  }

  #drawing(numero: number, open: boolean) {
    return html`<label class="switch under">
        <input type="checkbox" role="switch" aria-label=${text.tables.draw(numero)} .checked=${open} ?disabled=${this.waiting(numero)}
          @change=${(event: Event) => this.#one(numero, event)} />
        <span aria-hidden="true">${open ? text.tables.drawing : text.tables.paused}</span>
      </label>`;
  }

  /** The switch shows what the log says: it turns when the server has answered. */
  #one(table: number, event: Event): void {
    const input = event.target as HTMLInputElement;
    const open = input.checked;
    input.checked = !open;
    this.send<DrawingWish>("drawing", { table, open });
  }

  readonly #share = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const shared = input.checked;
    input.checked = !shared;
    this.send("share", shared);
  };

  #all(open: boolean): void {
    this.send<DrawingWish>("drawing", { table: null, open });
  }
}

customElements.define("animation-tables", AnimationTables);
