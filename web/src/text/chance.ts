/** A p-value as a frequency that one can picture, in French. */
export function chanceFr(p: number): string {
  if (p < 0.0015) return "environ une fois sur 1 000, ou moins";
  if (p < 0.01) return "moins d'une fois sur 100";
  return `environ ${Math.round(p * 100)} fois sur 100`;
}

/** The same in English. */
export function chanceEn(p: number): string {
  if (p < 0.0015) return "about once in 1,000 times, or less";
  if (p < 0.01) return "less than once in 100 times";
  const times = Math.round(p * 100);
  return `about ${times} ${times === 1 ? "time" : "times"} in 100`;
}
