import { formatDate, formatNumber as n, counted as some } from "./format";
import { french } from "./text";

/** Texts of what speaks for an atelier in a quartier. */
export const fr = french({
  heading: "Proposer un atelier",
  help: "Ce que la Ville a reçu de chaque quartier, et combien de personnes ont accepté d'être invitées. Les quartiers sont dans l'ordre alphabétique : comparer des nombres bruts classerait le plus grand en tête.",
  period: "Période",
  periods: { 3: "3 derniers mois", 6: "6 derniers mois", 12: "12 derniers mois" },
  loading: "Comptage…",
  signalements: (count: number, before: number) =>
    `${some(count, "signalement", "signalements")} (${n(before)} sur la même durée avant)`,
  trend: {
    more: "Plus de personnes signalent qu'avant, au-delà du hasard.",
    fewer: "Moins de personnes signalent qu'avant, au-delà du hasard.",
    same: "Pas de changement au-delà du hasard.",
    unknown: "Trop peu pour dire une tendance.",
  },
  themes: (list: string) => `Surtout : ${list}`,
  theme: (name: string, count: number) => `${name} (${n(count)})`,
  moments: (day: number, evening: number, night: number) =>
    `En journée ${n(day)}, en soirée ${n(evening)}, la nuit ${n(night)}`,
  reporters: (count: number) =>
    count === 0
      ? "Personne n'a encore accepté d'être invité."
      : `${some(count, "personne a accepté d'être invitée", "personnes ont accepté d'être invitées")}.`,
  last: (day: string) => `Dernier atelier : ${formatDate(day)}`,
  never: "Pas encore d'atelier",
  map: (quartier: string) => `Carte des signalements : ${quartier}`,
  mapShort: "Voir la carte",
  propose: (quartier: string) => `Préparer un atelier : ${quartier}`,
  proposeShort: "Préparer un atelier ici",
});
