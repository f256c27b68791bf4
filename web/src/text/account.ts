import { en } from "./account.en";
import { fr } from "./account.fr";
import { pick } from "./text";

/** The texts of the pages about accounts, in the language in use. */
export const text = pick({ fr, en });
