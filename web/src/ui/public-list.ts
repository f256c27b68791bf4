import { html, nothing } from "lit";
import { address, type Schemas } from "../api";
import { formatDay } from "../text/format";
import { text } from "../text/public";
import { LightElement } from "./light-element";

/** Every edition ever published, with its hash and its forms to download. */
export class PublicList extends LightElement {
  static override properties = {
    editions: { attribute: false },
    quartierName: { attribute: false },
  };
  declare editions: readonly Schemas["Edition"][];
  declare quartierName: (code: string) => string;

  constructor() {
    super();
    this.editions = [];
    this.quartierName = (code) => code;
  }

  override render() {
    if (this.editions.length === 0) return nothing;
    const tiles = address("/tiles/editions.json", {}, { territoire: this.editions[0]?.territoire });
    return html`<section aria-labelledby="list-title">
      <h2 id="list-title">${text.list.title}</h2>
      <ul class="editions">${this.editions.map((one) => this.#row(one))}</ul>
      <p class="muted">${text.list.hashHelp}</p>
      <p class="muted">${text.list.tiles} <a href=${tiles}>TileJSON</a></p>
    </section>`;
  }

  #row(one: Schemas["Edition"]) {
    const name = text.editions.one(this.quartierName(one.quartier), one.numero);
    if (one.withdrawn_on) {
      return html`<li><strong>${name}</strong>, ${text.list.withdrawn(formatDay(`${one.withdrawn_on}T12:00:00Z`))}</li>`;
    }
    const path = (end: string) =>
      address(
        `/api/v1/quartiers/{code}/editions/{numero}${end}`,
        { code: one.quartier, numero: one.numero },
        { territoire: one.territoire },
      );
    const link = (end: string, words: string) =>
      html`<a href=${path(end)} aria-label=${`${words}, ${name}`}>${words}</a>`;
    return html`<li>
      <strong>${name}</strong>, ${text.list.published(formatDay(`${one.published_on}T12:00:00Z`))},
      ${text.list.places(one.hexagons ?? 0)}${one.demo ? html`, ${text.demo.toLowerCase()}` : nothing}<br />
      ${text.list.fetch} ${link("/hexagones", text.list.geojson)},
      ${link("/hexagones.csv", text.list.csv)}, ${link("/canonique.txt", text.list.canonical)}<br />
      <span class="muted hash">${text.list.hash} ${one.hash}</span>
    </li>`;
  }
}

customElements.define("public-list", PublicList);
