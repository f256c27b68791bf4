import { en } from "./restitution.en";
import { fr } from "./restitution.fr";
import { pick } from "./text";

/** The texts of the restitution in the language in use. */
export const text = pick({ fr, en });
