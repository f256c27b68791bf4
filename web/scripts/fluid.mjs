// How a small phone fares with 1,000 markers of four tables on its map:
//
//     node scripts/fluid.mjs http://127.0.0.1:8080 ../.quietude [4 6]
//
// The second argument is the data folder of a program that runs with --demo, whose
// demo.json lets this make an atelier of its own. The last ones are how many times
// slower than this machine the phone's processor is (CDP Emulation.setCPUThrottlingRate).
// Printed for each gesture: time between frames (median, p95, longest), the longest task
// of the page, and the processor time of its main thread; then the time from the lifting
// of the finger to the frame that has the marker. QUIETUDE_GL=swiftshader gives the browser
// a graphics processor made of software.

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const MARKERS = 1000;
const TABLES = 4;
/** Markers of one resident: at most 15 of each kind. */
const EACH = 25;
const ZONES = 10;

const [address, data, ...slower] = process.argv.slice(2);
if (!address || !data) throw new Error("usage: node scripts/fluid.mjs ADDRESS DATA [RATE…]");
const { tokens } = JSON.parse(await readFile(join(data, "demo.json"), "utf8"));

async function call(path, token, body) {
  const answer = await fetch(new URL(path, address), {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      "Content-Type": "application/json",
    },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// ── A room with its markers ──────────────────────────────────────────────

const { features } = await call("/api/v1/quartiers", tokens.animateur);
const quartier = features.find((one) => one.properties.code === "HC");
const rings = quartier.geometry.coordinates.map((polygon) => polygon[0]);
const all = rings.flat();
const box = [0, 1].map((i) => [
  Math.min(...all.map((p) => p[i])),
  Math.max(...all.map((p) => p[i])),
]);
const inside = ([x, y]) =>
  rings.some((ring) => {
    let odd = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[j]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    }
    return odd;
  });
// The same room each time (mulberry32).
let seed = 20_260_312;
function chance() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
function place() {
  for (;;) {
    const at = box.map(([from, to]) => from + chance() * (to - from));
    if (inside(at)) return at;
  }
}
let drawn = 0;
function add() {
  const [x, y] = place();
  const felt = drawn % 2 ? "safe" : "unsafe";
  const corner = (i) => [
    x + 0.0006 * Math.cos((i * Math.PI) / 3),
    y + 0.0004 * Math.sin((i * Math.PI) / 3),
  ];
  const zone = drawn % ZONES === 0;
  drawn++;
  return {
    id: randomUUID(),
    kind: "add",
    marker: randomUUID(),
    felt,
    geometry: zone
      ? { type: "Polygon", coordinates: [[0, 1, 2, 3, 4, 5, 0].map(corner)] }
      : { type: "Point", coordinates: [x, y] },
    attributes: { themes: ["STU"], moments: ["evening"] },
  };
}

const id = randomUUID();
const { tables } = await call("/api/v1/ateliers", tokens.animateur, {
  id,
  quartier: "HC",
  titre: "Mesure de fluidité",
  starts_at: new Date().toISOString(),
  tables: TABLES,
});
const write = (token, ops) => call(`/api/v1/ateliers/${id}/ops`, token, { ops });
const animate = (op) => write(tokens.animateur, [{ id: randomUUID(), ...op }]);
await animate({ kind: "step", step: 4, minutes: 40 });
await animate({ kind: "share", shared: true });
const sit = async (i) =>
  (await call("/api/v1/join", null, { code: tables[i % TABLES].code, secret: randomUUID() })).token;
for (let i = 0; i < MARKERS / EACH; i++) {
  const { receipts } = await write(await sit(i), Array.from({ length: EACH }, add));
  const refused = receipts.find((receipt) => !receipt.seq);
  if (refused) throw new Error(JSON.stringify(refused));
}

// ── The phone ────────────────────────────────────────────────────────────

const browser = await chromium.launch({
  executablePath: process.env.QUIETUDE_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    ...(process.env.QUIETUDE_GL ? gpu(process.env.QUIETUDE_GL) : ["--disable-gpu"]),
  ],
});

/**
 * Without a graphics processor each canvas is copied in each frame that moves, by the
 * thread that is measured. With one made of software the page itself does what it does on
 * a phone, and frames wait for the rest of this machine instead.
 */
function gpu(angle) {
  return [
    `--use-angle=${angle}`,
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--enable-gpu-rasterization",
  ];
}

/** Watches frames and tasks of the page from inside. */
function watch() {
  const seen = { frames: [], tasks: [], taps: [] };
  let last = 0;
  const frame = (now) => {
    if (last > 0) seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(duration);
  }).observe({ type: "longtask" });
  let lifted = 0;
  document.addEventListener(
    "pointerup",
    (event) => {
      if (event.target.closest(".map")) lifted = event.timeStamp;
    },
    true,
  );
  new MutationObserver(() => {
    if (lifted === 0) return;
    const from = lifted;
    lifted = 0;
    // The frame that this change is drawn in has ended when the task after it runs.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => seen.taps.push(performance.now() - from);
      port2.postMessage(null);
    });
  }).observe(document.querySelector(".resident"), { attributeFilter: ["data-markers"] });
  window.taken = () => {
    const { frames, tasks, taps } = seen;
    Object.assign(seen, { frames: [], tasks: [], taps: [] });
    return { frames, tasks, taps };
  };
}

const ms = (value) => value.toFixed(value < 100 ? 1 : 0);
function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
const load = () =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(" ");

async function measure(rate) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: "fr-FR",
    serviceWorkers: "block",
  });
  const page = await context.newPage();
  const phone = await context.newCDPSession(page);
  await page.goto(`/a/${tables[0].code}`);
  await page.getByRole("button", { name: /Commencer/ }).click();
  await page.waitForFunction(
    (least) => Number(document.querySelector(".resident")?.dataset.markers) >= least,
    MARKERS,
  );
  await page.waitForFunction(() => {
    const tiles = [...document.querySelectorAll(".leaflet-tile")];
    return tiles.length > 0 && tiles.every((one) => one.matches(".leaflet-tile-loaded"));
  });
  await page.evaluate(watch);
  await phone.send("Emulation.setCPUThrottlingRate", { rate });
  // Processor time: what other programs take of a busy machine is not in it.
  await phone.send("Performance.enable", { timeDomain: "threadTicks" });
  console.log(`\n${rate}× slower, load ${load()}`);

  const touch = (type, points) =>
    phone.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
  /** Fingers that follow a path for two seconds, sixty times a second. */
  async function move(path) {
    const steps = 120;
    const began = performance.now();
    await touch("touchStart", path(0));
    for (let i = 1; i <= steps; i++) {
      const early = began + (i * 1000) / 60 - performance.now();
      if (early > 0) await new Promise((resume) => setTimeout(resume, early));
      await touch("touchMove", path(i / steps));
    }
    await touch("touchEnd", []);
  }
  const round = (t) => Math.sin(2 * Math.PI * t * 2);
  const pan = (t) => [[195 + 120 * round(t), 330 + 150 * round(t / 2)]];
  const pinch = (t) => {
    const half = 40 + 70 * (1 - Math.cos(2 * Math.PI * t)) * 0.5;
    return [
      [195 - half, 330 - half],
      [195 + half, 330 + half],
    ];
  };
  async function busy() {
    const { metrics } = await phone.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  }
  async function gesture(name, act, lifted = []) {
    await page.evaluate(() => window.taken());
    const before = await busy();
    await act();
    const worked = (await busy()) - before;
    const { frames, tasks, taps } = await page.evaluate(() => window.taken());
    lifted.push(...taps);
    const longest = tasks.length > 0 ? ms(Math.max(...tasks)) : "under 50";
    console.log(
      `${name}: ${frames.length} frames, ${ms(quantile(frames, 0.5))} / ${ms(quantile(frames, 0.95))} / ${ms(Math.max(...frames))} ms, longest task ${longest} ms, page at work ${ms(worked)} ms`,
    );
  }
  await gesture("pan", () => move(pan));
  await gesture("pinch", () => move(pinch));
  await gesture("zoom by button", async () => {
    for (const name of ["Agrandir la carte", "Réduire la carte"]) {
      await page.getByRole("button", { name }).tap();
      await page.waitForTimeout(700);
    }
  });
  const others = await Promise.all([0, 1, 2, 3].map(sit));
  /** For two seconds. */
  async function othersDraw() {
    const began = performance.now();
    for (let i = 0; i < 40; i++) {
      await write(others[i % others.length], [add()]);
      const early = began + i * 50 - performance.now();
      if (early > 0) await new Promise((resume) => setTimeout(resume, early));
    }
  }
  await gesture("others add 20 markers a second", othersDraw);
  await gesture("pan while they do", () => Promise.all([move(pan), othersDraw()]));

  // Close up, where each marker that the map makes room for stays inside the quartier.
  await page.reload();
  await page.waitForFunction(
    (least) => Number(document.querySelector(".resident")?.dataset.markers) >= least,
    MARKERS,
  );
  await page.evaluate(watch);
  for (let i = 0; i < 2; i++) {
    await page.getByRole("button", { name: "Agrandir la carte" }).tap();
    await page.waitForTimeout(700);
  }
  const taps = [];
  await gesture(
    "place nine",
    async () => {
      for (let i = 0; i < 9; i++) {
        await page.getByRole("button", { name: /pas en sécurité ici/ }).tap();
        await page.touchscreen.tap(195, 330);
        await page.getByRole("button", { name: "Répondre plus tard" }).tap();
      }
    },
    taps,
  );
  console.log(
    `tap to marker: ${ms(quantile(taps, 0.5))} ms (${ms(Math.min(...taps))}–${ms(Math.max(...taps))}, ${taps.length} taps)`,
  );
  console.log(`load at the end ${load()}`);
  await context.close();
}

for (const rate of slower.length > 0 ? slower.map(Number) : [4, 6]) await measure(rate);
await browser.close();
