import { french } from "./text";

/** French texts of the page about retention; the reference for other languages. */
export const fr = french({
  title: "Conservation",
  intro:
    "Combien de temps la Ville garde ce que les habitants ont donné, et ce que chaque purge a laissé. La purge passe d'elle-même quatre fois par jour.",
  settings: "Durées en vigueur",
  names: {
    text_months: "Textes libres, en mois",
    position_months: "Positions exactes et liens entre appareils et repères, en mois",
    contact_months: "Adresses laissées pour être recontacté, en mois",
  },
  after: {
    text_months: "Ensuite : effacés, avec ce que les tables ont écrit.",
    position_months: "Ensuite : le centre d'une maille d'environ 50 m ; les liens sont détruits.",
    contact_months: "Ensuite : effacées, avec les invitations.",
  },
  most: (months: number) => `De 1 à ${months} mois.`,
  effect:
    "Une durée plus courte s'applique à la prochaine purge et ne se rattrape pas. L'information des habitants change en même temps.",
  save: "Enregistrer les durées",
  saved: "Durées enregistrées. La page « vie privée » dit les nouvelles.",
  fixed: "Sans réglage : éditions publiées (anonymes, sans limite), sessions (12 heures au plus).",
  notice: "Ce que lisent les habitants",
  figures: "Lignes hors délai",
  now: "en ce moment.",
  none: "Aucune purge n'a encore tourné.",
  caption: "Les dernières purges, et ce qui restait hors délai à la fin de chacune",
  when: "Purge",
  all: "Ensemble",
  kinds: {
    texts: "Textes",
    positions: "Positions",
    contacts: "Contacts",
    logs: "Journaux d'atelier",
    journal: "Journaux des consultations et des accès",
  },
  tables: {
    title: "Tout ce qui est gardé",
    what: "Quoi",
    time: "Durée",
    after: "Ensuite, ou pourquoi",
  },
  of: (past: string, total: string) => `${past} sur ${total}`,
  loading: "Chargement…",
});
