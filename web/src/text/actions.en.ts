import type { fr } from "./actions.fr";
import type { Translation } from "./text";

/** Texts of the ledger: what was promised and what became of it. */
export const en: Translation<typeof fr> = {
  documentTitle: "Actions – Quiétude",
  demo: "Fictional data",
  title: "Follow-up of actions",
  lead: "Every promise made in an atelier, who carries it, for when, and what became of it.",
  filters: "Choose actions",
  quartier: "Quartier",
  everywhere: "All quartiers",
  atelier: "Atelier",
  anyAtelier: "All ateliers",
  pilote: "Led by",
  anyPilote: "Everybody",
  state: "State",
  anyState: "All states",
  late: "Overdue only",
  workbook: "Spreadsheet (XLSX)",
  loading: "Loading…",
  retry: "Try again",
  empty: "No action matches this choice.",
  none: "No action yet. They appear here as soon as an answer is given in an atelier.",
  count: (count, late) =>
    `${count === 1 ? "1 action" : `${count} actions`}${late > 0 ? `, ${late} of them overdue` : ""}`,
  answers: (titles) => `Answers: ${titles}`,
  noPilote: "Nobody leads it yet",
  doneOn: (day) => `done on ${day}`,
  proofLink: "See the proof",
  history: "History",
  historyOf: (title) => `History: ${title}`,
  event: (day, state, role) => `${day}: ${state} (${role})`,
  changed: (title, state) => `“${title}” is now: ${state}.`,
  proofUrl: "Link that shows it (optional)",
  indicators: {
    heading: "Indicators",
    caption: "Indicators of the CLSPDR, with their definitions",
    name: "Indicator",
    value: "Value",
    definition: "Definition",
    missing: "–",
    days: (days) => (days === 1 ? "1 day" : `${days} days`),
    share: (inTime, due) => `${inTime} of ${due}`,
    rows: {
      ateliers: { name: "Ateliers held", definition: "Closed ateliers." },
      reunions: {
        name: "Special meetings held",
        definition: "Closed meetings with residents or a condominium.",
      },
      participants: {
        name: "Residents' attendances",
        definition: "Residents who joined one of these meetings; who comes twice counts twice.",
      },
      findings: {
        name: "Findings",
        definition: "Findings of these meetings, without those that were withdrawn.",
      },
      answered: {
        name: "Findings answered",
        definition:
          "Findings to which an authority committed itself, which it forwarded, or refused with its reason.",
      },
      in_time: {
        name: "Answered within six months",
        definition:
          "Of the findings written at least six months ago, those whose first answer came within six months.",
      },
      late: {
        name: "Actions overdue",
        definition: "Actions past their date that are neither done, refused nor abandoned.",
      },
      done: { name: "Actions done", definition: "Actions done, verified by residents or not." },
      median_days: {
        name: "Median time to completion",
        definition: "From the entry in the ledger to the day it was done.",
      },
    },
  },
};
