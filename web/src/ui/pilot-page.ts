import { html } from "lit";
import { text as all } from "../text/suivi";
import "./demo-banner";
import "./language-switch";
import { LightElement } from "./light-element";
import "./pilot-actions";

const KEY = "quietude.pilote";

/**
 * Where the link of an organisation leads. The secret leaves the address at
 * once, so that it stays in no history; a reload finds it in this tab only.
 */
export class PilotPage extends LightElement {
  readonly #token = secret();

  override render() {
    return html`
      <header>
        <demo-banner></demo-banner>
        <div class="public-head">
          <p class="brand"><a href="/suivi">${all.name}</a></p>
          <language-switch></language-switch>
        </div>
      </header>
      <main class="ledger">
        ${
          this.#token === ""
            ? html`<h1>${all.pilot.untitled}</h1><p role="alert" class="ledger-problem">${all.pilot.missing}</p>`
            : html`<pilot-actions .token=${this.#token}></pilot-actions>`
        }
      </main>
    `;
  }
}

function secret(): string {
  const given = location.hash.slice(1);
  try {
    if (given.length >= 20) {
      sessionStorage.setItem(KEY, given);
      history.replaceState(null, "", location.pathname);
      return given;
    }
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return given; // storage refused: the secret stays in the address
  }
}

customElements.define("pilot-page", PilotPage);
