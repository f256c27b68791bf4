import { en } from "./access.en";
import { fr } from "./access.fr";
import { pick } from "./text";

/** The texts about accounts, in the language in use. */
export const text = pick({ fr, en });
