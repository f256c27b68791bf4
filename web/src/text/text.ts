/**
 * Languages of the interface: the name in itself, the direction of writing, the
 * conventions of numbers and dates. Each page has one text file per language with the
 * same keys; `fr` is the reference, the compiler refuses another with a key missing.
 * A new language is a line here and, per page, a file beside `page.fr.ts` and its name
 * in `page.ts`: the compiler lists what is not there yet.
 */
export const languages = {
  fr: { name: "Français", dir: "ltr", locale: "fr-FR" },
  en: { name: "English", dir: "ltr", locale: "en-GB" },
} as const satisfies Record<string, { name: string; dir: "ltr" | "rtl"; locale: string }>;

export type Language = keyof typeof languages;

/** The type of every translation of a reference text file. */
export type Translation<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : T[K] extends string
      ? string
      : Translation<T[K]>;
};

const KEY = "quietude.language";

function isLanguage(value: string | null): value is Language {
  return value !== null && value in languages;
}

/** The language chosen on this device, French by default. */
export function language(): Language {
  try {
    const chosen = localStorage.getItem(KEY);
    return isLanguage(chosen) ? chosen : "fr";
  } catch {
    return "fr"; // storage refused: the page works, the choice is not kept
  }
}

/** The conventions of numbers and dates in the language in use, for Intl. */
export const locale = (): string => languages[language()].locale;

/** Remembers the choice; the page is loaded again so that every word follows. */
export function chooseLanguage(chosen: Language): void {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    return;
  }
  location.reload();
}

/** Sets the language of the document; called once per page. */
export function applyLanguage(): void {
  document.documentElement.lang = language();
  document.documentElement.dir = languages[language()].dir;
}

/** The texts of the language in use. */
export function pick<T>(texts: Record<Language, T>): T {
  return texts[language()];
}

/**
 * French typography: a narrow no-break space (U+202F) before ; : ! ? and inside
 * « », and a typographic apostrophe. Works through nested objects and functions.
 */
export function french<T>(texts: T): T {
  if (typeof texts === "string") return spaced(texts) as T;
  if (typeof texts === "function") {
    return ((...args: unknown[]) => spaced(String(texts(...args)))) as T;
  }
  if (typeof texts === "object" && texts !== null) {
    return Object.fromEntries(
      Object.entries(texts).map(([key, value]) => [key, french(value)]),
    ) as T;
  }
  return texts;
}

function spaced(text: string): string {
  return text
    .replace(/ ([;:!?»])/g, "\u202f$1")
    .replace(/« /g, "«\u202f")
    .replace(/(\p{L})'(?=\p{L})/gu, "$1’");
}
