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
  indicators: {
    heading: "Indicateurs",
    caption: "Indicateurs du CLSPDR, avec leur définition",
    name: "Indicateur",
    value: "Valeur",
    definition: "Définition",
    missing: "–",
    days: (days: number) => (days < 2 ? `${days} jour` : `${days} jours`),
    share: (inTime: number, due: number) => `${inTime} sur ${due}`,
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
          "Parmi les constats écrits il y a au moins six mois, ceux dont la première réponse est venue en six mois au plus.",
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
