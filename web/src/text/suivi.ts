import { en } from "./suivi.en";
import { fr } from "./suivi.fr";
import { pick } from "./text";

/** The texts of the follow-up, for everybody, residents of an atelier and pilots. */
export const text = pick({ fr, en });
