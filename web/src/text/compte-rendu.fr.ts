import { plural } from "./format";
import { french } from "./text";

/** Texts of the compte rendu, once an atelier is closed. */
export const fr = french({
  heading: "Compte rendu",
  help: "À distribuer ce soir : publiez d'abord la carte et lisez les textes.",
  html: "Page à lire et imprimer",
  pdf: "PDF",
  odt: "Document à modifier (ODT)",
  working: "Version de travail, avec tous les endroits : à ne pas diffuser",
  checking: "Un instant…",
  unknown: "Nous ne savons pas dire ce qui manque encore à ce document.",
  map: {
    published:
      "La carte est celle de l'édition publiée : les mêmes endroits et les mêmes nombres, rien de plus.",
    withdrawn: "L'édition de cet atelier a été retirée : le document est sans carte.",
    none: "Sans carte pour le moment : elle y sera, telle que publiée, après la publication de l'édition.",
  },
  unread: (count: number) =>
    `${count} ${plural(count, "texte n'a pas été lu et n'y figure pas", "textes n'ont pas été lus et n'y figurent pas")}.`,
  moderate: "Lire dans la modération",
});
