import { randomUUID } from "node:crypto";
import {
  type APIRequestContext,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
} from "@playwright/test";

/** An atelier of its own for one test, at its cartography step. */
export interface Evening {
  readonly id: string;
  /** Code of table 1, 2… */
  readonly code: (table: number) => string;
  /** An operation of the animateur. */
  readonly animate: (op: Record<string, unknown>) => Promise<void>;
  readonly snapshot: () => Promise<Snapshot>;
}
interface Snapshot {
  readonly seq: number;
  readonly hash: string;
  readonly markers: readonly {
    id: string;
    author: string;
    felt: string;
    deleted: boolean;
    geometry: { type: string; coordinates: readonly unknown[] };
    attributes: Record<string, unknown>;
  }[];
}

/** Prepares an atelier of the Hauts-de-Chambéry and opens its cartography. */
export async function evening(request: APIRequestContext): Promise<Evening> {
  const id = randomUUID();
  const created = await request.post("/api/v1/ateliers", {
    data: {
      id,
      quartier: "HC",
      titre: "Atelier des Hauts-de-Chambéry",
      starts_at: new Date().toISOString(),
      tables: 3,
    },
  });
  expect(created.status(), await created.text()).toBe(201);
  const { tables } = (await created.json()) as { tables: { numero: number; code: string }[] };
  const animate = async (op: Record<string, unknown>) => {
    const answer = await request.post(`/api/v1/ateliers/${id}/ops`, {
      data: { ops: [{ id: randomUUID(), ...op }] },
    });
    const { receipts } = (await answer.json()) as { receipts: { seq?: number }[] };
    expect(receipts[0]?.seq, await answer.text()).toBeGreaterThan(0);
  };
  await animate({ kind: "step", step: 4, minutes: 40 });
  return {
    id,
    code: (numero) => tables.find((t) => t.numero === numero)?.code ?? "",
    animate,
    snapshot: async () =>
      (await (await request.get(`/api/v1/ateliers/${id}/snapshot`)).json()) as Snapshot,
  };
}

/** Goes to a control with the Tab key alone. */
export async function reach(page: Page, control: Locator): Promise<void> {
  const focused = () => control.evaluate((element) => element === document.activeElement);
  for (let i = 0; i < 80 && !(await focused()); i++) await page.keyboard.press("Tab");
  await expect(control).toBeFocused();
}

/** Opens the table and sits down; the map is ready afterwards. */
export async function sitDown(page: Page, code: string): Promise<void> {
  await page.goto(`/a/${code}`);
  await page.getByRole("button", { name: /Commencer|Une autre personne/ }).click();
  await mapReady(page);
}

export async function mapReady(page: Page): Promise<void> {
  await expect(page.locator(".resident")).toHaveAttribute("data-seq", /\d+/);
  await expect(page.locator(".leaflet-container")).toBeVisible();
  await expect(page.locator(".resident[data-outlined]")).toBeVisible();
}

const words = { unsafe: /pas en sécurité ici/, safe: /plutôt en sécurité ici/ };

/** Places a point, some pixels from the middle of the free part of the map, and leaves the questions for later. */
export async function drawPoint(
  page: Page,
  felt: "unsafe" | "safe" = "unsafe",
  dx = 0,
  dy = 0,
): Promise<void> {
  await page.getByRole("button", { name: words[felt] }).click();
  const { x, y } = await middle(page);
  await page.mouse.click(x + dx, y + dy);
  await page.getByRole("button", { name: "Répondre plus tard" }).click();
}

/** The middle of what can be seen of the map, where the quartier is. */
export async function middle(page: Page): Promise<{ x: number; y: number }> {
  const bar = await page.locator(".bar").boundingBox();
  const sheet = await page.locator(".sheet").boundingBox();
  const width = page.viewportSize()?.width ?? 0;
  if (bar === null || sheet === null) throw new Error("no map");
  return { x: width / 2, y: (bar.y + bar.height + sheet.y) / 2 };
}

export const unsent = (page: Page) =>
  page.locator(".resident").getAttribute("data-unsent").then(Number);
export const markersSeen = (page: Page) =>
  page.locator(".resident").getAttribute("data-markers").then(Number);

export async function expectUnsent(page: Page, count: number): Promise<void> {
  await expect.poll(() => unsent(page)).toBe(count);
}
export async function expectMarkers(page: Page, count: number): Promise<void> {
  await expect.poll(() => markersSeen(page)).toBe(count);
}

/** Waits until the page can be opened again without a network. */
export async function offlineReady(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const kept = await Promise.all(
          (await caches.keys()).map(
            async (name) => [name, (await (await caches.open(name)).keys()).length] as const,
          ),
        );
        const count = (part: string) => kept.find(([name]) => name.includes(part))?.[1] ?? 0;
        return [
          navigator.serviceWorker.controller !== null,
          count("precache") > 5,
          count("quietude-carte") > 20,
          count("quietude-table") >= 2,
        ];
      }),
    )
    .toEqual([true, true, true, true]);
}

export async function cutNetwork(context: BrowserContext): Promise<void> {
  await context.setOffline(true);
}
