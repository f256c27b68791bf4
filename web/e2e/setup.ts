import { rm } from "node:fs/promises";
import { startQuietude } from "./server";

/**
 * Makes the demonstration once: `startQuietude` gives each program a copy of its
 * folder, for a quarter of the work that an empty one is.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.QUIETUDE_E2E_URL) return async () => {};
  const quietude = await startQuietude();
  await quietude.end();
  process.env.QUIETUDE_E2E_WORLD = quietude.data;
  return () => rm(quietude.data, { recursive: true, force: true });
}
