import type { fr } from "./conservation.fr";
import type { Translation } from "./text";

/** English texts of the page about retention. */
export const en: Translation<typeof fr> = {
  title: "Retention",
  intro:
    "How long the city keeps what residents gave, and what each purge left. The purge runs by itself four times a day.",
  settings: "In force",
  names: {
    text_months: "Free texts, in months",
    position_months: "Exact positions and links between devices and markers, in months",
    contact_months: "Addresses left to be written to, in months",
  },
  after: {
    text_months: "Then: deleted, with what the tables wrote.",
    position_months: "Then: the centre of a cell of about 50 m; links are destroyed.",
    contact_months: "Then: deleted, with the invitations.",
  },
  most: (months) => `From 1 to ${months} months.`,
  effect:
    "A shorter time holds from the next purge on and cannot be undone. What residents are told changes with it.",
  save: "Save",
  saved: "Saved. The privacy page says the new times.",
  fixed:
    "Without a setting: published editions (anonymous, no limit), sessions (12 hours at most).",
  notice: "What residents read",
  figures: "Rows past their retention",
  now: "now.",
  none: "No purge has run yet.",
  caption: "The last purges, and what was still past its retention when each had ended",
  when: "Purge",
  all: "All",
  kinds: {
    texts: "Texts",
    positions: "Positions",
    contacts: "Contacts",
    logs: "Logs of ateliers",
    journal: "Logs of readings and access",
  },
  tables: { title: "All that is kept", what: "What", time: "Time", after: "Then, or why" },
  of: (past, total) => `${past} of ${total}`,
  loading: "Loading…",
};
