import { formatDate, formatNumber as n, counted as some } from "./format";
import { capital, nearFr } from "./near";
import { french } from "./text";

/** Texts of the restitution: the police's slides, chosen beforehand and shown on the wall. */
export const fr = french({
  page: {
    title: "Restitution",
    intro:
      "Ce que la police montre aux habitants, atelier par atelier. Ouvrez-en un, choisissez ses diapositives et regardez-les avant la soirée.",
    empty: "Aucun atelier n'est prévu : dès que la Ville en prépare un, il apparaît ici.",
    unknown: "Cet atelier n'existe pas, ou n'a pas d'étape de restitution.",
    back: "Tous les ateliers",
    open: (titre: string) => `Préparer la restitution : ${titre}`,
    wall: "Le soir, l'animateur ou l'animatrice fait défiler les diapositives au mur.",
  },

  heading: "Diapositives",
  help: "Ce que la police montre à la salle à l'étape 3. Choisissez et ordonnez les diapositives avant la soirée ; ici, chaque nombre est déjà celui que la salle verra.",
  rule: "Une salle n'est pas confidentielle : les nombres sont arrondis vers le bas, par cinq ; moins de cinq n'apparaît pas ; un hexagone fait environ 350 m.",
  none: "Aucune diapositive n'est choisie. La projection montrera la carte du quartier.",
  usual: "Proposer les quatre diapositives habituelles",
  add: "Ajouter une diapositive",
  kind: "Ce qu'elle montre",
  kinds: {
    map: "Carte des signalements",
    week: "Jours et heures",
    months: "Mois par mois",
    themes: "Thèmes",
    places: "Lieux au-delà du hasard",
    density: "Densité",
    edition: "Édition publiée",
    recorded: "Chiffres enregistrés de la commune",
  },
  theme: "Thème",
  allThemes: "Tous les thèmes",
  moment: "Moment",
  allMoments: "Toute la journée",
  moments: {
    day: "en journée, de 6\u00a0h à 18\u00a0h",
    evening: "en soirée, de 18\u00a0h à 22\u00a0h",
    night: "la nuit, de 22\u00a0h à 6\u00a0h",
  },
  from: "Du",
  to: "Au",
  periodHelp: "Sans date : tout ce que la Ville a reçu, jusqu'à aujourd'hui.",
  edition: "Édition",
  editionNumber: (numero: number) => `Édition n° ${numero}`,
  recorded: "Chiffre enregistré",
  nothingToChoose: {
    edition: "Aucune édition n'est publiée pour ce quartier.",
    recorded: "Aucun chiffre enregistré n'est importé pour cette commune.",
  },
  submit: "Ajouter",
  full: "Douze diapositives au plus : retirez-en une avant d'en ajouter.",
  up: (title: string) => `Monter : ${title}`,
  down: (title: string) => `Descendre : ${title}`,
  remove: (title: string) => `Retirer : ${title}`,
  list: "Les diapositives, dans l'ordre",
  preview: (title: string) => `Regarder : ${title}`,
  previewTitle: "Aperçu",
  close: "Fermer l'aperçu",
  overtaken:
    "Quelqu'un d'autre a changé les diapositives entre-temps. La liste est à jour : reprenez.",
  closed: "L'atelier est clos : les diapositives ne changent plus.",

  wall: {
    heading: "Au mur",
    help: "Flèches gauche et droite, ou Page précédente et Page suivante d'une télécommande.",
    opening: "Page d'ouverture",
    now: (rang: number, of: number) => `Diapositive ${rang} sur ${of}`,
    previous: "Précédente",
    next: "Suivante",
    show: (title: string) => `Montrer au mur : ${title}`,
    shown: "au mur",
    notYet: "La projection montre les diapositives quand l'étape Restitution est ouverte.",
    end: "C'était la dernière diapositive.",
    title: "Ce que la police constate",
    list: "Ce soir",
    nothing:
      "Rien à montrer : moins de cinq pour ces choix. Cela ne veut pas dire qu'il ne se passe rien.",
    noPlace:
      "Aucun lieu ne se détache du hasard pour ces choix. Cela ne veut pas dire qu'il ne se passe rien.",
    page: (rang: number, of: number) => `${rang} sur ${of}`,
    how: "Comment lire",
    caveat: "Attention",
    source: "Source",
  },

  title: {
    map: (theme: string) =>
      theme === "" ? "Où la Ville a reçu des signalements" : `Où : ${theme}`,
    week: (theme: string) =>
      theme === "" ? "Quels jours, à quelles heures" : `Quels jours, à quelles heures : ${theme}`,
    months: (theme: string) => (theme === "" ? "Mois par mois" : `Mois par mois : ${theme}`),
    themes: "De quoi il s'agit",
    places: (theme: string) =>
      `Où les signalements se concentrent plus que par hasard${theme === "" ? "" : ` : ${theme}`}`,
    density: (theme: string) =>
      `Où les signalements sont les plus denses${theme === "" ? "" : ` : ${theme}`}`,
    edition: (numero: number) => `Ce que des habitants ont dit : édition n° ${numero}`,
    recorded: (indicator: string) => indicator,
  },
  period: {
    between: (from: string, to: string) => `Du ${formatDate(from)} au ${formatDate(to)}`,
    until: (to: string) => `Jusqu'au ${formatDate(to)}`,
    years: (first: number, last: number) =>
      first === last ? `Année ${first}` : `Années ${first} à ${last}`,
    evenings: (day: string) => `Ateliers jusqu'au ${formatDate(day)}`,
  },
  atLeast: (count: number) => `au moins ${some(count, "signalement", "signalements")}`,
  fewer: "moins de cinq en tout",
  how: {
    map: "plus un hexagone est foncé, plus la Ville y a reçu de signalements. Il fait environ 350 m de large.",
    week: "une case est un jour et trois heures. Une case vide a reçu moins de cinq signalements.",
    months: "une barre est un mois. Un mois sans barre a reçu moins de cinq signalements.",
    places:
      "un numéro est un hexagone d'environ 350 m, nommé par la rue de son milieu. Les signalements s'y concentrent plus que si le hasard seul les répartissait dans le quartier.",
    density:
      "les nombres de la carte, étalés sur 500 m : plus c'est foncé, plus il y a de signalements autour. Ni les contours ni les taches ne sont des lieux exacts.",
    themes:
      "une barre est une famille de troubles. Une famille absente a reçu moins de cinq signalements.",
    edition: "un endroit est montré quand au moins cinq personnes en ont parlé.",
    recorded:
      "une barre est une année, pour toute la commune. « non diffusé » n'est ni zéro, ni petit.",
  },
  rounded: "Nombres arrondis vers le bas, par cinq.",
  caveat: {
    signalements:
      "enregistré ≠ commis : un signalement dépend de qui signale, pas seulement de ce qui arrive.",
    map: "enregistré ≠ commis : un signalement dépend de qui signale. Un lieu sans couleur n'est pas un lieu sans problème.",
    felt: "la carte dit ce que ressentent les personnes venues. Elle ne mesure pas la délinquance.",
    recorded: "enregistré ≠ commis : beaucoup de faits ne sont pas déclarés.",
  },
  source: {
    signalements: (quartier: string) => `signalements reçus par la Ville, ${quartier}.`,
    edition: (quartier: string) => `édition publiée par la Ville, ${quartier}.`,
    recorded: (names: string) => `${names}.`,
  },
  legend: {
    signalements: "Signalements",
    range: (from: number, to: number | null) =>
      to === null ? `${n(from)} et plus` : `${n(from)} à ${n(to)}`,
    unsafe: "Ne se sentent pas en sécurité",
    safe: "Se sentent plutôt en sécurité",
    contested: "Avis partagés",
    fewest: "moins",
    most: "plus",
  },
  days: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
  hours: (first: number) => `${first} h`,
  hoursLong: (first: number) => `de ${first} h à ${first + 3} h`,
  weekCaption: "Signalements par jour et par tranche de trois heures",
  monthsCaption: "Signalements par mois",
  themesCaption: "Signalements par thème",
  yearsCaption: (unit: string) => `Par année (unité : ${unit})`,
  mapCaption: "Signalements par hexagone",
  feltCaption: "Personnes par hexagone",
  month: "Mois",
  year: "Année",
  count: "Au moins",
  place: "Lieu",
  colon: "\u00a0:",
  near: (street: string) => (street === "" ? "Loin d'une rue" : capital(nearFr(street))),
  withheld: "non diffusé",
  less: "moins de cinq",
  chart: (what: string) => `${what}. Les nombres sont dans le tableau.`,
});
