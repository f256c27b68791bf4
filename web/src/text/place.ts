import { en } from "./place.en";
import { fr } from "./place.fr";
import { pick } from "./text";

/** The texts of the place of an action in the language in use. */
export const text = pick({ fr, en });
