import { en } from "./evening.en";
import { fr } from "./evening.fr";
import { pick } from "./text";

/** The texts of the diagnostic, the answers and the synthesis in the language in use. */
export const text = pick({ fr, en });
