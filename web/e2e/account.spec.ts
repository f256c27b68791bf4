import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { startQuietude } from "./server";
import { type Demo, expect, expectAccessible, laptop, phone, type StaffRole, test } from "./test";

/** The six figures of an application of codes now (RFC 6238, SHA-1, 30 s). */
function code(secret: string, now = Date.now()): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const at = (mac.at(-1) ?? 0) & 0xf;
  return ((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, "0");
}

/** Adds a second factor on /compte and gives its first recovery code. */
async function addFactor(page: Page, password: string): Promise<string> {
  await page.getByLabel("Votre mot de passe, de nouveau").fill(password);
  await page.getByRole("button", { name: "Ajouter un second facteur" }).click();
  const secret = ((await page.locator("section code").first().textContent()) ?? "").replace(
    /\s/g,
    "",
  );
  await expectAccessible(page);
  const codes = page.locator(".codes code");
  await expect(async () => {
    // A code that is typed at the end of its 30 seconds arrives too late.
    if ((await codes.count()) === 0) {
      await page.getByLabel("Code à six chiffres").fill(code(secret));
      await page.getByRole("button", { name: "Vérifier" }).click();
    }
    await expect(codes.first()).toBeVisible({ timeout: 4000 });
  }).toPass();
  return (await codes.first().textContent()) ?? "";
}

test.use({ viewport: laptop });

test("who is invited chooses a password, signs in with a second factor, and is seen at work", async ({
  page,
  browser,
  staff,
}) => {
  await staff.signIn(page.context(), "admin");
  await page.goto("/comptes");
  const account = (name: string) => page.getByRole("listitem").filter({ hasText: name });
  await expect(account("Camille Démo")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Nom", { exact: true }).fill("Lou Essai");
  await page.getByLabel("Adresse", { exact: true }).fill("lou@essai.invalid");
  await page.getByLabel("Rôle", { exact: true }).selectOption("animateur");
  await page.getByRole("button", { name: "Créer le compte" }).click();
  const link = (await page.locator(".account-secret code").textContent()) ?? "";
  await expect(account("Lou Essai")).toContainText("sans mot de passe");
  // Another role, and the first one again; both are written down.
  for (const role of ["police", "animation"]) {
    await page.getByLabel("Rôle : Lou Essai").selectOption({ label: role });
    await expect(page.getByRole("status").filter({ hasText: `Lou Essai : ${role}` })).toBeVisible();
  }

  const address = new URL(link);
  const password = "quatre mots sans rapport";
  const context = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const lou = await context.newPage();
  await lou.goto(address.pathname + address.hash);
  await expect(lou.getByText("Bienvenue, Lou Essai")).toBeVisible();
  await expectAccessible(lou);
  await lou.getByLabel("Mot de passe").fill(password);
  await lou.getByRole("button", { name: "Enregistrer et entrer" }).click();
  await expect(lou).toHaveURL(/\/animation$/);

  // The bar leads to one's own account.
  await lou.getByText("Pages", { exact: true }).click();
  await lou.getByRole("link", { name: "Mon compte" }).click();
  await expect(lou.getByRole("heading", { name: "Mon compte" })).toBeVisible();
  await expectAccessible(lou);
  const recovery = await addFactor(lou, password);

  await lou.getByRole("button", { name: "Se déconnecter" }).click();
  await expect(lou).toHaveURL(/\/connexion$/);
  await lou.getByLabel("Adresse électronique").fill("lou@essai.invalid");
  await lou.getByLabel("Mot de passe", { exact: true }).fill(password);
  await lou.keyboard.press("Enter");
  await lou.getByLabel("Code de votre application, ou code de secours").fill(recovery);
  await lou.keyboard.press("Enter");
  await expect(lou).toHaveURL(/\/animation$/);

  // The same link a second time opens nothing.
  await lou.goto("about:blank");
  await lou.goto(address.pathname + address.hash);
  await expect(lou.getByRole("alert")).not.toBeEmpty();
  await expect(lou.getByLabel("Mot de passe")).toHaveCount(0);
  await expect(lou.locator("main").getByRole("link", { name: "Se connecter" })).toBeVisible();

  // Reading precise points is on the log, in words.
  const read = await context.request.get(
    "/api/v1/signalements?quartier=BI&theme=BRU&from=2026-03-01",
    { headers: { Finalite: "diagnostic" } },
  );
  expect(read.ok(), await read.text()).toBe(true);
  await context.close();
  await page.context().clearCookies();
  await staff.signIn(page.context(), "dpo");
  await page.goto("/journal");
  const line = page.getByRole("row", { name: /Lou Essai/ }).first();
  await expect(line).toContainText("Bissy, Nuisances sonores, du 1er mars 2026");
  await expect(line).not.toContainText("BRU");
  await page.getByLabel("Montrer").selectOption({ label: "rôle changé" });
  await expect(page.getByText("police, puis animation · par")).toBeVisible();
  await expectAccessible(page);

  // How long things are kept, and what the purges left.
  await page.goto("/conservation");
  await page.getByLabel("Textes libres, en mois").fill("11");
  await page.getByRole("button", { name: "Enregistrer les durées" }).click();
  await expect(page.getByText("Durées enregistrées")).toBeVisible();
  await expect(page.getByText(/^0 sur [\d\s]+$/).first()).toBeVisible();
  await expectAccessible(page);
  await page.goto("/vie-privee");
  await expect(page.getByRole("row", { name: /Textes libres/ })).toContainText("11 mois");
});

test("what was asked first and comes last does not stand under the newer choice", async ({
  page,
  staff,
}) => {
  await staff.signIn(page.context(), "police");
  const read = await page.request.get(
    "/api/v1/signalements?quartier=BI&theme=BRU&from=2026-03-01",
    { headers: { Finalite: "diagnostic" } },
  );
  expect(read.ok(), await read.text()).toBe(true);
  await staff.signIn(page.context(), "dpo");
  const release: (() => void)[] = [];
  const late = (url: string, body: object) =>
    page.route(url, async (route) => {
      await new Promise<void>((resolve) => release.push(resolve));
      await route.fulfill({ json: body });
    });
  await late("**/api/v1/connexions?evenement=*", { connexions: [] });
  await late("**/api/v1/journal?*", { consultations: [] });
  await page.goto("/journal");
  const events = page.locator("access-events");
  const tables = page.getByRole("table");
  await expect(tables).toHaveCount(2);
  const role = page.locator(".journal-filters select").first();
  for (const [select, old] of [
    [events.getByRole("combobox"), "/api/v1/connexions"],
    [role, "/api/v1/journal"],
  ] as const) {
    const asked = page.waitForRequest((one) => one.url().includes(`${old}?`));
    await select.selectOption({ index: 1 });
    await asked;
    const answered = page.waitForResponse((one) => one.url().endsWith(old));
    await select.selectOption({ index: 0 });
    await (await answered).finished();
    const last = page.waitForResponse((one) => one.url().includes(`${old}?`));
    release.pop()?.();
    await (await last).finished();
  }
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  await expect(tables).toHaveCount(2);
});

test("the bar offers each role the pages that open for it, and they do", async ({
  browser,
  quietude,
  staff,
}) => {
  test.slow();
  const roles: StaffRole[] = ["animateur", "analyste", "police", "bailleur", "admin", "dpo"];
  const offered = new Map<StaffRole, string[]>();
  const contexts = new Map<StaffRole, BrowserContext>();
  for (const role of roles) {
    const context = await browser.newContext({ baseURL: quietude.address });
    contexts.set(role, context);
    await staff.signIn(context, role);
    const { pages } = await (await context.request.get("/api/v1/session")).json();
    expect(pages, role).toContain("/compte");
    offered.set(role, pages);
  }
  const all = new Set([...offered.values()].flat());
  for (const [role, context] of contexts) {
    const page = await context.newPage();
    for (const path of all) {
      const answer = await context.request.get(path, { maxRedirects: 0 });
      const mine = offered.get(role)?.includes(path);
      expect(answer.status(), `${role} ${path}`).toBe(mine ? 200 : 403);
      if (mine) continue;
      // The page of another role says so, and holds nothing else.
      await page.goto(path);
      const main = page.locator("main");
      await expect(main.getByRole("heading", { name: /réservée à un autre rôle/ })).toBeVisible();
      await expect(main.locator("table, form, ul, canvas, img")).toHaveCount(0);
    }
    await context.close();
  }
});

test("where the city asks for a second factor, nothing else opens without one", async ({
  browser,
}) => {
  const strict = await startQuietude(true, () => ({ QUIETUDE_SECOND_FACTOR: "required" }));
  try {
    const context = await browser.newContext({ baseURL: strict.address, viewport: phone });
    const page = await context.newPage();
    const { comptes } = JSON.parse(await readFile(join(strict.data, "demo.json"), "utf8")) as Demo;
    await page.goto("/connexion?retour=/police");
    await page.getByLabel("Adresse électronique").fill(comptes.police.email);
    await page.getByLabel("Mot de passe", { exact: true }).fill(comptes.police.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/compte$/);
    await expect(page.getByText("Votre ville demande un second facteur")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Changer de mot de passe" })).toHaveCount(0);
    await expectAccessible(page);
    for (const path of ["/police", "/carte", "/animation"]) {
      await page.goto(path);
      await expect(page).toHaveURL(/\/compte$/);
    }
    expect((await context.request.get("/api/v1/hexagones")).status()).toBe(403);
    await addFactor(page, comptes.police.password);
    await expectAccessible(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(phone.width);
    await page.getByRole("link", { name: "Continuer vers vos pages" }).click();
    await expect(page).toHaveURL(/\/police/);
    await context.close();
  } finally {
    await strict.stop();
  }
});

test.describe("on a phone", () => {
  test.use({ viewport: phone, role: "police" });

  test("the bar opens by keyboard, closes, and stays on the screen", async ({ page }) => {
    await page.goto("/compte");
    const summary = page.locator(".staff-menu > summary");
    await summary.focus();
    await page.keyboard.press("Enter");
    const menu = page.getByRole("navigation", { name: "Pages" });
    await expect(menu.getByRole("link")).toHaveText([
      "Carte de la ville",
      "Comparer les quartiers",
      "Où et quand",
      "Préparer la restitution",
      "Engagements et réponses",
      "Mon compte",
    ]);
    await expectAccessible(page);
    const box = await menu.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(phone.width);
    await page.keyboard.press("Escape");
    await expect(menu).toBeHidden();
    await expect(summary).toBeFocused();
  });
});
