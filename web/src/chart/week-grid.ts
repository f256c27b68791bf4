import { svg } from "lit";
import { colour, ramp } from "../map/colour";
import { FONT } from "./intervals";
import { stepOf, type Week } from "./week";

export interface WeekGridWords {
  readonly days: readonly string[];
  readonly hour: (hour: number) => string;
  readonly cell: (day: number, hour: number, value: number) => string;
}

const LEFT = 40;
const TOP = 20;

/** Hour × weekday as a picture only; `largest` lets several share one scale. */
export function drawWeek(week: Week, width: number, largest: number, words: WeekGridWords) {
  const cell = (width - LEFT - 4) / 24;
  const row = Math.max(16, Math.min(26, cell * 1.1));
  return {
    height: TOP + 7 * row + 4,
    content: svg`
      ${[0, 6, 12, 18].map(
        (hour) =>
          svg`<text x=${LEFT + hour * cell} y=${TOP - 6} font-family=${FONT} font-size="12" fill=${colour.muted}>${words.hour(hour)}</text>`,
      )}
      ${words.days.map(
        (day, d) =>
          svg`<text x="0" y=${TOP + (d + 0.7) * row} font-family=${FONT} font-size="12" fill=${colour.muted}>${day}</text>`,
      )}
      ${week.map((hours, d) =>
        hours.map((value, hour) => {
          const step = stepOf(value, largest, 5);
          return svg`<rect x=${LEFT + hour * cell} y=${TOP + d * row} width=${cell - 1} height=${row - 1}
            fill=${step === 0 ? "#ffffff" : (ramp.signalements[step - 1] ?? "")} stroke="#e4e1d8" stroke-width="0.5"
          ><title>${words.cell(d + 1, hour, value)}</title></rect>`;
        }),
      )}`,
  };
}
