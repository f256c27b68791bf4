import type { Schemas } from "./api";

/** Why somebody of the staff reads precise points or texts; the access log keeps it. */
export type Purpose = Schemas["Finalite"];

/** Reasons that only the person can know, the most usual first. */
export const purposes = [
  "patrouille",
  "reponse",
  "diagnostic",
  "restitution",
  "suivi",
  "signalement",
  "verification",
] as const satisfies readonly Purpose[];
export type ChosenPurpose = (typeof purposes)[number];

const KEY = "quietude-finalite";
let kept: ChosenPurpose | undefined;

/** Says "change" when another reason was chosen. */
export const purposeChanges = new EventTarget();

/** What was chosen in this tab; undefined until then. */
export function purpose(): ChosenPurpose | undefined {
  try {
    const stored = sessionStorage.getItem(KEY);
    return purposes.find((one) => one === stored) ?? kept;
  } catch {
    return kept; // a browser that keeps nothing asks again on the next page
  }
}

/** Chooses a reason, or none, for what is read from now on. */
export function choosePurpose(chosen: string): void {
  kept = purposes.find((one) => one === chosen);
  try {
    if (kept) sessionStorage.setItem(KEY, kept);
    else sessionStorage.removeItem(KEY);
  } catch {} // kept on this page
  purposeChanges.dispatchEvent(new Event("change"));
}
