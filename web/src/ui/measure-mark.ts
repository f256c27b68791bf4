import { html, svg, type TemplateResult } from "lit";
import { colour } from "../map/colour";
import type { Measure } from "../map/legend";

/** The shape of a measure: triangle, circle, hatched or plain hexagon; decorative. */
export function measureMark(measure: Measure): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">${shapes[measure]}</svg>`;
}

const HEXAGON = "M12 1.5 21 6.75v10.5L12 22.5l-9-5.25V6.75Z";

const shapes = {
  unsafe: svg`<path d="M12 4 21 19.5H3Z" fill=${colour.unsafe} stroke=${colour.unsafe} stroke-width="3" stroke-linejoin="round"></path>`,
  safe: svg`<circle cx="12" cy="12" r="9.5" fill=${colour.safe}></circle>`,
  contested: svg`<path d=${HEXAGON} fill="#ece7f5" stroke=${colour.contested} stroke-width="2"></path>
    <path d="M4 14 14 4M5 20 20 5M11 21 21 11" stroke=${colour.contested} stroke-width="2"></path>`,
  signalements: svg`<path d=${HEXAGON} fill=${colour.signalement}></path>`,
};
