import { en } from "./atelier.en";
import { fr } from "./atelier.fr";
import { pick } from "./text";

/** The texts of the resident's page in the language in use. */
export const text = pick({ fr, en });
