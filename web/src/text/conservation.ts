import { en } from "./conservation.en";
import { fr } from "./conservation.fr";
import { pick } from "./text";

/** The texts of the conservation page in the language in use. */
export const text = pick({ fr, en });
