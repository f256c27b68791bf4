import { language, locale } from "./text";

/** Between a name and what is said of it: French sets its colon apart. */
export const colon = language() === "fr" ? "\u202f: " : ": ";

/**
 * One maker for each language and number of digits. A browser takes some ten milliseconds
 * for new rules of plurals, a phone several times that, and a page asks for them with each
 * change of a count.
 */
function kept<T>(make: (locale: string, digits: number) => T): (digits?: number) => T {
  const made = new Map<string, T>();
  return (digits = 0) => {
    const key = `${locale()} ${digits}`;
    const one = made.get(key) ?? make(locale(), digits);
    made.set(key, one);
    return one;
  };
}
const numbers = kept(
  (language, digits) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }),
);
const plurals = kept((language) => new Intl.PluralRules(language));

/** "1 234,5" in French. */
export function formatNumber(value: number, digits = 0): string {
  return numbers(digits).format(value);
}

/** "jeudi 12 mars 2026"; `day` is an RFC 3339 date or instant. */
export function formatDay(day: string, timeZone = "Europe/Paris"): string {
  const text = new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeZone }).format(
    new Date(day),
  );
  // French says « le premier »; the tables of Intl do not.
  return language() === "fr" ? text.replace(/(?<=^\p{L}+ )1 /u, "1er ") : text;
}

/** "12 mars 2026"; `day` is an RFC 3339 date or instant. */
export function formatDate(day: string, timeZone = "Europe/Paris"): string {
  const text = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone }).format(
    new Date(day),
  );
  return language() === "fr" ? text.replace(/^1 /, "1er ") : text;
}

/** "mars 2026"; `month` is "2026-03". */
export function formatMonth(month: string): string {
  return new Intl.DateTimeFormat(locale(), {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${month}-01T00:00:00Z`));
}

/** "mars", and the year in January: what stands under an axis of time. */
export function formatMonthTick(date: Date): string {
  const options: Intl.DateTimeFormatOptions =
    date.getUTCMonth() === 0 ? { year: "numeric" } : { month: "short" };
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" }).format(date);
}

/** "18 h 30" in French, "18:30" in English. */
export function formatTime(instant: string, timeZone = "Europe/Paris"): string {
  const parts = new Intl.DateTimeFormat("fr-FR", {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZone,
  }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return formatClock(`${part("hour")}:${part("minute")}`);
}

/** "18 h 30" in French from "18:30"; the spaces do not break. */
export function formatClock(time: string): string {
  const [hour = "", minute = ""] = time.split(":");
  return language() === "fr" ? `${Number(hour)}\u00a0h\u00a0${minute}` : `${hour}:${minute}`;
}

/** "jeudi 12 mars 2026, 18 h 30". */
export function formatMoment(instant: string, timeZone = "Europe/Paris"): string {
  return `${formatDay(instant, timeZone)}, ${formatTime(instant, timeZone)}`;
}

/** The same beside a title, which often says the day already: then "18 h 30" alone. */
export function formatMomentOf(title: string, instant: string, timeZone = "Europe/Paris"): string {
  const day = formatDay(instant, timeZone);
  return title.includes(day) ? formatTime(instant, timeZone) : formatMoment(instant, timeZone);
}

/** A word in singular or plural, by the rules of the language in use. */
export function plural(count: number, one: string, many: string): string {
  return plurals().select(count) === "one" ? one : many;
}

/** "3 personnes": a number with its word. */
export function counted(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${plural(count, one, many)}`;
}
