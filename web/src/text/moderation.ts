import { en } from "./moderation.en";
import { fr } from "./moderation.fr";
import { pick } from "./text";

/** The texts of the moderation page in the language in use. */
export const text = pick({ fr, en });
