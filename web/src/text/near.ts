/** "près de Rue Bonivard", "près d'Avenue des Landiers": in French "de" gives way to a vowel. */
export const nearFr = (street: string): string =>
  /^[aeiouyàâäéèêëîïôöùûüœæ]/i.test(street) ? `près d'${street}` : `près de ${street}`;

/** With a capital, at the beginning of a sentence. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
