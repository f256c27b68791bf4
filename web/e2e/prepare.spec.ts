import { mkdir } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, laptop, phone, projector, test } from "./test";

/** Keeps a picture where QUIETUDE_SHOTS names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.QUIETUDE_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: name.includes("proposer") });
}

test.use({ viewport: laptop, role: "animateur" });

test("what was reported proposes an atelier; a réunion has fewer steps, to its end", async ({
  page,
  request,
}) => {
  await page.goto("/animation");
  const propose = page.getByRole("region", { name: "Proposer un atelier" });
  const one = propose.locator(".proposition").filter({ hasText: "Hauts-de-Chambéry" });
  await expect(one).toContainText("signalements");
  await propose.getByRole("button", { name: "12 derniers mois" }).click();
  await expect(one).toContainText("Surtout");
  await expect(one).toContainText("Dernier atelier");
  const names = await propose.locator(".proposition h3").allTextContents();
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "fr")));
  await expectAccessible(page);
  await picture(page, "0-proposer-animation");
  const map = one.getByRole("link", { name: "Carte des signalements : Hauts-de-Chambéry" });
  await expect(map).toHaveAttribute("href", /^\/carte\?quartier=HC&montrer=signalements&du=\d{4}/);

  // One click fills the form in; the map of a quartier does the same.
  await one.getByRole("button", { name: "Préparer un atelier : Hauts-de-Chambéry" }).click();
  await expect(page.locator("#f-quartier")).toHaveValue("HC");
  await expect(page.locator("#f-starts_at")).toBeFocused();
  await page.goto("/animation?quartier=BE");
  await expect(page.locator("#f-quartier")).toHaveValue("BE");
  await page.setViewportSize(phone);
  await picture(page, "0-proposer-telephone");
  await page.setViewportSize(laptop);

  // ── A réunion ────────────────────────────────────────────────────────────
  await page.locator("#f-kind").selectOption("reunion");
  await page.locator("#f-starts_at").fill("12/03/2027");
  await page.locator("#f-starts_at").blur();
  await page.getByRole("button", { name: "Créer l’atelier" }).click();
  await page.waitForURL(/\/animation\/[0-9a-f-]{36}/);
  const id = page.url().split("/").at(-1) ?? "";
  await expect(page.locator(".steps .step-name")).toHaveText([
    "Accueil",
    "Diagnostic",
    "Cartographie",
    "Réponses",
  ]);
  await expect(page.getByRole("button", { name: "Restitution", exact: true })).toHaveCount(0);
  await expect(page.getByText("1 h 15 prévues en tout")).toBeVisible();
  await picture(page, "0-reunion-animation");
  await page.getByRole("button", { name: "Ouvrir l’étape Accueil" }).first().click();
  const wall = await page.context().newPage();
  await wall.setViewportSize(projector);
  await wall.goto(`/projection/${id}`);
  await expect(wall.locator(".wall-agenda li")).toHaveCount(4);
  await expectAccessible(wall);
  await picture(wall, "0-reunion-projection");
  await wall.close();
  const next = page.locator(".next-button");
  for (const step of ["Diagnostic", "Cartographie", "Réponses"]) {
    await expect(next).toHaveText(`Ouvrir l’étape ${step}`);
    await next.click();
  }
  await expect(next).toHaveText("Clore l’atelier");
  const count = async () =>
    (await (await request.get("/api/v1/rencontres-tenues?territoire=73065")).json()) as {
      reunions: number;
    };
  const before = await count();
  await next.click();
  await page.getByRole("button", { name: "Clore définitivement" }).click();
  await expect(page.locator(".hash")).toHaveText(/^[0-9a-f]{64}$/);
  expect((await count()).reunions).toBe(before.reunions + 1);
});
