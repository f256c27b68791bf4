import { formatDate, formatNumber as n } from "./format";
import type { fr } from "./proposition.fr";
import type { Translation } from "./text";

const some = (value: number, one: string, many: string) =>
  `${n(value)} ${value === 1 ? one : many}`;

/** Texts of what speaks for a workshop in a quartier. */
export const en: Translation<typeof fr> = {
  heading: "Propose a workshop",
  help: "What the city received about each quartier, and how many people agreed to be invited. The quartiers come by name: raw counts would rank the largest first.",
  period: "Period",
  periods: { 3: "Last 3 months", 6: "Last 6 months", 12: "Last 12 months" },
  loading: "Counting…",
  signalements: (count, before) =>
    `${some(count, "report", "reports")} (${n(before)} in as much time before)`,
  trend: {
    more: "More people report than before, beyond chance.",
    fewer: "Fewer people report than before, beyond chance.",
    same: "No change beyond chance.",
    unknown: "Too few for a trend.",
  },
  themes: (list) => `Mostly: ${list}`,
  theme: (name, count) => `${name} (${n(count)})`,
  moments: (day, evening, night) =>
    `By day ${n(day)}, in the evening ${n(evening)}, at night ${n(night)}`,
  reporters: (count) =>
    count === 0
      ? "Nobody has agreed to be invited yet."
      : `${some(count, "person", "people")} agreed to be invited.`,
  last: (day) => `Last workshop: ${formatDate(day)}`,
  never: "No workshop yet",
  map: (quartier) => `Map of reports: ${quartier}`,
  mapShort: "See the map",
  propose: (quartier) => `Prepare a workshop: ${quartier}`,
  proposeShort: "Prepare a workshop here",
};
