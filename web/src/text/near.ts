// Words that streets begin with and their gender; the others are proper names.
const FEMININE =
  "allée avenue cour esplanade impasse montée passerelle place placette porte promenade route rue ruelle traverse";
const MASCULINE =
  "boulevard carré carrefour chemin clos cours escalier espace faubourg hameau mail parc parvis passage pont quai rond-point sentier square";
const article = new Map<string, string>([
  ...FEMININE.split(" ").map((word) => [word, "de la "] as const),
  ...MASCULINE.split(" ").map((word) => [word, "du "] as const),
]);

const vowel = /^[aeiouyàâäéèêëîïôöùûüœæ]/i;

/** "près de la rue Bonivard", "près de l'avenue des Landiers", "près d'Éperon", "près de Champ de Mars". */
export const nearFr = (street: string): string => {
  const kind = /^\S+/.exec(street)?.[0].toLowerCase() ?? "";
  const of = article.get(kind);
  if (!of) return `près ${vowel.test(street) ? "d'" : "de "}${street}`;
  return `près ${vowel.test(kind) ? "de l'" : of}${kind}${street.slice(kind.length)}`;
};

/** With a capital, at the beginning of a sentence. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
