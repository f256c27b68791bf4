import { counted as count, formatNumber as n } from "./format";
import { shared } from "./shared";
import { french } from "./text";

/** Texts of the city page, of the map and of the calls to the server. */
export const fr = french({
  title: (commune: string) => `Quiétude, ${commune}`,
  name: "Quiétude",
  skip: "Aller aux chiffres",
  demo: "Données fictives",
  demoMore: "cette page montre un exemple, personne n'a dit cela.",
  language: "Langue",

  date: {
    pattern: { date: "jj/mm/aaaa", time: "18 h 30" },
    calendar: (field: string) =>
      field === "" ? "Choisir dans un calendrier" : `${field} : choisir dans un calendrier`,
    wrong: {
      date: "Écrivez la date ainsi : 12/03/2026.",
      time: "Écrivez l'heure ainsi : 18 h 30.",
    },
  },

  api: {
    offline: "Le serveur ne répond pas. Vérifiez la connexion, puis réessayez.",
    foreign:
      "La réponse ne vient pas de Quiétude (page de connexion du Wi-Fi ?). Ouvrez une page du navigateur pour vous connecter, puis réessayez.",
    refused: "La demande n'a pas abouti. Rien n'a été changé.",
  },

  map: {
    label: (place: string) =>
      `Carte : ${place}. Les flèches déplacent la carte, + et − changent l'échelle. Les mêmes chiffres sont dans le tableau.`,
    zoomIn: "Agrandir la carte",
    zoomOut: "Réduire la carte",
    attribution: (commune: string) => `© Ville de ${commune}, IGN BD TOPO`,
    rasterAttribution: "© IGN",
    basemap: "Fond de carte",
    ownBasemap: "Plan de la ville, sans Internet",
    rasterBasemap: "Plan IGN, par Internet",
  },

  search: {
    label: "Chercher une rue ou un lieu",
    placeholder: "Rue, place, école…",
    results: (found: number) =>
      found === 0 ? "Aucun lieu trouvé." : `${count(found, "lieu trouvé", "lieux trouvés")}.`,
    none: "Aucun lieu de ce nom. Essayez avec un seul mot.",
    outside: "hors de la commune",
    clear: "Effacer la recherche",
  },

  panel: {
    label: "Ce que dit la carte",
    open: "Voir tous les choix et les chiffres",
    close: "Revenir à la carte",
    quartier: "Quartier",
    city: "Toute la ville",
    shown: "Montrer",
    size: "Taille des hexagones",
    sizes: {
      8: "très large, environ 900 m",
      9: "large, environ 350 m",
      10: "moyenne, environ 130 m",
      11: "fine, environ 50 m",
    },
    wide: "large",
    fine: "fin",
    filters: "Choisir les thèmes et la période, les jours et les heures",
    filtersActive: (active: number) => `${count(active, "choix en cours", "choix en cours")}`,
    themes: "Thèmes",
    period: "Période",
    from: "Du",
    to: "Au",
    reset: "Tout montrer",
    periodWrong: "La première date vient après la seconde : rien ne peut correspondre.",
  },

  moment: {
    title: "Jours et heures des signalements",
    days: {
      1: "Lundi",
      2: "Mardi",
      3: "Mercredi",
      4: "Jeudi",
      5: "Vendredi",
      6: "Samedi",
      7: "Dimanche",
    },
    shortDays: {
      1: "lun.",
      2: "mar.",
      3: "mer.",
      4: "jeu.",
      5: "ven.",
      6: "sam.",
      7: "dim.",
    },
    from: "De",
    to: "À",
    hour: (hour: number) => `${hour} h`,
    known:
      "Seuls comptent les signalements dont l’heure est connue. Les avis donnés en atelier n’ont pas d’heure.",
    overnight:
      "Les heures après minuit comptent pour leur propre jour. Seuls comptent les signalements dont l’heure est connue.",
  },

  measure: {
    unsafe: "Pas en sécurité",
    safe: "En sécurité",
    contested: "Avis partagés",
    signalements: "Signalements",
  },
  measureLong: {
    unsafe: "Personnes qui ne se sentent pas en sécurité",
    safe: "Personnes qui se sentent plutôt en sécurité",
    contested: "Avis partagés : personnes de chaque avis",
    signalements: "Signalements envoyés à la ville",
  },

  legend: {
    label: "Légende",
    people: (range: string, top: number) => `${range} ${top < 2 ? "personne" : "personnes"}`,
    orMore: (from: number) => `${n(from)} ou plus`,
    contestedNote: "Hachures : au moins une personne sur quatre dit le contraire des autres.",
    voiceNote: "Une personne compte une fois par hexagone, même avec plusieurs repères.",
    signalementNote:
      "Un signalement peut répéter le même fait : ce n'est pas un nombre de personnes.",
    nothing: "Sans couleur : rien n'a été dit ici.",
  },

  hexagon: {
    unnamed: (row: number) => `Hexagone ${row}`,
    unsafe: (people: number) =>
      people === 0
        ? "Personne ne dit ne pas se sentir en sécurité ici."
        : people === 1
          ? "1 personne ne se sent pas en sécurité ici."
          : `${n(people)} personnes ne se sentent pas en sécurité ici.`,
    safe: (people: number) =>
      people === 0
        ? "Personne ne dit se sentir en sécurité ici."
        : people === 1
          ? "1 personne se sent plutôt en sécurité ici."
          : `${n(people)} personnes se sentent plutôt en sécurité ici.`,
    contested: "Les avis sont partagés.",
    signalements: (found: number) =>
      found === 0
        ? "Aucun signalement."
        : `${count(found, "signalement envoyé", "signalements envoyés")} à la ville.`,
    markers: (found: number) => `${count(found, "repère posé", "repères posés")} sur la carte.`,
    close: "Fermer",
    show: "Choisissez un hexagone sur la carte ou une ligne du tableau pour lire ce qui y a été dit.",
  },

  table: {
    title: "Les mêmes chiffres en tableau",
    caption: (place: string) =>
      `${place}, par hexagone : nombre de personnes, puis de signalements`,
    captionCity: "Par quartier",
    place: "Lieu",
    quartier: "Quartier",
    unsafe: "Pas en sécurité",
    safe: "En sécurité",
    contested: "Avis partagés",
    markers: "Repères",
    signalements: "Signale\u00adments",
    yes: "oui",
    no: "non",
    more: (left: number) => `Afficher les ${n(left)} autres lignes`,
    sortHint: "Trier par cette colonne",
  },

  status: {
    noTerritoire: "Aucune commune n'est encore chargée sur ce serveur.",
    loading: "Chargement des chiffres…",
    loadingMap: "Chargement de la carte…",
    totals: (markers: number, signalements: number) =>
      `${count(markers, "repère posé", "repères posés")} par les habitants et ${count(signalements, "signalement", "signalements")}.`,
    empty:
      "Rien à montrer avec ces choix. Les hexagones apparaissent quand des habitants posent des repères ou envoient des signalements. Élargissez la période ou montrez tous les thèmes.",
    retry: "Réessayer",
    choose: "Choisissez un quartier dans la liste ou touchez-le sur la carte pour voir le détail.",
  },

  draw: {
    open: "Dessiner avec votre table",
    title: "Rejoindre votre table",
    explain:
      "Le code de 8 caractères est sur le carton de votre table. Pas de compte, pas d'adresse e\u2011mail.",
    code: "Code de la table",
    hint: "Par exemple ABCD 2345",
    go: "Ouvrir la carte de la table",
    close: "Fermer",
    wrong: shared.codeWrong,
    examples: "Pour essayer : ateliers fictifs ouverts",
    table: (numero: number) => `Table ${numero}`,
    noExample: "Aucun atelier fictif n'est ouvert en ce moment.",
  },
  prepare: "Préparer un atelier",
  ledger: "Suivi des actions",

  about: {
    title: "Ce que cette carte dit, et ne dit pas",
    felt: "Elle montre ce que ressentent les personnes venues aux ateliers. Elle ne mesure pas la délinquance.",
    few: "Quelques personnes ne parlent pas pour tout le quartier : un hexagone sans couleur n'est pas un lieu sûr, c'est un lieu dont personne n'a parlé.",
    definition:
      "Sentiment d'insécurité : inquiétude liée à un manque de sécurité ou à un danger réel ou ressenti.",
    urgent: shared.urgent,
  },

  theme: {
    BRU: "Nuisances sonores",
    OCC: "Occupation de l'espace",
    STU: "Stupéfiants (apparence de)",
    DEG: "Dégradations",
    CIR: "Circulation et deux-roues",
    PRO: "Propreté, dépôts",
    AMB: "Cadre bâti, ambiance",
    VIO: "Atteintes aux personnes",
    VOL: "Atteintes aux biens",
    VOI: "Vie collective",
  },
});
