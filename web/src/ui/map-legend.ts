import { html, nothing, svg } from "lit";
import { classes, type LegendClass, type Measure, type Resolution, rangeOf } from "../map/legend";
import { text } from "../text/city";
import { LightElement } from "./light-element";

/** The classes of what the map shows, as counts; they do not move with the filters. */
export class MapLegend extends LightElement {
  static override properties = { measure: {}, resolution: { type: Number } };
  declare measure: Measure;
  declare resolution: Resolution;

  constructor() {
    super();
    this.measure = "unsafe";
    this.resolution = 10;
  }

  override render() {
    return html`
      <h2 class="legend-title">${text.measureLong[this.measure]}</h2>
      <ul class="legend-classes" aria-label=${text.legend.label}>
        ${classes(this.measure, this.resolution).map(
          (step) => html`<li>${swatch(step)}<span>${words(this.measure, step)}</span></li>`,
        )}
      </ul>
      <p class="legend-note">
        ${this.measure === "contested" ? html`${text.legend.contestedNote} ` : nothing}
        ${this.measure === "signalements" ? text.legend.signalementNote : text.legend.voiceNote}
        ${text.legend.nothing}
      </p>
    `;
  }
}

function swatch(step: LegendClass) {
  return html`<svg class="swatch" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M12 1.5 21 6.75v10.5L12 22.5l-9-5.25V6.75Z" fill=${step.fill} stroke=${step.edge} stroke-width="1.5"></path>
    ${
      step.hatched
        ? svg`<path d="M4 14 14 4M5 20 20 5M11 21 21 11" stroke=${step.edge} stroke-width="1.6"></path>`
        : nothing
    }
  </svg>`;
}

/** "1 personne", then "2", "3–4", "8 ou plus": the title above says of what. */
function words(measure: Measure, step: LegendClass): string {
  if (step.to === null) return text.legend.orMore(step.from);
  const range = rangeOf(step);
  const people = measure === "unsafe" || measure === "safe";
  return people && step.from === 1 ? text.legend.people(range, step.to) : range;
}

customElements.define("map-legend", MapLegend);
