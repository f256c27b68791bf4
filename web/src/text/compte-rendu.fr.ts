import { plural } from "./format";
import { french } from "./text";

/** Texts of the compte rendu, once an atelier is closed. */
export const fr = french({
  heading: "Compte rendu",
  help: "À distribuer ce soir, avec la carte de la soirée telle que tout le monde pourra la voir.",
  publish: "Publier et distribuer",
  publishing: "Publication…",
  publishHelp:
    "En une fois : publie l'édition de cette soirée seule et met sa carte dans le document. Une édition ne se modifie plus ; elle peut être retirée. Pour la regarder d'abord, ou la réunir à d'autres soirées, préparez-la plus bas.",
  publishWaits: "Possible dès que les textes ci-dessus sont lus : rien n'est publié avant.",
  refused: "Pas d'édition de cette soirée :",
  several: (where: string, count: number) => `${where} (${count} textes)`,
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
    none: "Sans carte pour le moment : elle y sera une fois l'édition publiée.",
  },
  unread: (count: number) =>
    `${count} ${plural(count, "texte n'a pas été lu et n'y figure pas", "textes n'ont pas été lus et n'y figurent pas")} :`,
  moderate: "Lire dans la modération",
});
