import { en } from "./invitation.en";
import { fr } from "./invitation.fr";
import { pick } from "./text";

/** The texts of an invitation in the language in use. */
export const text = pick({ fr, en });
