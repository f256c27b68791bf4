import { french } from "./text";

/** Texts of the ledger: what was promised and what became of it. */
export const fr = french({
  documentTitle: "Suivi des actions – Quiétude",
  demo: "Données fictives",
  title: "Suivi des actions",
  lead: "Chaque promesse faite dans un atelier, qui la porte, pour quand, et ce qu'elle est devenue.",
  filters: "Choisir les actions",
  quartier: "Quartier",
  everywhere: "Tous les quartiers",
  atelier: "Atelier",
  anyAtelier: "Tous les ateliers",
  pilote: "Qui pilote",
  anyPilote: "Tous les pilotes",
  state: "État",
  anyState: "Tous les états",
  late: "Seulement en retard",
  workbook: "Tableur (XLSX)",
  loading: "Chargement…",
  retry: "Réessayer",
  empty: "Aucune action ne correspond à ce choix.",
  none: "Aucune action pour le moment. Elles s'inscrivent ici dès qu'une réponse est donnée pendant un atelier.",
  count: (count: number, late: number) =>
    `${count < 2 ? `${count} action` : `${count} actions`}${late > 0 ? `, dont ${late} en retard` : ""}`,
  answers: (titles: string) => `Répond à\u00a0: ${titles}`,
  noPilote: "Pilote à désigner",
  doneOn: (day: string) => `réalisé le ${day}`,
  proofLink: "Voir la preuve",
  history: "Historique",
  historyOf: (title: string) => `Historique\u00a0: ${title}`,
  event: (day: string, state: string, role: string) => `${day}\u00a0: ${state} (${role})`,
  changed: (title: string, state: string) => `« ${title} » est maintenant\u00a0: ${state}.`,
  proofUrl: "Lien qui le montre (facultatif)",
  voices: (better: number, all: number) =>
    `Des habitants ont répondu à « est-ce mieux ? » : oui pour ${better} sur ${all}.`,
  map: {
    label: "les actions",
    open: "à faire",
    done: "réalisée",
    closed: "refusée, transmise ou abandonnée",
    help: "Un rond par action, à l'endroit de sa zone, de ses constats ou de ses repères, sinon au milieu du quartier. Un rond avec un nombre en réunit plusieurs : touchez-le pour vous en approcher. Touchez un rond seul pour aller à l'action ; la liste dit la même chose.",
  },
  form: {
    add: "Ajouter une action",
    edit: "Modifier l'action",
    change: "Modifier",
    editOf: (title: string) => `Modifier : ${title}`,
    atelier: "Répond à un atelier",
    noAtelier: "Aucun : une action du quartier",
    detail: "Précisions (facultatif)",
    due: "Pour quand (facultatif)",
    findings: "Constats auxquels elle répond",
    kept: (title: string) => `« ${title} » est enregistré.`,
  },
  suivi: {
    open: "Suivi public",
    of: (title: string) => `Suivi public : ${title}`,
    title: "Ce que le public lit",
    lead: "Relisez : aucun nom, aucun moyen de joindre ou de reconnaître quelqu'un. L'état, le pilote et les dates paraissent tout seuls.",
    said: "Ce que vous avez dit",
    titre: "La réponse, en une phrase",
    answer: "Ce que nous avons fait, ou pourquoi non (facultatif)",
    found: "À vérifier :",
    confirm: "Ce n'est pas le nom d'une personne",
    outdatedHelp: (answer: string) =>
      answer === ""
        ? "Le registre a changé depuis : relisez ces textes."
        : `Le registre a changé depuis. Il dit maintenant : « ${answer} »`,
    publish: "Publier",
    hide: "Retirer du suivi public",
    cancel: "Annuler",
    published: (title: string) => `« ${title} » est dans le suivi public.`,
    hidden: (title: string) => `« ${title} » n'est plus dans le suivi public.`,
    states: {
      none: "Suivi public : pas encore",
      shown: "Suivi public : oui",
      outdated: "Suivi public : oui, mais les textes ont changé depuis, à relire",
      hidden: "Suivi public : retirée",
    },
  },
  pilots: {
    heading: "Rappels et liens des pilotes",
    lead: "Une organisation reçoit un rappel avant l'échéance de ses actions et après. Par un lien, elle met les siennes à jour sans compte.",
    choose: "Organisation",
    email: "Adresse du service",
    emailHelp: "Celle d'un service, pas d'une personne. Vide : aucun rappel. Cette organisation :",
    keep: "Enregistrer",
    kept: "Enregistré.",
    make: "Créer un lien (90 jours)",
    made: "Copiez ce lien maintenant et envoyez-le au service : il ne sera plus montré.",
    link: "Lien à envoyer",
    none: "Aucun lien ne marche en ce moment.",
    until: (made: string, end: string, reminder: boolean) =>
      `Créé le ${made}${reminder ? " pour un rappel" : ""}, jusqu'au ${end},`,
    used: (day: string) => `utilisé le ${day}.`,
    unused: "pas encore utilisé.",
    revoke: "Éteindre",
    revokeAll: (count: number) => (count < 2 ? "Éteindre le lien" : `Éteindre les ${count} liens`),
    revoked: "Éteint : le lien n'ouvre plus rien.",
  },
  decidim: {
    results: "Résultats pour Decidim (CSV)",
    meetings: "Rencontres pour Decidim (CSV)",
    help: "Seulement ce qui est dans le suivi public. Le fichier des résultats s'importe tel quel (Decidim, « Résultats », « Importer ») ; importé une seconde fois, il ferait des doublons, sauf si la colonne « id » porte les numéros des résultats déjà créés. Celui des rencontres donne de quoi clore chaque rencontre.",
  },
  indicators: {
    csv: "Indicateurs (CSV)",
    heading: "Indicateurs",
    caption: "Indicateurs du CLSPDR, avec leur définition",
    name: "Indicateur",
    value: "Valeur",
    definition: "Définition",
    missing: "–",
    days: (days: number) => (days < 2 ? `${days} jour` : `${days} jours`),
    share: (inTime: number, due: number) =>
      `${inTime} sur ${due} (${Math.round((100 * inTime) / due)}\u00a0%)`,
    rows: {
      ateliers: { name: "Ateliers tenus", definition: "Ateliers de tranquillité publique clos." },
      reunions: {
        name: "Réunions spécifiques tenues",
        definition: "Réunions avec des habitants ou une copropriété, closes.",
      },
      participants: {
        name: "Participations d'habitants",
        definition:
          "Habitants qui ont rejoint une de ces rencontres ; qui vient deux fois compte deux fois.",
      },
      findings: {
        name: "Constats",
        definition: "Constats de ces rencontres, sans ceux qui ont été retirés.",
      },
      answered: {
        name: "Constats répondus",
        definition:
          "Constats auxquels une autorité s'est engagée, a transmis ou a refusé avec sa raison.",
      },
      in_time: {
        name: "Répondus en six mois",
        definition:
          "Parmi les constats écrits il y a au moins six mois, la part de ceux pour lesquels il a été décidé en six mois au plus : une action retenue, programmée, en cours ou faite, et qui tient toujours, ou un refus avec sa raison. Un constat transmis ou à l'étude attend encore. Un constat plus récent a encore le temps : il n'est pas compté.",
      },
      by_state: {
        name: "Actions par état",
        definition: "Où en sont les actions aujourd'hui, quelle que soit la date de la rencontre.",
      },
      late: {
        name: "Actions en retard",
        definition:
          "Actions dont l'échéance est passée et qui ne sont ni réalisées, ni refusées, ni abandonnées.",
      },
      done: {
        name: "Actions réalisées",
        definition: "Actions réalisées, vérifiées ou non par les habitants.",
      },
      median_days: {
        name: "Délai médian de réalisation",
        definition: "De l'inscription au registre au jour où l'action est réalisée.",
      },
    },
  },
});
