import { svg } from "lit";
import { colour } from "../map/colour";
import { FONT } from "./intervals";

/** One line of a legend. */
export interface KeyEntry {
  readonly words: string;
  readonly fill: string;
  readonly edge: string;
  readonly hatched?: boolean;
  /** A strong edge; `dashed` where there is nothing but the edge. */
  readonly strong?: boolean;
  readonly dashed?: boolean;
  readonly sign?: "up" | "down";
}

const SIDE = 16;
const ROW = 24;
/** About the width of a letter of 13 px, in whichever font a file is read with. */
const LETTER = 7.5;

/** A legend as a drawing, so that it goes with its map into a file; entries flow into rows. */
export function drawKey(entries: readonly KeyEntry[], width: number) {
  let [x, y] = [0, 0];
  const placed = entries.map((entry) => {
    const needs = SIDE + 8 + entry.words.length * LETTER + 18;
    if (x > 0 && x + needs > width) {
      x = 0;
      y += ROW;
    }
    const at = { entry, x, y };
    x += needs;
    return at;
  });
  return {
    height: y + ROW,
    content: svg`${placed.map(({ entry, x: left, y: top }) => {
      const [middle, centre] = [left + SIDE / 2 + 1, top + SIDE / 2 + 3];
      return svg`<rect x=${left + 1} y=${top + 3} width=${SIDE} height=${SIDE} fill=${entry.fill}
          stroke=${entry.edge} stroke-width=${entry.strong ? 3 : 1.2} stroke-dasharray=${entry.dashed ? "4 3" : "none"}></rect>
        ${
          entry.hatched
            ? svg`<path d="M${left + 2} ${top + 11}l8 -8M${left + 2} ${top + 18}l15 -15M${left + 9} ${top + 18}l8 -8" stroke=${entry.edge} stroke-width="1.3"></path>`
            : ""
        }
        ${
          entry.sign
            ? svg`<path d=${
                entry.sign === "up"
                  ? `M${middle} ${centre - 5} l5 9 h-10 Z`
                  : `M${middle} ${centre + 5} l5 -9 h-10 Z`
              } fill="#fff" stroke=${colour.ink} stroke-width="0.8"></path>`
            : ""
        }
        <text x=${left + SIDE + 8} y=${top + 16} font-family=${FONT} font-size="13" fill=${colour.ink}>${entry.words}</text>`;
    })}`,
  };
}
