import { html, nothing, svg, type TemplateResult } from "lit";
import type { IconNode } from "lucide";

/** A lucide icon, decorative: the words beside it say the same. */
export function icon(node: IconNode): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none"
    stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"
  >${node.map(([tag, a]) => {
    if (tag === "path") return svg`<path d=${a.d}></path>`;
    if (tag === "circle") return svg`<circle cx=${a.cx} cy=${a.cy} r=${a.r}></circle>`;
    if (tag === "line") return svg`<line x1=${a.x1} y1=${a.y1} x2=${a.x2} y2=${a.y2}></line>`;
    if (tag === "polyline") return svg`<polyline points=${a.points}></polyline>`;
    if (tag === "polygon") return svg`<polygon points=${a.points}></polygon>`;
    if (tag === "rect") {
      return svg`<rect x=${a.x} y=${a.y} width=${a.width} height=${a.height} rx=${a.rx ?? nothing}></rect>`;
    }
    return nothing;
  })}</svg>`;
}
