import { quartiersEn } from "./quartiers.en";
import { quartiersFr } from "./quartiers.fr";
import { pick } from "./text";

/** The texts of the planners' pages in the language in use. */
export const text = pick({ fr: quartiersFr, en: quartiersEn });
