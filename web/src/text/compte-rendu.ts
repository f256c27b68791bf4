import { en } from "./compte-rendu.en";
import { fr } from "./compte-rendu.fr";
import { pick } from "./text";

/** The texts of the compte rendu in the language in use. */
export const text = pick({ fr, en });
