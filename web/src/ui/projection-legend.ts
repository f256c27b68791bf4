import { html, nothing, svg } from "lit";
import { classes, type LegendClass, type Measure, rangeOf } from "../map/legend";
import { text } from "../text/animation";
import { feltMark } from "./felt-mark";
import { LightElement } from "./light-element";
import { RESOLUTION } from "./projection-hexagon";
import type { WallView } from "./projection-view";

/** What the picture on the wall means, with its counts. */
export class ProjectionLegend extends LightElement {
  static override properties = {
    shown: { attribute: false },
    unsafe: { attribute: false },
    safe: { attribute: false },
    divided: { attribute: false },
  };
  declare shown: WallView["shown"];
  /** Markers of each kind on the map, as written. */
  declare unsafe: string;
  declare safe: string;
  /** Whether any place is contested. */
  declare divided: boolean;

  override render() {
    if (this.shown === "markers") {
      return html`<ul class="wall-felts">
        <li class="unsafe">${feltMark("unsafe")} <strong>${this.unsafe}</strong> <span>${text.projection.unsafe}</span></li>
        <li class="safe">${feltMark("safe")} <strong>${this.safe}</strong> <span>${text.projection.safe}</span></li>
      </ul>`;
    }
    if (this.shown === "contested") {
      return html`<h2>${text.projection.contested}</h2>
        <p>${text.projection.smaller}</p>
        ${ramp("contested")} ${this.divided ? nothing : html`<p>${text.projection.noContested}</p>`}`;
    }
    return html`<h2>${text.projection.hexagons}</h2>
      <p>${text.projection.unsafeMore}</p>
      ${ramp("unsafe")}
      <p>${text.projection.safeMore}</p>
      ${ramp("safe")}
      <p class="wall-contested">${hexagon(hatchedStep)} ${text.projection.contested}</p>`;
  }
}

const hatchedStep = classes("contested", RESOLUTION)[2] as LegendClass;

/** Five hexagons with the number of people under each. */
function ramp(measure: Measure) {
  return html`<ol class="wall-ramp">
    ${classes(measure, RESOLUTION).map(
      (step) => html`<li>
        ${hexagon(step)}
        <span>${step.to === null ? text.projection.orMore(step.from) : rangeOf(step)}</span>
      </li>`,
    )}
  </ol>`;
}

function hexagon({ fill, edge, hatched }: LegendClass) {
  return html`<svg class="wall-hexagon" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M12 1.5 21 6.75v10.5L12 22.5l-9-5.25V6.75Z" fill=${fill} stroke=${edge} stroke-width="1.5"></path>
    ${
      hatched
        ? svg`<path d="M4 14 14 4M5 20 20 5M11 21 21 11" stroke=${edge} stroke-width="1.6"></path>`
        : nothing
    }
  </svg>`;
}

customElements.define("projection-legend", ProjectionLegend);
