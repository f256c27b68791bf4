// What a phone loads at its first visit to a table, in kB over the wire:
//
//     node scripts/weight.mjs http://127.0.0.1:8080/a/CODE
//
// The service worker, which fetches the same again for an evening without a network, is
// kept out.
import { chromium } from "@playwright/test";

const [address] = process.argv.slice(2);
if (!address) throw new Error("usage: node scripts/weight.mjs ADDRESS");
const browser = await chromium.launch({
  executablePath: process.env.QUIETUDE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const context = await browser.newContext({
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  serviceWorkers: "block",
});
const page = await context.newPage();
const wire = await context.newCDPSession(page);
await wire.send("Network.enable");
const kinds = new Map();
let seen = {};
wire.on("Network.responseReceived", ({ requestId, type, response }) =>
  kinds.set(requestId, new URL(response.url).pathname.startsWith("/tiles/") ? "Tile" : type),
);
wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
  const kind = kinds.get(requestId) ?? "Other";
  seen[kind] = (seen[kind] ?? 0) + encodedDataLength;
});
const kB = (bytes) => (bytes / 1000).toFixed(1);
async function phase(name) {
  await page.waitForLoadState("networkidle");
  const total = Object.values(seen).reduce((sum, bytes) => sum + bytes, 0);
  const parts = Object.entries(seen).map(([kind, bytes]) => `${kind} ${kB(bytes)}`);
  console.log(`${name}: ${kB(total)} kB (${parts.join(", ") || "nothing"})`);
  seen = {};
}

const begin = page.getByRole("button", { name: "Commencer" });
const mapCode = /assets\/(resident-map|leaflet)-[^/]*$/;
await page.route(mapCode, (route) => route.abort());
await page.goto(address);
await begin.waitFor();
await phase("the joining screen alone");
await page.unroute(mapCode);
await wire.send("Network.clearBrowserCache");
await page.goto(address);
await begin.waitFor();
// The map's code is fetched while the three sentences are read.
await phase("the joining screen and the code of the map");
await page.getByRole("button", { name: "Commencer" }).click();
await page.locator(".resident[data-seq]").waitFor();
await page.waitForTimeout(3_000); // the stream never ends: the network is not idle while it is open
await phase("the quartier's map");
await page.getByRole("button", { name: /pas en sécurité ici/ }).click();
await page.getByRole("button", { name: "Coin par coin" }).click();
for (const [dx, dy] of [
  [0, 0],
  [25, 0],
  [25, 25],
]) {
  await page.mouse.click(195 + dx, 380 + dy);
  await page.waitForTimeout(600);
}
await page.getByRole("button", { name: "Fermer la zone" }).click();
await page.waitForTimeout(1_000);
await phase("a zone drawn");
await browser.close();
