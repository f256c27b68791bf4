/** French sentences that several pages say: written once, and the same everywhere. */
export const shared = {
  codeWrong: "Le code a 8 lettres ou chiffres. Vérifiez-le sur le carton de la table.",
  urgent: "En cas d'urgence, appelez le 17 ou le 112, ou le 114 par SMS.",
  privacy: "Vie privée : ce qui est gardé, et combien de temps",
  saidAndDone: "Ce que vous avez dit, ce que nous avons fait",
  demo: "Données fictives : ceci est un exemple.",
  seat: (table: number, rang: number) => `Table ${table}, habitant·e ${rang}`,
} as const;
