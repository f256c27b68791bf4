import { type Language, language } from "./text";

/** The sentence of each code of a refusal. */
type Sentences = Readonly<Record<keyof typeof import("./problem.en").en, string>>;

/** The server speaks French: for every other language the interface has its own sentences. */
const files: Readonly<Record<Exclude<Language, "fr">, () => Promise<Sentences>>> = {
  en: () => import("./problem.en").then(({ en }) => en),
};

/** For a code that this page does not know yet. */
const unknown: Readonly<Record<Exclude<Language, "fr">, string>> = {
  en: "The server did not accept this.",
};

const chosen = language();
let sentences: Readonly<Record<string, string>> = {};

/** Settles once refusals can be said; nobody whose page is French loads anything. */
export const problemWords: Promise<void> =
  chosen === "fr"
    ? Promise.resolve()
    : files[chosen]().then(
        (all) => {
          sentences = all;
        },
        () => undefined, // without the network the refusal is said in general
      );

/** A refusal in the language of the interface; `detail` is what the server says of it. */
export function problemSentence(code: string, detail: string): string {
  return chosen === "fr" ? detail : (sentences[code] ?? unknown[chosen]);
}
