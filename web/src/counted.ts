import type { Uuid } from "./protocol";
import { uuidV4 } from "./uuid";

const KEY = "quietude-appareil-";

/** For browsers that keep nothing: each page is then a device of its own. */
const unkept = new Map<Uuid, Uuid>();

/**
 * What this browser calls itself towards one atelier, so that its tabs count as one
 * device. Drawn at random for each atelier: it says neither who draws nor which
 * device was there another evening, and it opens nothing.
 */
export function countedAs(atelier: Uuid): Uuid {
  const made = unkept.get(atelier) ?? uuidV4();
  try {
    const known = localStorage.getItem(KEY + atelier);
    if (known && /^[0-9a-f-]{36}$/.test(known)) return known;
    localStorage.setItem(KEY + atelier, made);
  } catch {
    unkept.set(atelier, made);
  }
  return made;
}
