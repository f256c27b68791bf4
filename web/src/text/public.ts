import { en } from "./public.en";
import { fr } from "./public.fr";
import { pick } from "./text";

/** The texts of the public pages in the language in use. */
export const text = pick({ fr, en });
