/**
 * What may become markup or a worker on our pages, for browsers that ask (Trusted Types:
 * `require-trusted-types-for` in the policy of the server). Lit has a policy of its own
 * for the templates of the program. All else that is given as a string passes here, and
 * only what Leaflet writes by itself does: nothing, the one element by which it learns
 * whether the browser draws, and the length of its scale. A text that somebody wrote
 * never becomes markup, whatever mistake is made with it.
 *
 * Import it before what needs it: Leaflet writes when it is loaded.
 */

/** Where the service worker of the build is. */
export const SERVICE_WORKER = "/sw.js";

/** Gives the markup back when it may be used, and null otherwise. */
export function markup(text: string): string | null {
  return text === "" || text === "<svg/>" || /^\d{1,5} k?m$/.test(text) ? text : null;
}

/** The same of the address of a script. */
export function script(address: string): string | null {
  return address === SERVICE_WORKER ? address : null;
}

interface Factory {
  createPolicy(
    name: "default",
    rules: { createHTML: typeof markup; createScriptURL: typeof script },
  ): unknown;
}

(globalThis as { trustedTypes?: Factory }).trustedTypes?.createPolicy("default", {
  createHTML: markup,
  createScriptURL: script,
});
