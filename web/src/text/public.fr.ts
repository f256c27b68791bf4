import { french } from "./text";

/** French texts of the public pages; the reference for other languages. */
export const fr = french({
  name: "Quiétude",
  title: (commune: string) => `Tranquillité publique à ${commune} – Quiétude`,
  demo: "Données fictives",
  demoMore: "rien de ce qui suit ne concerne de vraies personnes ni de vrais faits.",
  skip: "Aller au contenu",
  heading: (commune: string) => `Où se sent-on en sécurité à ${commune} ?`,
  lead: "Des habitantes et des habitants se réunissent, quartier par quartier, et placent sur la carte les lieux où ils se sentent en sécurité et ceux où ils ne le sont pas. Voici ce qu’ils ont dit ensemble.",
  loading: "Chargement…",
  retry: "Réessayer",
  editions: {
    title: "Ce que les habitants ont dit",
    empty:
      "Aucune carte n’est encore publiée. Après chaque atelier, ce que plusieurs habitants ont dit d’un même lieu paraît ici, jamais ce qu’une personne seule a dit.",
  },
  staff: "Espace des équipes de la ville",
});
