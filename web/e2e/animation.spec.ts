import { randomUUID } from "node:crypto";
import type { APIRequestContext, Browser, Page } from "@playwright/test";
import {
  drawPoint,
  evening,
  expectMarkers,
  expectUnsent,
  markersSeen,
  reach,
  sitDown,
} from "./room";
import { expect, expectAccessible, laptop, phone, projector, test } from "./test";

/** A page of its own, as another device has. */
async function device(browser: Browser, baseURL = "", viewport = phone): Promise<Page> {
  const context = await browser.newContext({
    baseURL,
    viewport,
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
  });
  return context.newPage();
}

const room = (page: Page) => page.locator("main.room");
const openRoom = async (page: Page, id: string) => {
  await page.goto(`/animation/${id}`);
  await expect(room(page)).toHaveAttribute("data-seq", /\d+/);
};
const wall = (page: Page) => page.locator("main.wall");
const openWall = async (page: Page, id: string) => {
  await page.goto(`/projection/${id}`);
  await expect(wall(page)).toHaveAttribute("data-seq", /\d+/);
};

/** An atelier whose steps have minutes of their own: two hours and a quarter. */
async function planned(request: APIRequestContext) {
  const [id, title] = [randomUUID(), "Atelier que l’on copie"];
  const created = await request.post("/api/v1/ateliers", {
    data: {
      id,
      quartier: "BI",
      titre: title,
      lieu: "Préau de Bissy",
      starts_at: "2027-03-18T17:30:00Z",
      tables: 3,
      plan: [10, 25, 15, 50, 15, 15, 5],
    },
  });
  expect(created.status(), await created.text()).toBe(201);
  return { id, title };
}
const nextStep = (name: string) => ({ name: `Ouvrir l’étape ${name}` });

test.use({ viewport: laptop, role: "animateur" });

test("an evening, from the form to the frozen map", async ({ page, browser, baseURL, staff }) => {
  await page.goto("/animation");
  await page.getByLabel("Quartier", { exact: true }).selectOption("BO");
  await page.getByLabel("Date").fill("2027-03-11");
  await expect(page.getByLabel("Titre")).toHaveValue("Atelier Biollay, jeudi 11 mars 2027");
  await page.getByLabel("Lieu").fill("Maison de quartier");
  await page.getByLabel("Nombre de tables").fill("2");
  await page.getByRole("button", { name: "Créer l’atelier" }).click();
  await expect(page).toHaveURL(/\/animation\/[0-9a-f-]{36}$/);
  const id = page.url().split("/").at(-1) ?? "";
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Biollay, jeudi 11 mars 2027/);
  await expect(page.getByText("18 h 30 · Maison de quartier")).toBeVisible();
  // What is to be prepared is one button away.
  await page.getByRole("button", { name: "Imprimer, inviter" }).click();
  await expect(page.getByRole("link", { name: "Feuille de présence" })).toBeVisible();
  await page.getByRole("button", { name: "Carte", exact: true }).click();
  await expect(
    page.getByText("Les repères apparaîtront ici dès que les tables dessinent."),
  ).toBeVisible();

  // The steps follow each other with one button.
  for (const name of ["Accueil", "Diagnostic", "Restitution", "Cartographie"]) {
    await page
      .locator(".next-button")
      .and(page.getByRole("button", nextStep(name)))
      .click();
    await expect(page.locator(".step.current .step-name")).toContainText(name);
  }
  await expect(page.locator(".clock")).toHaveText(/^(35:00|34:\d\d)$/);

  // A resident joins with the code that the page shows.
  await page.getByRole("button", { name: "Voir le code de la table 1" }).click();
  await expect(page.getByRole("img", { name: "Code QR de la table 1" })).toBeVisible();
  const code = ((await page.locator(".big-code").textContent()) ?? "").replace(/\s/g, "");
  await page.keyboard.press("Escape");
  const resident = await device(browser, baseURL);
  await sitDown(resident, code);
  const neighbour = await device(browser, baseURL);
  await sitDown(neighbour, code);
  await expect(page.getByText("2 appareils").first()).toBeAttached();

  const projected = await device(browser, baseURL, projector);
  await staff.signIn(projected.context(), "animateur");
  await openWall(projected, id);
  await expect(
    projected.getByText("Les repères apparaîtront ici dès que les tables dessinent"),
  ).toBeVisible();
  await drawPoint(resident, "unsafe", 0, 40);
  await expectMarkers(neighbour, 1);
  await expect(room(page)).toHaveAttribute("data-markers", "1");
  await expect(page.locator(".feed-row")).toContainText("Table 1, pas en sécurité");
  await expect(projected.getByText("1 personne a placé 1 repère")).toBeVisible();

  // Hiding takes it away from everybody but its author, and can be taken back.
  await page.locator(".feed-row").click();
  await page.getByRole("button", { name: "Masquer ce repère" }).click();
  await expect(page.getByText(/notés au journal/)).toBeVisible();
  await page.getByRole("button", { name: "Masquer", exact: true }).click();
  await expectMarkers(neighbour, 0);
  expect(await markersSeen(resident)).toBe(1);
  await expect(projected.getByText("Les repères apparaîtront ici")).toBeVisible();
  await expect(page.locator(".counts")).toContainText("1 masqué");
  await page.getByRole("button", { name: "Montrer de nouveau" }).click();
  await page.getByRole("button", { name: "Montrer", exact: true }).click();
  await expectMarkers(neighbour, 1);

  // Pausing a table.
  await page.getByRole("switch", { name: "Dessin de la table 1" }).click();
  await expect(resident.getByText(/mis le dessin en pause/)).toBeVisible();
  await expect(page.getByRole("switch", { name: "Dessin de la table 1" })).not.toBeChecked();
  await page.getByRole("button", { name: "Tout ouvrir" }).click();
  await expect(page.getByRole("switch", { name: "Dessin de la table 1" })).toBeChecked();

  // One device goes on without a network, another leaves: the dialog says what can be known.
  const passing = await device(browser, baseURL);
  await sitDown(passing, code);
  await expect(page.getByText("3 appareils").first()).toBeAttached();
  await passing.context().close();
  await expect(page.getByText("2 appareils").first()).toBeAttached();
  await neighbour.context().setOffline(true);
  await drawPoint(neighbour, "safe", 30, 40);
  await expectUnsent(neighbour, 1);
  await page.getByRole("button", { name: "Clore l’atelier…" }).click();
  const dialog = page.getByRole("dialog", { name: "Clore l’atelier" });
  await expect(dialog).toContainText("C’est définitif");
  await expect(dialog).toContainText("2 appareils sont encore connectés");
  await expect(dialog).toContainText("1 appareil vu ce soir n’est plus connecté");
  await page.getByRole("button", { name: "Clore définitivement" }).click();
  await expect(page.locator(".hash")).toHaveText(/^[0-9a-f]{64}$/);
  await expect(page.getByText("Rien n’est arrivé après la clôture.")).toBeVisible();
  await expect(resident.getByText(/L’atelier est terminé/)).toBeVisible();
  await expect(projected.getByText("Atelier clos")).toBeVisible();

  // What comes too late is refused, and counted.
  await neighbour.context().setOffline(false);
  await expect(neighbour.getByText(/trop tard/)).toBeVisible();
  await expect(page.getByText("Table 1\u202f: 1 envoi refusé, 1 personne.")).toBeVisible();
  for (const other of [resident, neighbour, projected]) await other.context().close();
});

test("a form that cannot be sent says why beside the field; a lost answer creates one atelier", async ({
  page,
}) => {
  await page.goto("/animation");
  await page.getByRole("button", { name: "Créer l’atelier" }).click();
  await expect(page.getByText("Choisissez le quartier.")).toBeVisible();
  await expect(page.getByLabel("Quartier", { exact: true })).toBeFocused();
  await page.getByLabel("Quartier", { exact: true }).selectOption("BI");
  await page.getByLabel("Date").fill("2040-01-01");
  await page.getByRole("button", { name: "Créer l’atelier" }).click();
  await expect(page.locator("#e-starts_at")).toHaveText("La date de l’atelier est trop lointaine.");
  await expect(page.getByLabel("Date")).toBeFocused();

  // The server creates it, and the answer is lost on its way.
  await page.getByLabel("Date").fill("2027-05-20");
  const sent: string[] = [];
  await page.route("**/api/v1/ateliers*", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    sent.push((route.request().postDataJSON() as { id: string }).id);
    if (sent.length > 1) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: "Créer l’atelier" }).click();
  await expect(page.getByText(/Rien n’est perdu/)).toBeVisible();
  await page.getByRole("button", { name: "Réessayer" }).click();
  await expect(page).toHaveURL(new RegExp(`/animation/${sent[0]}$`));
  expect(new Set(sent).size).toBe(1);
  const { ateliers } = (await (await page.request.get("/api/v1/ateliers")).json()) as {
    ateliers: { starts_at: string }[];
  };
  expect(ateliers.filter((one) => one.starts_at.startsWith("2027-05-20"))).toHaveLength(1);
});

test("a copy takes over quartier, place, hour, tables and the minutes of the steps", async ({
  page,
  request,
}) => {
  const { id, title } = await planned(request);
  await page.goto("/animation");
  const copy = page.getByLabel("Copier d’un atelier précédent");
  await copy.selectOption(id);
  await expect(page.getByText(/durées des étapes sont repris/)).toBeVisible();
  await expect(page.getByLabel("Quartier", { exact: true })).toHaveValue("BI");
  await expect(page.getByLabel("Nombre de tables")).toHaveValue("3");
  await expect(page.getByLabel("Lieu")).toHaveValue("Préau de Bissy");
  await expect(page.getByLabel("Date")).toHaveValue("");
  await page.getByLabel("Date").fill("2027-09-16");
  await expect(page.getByLabel("Titre")).not.toHaveValue(title);
  await page.getByRole("button", { name: "Créer l’atelier" }).click();
  await expect(page.getByLabel("Minutes prévues pour Cartographie")).toHaveValue("50");
  await expect(page.getByText("2 h 15 prévues en tout")).toBeVisible();
});

test.describe("in a browser that speaks American English", () => {
  test.use({ locale: "en-US" });

  test("dates and hours are written and understood in French", async ({ page }) => {
    await page.goto("/animation");
    const day = page.getByLabel("Date");
    const hour = page.getByLabel("Heure");
    await expect(day).toHaveAttribute("placeholder", "jj/mm/aaaa");
    await expect(hour).toHaveValue("18\u00a0h\u00a030");
    await day.fill("3/12/2027");
    await hour.fill("19h");
    await hour.press("Tab");
    await expect(day).toHaveValue("03/12/2027");
    await expect(hour).toHaveValue("19\u00a0h\u00a000");
    await expect(page.getByText("vendredi 3 décembre 2027")).toBeVisible();
    await page.getByLabel("Quartier", { exact: true }).selectOption("BO");
    await expect(page.getByLabel("Titre")).toHaveValue(/vendredi 3 décembre 2027$/);
    await day.fill("31/02/2027");
    await day.press("Tab");
    await expect(page.getByText(/Écrivez la date ainsi/)).toBeVisible();
    await expect(day).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Créer l’atelier" }).click();
    await expect(page.locator("#e-starts_at")).toHaveText("Indiquez une date et une heure.");
    await expect(day).toBeFocused();
    // The browser's own calendar gives the same.
    await page.locator("input.date-native").fill("2027-12-03");
    await expect(day).toHaveValue("03/12/2027");
    await page.getByRole("button", { name: "Créer l’atelier" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/vendredi 3 décembre 2027$/);
    await expect(page.getByText(/· 19\sh\s00/)).toBeVisible();
  });
});

test("the main acts are done with the keyboard", async ({ page, request }) => {
  const { id, snapshot } = await evening(request);
  await openRoom(page, id);
  await reach(page, page.locator(".next-button"));
  await page.keyboard.press("Enter");
  await expect(page.locator(".step.current .step-name")).toContainText("Réponses");
  await reach(page, page.getByRole("switch", { name: "Dessin de la table 2" }));
  await page.keyboard.press("Space");
  await expect(page.getByRole("switch", { name: "Dessin de la table 2" })).not.toBeChecked();
  await reach(page, page.getByRole("switch", { name: /Partager/ }));
  await page.keyboard.press("Space");
  await expect(
    page.getByText("Chaque table voit les repères de toutes les tables, en direct."),
  ).toBeVisible();
  await page.reload();
  await expect(room(page)).toHaveAttribute("data-seq", /\d+/);
  await reach(page, page.getByRole("button", { name: "Clore l’atelier…" }));
  await page.keyboard.press("Enter");
  await reach(page, page.getByRole("button", { name: "Clore définitivement" }));
  await page.keyboard.press("Enter");
  await expect(page.locator(".hash")).toHaveText(/^[0-9a-f]{64}$/);
  expect((await snapshot()).hash).toBe(await page.locator(".hash").textContent());
});

test("a step is closed on its own, and the hall sees where the evening is", async ({
  page,
  browser,
  baseURL,
  staff,
  request,
}) => {
  const { id, code, snapshot } = await evening(request);
  const projected = await device(browser, baseURL, projector);
  await staff.signIn(projected.context(), "animateur");
  await openWall(projected, id);
  const resident = await device(browser, baseURL);
  await sitDown(resident, code(1));
  await openRoom(page, id);
  await expect(page.locator(".clock")).toBeVisible();
  await reach(page, page.getByRole("button", { name: "Terminer l’étape Cartographie" }));
  await page.keyboard.press("Enter");
  await expect(page.locator(".step-clock")).toBeHidden();
  await expect(page.locator(".step.current")).toHaveCount(0);
  await expect(page.getByText("L’étape Cartographie est terminée.")).toBeVisible();
  await expect(page.locator("#next-title")).toBeFocused();
  await expectAccessible(page);
  await expect(resident.getByText("Cartographie\u00a0· étape terminée")).toBeVisible();
  await expect(projected.getByRole("heading", { name: "À suivre : Réponses" })).toBeVisible();
  await expect(projected.locator(".wall-course .done")).toHaveCount(4);
  await expect(projected.locator(".wall-course .next")).toContainText("Réponses");
  await expectAccessible(projected);
  // What is drawn between two steps counts, and a key brings the map back.
  await drawPoint(resident);
  await expectUnsent(resident, 0);
  await projected.keyboard.press("m");
  await expect(projected.locator(".wall-course")).toBeHidden();
  await expect(projected.getByText("1 personne a placé 1 repère")).toBeVisible();
  await projected.keyboard.press("a");
  await expect(projected.locator(".wall-course")).toBeVisible();
  expect((await snapshot()).markers).toHaveLength(1);

  await reach(page, page.locator(".next-button"));
  await page.keyboard.press("Enter");
  await expect(page.locator(".step.current .step-name")).toContainText("Réponses");
  await expect(projected.locator(".wall-course")).toBeHidden();
  await projected.context().close();
  await resident.context().close();
});

test("a lost line is said, and what was asked leaves once it is back", async ({
  page,
  request,
  quietude,
}) => {
  test.skip(Boolean(process.env.QUIETUDE_E2E_URL), "the server is not ours to kill");
  const { id, snapshot } = await evening(request);
  await openRoom(page, id);
  const before = (await snapshot()).seq;
  await quietude.kill();
  await expect(page.getByText(/Connexion perdue/)).toBeVisible();
  await page.getByRole("button", { name: "Tout fermer" }).click();
  await expect(page.getByText(/3 demandes ne sont pas encore parties/)).toBeVisible();
  await quietude.restart();
  await expect(page.getByText(/Connexion perdue/)).toBeHidden();
  await expect(page.getByText(/pas encore parties/)).toBeHidden();
  await expect(page.getByRole("switch", { name: "Dessin de la table 3" })).not.toBeChecked();
  expect((await snapshot()).seq).toBe(before + 3);
});

test("the wall turns by itself, obeys its keys, and shows what the server counts", async ({
  browser,
  request,
  baseURL,
  staff,
}) => {
  const { ateliers } = (await (await request.get("/api/v1/ateliers")).json()) as {
    ateliers: { id: string; quartier: string; demo: boolean; state: string; markers: number }[];
  };
  const demo = ateliers.find((one) => one.demo && one.state === "open" && one.markers > 0);
  const projected = await device(browser, baseURL, projector);
  await staff.signIn(projected.context(), "animateur");
  await projected.clock.install();
  await openWall(projected, demo?.id ?? "");
  await expect(projected.getByText("Données fictives")).toBeVisible();
  await expect(projected.getByText(new RegExp(`ont placé ${demo?.markers} repères`))).toBeVisible();
  await expect(wall(projected)).toHaveAttribute("data-shown", "markers");
  await projected.clock.fastForward(21_000);
  await expect(wall(projected)).toHaveAttribute("data-shown", "hexagons");
  await projected.keyboard.press("m");
  await projected.clock.fastForward(21_000);
  await expect(wall(projected)).toHaveAttribute("data-shown", "markers");
  await projected.keyboard.press("c");
  await expect(wall(projected)).toHaveAttribute("data-shown", "contested");
  await projected.keyboard.press("j");
  await expect(projected.locator(".wall-codes img")).toHaveCount(4);
  await projected.keyboard.press("j");
  await projected.keyboard.press("?");
  await expect(projected.getByText("Touches de la projection")).toBeVisible();
  await projected.keyboard.press("Escape");
  await expect(projected.getByText("Touches de la projection")).toBeHidden();

  // Nothing that the hall sees is smaller than 32 px.
  const small = await projected.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("main.wall *")]
      .filter((element) => !element.closest(".wall-controls") && element.checkVisibility())
      .filter((element) =>
        [...element.childNodes].some(
          (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
        ),
      )
      .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < 31.9)
      .map((element) => element.textContent),
  );
  expect(small).toEqual([]);
  await projected.context().close();
});

test("axe finds nothing to say about the animateur's pages", async ({ page, request }) => {
  const { id } = await evening(request);
  await page.goto("/animation");
  await expect(page.locator(".atelier").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Créer l’atelier" }).click();
  await expectAccessible(page);
  await openRoom(page, id);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Voir le code de la table 1" }).click();
  await expect(page.getByRole("img", { name: /QR/ })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clore l’atelier…" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clore définitivement" }).click();
  await expect(page.locator(".hash")).toBeVisible();
  await expectAccessible(page);
  await page.goto("/animation/00000000-0000-7000-8000-000000000000");
  await expect(page.getByText(/n’existe pas/)).toBeVisible();
  await expectAccessible(page);
});

test("axe finds nothing to say about a marker and the wall, in French and English", async ({
  page,
  request,
}) => {
  test.setTimeout(180_000);
  const { ateliers } = (await (await request.get("/api/v1/ateliers")).json()) as {
    ateliers: { id: string; demo: boolean; state: string }[];
  };
  const id = ateliers.find((one) => one.demo && one.state === "open")?.id ?? "";
  for (const size of [laptop, projector]) {
    await page.setViewportSize(size);
    await openRoom(page, id);
    await page.locator(".feed-row").first().click();
    await expect(page.locator(".picked")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Masquer ce repère" }).click();
    await expectAccessible(page);
    await openWall(page, id);
    await expectAccessible(page);
    for (const key of ["h", "c", "j", "?"]) {
      await page.keyboard.press(key);
      await expectAccessible(page);
    }
  }
  await openRoom(page, id);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("button", { name: "Open the step Answers" }).first()).toBeVisible();
  await expectAccessible(page);
});
