import { html, type PropertyValues } from "lit";
import type { Atelier } from "../api";
import { text } from "../text/animation";
import { howToJoin, spacedCode } from "./animation-code";
import "./animation-qr";
import { LightElement } from "./light-element";

/** More would be too small to be read from the back of the hall. */
const AT_ONCE = 6;
/** Milliseconds for each group of tables when there are more. */
const GROUP = 15_000;

/** The codes and QR codes of the tables, large; several groups take turns. */
export class ProjectionCodes extends LightElement {
  static override properties = {
    atelier: { attribute: false },
    group: { state: true },
  };
  declare atelier: Atelier;
  declare private group: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.group = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      this.group++;
    }, GROUP);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override updated(_: PropertyValues): void {
    this.dataset.tables = String(this.#tables().length);
  }

  /** Groups of about the same size: eight tables are four and four. */
  #tables(): Atelier["tables"] {
    const coded = this.atelier.tables.filter(({ code }) => code);
    const groups = Math.max(1, Math.ceil(coded.length / AT_ONCE));
    const size = Math.ceil(coded.length / groups);
    const from = (this.group % groups) * size;
    return coded.slice(from, from + size);
  }

  override render() {
    return html`
      <h2>${text.projection.join}</h2>
      <p>${howToJoin()}</p>
      <ul class="wall-codes">
        ${this.#tables().map(
          ({ numero, code }) => html`<li>
            <h3>${text.projection.table(numero)}</h3>
            <table-qr .atelierId=${this.atelier.id} .table=${numero}></table-qr>
            <p class="wall-code">${spacedCode(code ?? "")}</p>
          </li>`,
        )}
      </ul>
    `;
  }
}

customElements.define("projection-codes", ProjectionCodes);
