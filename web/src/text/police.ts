import { en } from "./police.en";
import { fr } from "./police.fr";
import { pick } from "./text";

/** The texts of the police page and of its fiche, in the language in use. */
export const text = pick({ fr, en });
