import { html, nothing } from "lit";
import { Eye, Pencil, RotateCw, Trash2, X } from "lucide";
import type { Felt, MarkerState, Uuid } from "../protocol";
import type { OutboxItem } from "../storage";
import { text } from "../text/atelier";
import { problemSentence } from "../text/problem";
import type { LonLat } from "../units";
import { feltMark } from "./felt-mark";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { feltWords, said } from "./marker-words";
import type { Place } from "./street-search";
import "./street-search";

/** What the resident wants with an own marker or a refused operation. */
export type ListWish =
  | { readonly kind: "show"; readonly marker: Uuid }
  | { readonly kind: "edit"; readonly marker: Uuid }
  | { readonly kind: "remove"; readonly marker: Uuid }
  | { readonly kind: "retry"; readonly op: Uuid }
  | { readonly kind: "discard"; readonly op: Uuid }
  | { readonly kind: "add"; readonly felt: Felt; readonly at: LonLat };

/**
 * The own markers as words, and a way to add one without touching the map.
 * Sends "wish" with a ListWish, and "closed".
 */
export class ResidentList extends LightElement {
  static override properties = {
    markers: { attribute: false },
    pending: { attribute: false },
    refused: { attribute: false },
    writable: { type: Boolean },
    territoire: {},
    place: { state: true },
  };
  declare markers: readonly MarkerState[];
  declare pending: ReadonlySet<Uuid>;
  declare refused: readonly OutboxItem[];
  declare writable: boolean;
  declare territoire: string;
  declare private place: Place | null;

  constructor() {
    super();
    this.place = null;
  }

  override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  override render() {
    return html`<dialog class="panel" aria-labelledby="list-title" @close=${() => this.send("closed", null)}>
      <div class="dialog-head">
        <h2 id="list-title" tabindex="-1">${text.list.title}</h2>
        <button type="button" class="button plain" aria-label=${text.list.close} @click=${this.#close}>${icon(X)}</button>
      </div>
      ${this.markers.length === 0 ? html`<p>${text.list.empty}</p>` : nothing}
      <ol class="marker-list">
        ${this.markers.map((marker, i) => this.#marker(marker, i + 1))}
      </ol>
      ${this.refused.length === 0 ? nothing : this.#refused()}
      ${this.writable ? this.#add() : nothing}
    </dialog>`;
  }

  readonly #close = () => this.querySelector("dialog")?.close();

  #wish(wish: ListWish): void {
    if (wish.kind !== "retry" && wish.kind !== "discard" && wish.kind !== "remove") this.#close();
    this.send<ListWish>("wish", wish);
    // The buttons of what is removed go with it.
    if (wish.kind === "remove") this.querySelector<HTMLElement>("#list-title")?.focus();
  }

  #marker(marker: MarkerState, index: number) {
    const kind = marker.geometry.type === "Point" ? text.marker.point : text.marker.zone;
    const named = `${text.list.number(index)}, ${feltWords(marker.felt)}`;
    return html`<li>
      <p class="felt ${marker.felt}">
        ${feltMark(marker.felt)} <strong>${feltWords(marker.felt)}</strong>
        <span>· ${kind}</span>
        ${this.pending.has(marker.id) ? html`<em>· ${text.marker.pending}</em>` : nothing}
      </p>
      ${said(marker).map((words) => html`<p>${words}</p>`)}
      ${marker.hidden ? html`<p class="hint">${text.marker.hidden}</p>` : nothing}
      <p class="row">
        <button type="button" class="button" aria-label="${text.list.show}, ${named}" @click=${() => this.#wish({ kind: "show", marker: marker.id })}>
          ${icon(Eye)} ${text.list.show}
        </button>
        ${
          this.writable
            ? html`<button type="button" class="button" aria-label="${text.marker.edit}, ${named}" @click=${() => this.#wish({ kind: "edit", marker: marker.id })}>
                  ${icon(Pencil)} ${text.marker.edit}
                </button>
                <button type="button" class="button" aria-label="${text.marker.remove}, ${named}" @click=${() => this.#wish({ kind: "remove", marker: marker.id })}>
                  ${icon(Trash2)} ${text.marker.remove}
                </button>`
            : nothing
        }
      </p>
    </li>`;
  }

  #refused() {
    return html`<h3>${text.list.refused}</h3>
      <ul class="marker-list">
        ${this.refused.map(
          (item) => html`<li>
            <p class="warning">${item.problem === undefined ? nothing : problemSentence(item.problem.code, item.problem.detail)}</p>
            <p class="row">
              ${
                item.status === "parked"
                  ? html`<button type="button" class="button" @click=${() => this.#wish({ kind: "retry", op: item.op.id })}>
                        ${icon(RotateCw)} ${text.list.retry}
                      </button>
                      <button type="button" class="button" @click=${() => this.#wish({ kind: "discard", op: item.op.id })}>
                        ${icon(Trash2)} ${text.list.discard}
                      </button>`
                  : nothing
              }
            </p>
          </li>`,
        )}
      </ul>`;
  }

  #add() {
    const { place } = this;
    const felts: readonly Felt[] = ["unsafe", "safe"];
    return html`<h3>${text.list.add}</h3>
      <street-search
        .territoire=${this.territoire}
        @place=${(event: CustomEvent<Place | null>) => {
          this.place = event.detail;
        }}
      ></street-search>
      <p class="hint" role="status">${place === null ? text.list.none : text.list.where(place.name)}</p>
      <div class="stack">
        ${felts.map(
          (felt) => html`<button
            type="button"
            class="button big felt-button ${felt}"
            ?disabled=${place === null}
            @click=${() => place && this.#wish({ kind: "add", felt, at: place.at })}
          >
            ${feltMark(felt)} ${text.draw[felt]}
          </button>`,
        )}
      </div>`;
  }
}

customElements.define("resident-list", ResidentList);
