import { en } from "./proposition.en";
import { fr } from "./proposition.fr";
import { pick } from "./text";

/** The texts of what speaks for an atelier in the language in use. */
export const text = pick({ fr, en });
