import { en } from "./animation.en";
import { fr } from "./animation.fr";
import { pick } from "./text";

/** The texts of the animateur's page and of the projection, in the language in use. */
export const text = pick({ fr, en });
