import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, laptop, phone, projector, tablet, test } from "./test";

/** A word of its own, without digits: « porte 12 » would be held as somebody's door. */
const word = () =>
  randomUUID()
    .slice(0, 4)
    .replace(/\d/g, (digit) => "ghijklmnop".charAt(Number(digit)));

/** A page at every size: never wider than the screen; pictures when they are asked for. */
async function look(page: Page, name: string) {
  const folder = process.env.QUIETUDE_SHOTS;
  for (const [size, viewport] of Object.entries({ tablet, laptop, projector, phone })) {
    await page.setViewportSize(viewport);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      viewport.width,
    );
    if (!folder) continue;
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}-${size}.png`, fullPage: true });
  }
}

test("what is decided about is read by everybody, and nothing else", async ({
  page,
  request,
  browser,
  staff,
}) => {
  const titre = `Tailler la haie, essai ${word()}`;
  const added = await request.post("/api/v1/actions", {
    data: {
      id: randomUUID(),
      quartier: "CE",
      code: "TEC",
      titre,
      detail: "Madame Durand l’a demandé",
      echeance: "2031-03-01",
      event: { id: randomUUID(), state: "planned" },
    },
  });
  expect(added.status()).toBe(201);
  // Browsers keep the list for a minute: the page is opened once it has changed.
  const before = await request.get("/api/v1/suivi");
  expect(await before.text()).not.toContain(titre);

  const office = await browser.newContext();
  await staff.signIn(office, "animateur");
  const desk = await office.newPage();
  await desk.setViewportSize(laptop);
  await desk.goto("/actions?quartier=CE");
  await desk.getByRole("button", { name: `Suivi public : ${titre}` }).click();
  const dialog = desk.getByRole("dialog");
  await expect(dialog.locator("mark")).toContainText("Durand");
  await expectAccessible(desk);
  await dialog.getByRole("button", { name: "Publier" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Durand");
  await dialog.getByLabel("Ce que nous avons fait").fill("La haie sera taillée en mars.");
  await dialog.getByLabel("Ce que vous avez dit").fill("On ne voit plus l’aire de jeux");
  await dialog.getByRole("button", { name: "Publier" }).click();
  await expect(desk.getByRole("status").first()).toContainText("est dans le suivi public");
  await office.close();

  await page.goto("/suivi/CE");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Centre");
  const entry = page.locator(".suivi-entry", { hasText: titre });
  await expect(entry).toContainText("On ne voit plus l’aire de jeux");
  await expect(entry).toContainText("Programmé");
  await expect(entry).toContainText("1er mars 2031");
  await expect(page.getByText("Durand")).toHaveCount(0);
  await expectAccessible(page);
  await look(page, "suivi-quartier");

  await page.goto("/");
  await page.getByRole("link", { name: "Ce que vous avez dit, ce que nous avons fait" }).click();
  await expect(page).toHaveURL(/\/suivi$/);
  await expect(page.locator(".suivi-entry").first()).toBeVisible();
  await expectAccessible(page);
  await look(page, "suivi");
});

test("a pilot opens its own actions by a link, and gives news", async ({
  page,
  request,
  browser,
  staff,
}) => {
  const pilote = randomUUID();
  const nom = `Bailleur ${word()}`;
  await request.put(`/api/v1/organisations/${pilote}`, { data: { nom, kind: "bailleur" } });
  const action = randomUUID();
  const titre = `Réparer la serrure, essai ${word()}`;
  await request.post("/api/v1/actions", {
    data: {
      id: action,
      quartier: "BE",
      code: "BAI",
      titre,
      pilote,
      echeance: "2024-03-01",
      event: { id: randomUUID(), state: "planned" },
    },
  });
  const office = await browser.newContext();
  await staff.signIn(office, "animateur");
  const desk = await office.newPage();
  await desk.goto("/actions");
  await desk.getByText("Rappels et liens des pilotes").click();
  await desk.getByRole("combobox", { name: "Organisation" }).selectOption(pilote);
  await desk.getByLabel("Adresse du service").fill("portes@exemple.fr");
  await desk.getByRole("button", { name: "Enregistrer" }).click();
  await desk.getByRole("button", { name: "Créer un lien" }).click();
  const link = await desk.getByLabel("Lien à envoyer").inputValue();
  await expectAccessible(desk);

  await page.goto(new URL(link).pathname + new URL(link).hash);
  await expect(page.getByRole("heading", { name: `Actions de ${nom}` })).toBeVisible();
  expect(page.url()).not.toContain("#");
  await expect(page.locator(".ledger-action")).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole("button", { name: `Donner des nouvelles : ${titre}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Où en est-on ? (").fill("La serrure est commandée");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("status")).toContainText("C’est noté");
  await page.locator(".ledger-action summary").click();
  await expect(page.locator(".ledger-history li")).toHaveCount(2);
  await expect(page.locator(".ledger-history")).toContainText("La serrure est commandée");
  await look(page, "pilote");
  await page.reload(); // the tab keeps the secret, the address does not
  await expect(page.locator(".ledger-action")).toHaveCount(1);

  await desk.getByRole("button", { name: "Éteindre le lien" }).click();
  await expect(desk.locator(".ledger-pilots").getByRole("status")).toContainText("Éteint");
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("Ce lien ne s’ouvre plus");
  await expect(page.getByRole("heading", { name: "Vos actions" })).toBeVisible();
  await expectAccessible(page);
  await look(page, "pilote-lien-eteint");
  await office.close();
  const { url } = await (
    await request.post(`/api/v1/organisations/${pilote}/liens`, { data: { days: 1 } })
  ).json();
  expect(url).toContain("/pilote#");
});

test("a bailleur’s account shows the actions of its organisation", async ({ page, staff }) => {
  await staff.signIn(page.context(), "bailleur");
  await page.goto("/actions");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Actions de");
  await expect(
    page.locator(".ledger-action").filter({ hasText: "Changer les serrures" }).first(),
  ).toBeVisible();
  await expectAccessible(page);
  await look(page, "actions-bailleur");
});

test("a resident follows the atelier and says in two taps whether it is better", async ({
  page,
  staff,
}) => {
  const { ateliers } = (await staff.demo()) as unknown as {
    ateliers: { state: string; tables: { numero: number; code: string }[] }[];
  };
  const code = ateliers.find((one) => one.state === "closed")?.tables[1]?.code ?? "";
  await page.setViewportSize(phone);
  await page.goto("/est-ce-mieux");
  await page.getByLabel("Code de votre table").fill("ZZZZ2222");
  await page.getByRole("button", { name: "Suivre cet atelier" }).click();
  await expect(page.getByRole("alert")).toContainText("Ce code n’ouvre aucune table");
  await page.getByLabel("Code de votre table").fill(code.toLowerCase());
  await page.getByRole("button", { name: "Suivre cet atelier" }).click();
  const yes = page.getByRole("button", { name: /^Oui, c’est mieux/ }).first();
  await expect(yes).toBeVisible();
  await expectAccessible(page);
  await yes.press("Enter");
  await expect(page.getByRole("status")).toContainText("votre réponse est enregistrée");
  await expect(page.getByText("Vous avez répondu : oui, c’est mieux.")).toBeVisible();
  await expectAccessible(page);
  await look(page, "est-ce-mieux");

  // This device finds it again without the code, and erases it.
  await page.goto("/est-ce-mieux");
  await expect(page.getByText("Vous avez répondu : oui, c’est mieux.")).toBeVisible();
  await page.getByRole("button", { name: "Tout effacer" }).click();
  await page.getByRole("button", { name: "Oui, tout effacer" }).click();
  await expect(page.getByRole("status")).toContainText("Tout est effacé");
  await page.goto("/est-ce-mieux");
  await expect(page.getByLabel("Code de votre table")).toBeVisible();
});
