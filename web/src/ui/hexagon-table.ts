import { html, nothing } from "lit";
import { text } from "../text/city";
import { formatNumber } from "../text/format";
import type { CellId } from "../units";
import { type Column, type HexagonRow, sorted } from "./hexagon-row";
import { LightElement } from "./light-element";

const columns: readonly Column[] = ["place", "unsafe", "safe", "contested", "signalements"];

// A fine grid has over a thousand rows; the first ones answer most questions.
const FIRST_ROWS = 50;

/**
 * The numbers of the map as a table: sorted by a column of one's choice, every
 * row reached by the keyboard. Sends "hexagon" with the cell of a row that is
 * focused or chosen.
 */
export class HexagonTable extends LightElement {
  static override properties = {
    rows: { attribute: false },
    place: {},
    selected: {},
    column: {},
    descending: { state: true },
    all: { state: true },
  };
  declare rows: readonly HexagonRow[];
  declare place: string;
  declare selected: CellId | null;
  /** Column to sort by, until a person chooses another one. */
  declare column: Column;
  declare private descending: boolean;
  declare private all: boolean;

  constructor() {
    super();
    this.rows = [];
    this.place = "";
    this.selected = null;
    this.column = "unsafe";
    this.descending = true;
    this.all = false;
  }

  override render() {
    const rows = sorted(this.rows, this.column, this.descending);
    const shown = this.all ? rows : rows.slice(0, FIRST_ROWS);
    return html`
      <table class="numbers">
        <caption>${text.table.caption(this.place)}</caption>
        <thead>
          <tr>${columns.map((column) => this.#header(column))}</tr>
        </thead>
        <tbody>
          ${shown.map(
            (row) => html`<tr aria-current=${row.id === this.selected ? "true" : nothing}>
              <th scope="row">
                <button
                  type="button"
                  class="row-button"
                  @focus=${() => this.send<CellId>("peek", row.id)}
                  @click=${() => this.send<CellId>("hexagon", row.id)}
                >${row.place}</button>
              </th>
              <td>${formatNumber(row.unsafe)}</td>
              <td>${formatNumber(row.safe)}</td>
              <td>${row.contested ? text.table.yes : text.table.no}</td>
              <td>${formatNumber(row.signalements)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${
        shown.length < rows.length
          ? html`<button type="button" class="button" @click=${() => {
              this.all = true;
            }}>${text.table.more(rows.length - shown.length)}</button>`
          : nothing
      }
    `;
  }

  #header(column: Column) {
    const current = column === this.column;
    const order = this.descending ? "descending" : "ascending";
    return html`<th scope="col" aria-sort=${current ? order : nothing}>
      <button type="button" class="sort" title=${text.table.sortHint} @click=${() => this.#sortBy(column)}>
        ${text.table[column]}<span class="sort-sign" aria-hidden="true">${current ? (this.descending ? "↓" : "↑") : ""}</span>
      </button>
    </th>`;
  }

  #sortBy(column: Column): void {
    // Numbers are wanted largest first, names from A to Z.
    this.descending = column === this.column ? !this.descending : column !== "place";
    this.column = column;
  }
}

customElements.define("hexagon-table", HexagonTable);
