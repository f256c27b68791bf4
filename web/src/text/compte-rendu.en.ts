import type { fr } from "./compte-rendu.fr";
import type { Translation } from "./text";

/** Texts of the compte rendu, once an atelier is closed. */
export const en: Translation<typeof fr> = {
  heading: "Minutes",
  help: "To hand out tonight. Places that fewer than five people spoke of are not in it.",
  html: "Page to read and print",
  pdf: "PDF",
  odt: "Document to edit (ODT)",
  working: "Working version with every place: not to be handed out",
  checking: "Looking for names and contact details…",
  clean:
    "No name, telephone, address or number plate was found. Read it again before handing it out.",
  masked: "Masked passages, replaced by “[…]”. Read them again before handing it out:",
  unknown: "The check did not succeed. The documents are masked in the same way.",
  passage: (where, kind) => `${where}: ${kind}`,
  kinds: {
    email: "e-mail address",
    link: "link",
    phone: "telephone number",
    plate: "number plate",
    address: "address",
    name: "possible name",
  },
};
