/** A day and a time of day as people type them, whatever language their browser speaks. Pure. */

/**
 * "2026-03-12" from « 12/03/2026 », « 12.3.2026 », « 12032026 » or an ISO date; null
 * from anything else. Two digits are a year of this century only once the typing is
 * `done`: « 12/03/20 » may still become 2026.
 */
export function readDay(typed: string, done: boolean): string | null {
  const text = typed.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return dayOf(iso[1], iso[2], iso[3]);
  const local =
    /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  if (local) return dayOf(local[3], local[2], local[1]);
  const short = done ? /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{2})$/.exec(text) : null;
  return short ? dayOf(`20${short[3]}`, short[2], short[1]) : null;
}

function dayOf(year = "", month = "", day = ""): string | null {
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const date = new Date(`${iso}T00:00:00Z`);
  // 31 February is read as a day of March, or as none.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}

/** "12/03/2026" from "2026-03-12"; "" from "". */
export function writeDay(day: string): string {
  return day.split("-").reverse().join("/");
}

/**
 * "18:30" from « 18 h 30 », « 18:30 » or « 1830 », and "18:00" from « 18 h » once the
 * typing is `done`; null from anything else.
 */
export function readTime(typed: string, done: boolean): string | null {
  const parts = /^(\d{1,2})\s*[h:.]?\s*(\d{2})?$/i.exec(typed.trim());
  if (!parts || (parts[2] === undefined && !done)) return null;
  const [, hour = "", minute = "00"] = parts;
  return Number(hour) < 24 && Number(minute) < 60 ? `${hour.padStart(2, "0")}:${minute}` : null;
}
