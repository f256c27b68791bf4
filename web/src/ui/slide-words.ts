import { html, nothing } from "lit";
import { editionStyle } from "../map/edition-style";
import { densityRamp } from "../map/police-legend";
import {
  caveatOf,
  countOf,
  isCounted,
  periodOf,
  sourceOf,
  type Told,
  titleOf,
  wallClasses,
} from "../slide";
import { text } from "../text/restitution";
import "../style/slide.css";
import { LightElement } from "./light-element";

/** What a slide says beside its figure: legend, how to read it, what to mind, where it comes from. */
export class SlideWords extends LightElement {
  static override properties = { told: { attribute: false }, quartier: { attribute: false } };
  declare told: Told;
  /** Name of the quartier. */
  declare quartier: string;

  constructor() {
    super();
    this.quartier = "";
  }

  override render() {
    const { told } = this;
    return html`
      ${this.#legend()}
      <p><strong>${text.wall.how} :</strong> ${text.how[told.kind]} ${isCounted(told.kind) ? text.rounded : nothing}</p>
      <p class="slide-caveat"><strong>${text.wall.caveat} :</strong> ${caveatOf(told.kind)}</p>
      <p class="slide-source"><strong>${text.wall.source} :</strong> ${sourceOf(told, this.quartier)}</p>
    `;
  }

  #legend() {
    switch (this.told.kind) {
      case "density":
        return html`<p class="slide-key-of"><strong>${text.legend.signalements}</strong></p>
          <ul class="slide-legend">${densityRamp(false).map((fill, i, all) =>
            key(
              fill,
              "#2b3140",
              i === 0 ? text.legend.fewest : i === all.length - 1 ? text.legend.most : "",
            ),
          )}</ul>`;
      case "places":
        return html`<ol class="slide-places">${this.told.hexagons.map(
          ({ properties }) =>
            html`<li><strong>${text.near(properties.name)}</strong>${text.colon} ${text.atLeast(properties.signalements)}</li>`,
        )}</ol>`;
      case "map":
      case "week":
        return html`<p class="slide-key-of"><strong>${text.legend.signalements}</strong></p>
          <ul class="slide-legend">${wallClasses.map(({ from, to, fill, edge }) => key(fill, edge, text.legend.range(from, to)))}</ul>`;
      case "edition": {
        const shade = (reading: "unsafe" | "safe", people: number) => {
          const { fill, edge } = editionStyle(reading, people, 5);
          return key(
            fill,
            edge,
            people < 15 ? text.legend.range(people, people + 4) : text.legend.range(15, null),
          );
        };
        const contested = editionStyle("contested", 5, 5);
        return html`<p class="slide-key-of"><strong>${text.legend.unsafe}</strong></p>
          <ul class="slide-legend">${[5, 10, 15].map((people) => shade("unsafe", people))}</ul>
          <p class="slide-key-of"><strong>${text.legend.safe}</strong></p>
          <ul class="slide-legend">${[5, 10, 15].map((people) => shade("safe", people))}</ul>
          <ul class="slide-legend">${key(contested.fill, contested.edge, text.legend.contested, true)}</ul>`;
      }
      default:
        return nothing;
    }
  }
}

function key(fill: string, edge: string, words: string, hatched = false) {
  const pattern = hatched
    ? `background-image: repeating-linear-gradient(135deg, ${edge} 0 2px, transparent 2px 8px);`
    : "";
  return html`<li><span class="slide-key" .style=${`background-color: ${fill}; border-color: ${edge}; ${pattern}`}></span> ${words}</li>`;
}

/** Title, period and number of a slide. */
export function slideHead(told: Told) {
  const facts = [periodOf(told), countOf(told)].filter(Boolean);
  return html`<h2>${titleOf(told)}</h2>
    <p>${facts.join("\u00a0· ")}</p>`;
}

customElements.define("slide-words", SlideWords);
