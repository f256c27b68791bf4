import { html, nothing } from "lit";
import { get, Problem, type Quartier, type Territoire } from "../api";
import { colon } from "../text/format";
import { text } from "../text/public";
import "./language-switch";

/** What every public page begins with; `ways` are the links and buttons of its head. */
export function publicFrame(territoire: Territoire | null, ways: unknown, main: unknown) {
  return html`
    <a class="skip" href="#contenu">${text.skip}</a>
    <header>
      ${
        territoire?.demo
          ? html`<p class="demo-banner"><strong>${text.demo}</strong>${colon}${text.demoMore}</p>`
          : nothing
      }
      <div class="public-head">
        <p class="brand"><a href="/">${text.name}</a> ${territoire?.nom ?? ""}</p>
        ${ways}
        <language-switch></language-switch>
      </div>
    </header>
    <main id="contenu" class="public" tabindex="-1">${main}</main>
  `;
}

/** In place of what could not be fetched. */
export function publicFailure(problem: string, retry: () => void) {
  return html`<div class="notice" role="alert">
    <p>${problem}</p>
    <button type="button" class="button" @click=${retry}>${text.retry}</button>
  </div>`;
}

/** The commune that public pages are about, with its quartiers. */
export async function publicPlace(): Promise<{ territoire: Territoire; quartiers: Quartier[] }> {
  const { territoires } = await get("/api/v1/territoires");
  const territoire = territoires.find((one) => one.dedicated) ?? territoires[0];
  if (!territoire) throw new Problem(404, "territoire_absent", text.editions.empty);
  const { features } = await get("/api/v1/quartiers", { query: { territoire: territoire.code } });
  return { territoire, quartiers: features };
}
