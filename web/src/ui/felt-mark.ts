import { html, svg, type TemplateResult } from "lit";
import type { Felt } from "../protocol";

/** The shape of a feeling: a rounded triangle or a circle; decorative, words beside it. */
export function feltMark(felt: Felt): TemplateResult {
  return html`<svg class="felt-mark" viewBox="0 0 24 24" aria-hidden="true">
    ${
      felt === "unsafe"
        ? svg`<path d="M12 4 21 19.5H3Z" fill="currentColor" stroke="currentColor" stroke-width="3" stroke-linejoin="round"></path>`
        : svg`<circle cx="12" cy="12" r="9.5" fill="currentColor"></circle>`
    }
  </svg>`;
}
