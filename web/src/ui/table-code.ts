/** The 8 characters of a table's code as typed by hand; null when there are not 8. */
export function tableCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, "");
  return /^[A-Z0-9]{8}$/.test(code) ? code : null;
}
