import { en } from "./actions.en";
import { fr } from "./actions.fr";
import { pick } from "./text";

/** The texts of the ledger of actions in the language in use. */
export const text = pick({ fr, en });
