import type { fr } from "./compte-rendu.fr";
import { plural } from "./format";
import type { Translation } from "./text";

/** Texts of the compte rendu, once an atelier is closed. */
export const en: Translation<typeof fr> = {
  heading: "Minutes",
  help: "To hand out tonight, with the map of the evening as everybody will see it.",
  publish: "Publish and hand out",
  publishing: "Publishing…",
  publishHelp:
    "At once: publishes the edition of this evening alone and puts its map into the document. An edition cannot be changed; it can be withdrawn. To look at it first, or to merge it with other evenings, prepare it below.",
  publishWaits: "Possible once the texts above are read: nothing is published before.",
  refused: "No edition of this evening:",
  several: (where, count) => `${where} (${count} texts)`,
  html: "Page to read and print",
  pdf: "PDF",
  odt: "Document to edit (ODT)",
  working: "Working version with every place: not to be handed out",
  checking: "One moment…",
  unknown: "We cannot say what this document still lacks.",
  map: {
    published:
      "The map is that of the published edition: the same places and the same numbers, nothing more.",
    withdrawn: "The edition of this atelier was withdrawn: the document has no map.",
    none: "No map for now: it will be there once the edition is published.",
  },
  unread: (count) =>
    `${count} ${plural(count, "text has not been read and is not in it", "texts have not been read and are not in it")}:`,
  moderate: "Read in moderation",
};
