import { html, nothing, type PropertyValues } from "lit";
import { text } from "../text/animation";
import { staffFile } from "./animation-staff";
import { LightElement } from "./light-element";

/** The QR code of a table, fetched with the right to see it. */
export class TableQR extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    table: { attribute: false },
    picture: { state: true },
  };
  declare atelierId: string;
  declare table: number;
  /** Address of the picture in this page; "" until it is there. */
  declare private picture: string;

  constructor() {
    super();
    this.atelierId = "";
    this.table = 0;
    this.picture = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("table") || changed.has("atelierId")) void this.#load(this.table);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    URL.revokeObjectURL(this.picture);
  }

  async #load(table: number): Promise<void> {
    const path = "/api/v1/ateliers/{id}/qr/{numero}.svg";
    // The code in letters stands beside it: without the picture it still works.
    const file = await staffFile(path, { id: this.atelierId, numero: table }).catch(() => null);
    if (this.table !== table) return;
    URL.revokeObjectURL(this.picture);
    this.picture = file ? URL.createObjectURL(file) : "";
  }

  override render() {
    return this.picture === ""
      ? nothing
      : html`<img class="qr" src=${this.picture} alt=${text.tables.qr(this.table)} width="300" height="300" />`;
  }
}

customElements.define("table-qr", TableQR);
