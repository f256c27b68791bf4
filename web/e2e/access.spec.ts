import { evening } from "./room";
import { expect, expectAccessible, laptop, phone, test } from "./test";

test.use({ viewport: laptop });

test("one signs in, comes back to the page that was asked for, and signs out", async ({
  page,
  request,
  staff,
}) => {
  const { id } = await evening(request);
  const { email, password } = (await staff.demo()).comptes.animateur;
  await page.goto(`/animation/${id}`);
  await expect(page).toHaveURL(/\/connexion\?retour=/);
  await expect(page.getByText("Vous reviendrez ensuite")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Se connecter" }).click();
  await expect(page.getByRole("alert").first()).toHaveText("Remplissez les deux champs.");
  await page.getByLabel("Adresse électronique").fill(email);
  await page.getByLabel("Mot de passe", { exact: true }).fill("un mauvais mot de passe");
  await page.keyboard.press("Enter");
  await expect(page.getByText("ne convient pas")).toBeVisible();
  await expect(page.getByLabel("Mot de passe", { exact: true })).toBeFocused();
  await page.getByLabel("Mot de passe", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/animation/${id}$`));
  await expect(page.locator("main.room")).toHaveAttribute("data-seq", /\d+/);

  await page.goto("/animation");
  const bar = page.getByRole("group", { name: "Votre compte" });
  await expect(bar).toContainText("Camille Démo");
  await expect(bar).toContainText("animation");
  expect(await page.evaluate(() => document.cookie)).toBe("");
  await bar.getByRole("button", { name: "Se déconnecter" }).click();
  await expect(page).toHaveURL(/\/connexion$/);
  expect((await page.request.get(`/api/v1/ateliers/${id}/markers`)).status()).toBe(401);
  await page.goto("/animation");
  await expect(page).toHaveURL(/\/connexion\?retour=/);
});

test("an address that nothing answers says so in the language of the interface", async ({
  page,
}) => {
  await page.goto("/nulle-part");
  await expect(page.getByRole("heading", { name: "Cette page n’existe pas" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "This page does not exist" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Go to the first page" })).toBeVisible();
});

test("a session that ends while the page is open leads back to signing in", async ({
  page,
  staff,
}) => {
  await staff.signIn(page.context(), "animateur");
  await page.goto("/carte?quartier=CE");
  await expect(page.locator("hexagon-table .row-button").first()).toBeAttached();
  await page.context().clearCookies();
  await page.getByLabel("Quartier", { exact: true }).selectOption("HC");
  await expect(page).toHaveURL(/\/connexion\?retour=%2Fcarte%3Fquartier%3DHC/);
});

test.describe("as the police", () => {
  test.use({ role: "police" });

  test("the pages of others stay closed, in words", async ({ page }) => {
    await page.goto("/animation");
    await expect(page.getByRole("heading", { name: /réservée à un autre rôle/ })).toBeVisible();
    await expect(page.getByRole("link", { name: "Aller à votre espace" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Voir votre compte" }).click();
    await expect(page.getByText("Vous êtes connecté·e : Dominique Démo")).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: phone });

  test("a resident who came here by mistake finds the table", async ({ page, request }) => {
    const room = await evening(request);
    await page.goto("/connexion");
    await expectAccessible(page);
    await page.getByLabel("Code de la table").fill("abc");
    await page.getByRole("button", { name: "Ouvrir la carte" }).click();
    await expect(page.getByText("Le code a 8 lettres ou chiffres")).toBeVisible();
    await page.getByLabel("Code de la table").fill(room.code(1).toLowerCase());
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Commencer" })).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(phone.width);
  });
});
