/** A list in pages of at most `size`, of about the same length; none is one empty page. */
export function pagesOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const pages = Math.max(1, Math.ceil(list.length / size));
  const each = Math.ceil(list.length / pages);
  return Array.from({ length: pages }, (_, i) => list.slice(i * each, (i + 1) * each));
}

/** The page shown: `turned` pages after the first, round and round. */
export function pageAt<T>(pages: readonly (readonly T[])[], turned: number): number {
  return ((turned % pages.length) + pages.length) % pages.length;
}
