import { plural } from "./format";
import { shared } from "./shared";
import { french } from "./text";

/** French texts of the pages about privacy; the reference for other languages. */
export const fr = french({
  name: "Quiétude",
  demo: "Données fictives",
  title: "Vie privée",
  documentTitle: "Vie privée – Quiétude",
  lead: "Ce que le service garde, combien de temps, qui le voit, et comment le reprendre. Ces durées sont celles que le service applique.",
  own: "Voir, emporter ou effacer ce que j'ai donné",
  home: "Accueil",
  loading: "Chargement…",
  retry: "Réessayer",
  contribution: {
    title: "Ma contribution",
    documentTitle: "Ma contribution – Quiétude",
    lead: "Tout ce que le service garde de vous. Vous pouvez l'emporter, ou tout effacer.",
    seats: "Depuis cet appareil",
    none: "Cet appareil n'a de place à aucune table. Ouvrez cette page sur l'appareil avec lequel vous avez dessiné, ou demandez à l'animateur.",
    seat: shared.seat,
    markers: (n: number) => `${n} ${plural(n, "repère", "repères")}`,
    noMarker: "Aucun repère.",
    erasureCode:
      "Notez ce code : il permet de demander plus tard à l'animateur de tout effacer, même sans cet appareil.",
    remarks: "Ce que vous avez écrit pour votre table",
    votes: (dots: number) => `Points donnés aux constats\u00a0: ${dots}.`,
    felt: { unsafe: "Pas en sécurité", safe: "Plutôt en sécurité" },
    deleted: "supprimé",
    place: (lon: string, lat: string) => `Longitude ${lon}, latitude ${lat}`,
    zone: (corners: number) => `Zone de ${corners} coins`,
    log: (entries: number) =>
      `${entries} ${plural(entries, "ligne", "lignes")} au journal de l'atelier.`,
    kept: (text: number, position: number) =>
      `Textes gardés ${text} mois, positions exactes ${position} mois après l'atelier.`,
    save: "Emporter (fichier)",
    erase: "Effacer tout ce que j'ai donné",
    sure: "Vos repères et vos textes seront effacés aussitôt, pour toujours, sur tous les écrans. Les cartes déjà publiées ne changent pas.",
    confirm: "Oui, tout effacer",
    cancel: "Ne rien effacer",
    erased: "Tout est effacé.",
    receipt: "Avec le reçu d'un signalement",
    code: "Code du reçu",
    codeHelp: "12 lettres et chiffres, remis après l'envoi du signalement.",
    look: "Voir mon signalement",
    eraseReceipt: "Effacer ce signalement",
    sureReceipt: "Ce signalement sera effacé aussitôt, pour toujours.",
    note: "Texte",
    subtheme: "Type précisé",
    received: "Reçu le",
    hidden: "Masqué par la modération.",
    coarse: "La position exacte est effacée : il reste la maille d'environ 50 m.",
  },
});
