import { en } from "./privacy.en";
import { fr } from "./privacy.fr";
import { pick } from "./text";

/** The texts of the pages about privacy in the language in use. */
export const text = pick({ fr, en });
