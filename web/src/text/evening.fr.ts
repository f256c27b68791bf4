import { formatNumber as n, counted as some } from "./format";
import { nearFr } from "./near";
import { french } from "./text";

const listed = (tables: readonly number[]) =>
  tables.length < 2
    ? tables.join("")
    : `${tables.slice(0, -1).join(", ")} et ${tables.at(-1) ?? ""}`;

/** Texts of the diagnostic, the answers and the synthesis. */
export const fr = french({
  questions: {
    troubles: "Qu'est-ce qui trouble la tranquillité ?",
    causes: "D'où cela vient-il ?",
    solutions: "Que pourrait-on faire ?",
    residents: "Quelle part les habitants peuvent-ils prendre ?",
  },
  questionHelp: {
    troubles: "Ce que vous avez vécu, vu, ou ce que vous ressentez.",
    causes: "Les origines et les causes, selon vous.",
    solutions: "Ce qui rendrait ce lieu plus tranquille.",
    residents: "Ce que les habitants peuvent faire eux-mêmes.",
  },
  short: {
    troubles: "Troubles",
    causes: "Causes",
    solutions: "Solutions",
    residents: "Part des habitants",
  },
  codes: {
    PAT: "Présence, patrouilles",
    JUD: "Contrôle, enquête",
    MED: "Médiation",
    TEC: "Services techniques",
    AME: "Aménagement",
    VID: "Vidéoprotection",
    BAI: "Bailleur",
    PRE: "Prévention",
    VIC: "Aide aux victimes",
    INF: "Information, rencontre",
    REN: "Renvoi motivé",
  },
  states: {
    proposed: "proposé",
    retained: "retenu",
    studied: "étudié",
    planned: "programmé",
    ongoing: "en cours",
    done: "réalisé",
    verified: "vérifié par les habitants",
    refused: "refusé",
    forwarded: "transmis",
    abandoned: "abandonné",
  },
  late: "en retard",
  organisations: {
    ville: "Ville",
    police_nationale: "Police nationale",
    police_municipale: "Police municipale",
    parquet: "Parquet",
    bailleur: "Bailleur",
    mediation: "Médiation, correspondants de nuit",
    association: "Association",
    autre: "Autre",
  },
  tables: (numbers: readonly number[]) =>
    numbers.length === 0
      ? "aucune table"
      : numbers.length === 1
        ? `table ${listed(numbers)}`
        : `tables ${listed(numbers)}`,
  dots: (dots: number, voters: number) =>
    `${some(dots, "point", "points")} de ${some(voters, "personne", "personnes")}`,
  toRead: "à relire",
  noDots: "pas encore de point",
  table: (numero: number) => `Table ${numero}`,
  noTheme: "Sans thème",
  theme: "Thème",

  before: {
    kit: "À imprimer",
    files: {
      "cartes-tables": "Cartes des tables",
      "plans-tables": "Plans A3 des tables",
      presence: "Feuille de présence",
      lettres: "Lettres d'invitation",
    },
    invite: "Inviter",
    inviteHelp:
      "Personnes du quartier qui ont fait un signalement et accepté d'être invitées. Ce qu'elles ont signalé n'apparaît pas ici.",
    nobody: "Personne d'autre n'a accepté d'être invité pour ce quartier.",
    person: (rank: number) => `Personne ${rank}`,
    email: "par courriel",
    letter: "par lettre",
    agreed: (day: string) => `d'accord depuis le ${day}`,
    all: "Tout choisir",
    send: (count: number) => `Inviter ${some(count, "personne", "personnes")}`,
    answers: "Réponses",
    none: "Aucune invitation n'est encore partie.",
    counts: (yes: number, no: number, waiting: number) =>
      `${n(yes)} oui, ${n(no)} non, ${n(waiting)} en attente`,
    noMail: "Aucun serveur d'envoi n'est réglé : imprimez les lettres.",
    yes: "vient",
    no: "ne vient pas",
    waiting: "pas encore de réponse",
    unsent: "pas encore parti",
    institutions: "Qui est là",
    institutionsHelp: "Des nombres, jamais de noms : ils vont sur la feuille de présence.",
    institution: "Institution",
    expected: "Attendus",
    present: "Présents",
    keep: "Enregistrer",
    kept: "Enregistré.",
    institutionNames: {
      elus: "Élus",
      police_nationale: "Police nationale",
      police_municipale: "Police municipale",
      parquet: "Parquet",
      bailleurs: "Bailleurs",
      correspondants_nuit: "Correspondants de nuit",
      agents: "Agents de la ville",
      autres: "Autres",
    },
  },

  resident: {
    open: "Diagnostic",
    title: "À votre table",
    say: "Le diagnostic",
    vote: "Vos points",
    map: "Voir la carte",
    question: (rank: number, of: number) => `Question ${rank} sur ${of}`,
    previous: "Question précédente",
    next: "Question suivante",
    skip: "Passer",
    write: "Votre réponse, en quelques mots",
    writeHelp:
      "On parle de lieux et de faits, jamais de personnes. 200 caractères au plus. Votre table le lit aussitôt ; la salle, une fois relu par l'animateur.",
    add: "Ajouter",
    added: "C'est ajouté : votre table le lit plus bas.",
    save: "Enregistrer",
    cancel: "Annuler",
    edit: "Modifier",
    remove: "Supprimer",
    place: "Le lieu, si vous voulez",
    placed: (place: string) => `Lieu : ${place}`,
    said: "Ce que dit votre table",
    nothing: "Rien encore. Ce que votre table écrit apparaîtra ici.",
    mine: "de vous",
    waiting: "pas encore envoyé",
    hidden: "masqué par l'animateur",
    empty: "Écrivez quelques mots avant d'ajouter.",
    left: (count: number) =>
      count === 0
        ? "Vous avez donné tous vos points."
        : `Il vous reste ${some(count, "point", "points")} à donner.`,
    voteHelp:
      "Donnez vos points aux constats qui comptent le plus pour vous. Plusieurs points au même sont possibles.",
    noFindings: "Les constats apparaîtront ici quand l'animateur les aura réunis.",
    plus: (title: string) => `Un point de plus : ${title}`,
    minus: (title: string) => `Un point de moins : ${title}`,
    given: (count: number) => some(count, "point de vous", "points de vous"),
    closed: "L'atelier est clos.",
  },

  view: {
    label: "Ce qui est montré",
    before: "Préparer",
    map: "Carte",
    diagnostic: "Diagnostic",
    restitution: "Restitution",
    answers: "Réponses",
    synthesis: "Synthèse",
  },

  diagnostic: {
    heading: "Ce que disent les tables",
    nothing: "Rien encore. Ce que les tables écrivent apparaît ici aussitôt.",
    take: "Écrire pour une table sur papier",
    forTable: "Pour la table",
    question: "Question",
    words: "Ce que dit la table",
    add: "Ajouter",
    chosen: (count: number) => `${some(count, "apport choisi", "apports choisis")}`,
    choose: (text: string) => `Choisir : ${text}`,
    hide: "Masquer",
    unhide: "Montrer",
    hidden: "masqué",
    unread: (count: number) =>
      `${some(count, "apport à lire avant de quitter sa table", "apports à lire avant de quitter leur table")}.`,
    showAll: (count: number) =>
      `Montrer ${count === 1 ? "celui" : `les ${count}`} où rien n'est repéré`,
    moderate: "Ouvrir la modération",
    show: "Lu, montrer",
    spotted: "Un nom, un numéro ou une adresse y est repéré : à lire dans la modération.",
    states: {
      held: "à lire",
      published: "lu",
      redacted: "expurgé",
      withheld: "refusé",
    },
    located: "sur la carte",
    merge: "Faire un constat",
    mergeHelp: "Choisissez un ou plusieurs apports, puis écrivez le constat.",
    addTo: (title: string) => `Ajouter à : ${title}`,
    title: "Le constat, en une phrase",
    detail: "Précisions",
    submit: "Enregistrer le constat",
    cancel: "Annuler",
    findings: "Constats",
    noFindings: "Aucun constat pour le moment.",
    edit: "Modifier",
    up: (title: string) => `Monter : ${title}`,
    down: (title: string) => `Descendre : ${title}`,
    withdraw: "Retirer",
    from: (tables: string) => `Vient de : ${tables}`,
    orders: {
      add: "Écrire pour une table",
      hide: "Masquer un apport",
      unhide: "Montrer un apport",
    },
  },

  answers: {
    keys: "Au clavier : Tab va d'un bouton à l'autre, les flèches ↑ et ↓ d'un constat à l'autre.",
    heading: "Constats et réponses",
    none: "Aucun constat : réunissez les apports dans « Diagnostic », ou partez d'une suggestion.",
    unanswered: (count: number) =>
      count === 0
        ? "Chaque constat a une réponse."
        : some(count, "constat sans réponse", "constats sans réponse"),
    noAnswer: "Sans réponse",
    answer: (title: string) => `Répondre : ${title}`,
    respond: "Répondre",
    change: (title: string) => `Changer l'état : ${title}`,
    changeState: "Changer l'état",
    suggestions: "Ce que la carte suggère",
    suggestion: (voices: number, street: string) =>
      `${some(voices, "personne ne se sent pas en sécurité", "personnes ne se sentent pas en sécurité")}${street === "" ? "" : ` ${nearFr(street)}`}`,
    suggestionHelp:
      "Endroits où au moins trois personnes différentes l'ont dit, et dont aucun constat ne parle encore.",
    noSuggestion: "Rien pour le moment.",
    take: "En faire un constat",
    kind: "Votre réponse",
    kinds: {
      act: "Une action",
      done: "C'est déjà fait",
      forward: "Nous transmettons",
      refuse: "Nous ne pouvons pas",
    },
    code: "Type",
    title: "En une phrase",
    titleHelp: "Les habitants la liront.",
    state: "Où en est-on ?",
    pilote: "Qui pilote",
    recipient: "Transmis à",
    noPilote: "À désigner",
    partners: "Partenaires",
    echeance: "Échéance",
    reason: "Pourquoi",
    reasonHelp: "Les habitants liront cette raison.",
    proof: "Ce qui a été fait",
    others: "Répond aussi à",
    newOrganisation: "Ajouter une organisation",
    organisationName: "Nom",
    organisationKind: "Type",
    addOrganisation: "Ajouter",
    submit: "Enregistrer la réponse",
    cancel: "Annuler",
    due: (day: string) => `pour le ${day}`,
    by: (name: string) => `piloté par ${name}`,
    with: (names: string) => `avec ${names}`,
    to: (name: string) => `transmis à ${name}`,
    overtaken:
      "Quelqu'un d'autre a modifié cet élément entre-temps. La liste est à jour : relisez-la.",
  },

  synthesis: {
    heading: "Relecture",
    help: "Lisez chaque constat et sa réponse à voix haute. L'atelier ne peut être clos que si chaque constat a une réponse.",
    none: "Aucun constat n'a été réuni.",
    open: (count: number) =>
      `${some(count, "constat n'a", "constats n'ont")} pas encore de réponse. L'atelier ne peut pas être clos.`,
    ready: "Chaque constat a une réponse : l'atelier peut être clos.",
  },

  wall: {
    agenda: "Ce soir",
    minutes: (count: number) => `${count} min`,
    done: "fait",
    finished: "étape terminée",
    next: (name: string) => `À suivre : ${name}`,
    last: "Bientôt la fin",
    questions: "Quatre questions",
    said: (count: number) =>
      count === 0
        ? "Les réponses des tables apparaîtront ici."
        : some(count, "réponse", "réponses"),
    answers: "Constats et réponses",
    synthesis: "Synthèse",
    decided: "Ce qui est décidé",
    nothing: "Les constats apparaîtront ici.",
    waiting: "Réponse à venir",
    page: (rank: number, of: number) => `${rank} sur ${of}`,
  },

  freeze: {
    unanswered: "Ces constats n'ont pas encore de réponse :",
  },
});
