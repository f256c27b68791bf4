import { chanceFr } from "./chance";
import { formatDate as formatDay, formatNumber as n } from "./format";
import { capital, nearFr } from "./near";
import { french } from "./text";

const some = (value: number, one: string, many: string) =>
  `${n(value, value < 100 ? 1 : 0)} ${Math.abs(value) < 2 ? one : many}`;
const days = (from: string, to: string) =>
  from === to ? `le ${formatDay(from)}` : `du ${formatDay(from)} au ${formatDay(to)}`;
const names = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const dayName = (day: number) => names[day - 1] ?? "";

const clock = (hour: number) => (hour % 24 === 0 ? "minuit" : `${hour % 24} h`);

/** Texts of the police page and of the fiche de patrouille. */
export const fr = french({
  title: (commune: string) => `Police – Quiétude, ${commune}`,
  name: "Quiétude",
  page: "Où et quand",
  skip: "Aller aux filtres et aux lieux",
  demo: "Données fictives",
  quartier: "Quartier",
  city: "Toute la ville",
  show: "Carte",
  views: {
    signalements: "Signalements",
    ressenti: "Ressenti en atelier",
    cote: "Les deux côte à côte",
    croisement: "Ressenti et signalé croisés",
  },
  source: {
    label: "Source",
    all: "Signalements et ateliers",
    signalements: "Signalements seuls",
    ateliers: "Ateliers seuls",
    origins: "D'où viennent les signalements",
    said: "Cochez les origines à garder ; sans choix, toutes comptent.",
    from: (origins: string) => `signalements venus de : ${origins}`,
    habitant: "Formulaire des habitants",
    demo: "Exemples de démonstration",
    file: (name: string) => `Fichier « ${name} »`,
    how: (origins: string) => `Seuls comptent les signalements venus de : ${origins}.`,
    onlyHere: "Ateliers seuls : les signalements de ce lieu sont laissés de côté.",
    onlyAteliers:
      "Ateliers seuls : les signalements sont laissés de côté. La carte, les lieux et la fiche ne disent que ce qu'ont marqué les participants.",
  },
  form: "Dessin",
  forms: { hexagones: "Hexagones", densite: "Densité" },
  reset: "Tout montrer",
  link: "Copier le lien de cette vue",
  linkCopied: "Lien copié : il montre la même vue à qui a les mêmes droits.",
  howTitle: "Comment lire :",
  numbers: "Les nombres en tableau",
  method: "Méthode",
  wait: "Chargement…",
  close: "Fermer",
  dayName,

  said: (count: number, people: number, from: string, to: string, lo: number, hi: number) =>
    `${some(count, "signalement", "signalements")} (entre ${n(lo)} et ${n(hi)} si l'on tient compte du hasard) ${days(from, to)}${people === 0 ? "" : `, par ${some(people, "personne différente", "personnes différentes")}`}.`,
  anonymous: (count: number) =>
    count === 1
      ? "Un envoi est anonyme : on ne sait pas de qui il vient."
      : `${n(count)} envois sont anonymes : on ne sait pas de combien de personnes ils viennent.`,
  unsure: (count: number) =>
    `Pour ${some(count, "signalement", "signalements")}, l'heure n'est connue qu'à plusieurs heures près : chacun est réparti sur ces heures.`,
  nothing: "Aucun signalement ne correspond à ces choix. Élargissez la période ou les thèmes.",
  nothingYet:
    "Pas encore de signalement. Ils apparaîtront ici dès qu'un habitant en enverra un ou qu'un fichier sera importé.",
  feltNoHour:
    "Le ressenti des ateliers n'a pas d'heure : le filtre de la semaine ne s'y applique pas.",

  map: {
    signalements: "Carte des signalements",
    ressenti: "Carte du ressenti en atelier",
    croisement: "Carte du ressenti et du signalé",
  },
  legend: {
    title: {
      signalements: "Signalements par hexagone",
      ressenti: "Habitants qui ne se sentent pas en sécurité, par hexagone",
      croisement: "Ce qui est dit et ce qui est signalé",
    },
    titleDense: {
      signalements: "Densité des signalements",
      ressenti: "Densité des lieux d'insécurité marqués en atelier",
    },
    more: (from: number) => `${n(from)} ou plus`,
    quadrant: {
      felt: "Ressenti, peu signalé",
      reported: "Signalé, peu ressenti",
      both: "Ressenti et signalé",
    },
    beyond: "Écart au-delà du hasard (contour épais)",
    agreedLine: "Lieu de la liste : des habitants sont d'accord",
    reportedLine: "Lieu de la liste : concentration ou hausse de signalements",
    how: {
      signalements: "plus un hexagone est foncé, plus on y a signalé.",
      ressenti:
        "plus un hexagone est foncé, plus de participants l'ont marqué comme lieu d'insécurité.",
      croisement:
        "« peu » veut dire : pas plus que la moyenne des hexagones où il y a quelque chose.",
    },
    method: {
      signalements:
        "Nombre de signalements situés dans chaque hexagone (grille H3, 10 hectares pour la ville entière, 1,5 hectare pour un quartier). Celui dont on ne sait l'heure qu'à peu près compte pour la part de temps que gardent les heures choisies (méthode aoristique : Ratcliffe et McCullagh, 1998).",
      ressenti:
        "Nombre de participants différents par hexagone (grille H3), quel que soit le nombre de leurs repères. Une zone dessinée compte dans chaque hexagone qu'elle touche. Le ressenti des ateliers n'a pas d'heure.",
      croisement:
        "Indice S d'Andresen (2009) : test exact de Fisher par hexagone, correction de Benjamini-Hochberg à 5 %.",
      densite:
        "Noyau quartique (Silverman, 1986) autour du milieu d'hexagones de 50 m. Les couleurs changent à 5, 15, 30, 50 et 75 % du point le plus haut : deux cartes n'ont pas la même échelle.",
    },
    caveat:
      "Enregistré ≠ commis : un signalement dépend de qui signale, pas seulement de ce qui arrive. Un lieu sans couleur n'est pas un lieu sans problème.",
    similarity: (s: number, differing: number, compared: number) =>
      `Les deux cartes se ressemblent dans ${n(Math.round(s * 100))} % ${compared < 2 ? "du seul hexagone comparé" : `des ${n(compared)} hexagones comparés`} ; l'écart dépasse le hasard dans ${differing === 0 ? "aucun" : n(differing)}.`,
    similarityNone:
      "Pas de comparaison : il manque du ressenti ou des signalements pour ces choix.",
    density: (radius: number) =>
      `Image lissée sur ${n(radius)} m : elle guide l'œil, elle ne prouve rien. Utilisez la liste des lieux pour ce qui dépasse le hasard.`,
    densityLow: "peu",
    densityHigh: "beaucoup",
    densityNone: "Rien à dessiner pour ces choix.",
    voices: "Chaque habitant compte une fois par hexagone.",
  },

  exports: {
    always: "depuis le début",
    of: (format: string, layer: string) => `${format} ${layer}`,
    participants: (people: number, ateliers: number) =>
      `n = ${some(people, "participant", "participants")}, ${some(ateliers, "atelier testé", "ateliers testés")} un à un.`,
    days,
    themes: (names: string) => `thèmes : ${names}`,
    n: (count: number, people: number, anonymous: number) =>
      `n = ${some(count, "signalement", "signalements")} de ${some(people, "personne différente", "personnes différentes")}${anonymous > 0 ? ` et ${some(anonymous, "envoi anonyme", "envois anonymes")}` : ""}.`,
    voices: (voices: number) =>
      `n = ${some(voices, "voix d'habitant", "voix d'habitants")} (une par personne et hexagone).`,
    reports: (count: number) => `n = ${some(count, "signalement", "signalements")}.`,
  },

  hexagons: {
    numbers: "Les nombres de la carte en tableau",
    caption: "Les 50 hexagones où il y a le plus",
    place: "Lieu",
    reported: "Signalements",
    felt: "Pas en sécurité",
    quadrant: "Lecture",
    beyond: "Écart au-delà du hasard",
    yes: "oui",
    no: "non",
    little: "peu des deux",
    unnamed: (row: number) => `Hexagone ${row}`,
  },

  months: {
    title: "Signalements par mois",
    first: "De",
    last: "À",
    how: "la ligne est le nombre de signalements du mois ; la bande grise, ce que le hasard seul ferait varier (95 fois sur 100).",
    month: "Mois",
    count: "Signalements",
    low: "Borne basse (95 %)",
    high: "Borne haute (95 %)",
    methodText:
      "Intervalle exact de Poisson à 95 % (Garwood, 1936) autour du nombre du mois. Il ne tient pas compte des habitudes de signalement.",
  },

  strip: {
    title: "Quand, dans la semaine",
    said: (count: number, total: number, words: string) =>
      `${words} : ${some(count, "signalement", "signalements")} sur ${n(total, total < 100 ? 1 : 0)}.`,
    whole: (total: number) => `Toute la semaine : ${some(total, "signalement", "signalements")}.`,
    label:
      "Semaine, heure par heure. Flèches : se déplacer. Majuscule et flèches : choisir des heures. Entrée : choisir l'heure. Échap : toute la semaine.",
    how: "plus c'est foncé, plus il y a de signalements. Tirez un rectangle pour ne garder que ces heures partout ailleurs.",
    methodText:
      "Un signalement dont on ne sait l'heure qu'à peu près est réparti sur les heures possibles, en parts égales du temps (méthode aoristique : Ratcliffe et McCullagh, 1998). Heure de Paris, changements d'heure compris.",
    days: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."].join(","),
    hour: (hour: number) => `${hour} h`,
    cell: (day: number, hour: number, value: number) =>
      `${dayName(day)}, ${hour} h : ${some(value, "signalement", "signalements")}`,
    brush: (first: number, last: number, from: number, to: number) =>
      `${first === last ? `Le ${dayName(first)}` : `Du ${dayName(first)} au ${dayName(last)}`}, de ${clock(from)} à ${clock(to + 1)}`,
    presets: { all: "Toute la semaine", evening: "Soirées", night: "Nuits", weekend: "Week-end" },
    day: "Jour",
  },

  themes: {
    title: "Thèmes",
    said: "Cochez les familles à garder ; sans choix, toutes comptent.",
    how: "la barre est la part de la famille ; les chiffres suivent les heures, la période et le quartier choisis.",
    method:
      "Chaque signalement a une famille et une seule. Part de toutes les familles, intervalle de Wilson à 95 % (JASA 22, 1927).",
    theme: "Thème",
    count: "Signalements",
    share: "Part (intervalle à 95 %)",
  },

  places: {
    title: "Lieux au-delà du hasard",
    how: "ces lieux ressortent plus que le hasard ne l'explique. Ils disent où regarder, pas ce qui s'y passera, ni qui.",
    agreed: "Où des habitants sont d'accord (ateliers)",
    gathered: "Où les signalements se concentrent",
    risen: "Où et quand les signalements ont augmenté",
    progress: (share: number) => `Calcul en cours : ${n(Math.round(share * 100))} %…`,
    none: "Aucun lieu ne dépasse le hasard pour ces choix.",
    noAtelier: "Aucun atelier pour ces choix.",
    why: (words: string) => `Pas de résultat : ${words}.`,
    reasons: {
      invalid_input: "les données ne permettent pas ce calcul",
      no_data: "il n'y a pas de données",
      no_events: "rien n'a été compté",
      too_few_participants: "trop peu de participants pour un test",
      too_few_hexagons: "trop peu d'hexagones pour comparer",
      constant_field: "tous les hexagones ont le même nombre",
      no_neighbours: "l'hexagone est isolé",
      covers_everything: "il n'y a rien autour à quoi comparer",
      no_population: "la référence est vide",
      short_period: "la période compte moins de deux mois",
      other: "le calcul n'a pas pu être fait",
    },
    unnamed: "Lieu sans nom de rue proche",
    near: (street: string) => capital(nearFr(street)),
    atelier: (people: number, of: number, lo: number, hi: number) =>
      `${some(people, "habitant", "habitants")} sur ${n(of)} ne se ${people < 2 ? "sent" : "sentent"} pas en sécurité ici ou juste à côté (entre ${n(lo)} et ${n(hi)} sur ${n(of)} si l'on tient compte du hasard).`,
    atelierP: (p: number) =>
      `Un tel accord, s'il n'était dû qu'au hasard, arriverait ${chanceFr(p)}.`,
    atelierOf: (titre: string, day: string, of: number, people: number) =>
      `${titre}, ${formatDay(day)} : ${n(people)} ${people < 2 ? "participant" : "participants"} sur ${n(of)} ${people < 2 ? "a" : "ont"} marqué un lieu d'insécurité.`,
    concentration: (count: number, from: string, to: string, people: number, expected: number) =>
      `${some(count, "signalement", "signalements")} ${days(from, to)}, par ${some(people, "personne ou envoi anonyme", "personnes ou envois anonymes")} ; réparti au hasard, ce secteur en aurait ${n(expected)}.`,
    concentrationP:
      "Ce calcul se trompe parfois, surtout avec peu de signalements : à confirmer par une hausse, par un atelier ou sur place.",
    rise: (count: number, from: string, to: string, people: number, expected: number) =>
      `${some(count, "signalement", "signalements")} ${days(from, to)}, par ${some(people, "personne ou envoi anonyme", "personnes ou envois anonymes")}, pour ${n(expected)} attendus d'après le lieu et la saison.`,
    riseP: (p: number) =>
      `Une telle hausse, si elle n'était due qu'au hasard, arriverait ${chanceFr(p)}.`,
    basis: (count: number, people: number, from: string, to: string) =>
      `Calculé sur ${some(count, "signalement", "signalements")} de ${some(people, "personne ou envoi anonyme", "personnes ou envois anonymes")}, ${days(from, to)}.`,
    recent: (from: string, to: string) =>
      `La hausse est cherchée ${days(from, to)} (douze mois au plus).`,
    seed: (seed: number, maps: number) =>
      `${n(maps)} tirages au hasard ; la graine ${seed} redonne les mêmes.`,
    reading: {
      agreed:
        "deux personnes d'accord peuvent l'être par hasard ; ici, elles sont plus nombreuses que le hasard ne l'explique. Un lieu absent n'est pas un lieu sûr.",
      gathered:
        "on y signale plus qu'ailleurs, hexagones voisins compris. Un lieu toujours fréquenté y figure souvent.",
      risen:
        "on y a signalé plus, pendant ces mois, que le lieu et la saison ne le laissaient attendre.",
    },
    methods: {
      agreed:
        "Test de lieu partagé : chaque habitant garde la forme de ce qu'il a marqué, déplacée et tournée au hasard dans le quartier ; on compare l'accord observé au plus grand accord de chaque tirage (max-T : Westfall et Young, 1993). Sans adresses connues, tout le quartier compte de même.",
      gathered:
        "Indice Gi* de Getis et Ord (1995) sur les personnes et envois anonymes de chaque hexagone et ses voisins, correction de Benjamini et Hochberg (1995) à 5 %. Le test suppose des nombres assez grands : mesuré sur des cartes tirées au hasard, sans aucune concentration, il désigne un lieu dans 11 cartes sur 100 à 8 signalements par hexagone, dans 39 à 0,3. À lire à côté de la hausse ci-dessous.",
      risen:
        "Balayage spatio-temporel (Kulldorff, 1997 et 2005) : disques de 330 m au plus, fenêtres d'un à trois mois, référence = total du lieu × total du mois ; les lieux restent, et chaque personne reçoit au hasard les dates d'une autre qui a envoyé autant de signalements.",
    },
    add: "Mettre sur la fiche",
    remove: "Retirer de la fiche",
  },

  place: {
    loading: "Lecture du lieu…",
    count: (count: number, from: string, to: string, lo: number, hi: number) =>
      `${some(count, "signalement", "signalements")} ${days(from, to)} (entre ${n(lo)} et ${n(hi)} si l'on tient compte du hasard).`,
    found: "Pourquoi ce lieu ressort",
    here: "Dans cet hexagone seul",
    empty: "Aucun signalement ici pour ces choix.",
    band: (first: number, last: number, from: number, to: number, count: number, of: number) =>
      `Surtout de ${clock(from)} à ${clock(to)}, ${first === 1 && last === 7 ? "tous les jours" : first === 1 ? "du lundi au vendredi" : "samedi et dimanche"} (${n(count)} sur ${n(of)} dont l'heure est connue).`,
    themes: "Thèmes",
    felt: "Ce que disent les habitants",
    feltNone: "Aucun habitant n'a marqué ce lieu en atelier pendant cette période.",
    feltOf: (titre: string, day: string) => `${titre}, ${formatDay(day)}`,
    unsafe: (people: number, of: number, lo: number, hi: number) =>
      `${some(people, "personne", "personnes")} sur ${n(of)} ne se ${people < 2 ? "sent" : "sentent"} pas en sécurité dans cet hexagone (entre ${n(lo)} et ${n(hi)} sur ${n(of)} si l'on tient compte du hasard).`,
    safe: (people: number, of: number) =>
      `${some(people, "personne", "personnes")} sur ${n(of)} ${people < 2 ? "s'y sent" : "s'y sentent"} plutôt en sécurité.`,
    whyUnsafe: "Pourquoi on ne s'y sent pas en sécurité",
    whySafe: "Pourquoi on s'y sent en sécurité",
    reason: (words: string, people: number) =>
      `${words} : ${some(people, "personne", "personnes")}`,
    actions: "Actions autour de ce lieu",
    actionsNone: "Aucune action n'est enregistrée ici.",
    reports: (count: number) =>
      `Lire ${count < 2 ? "le signalement" : `les ${n(Math.round(count))} signalements`} (cette lecture est notée au journal)`,
    why: "Pourquoi consultez-vous ces précisions ?",
    reportsTitle: "Signalements de ce lieu",
    when: "Quand",
    between: (from: string, to: string) => `entre ${from} et ${to}`,
    theme: "Thème",
    detail: "Précision",
    reportsMost: "Les 200 plus récents au plus.",
  },

  recorded: {
    title: (commune: string) => `Chiffres enregistrés, ${commune} entière`,
    said: "Pour situer la commune. Ces chiffres n'ont pas de lieu plus précis et n'entrent dans aucune carte.",
    how: "« non diffusé » veut dire que la source ne publie pas ce nombre : ni zéro, ni petit. Enregistré ≠ commis : beaucoup de faits ne sont pas déclarés.",
    method:
      "Base communale des crimes et délits enregistrés par la police et la gendarmerie (SSMSI, ministère de l'Intérieur), telle qu'elle a été importée, sans aucun calcul. Le taux pour 1 000 habitants est celui de la source.",
    indicator: "Indicateur",
    withheld: "non diffusé",
    missing: "non renseigné",
    source: (sources: string, day: string) => `Source : ${sources}. Importé le ${formatDay(day)}.`,
    none: "Aucune statistique communale n'est chargée.",
    noneHow: "La personne qui administre le service peut y charger la base communale du SSMSI.",
    rate: (value: number) => `${n(value, 2)} ‰`,
  },

  sheet: {
    title: "Fiche de patrouille",
    open: (count: number) =>
      count === 0
        ? "Fiche de patrouille (lieux proposés)"
        : `Fiche de patrouille (${n(count)} ${count < 2 ? "lieu" : "lieux"})`,
    print: "Imprimer cette page",
    pdf: "Télécharger le PDF (A4)",
    back: "Revenir à la carte",
    period: (from: string, to: string) => `Données ${days(from, to)}.`,
    choices: (words: string) => `Choix : ${words}.`,
    printed: (day: string) => `Éditée le ${formatDay(day)}.`,
    map: "Carte des lieux de la fiche, numérotés comme la liste",
    consignes: "Consignes",
    consignesHelp: "Une action par lieu ; elle sera visible dans le suivi du quartier.",
    write: "Consigne pour ce lieu",
    record: "Enregistrer comme action « présence, consignes de patrouille »",
    recorded: "Consigne enregistrée : elle figure parmi les actions du quartier.",
    outside:
      "Ce lieu est hors de tout quartier : la consigne ne peut pas être enregistrée, mais elle s'imprime.",
    titre: (place: string) => `Consigne de patrouille – ${place}`,
    none: "Aucun lieu n'a été retenu : élargissez la période, ou choisissez des lieux sur la carte.",
  },
});
