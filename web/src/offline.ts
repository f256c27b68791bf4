/**
 * What a device needs to go on with no network at all: the page (kept by the
 * service worker) and the quartier with its basemap, asked for once after joining
 * so that the service worker keeps them.
 */

import { address, get } from "./api";
import { SERVICE_WORKER } from "./trusted";
import type { Extent } from "./units";

/** Zooms of the data under the map; the map asks for none above 15. */
const ZOOMS = [12, 13, 14, 15] as const;
const LAYERS = ["quartiers", "voirie", "reperes"] as const;
/** Requests at once: the hall shares one line. */
const LANES = 4;
/** A quartier needs some dozens; more is a mistake in its extent. */
const TILES_MAX = 400;

type Tile = readonly [z: number, x: number, y: number];

/** Web Mercator tiles that cover an extent at a zoom. */
export function tilesOver([west, south, east, north]: Extent, z: number): readonly Tile[] {
  const n = 2 ** z;
  const column = (lon: number) => Math.floor(((lon + 180) / 360) * n);
  const row = (lat: number) => {
    const phi = (lat * Math.PI) / 180;
    return Math.floor(((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * n);
  };
  const tiles: Tile[] = [];
  for (let x = column(west); x <= column(east); x++) {
    for (let y = row(north); y <= row(south); y++) tiles.push([z, x, y]);
  }
  return tiles;
}

/**
 * Asks for what the map of a quartier needs, so that the service worker keeps it;
 * failures are left for another day. The first visit asks for the territoire and
 * its quartiers before the worker has taken the page over: they are asked again.
 */
export async function keepQuartier(extent: Extent, territoire: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await controlled();
  const kept = async (view: string) =>
    (await caches.match(view, { ignoreVary: true })) !== undefined;
  const views = async () => {
    if (!(await kept(address("/api/v1/territoires")))) await get("/api/v1/territoires");
    if (!(await kept(address("/api/v1/quartiers", {}, { territoire }))))
      await get("/api/v1/quartiers", { query: { territoire } });
  };
  const queue = ZOOMS.flatMap((z) => tilesOver(extent, z))
    .slice(0, TILES_MAX)
    .flatMap((tile) => LAYERS.map((layer) => [layer, ...tile] as const));
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [layer, z, x, y] = next;
      const response = await fetch(
        address("/tiles/{layer}/{z}/{x}/{y}.mvt", { layer, z, x, y }, { territoire }),
      ).catch(() => null);
      await response?.arrayBuffer().catch(() => null);
    }
  };
  await Promise.allSettled([views(), ...Array.from({ length: LANES }, lane)]);
}

/** Waits for the worker that answers this page's requests: an active one need not do so yet. */
async function controlled(): Promise<void> {
  const worker = navigator.serviceWorker;
  if (worker.controller !== null) return;
  await new Promise((resolve) => {
    worker.addEventListener("controllerchange", resolve, { once: true });
  });
}

/** Registers the service worker of the build; the page works without it too. */
export function registerOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  window.addEventListener(
    "load",
    () => void navigator.serviceWorker.register(SERVICE_WORKER).catch(() => undefined),
  );
}
