import { html, nothing, type PropertyValues } from "lit";
import { address } from "../api";
import { text } from "../text/animation";
import { LightElement } from "./light-element";

/** The QR code of a table. The code in letters stands beside it: without the picture it still works. */
export class TableQR extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    table: { attribute: false },
    failed: { state: true },
  };
  declare atelierId: string;
  declare table: number;
  declare private failed: boolean;

  constructor() {
    super();
    this.atelierId = "";
    this.table = 0;
    this.failed = false;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("table") || changed.has("atelierId")) this.failed = false;
  }

  override render() {
    if (this.failed) return nothing;
    const path = "/api/v1/ateliers/{id}/qr/{numero}.svg";
    return html`<img
      class="qr"
      src=${address(path, { id: this.atelierId, numero: this.table })}
      alt=${text.tables.qr(this.table)}
      width="300"
      height="300"
      @error=${() => {
        this.failed = true;
      }}
    />`;
  }
}

customElements.define("table-qr", TableQR);
