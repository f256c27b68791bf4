import { html, nothing } from "lit";
import { X } from "lucide";
import { text } from "../text/animation";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import "./animation-qr";

/** The code of a table in large, with its QR, for somebody who comes to the desk. */
export class AnimationCode extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    table: { attribute: false },
    code: { attribute: false },
  };
  declare atelierId: string;
  declare table: number | null;
  declare code: string;

  constructor() {
    super();
    this.atelierId = "";
    this.table = null;
    this.code = "";
  }

  async show(table: number, code: string): Promise<void> {
    this.table = table;
    this.code = code;
    await this.updateComplete;
    (this.querySelector("dialog") as HTMLDialogElement).showModal();
  }

  override render() {
    return html`<dialog class="code-dialog" aria-labelledby="code-title" @close=${this.#closed}>
      ${
        this.table === null
          ? nothing
          : html`<form method="dialog">
              <div class="dialog-head">
                <h2 id="code-title">${text.tables.one(this.table)}</h2>
                <button class="button plain icon-only" aria-label=${text.close} autofocus>${icon(X)}</button>
              </div>
              <table-qr .atelierId=${this.atelierId} .table=${this.table}></table-qr>
              <p class="big-code">${spacedCode(this.code)}</p>
              <p>${howToJoin()}</p>
            </form>`
      }
    </dialog>`;
  }

  readonly #closed = () => {
    this.table = null;
  };
}

/**
 * How to come to a table. The address is left out where it would only work on
 * this machine.
 */
export function howToJoin({ hostname, host }: Location = location): string {
  const here = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  return here ? text.tables.scan : text.tables.scanAt(host);
}

/** "ABCD 2345": two groups are read and typed with fewer slips. */
export function spacedCode(code: string): string {
  return `${code.slice(0, 4)}\u00a0${code.slice(4)}`;
}

customElements.define("animation-code", AnimationCode);
