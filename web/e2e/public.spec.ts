import { expect, expectAccessible, laptop, phone, projector, tablet, test } from "./test";

interface Editions {
  readonly editions: readonly { quartier: string; numero: number; hexagons: number }[];
}

for (const [name, size] of Object.entries({ phone, tablet, laptop, projector })) {
  test(`the public page on a ${name} shows editions, accessibly, and asks for nothing live`, async ({
    page,
    request,
  }) => {
    await page.setViewportSize(size);
    const asked: string[] = [];
    page.on("request", (one) => asked.push(new URL(one.url()).pathname));
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Chambéry");
    await expect(page.getByText("Données fictives", { exact: true })).toBeVisible();
    const { editions } = (await (await request.get("/api/v1/editions")).json()) as Editions;
    const newest = editions.filter(
      (one, i) => !editions.slice(i + 1).some((later) => later.quartier === one.quartier),
    );
    const places = newest.reduce((sum, one) => sum + one.hexagons, 0);
    expect(places).toBeGreaterThan(10);
    await expect(page.locator("main table").first().locator("tbody tr")).toHaveCount(places);
    await expect(page.getByText("Prochains ateliers")).toBeVisible();
    await expectAccessible(page);
    const live = asked.filter((path) =>
      /^\/api\/v1\/(hexagones|signalements|ateliers)|quartiers\/\w+\/hexagones|tiles\/hexagones|markers|stream/.test(
        path,
      ),
    );
    expect(live).toEqual([]);
    // Nothing is wider than the page, at 200 % of text too.
    for (const scale of ["100%", "200%"]) {
      await page.evaluate((percent) => {
        document.documentElement.style.fontSize = percent;
      }, scale);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, scale).toBeLessThanOrEqual(0);
    }
  });
}

test("one edition has its source, its strips or why not, and an address of its own", async ({
  page,
}) => {
  await page.setViewportSize(laptop);
  await page.goto("/");
  const choice = page.getByLabel("Quartier");
  const value = await choice.locator("option").nth(1).getAttribute("value");
  // One for each edition, until the chosen one is there alone.
  const source = page.getByText(/^D’après l’atelier du/);
  await choice.selectOption(value);
  await expect(page).toHaveURL(new RegExp(`edition=${encodeURIComponent(value ?? "")}`));
  await expect(source).toHaveCount(1);
  await expect(
    page.getByText(/Quand on ne s’y sent pas en sécurité|ne sont pas publiés/).first(),
  ).toBeVisible();
  await page.reload();
  await expect(source).toHaveCount(1);

  // An edition that is not there is not taken for another one.
  await page.goto("/?edition=HC/99");
  await expect(page.getByText("L’édition demandée n’existe pas, ou a été retirée")).toBeVisible();
  await expect(choice).toHaveValue("");
  await choice.selectOption(value);
  await expect(page.getByText("L’édition demandée")).toHaveCount(0);
});

test("a resident without an account reports a trouble, by keyboard too", async ({ page }) => {
  await page.setViewportSize(phone);
  await page.goto("/signaler");
  await expectAccessible(page);
  await expect(page.getByText(/La ville garde le lieu exact \d+ mois/)).toBeVisible();
  await page.getByRole("button", { name: "Envoyer le signalement" }).click();
  await expect(page.getByRole("alert")).toContainText("Choisissez de quoi il s’agit");
  await page.getByLabel("Insultes, menaces, agression").check();
  await expect(page.getByText(/Une personne est en danger/)).toBeVisible();
  await page.getByLabel("Bruit, tapage").check();
  await expect(page.getByText(/Une personne est en danger/)).toHaveCount(0);
  await page.getByRole("button", { name: "Envoyer le signalement" }).click();
  await expect(page.getByRole("alert")).toContainText("Placez le lieu");
  await page.getByRole("combobox", { name: /rue/i }).fill("avenue de lyon");
  await page.locator("street-search").getByRole("option").first().click();
  await expect(page.getByText("Le lieu est placé")).toBeVisible();
  await page.getByLabel(/ajouter un mot/).fill("Musique forte au pied de l’immeuble.");
  await expect(page.getByText("encore 244 caractères")).toBeVisible();
  // A name without an address reaches nobody: said before anything is sent.
  await expect(page.getByText(/effacée au bout de \d+ mois/)).toBeVisible();
  await page.getByLabel("Votre nom, pour l’enveloppe").fill("Camille Exemple");
  await page.getByRole("button", { name: "Envoyer le signalement" }).click();
  await expect(page.getByRole("alert")).toContainText("une adresse électronique ou postale");
  await page.getByLabel("Adresse électronique").fill("camille@exemple.fr");
  await expectAccessible(page);
  const sent = page.waitForResponse(
    (answer) => answer.request().method() === "POST" && answer.url().includes("/signalements"),
  );
  await page.getByRole("button", { name: "Envoyer le signalement" }).click();
  expect((await sent).status()).toBe(201);
  expect((await sent).request().postDataJSON()).toMatchObject({
    contact: { nom: "Camille Exemple", email: "camille@exemple.fr" },
  });
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Merci");
  await expectAccessible(page);
});

test.describe("an animateur", () => {
  test.use({ role: "animateur", viewport: laptop });

  test("prepares, looks at, publishes and withdraws an edition", async ({ page, request }) => {
    const { ateliers } = (await (await request.get("/api/v1/ateliers")).json()) as {
      ateliers: { id: string; kind: string; state: string; quartier: string }[];
    };
    const drafts = async (id: string) => {
      const answer = await request.get(`/api/v1/ateliers/${id}/brouillons`);
      return ((await answer.json()) as { brouillons: unknown[] }).brouillons.length;
    };
    let id = "";
    for (const one of ateliers.filter(
      ({ state, kind }) => state === "closed" && kind === "atelier",
    )) {
      if ((await drafts(one.id)) === 0) id = one.id;
    }
    expect(id, "the demonstration leaves one closed atelier unpublished").not.toBe("");
    await page.goto(`/animation/${id}`);
    await page.getByRole("button", { name: "Préparer la publication" }).click();
    await expect(page.getByText(/lieux? paraîtrai/)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Publier pour tous" }).click();
    await expect(page.getByText(/Publiée\s: édition n° \d/)).toBeVisible();
    const before = (await (await request.get("/api/v1/editions")).json()) as {
      editions: unknown[];
    };
    await page.reload();
    await expect(page.getByText(/Publiée\s: édition n° \d/)).toBeVisible();
    await page.getByRole("button", { name: "Retirer cette édition" }).click();
    await page.getByRole("button", { name: "Retirer pour toujours" }).click();
    await expect(page.getByText("Cette édition a été retirée du public.")).toBeVisible();
    const after = (await (await request.get("/api/v1/editions")).json()) as typeof before;
    expect(after.editions).toHaveLength(before.editions.length);
  });
});
