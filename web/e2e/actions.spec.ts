import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { expect, expectAccessible, laptop, phone, test } from "./test";

test.use({ role: "animateur" });

test("a promise is found again, filtered, and changed with its proof", async ({
  page,
  request,
}) => {
  const pilote = randomUUID();
  const nom = `Service d’éclairage ${pilote.slice(0, 4)}`;
  const organisation = await request.put(`/api/v1/organisations/${pilote}`, {
    data: { nom, kind: "ville" },
  });
  expect(organisation.status()).toBe(200);
  const titre = `Remettre les lampadaires à neuf ${pilote.slice(0, 4)}`;
  const added = await request.post("/api/v1/actions", {
    data: {
      id: randomUUID(),
      quartier: "BE",
      code: "TEC",
      titre,
      pilote,
      echeance: "2024-03-01",
      event: { id: randomUUID(), state: "planned" },
    },
  });
  expect(added.status()).toBe(201);

  await page.setViewportSize(laptop);
  await page.goto("/actions");
  await page.getByLabel("Qui pilote").selectOption(pilote);
  await expect(page).toHaveURL(new RegExp(`/actions\\?pilote=${pilote}`));
  const card = page.locator(".ledger-action");
  await expect(card).toHaveCount(1);
  await expect(card).toContainText(titre);
  await expect(card).toContainText("programmé");
  await expect(card).toContainText("en retard");
  await expect(page.getByRole("heading", { name: "1 action, dont 1 en retard" })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: "Actions en retard" })).toBeVisible();
  await expectAccessible(page);

  // Another choice, and the way back.
  await page.getByRole("combobox", { name: "État" }).selectOption("done");
  await expect(page.getByText("Aucune action ne correspond à ce choix.")).toBeVisible();
  await page.goBack();
  await expect(card).toHaveCount(1);
  await expect(page.getByRole("combobox", { name: "État" })).toHaveValue("");

  const workbook = await request.get(
    (await page.getByRole("link", { name: "Tableur" }).getAttribute("href")) ?? "",
  );
  expect(workbook.headers()["content-type"]).toContain("spreadsheetml");

  await page.getByRole("button", { name: `Changer l’état : ${titre}` }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Où en est-on ?").selectOption("done");
  await dialog.getByLabel("Ce qui a été fait").fill("Douze lampadaires changés");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("status")).toContainText("est maintenant : réalisé");
  await expect(card).toContainText("Douze lampadaires changés");
  await expect(card).not.toContainText("en retard");
  await card.locator("summary").click();
  await expect(card.locator(".ledger-history li")).toHaveCount(2);
  await expectAccessible(page);

  // What it answers, with whom and where, changed here too.
  const folder = process.env.QUIETUDE_SHOTS;
  const change = page.getByRole("button", { name: `Modifier : ${titre}` });
  await change.click();
  const form = page.getByRole("dialog", { name: "Modifier l’action" });
  await form.getByText("Partenaires").click();
  await form.getByRole("group").getByRole("checkbox").first().check();
  const partner = form.locator(".ledger-choices").last();
  const [named = ""] = await partner.locator("label").allTextContents();
  await partner.getByRole("checkbox").first().check();
  await form.getByLabel("Dans une zone à dessiner").check();
  const ground = form.locator(".place-map");
  await expect(ground.locator(".map-cross")).toBeVisible();
  await ground.scrollIntoViewIfNeeded();
  for (const [x, y] of [
    [180, 90],
    [260, 90],
    [220, 170],
  ] as const) {
    await ground.click({ position: { x, y } });
  }
  await expect(form.getByText("3 coins")).toBeVisible();
  await expectAccessible(page);
  if (folder) await page.screenshot({ path: `${folder}/actions-modifier.png` });
  await form.getByRole("button", { name: "Enregistrer" }).click();
  await expect(form).toHaveCount(0);
  await expect(card).toContainText(`avec ${named.trim()}`);
  await expect(card).toContainText("Répond à");
  await change.click();
  await expect(form.getByLabel("Là où elle est aujourd’hui")).toBeChecked();
  await form.getByLabel("Dans une zone à dessiner").check();
  await expect(form.getByText("3 coins")).toBeVisible();
  await form.getByRole("button", { name: "Annuler" }).click();

  for (const [name, size] of Object.entries({ laptop, phone })) {
    await page.setViewportSize(size);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      size.width,
    );
    if (!folder) continue;
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/actions-${name}.png`, fullPage: true });
  }
});

test("the ledger is for the authorities", async ({ page, staff }) => {
  await staff.signIn(page.context(), "analyste");
  await page.goto("/actions");
  await expect(page.getByRole("heading", { name: "Suivi des actions" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Changer l.état/ })).toHaveCount(0);
});
