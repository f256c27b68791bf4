import { french } from "./text";

/** Texts of the compte rendu, once an atelier is closed. */
export const fr = french({
  heading: "Compte rendu",
  help: "À distribuer ce soir. Les endroits dont moins de cinq personnes ont parlé n'y sont pas.",
  html: "Page à lire et imprimer",
  pdf: "PDF",
  odt: "Document à modifier (ODT)",
  working: "Version de travail, avec tous les endroits : à ne pas diffuser",
  checking: "Recherche de noms et de coordonnées…",
  clean: "Aucun nom, téléphone, adresse ou plaque n'a été repéré. Relisez avant de distribuer.",
  masked: "Passages masqués, remplacés par « […] ». Relisez-les avant de distribuer :",
  unknown: "La vérification n'a pas abouti. Les documents sont masqués de la même façon.",
  passage: (where: string, kind: string) => `${where}\u00a0: ${kind}`,
  kinds: {
    email: "adresse électronique",
    link: "lien",
    phone: "numéro de téléphone",
    plate: "plaque",
    address: "adresse",
    name: "nom possible",
  },
});
