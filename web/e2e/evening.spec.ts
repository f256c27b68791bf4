import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { drawPoint, evening, expectUnsent, sitDown } from "./room";
import { expect, expectAccessible, laptop, phone, projector, test } from "./test";

async function device(browser: Browser, baseURL = "", viewport = phone): Promise<Page> {
  const context = await browser.newContext({
    baseURL,
    viewport,
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
  });
  return context.newPage();
}

/** Keeps a picture where QUIETUDE_SHOTS names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.QUIETUDE_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

test.use({ viewport: laptop, role: "animateur" });

test("an evening in words: diagnostic, dots, answers, read-through, closing", async ({
  page,
  browser,
  baseURL,
  request,
  staff,
}) => {
  test.setTimeout(480_000);
  const { id, code, animate } = await evening(request);
  await animate({ kind: "step", step: 1, minutes: 10 });
  const wall = await device(browser, baseURL, projector);
  await staff.signIn(wall.context(), "animateur");
  await wall.goto(`/projection/${id}`);
  await expect(wall.getByText("Ce soir")).toBeVisible();
  await expect(wall.locator(".wall-codes li")).toHaveCount(3);
  await expectAccessible(wall);
  await picture(wall, "1-accueil-projection");

  const [one, two] = [await device(browser, baseURL), await device(browser, baseURL)];
  await sitDown(one, code(1));
  await sitDown(two, code(2));
  await page.goto(`/animation/${id}`);
  await picture(page, "1-accueil-animation");

  // ── Diagnostic ───────────────────────────────────────────────────────────
  await animate({ kind: "step", step: 2, minutes: 25 });
  await expect(one.getByRole("heading", { name: "Qu’est-ce qui trouble" })).toBeVisible();
  await one.getByLabel("Votre réponse").fill("Le passage sous la voie ferrée est sombre");
  await one.getByLabel("Thème").selectOption("AMB");
  await one.getByRole("button", { name: "Ajouter", exact: true }).click();
  await expect(one.locator(".remark")).toContainText("Le passage sous la voie ferrée");
  await expectAccessible(one);
  await picture(one, "2-diagnostic-habitant");
  const words = page.locator(".room-words[data-view=diagnostic]");
  const said = (text: string) => words.locator(".remark").filter({ hasText: text });
  await expect(said("Le passage sous la voie ferrée est sombre")).toBeVisible();

  // The other table writes without a network; it leaves when the network is back.
  await two.context().setOffline(true);
  await two.getByRole("button", { name: "Passer" }).click();
  await two.getByLabel("Votre réponse").fill("Les lampadaires sont en panne depuis l’automne");
  await two.getByRole("button", { name: "Ajouter", exact: true }).click();
  await expect(two.locator(".remark")).toContainText("pas encore envoyé");
  await expectUnsent(two, 1);
  await two.context().setOffline(false);
  await expect(said("Les lampadaires sont en panne")).toBeVisible();
  await expectUnsent(two, 0);
  await expect(one.getByText("Les lampadaires")).toHaveCount(0);

  // A table that writes on paper.
  await words.getByText("Écrire pour une table sur papier").click();
  await words.getByLabel("Pour la table").selectOption("3");
  await words.getByLabel("Ce que dit la table").fill("Éclairer le passage toute la nuit");
  await words.getByLabel("Question").selectOption("solutions");
  await words.getByRole("button", { name: "Ajouter", exact: true }).click();
  await expect(said("Éclairer le passage toute la nuit")).toBeVisible();
  // Nothing is on the wall before it was read.
  await expect(words.getByText("3 apports à lire avant de quitter leur table")).toBeVisible();
  await expect(wall.getByText("1 réponse").first()).toBeVisible();
  await expect(wall.getByText("Éclairer le passage toute la nuit")).toHaveCount(0);
  await words.getByRole("button", { name: "Montrer les 3 où rien n’est repéré" }).click();
  await expect(words.getByText("à lire avant de quitter")).toHaveCount(0);
  await expect(wall.getByText("Éclairer le passage toute la nuit")).toBeVisible();
  await expect(wall.getByText("Les lampadaires sont en panne")).toBeVisible();
  await expectAccessible(wall);
  await picture(wall, "2-diagnostic-projection");
  await expectAccessible(page);
  await picture(page, "2-diagnostic-animation");

  // Merging with the keyboard, with the origin kept.
  for (const start of ["Le passage", "Les lampadaires", "Éclairer"]) {
    await words.getByRole("checkbox", { name: new RegExp(`Choisir : ${start}`) }).press("Space");
  }
  await words.getByRole("button", { name: "Faire un constat" }).press("Enter");
  await words.getByLabel("Le constat, en une phrase").fill("Le passage n’est pas éclairé");
  await words.getByLabel("Le constat, en une phrase").press("Enter");
  const finding = words.locator(".finding").filter({ hasText: "Le passage n’est pas éclairé" });
  await expect(finding).toContainText("tables 1, 2 et 3");
  await words.getByRole("button", { name: "Faire un constat" }).click();
  const sentence = words.getByLabel("Le constat, en une phrase");
  await sentence.fill("Des deux-roues roulent sur le trottoir");
  // What was typed outlasts a cut.
  await page.route("**/findings/*", (route) => route.abort());
  await words.getByRole("button", { name: "Enregistrer le constat" }).click();
  await expect(words.getByRole("alert")).toBeVisible();
  await expect(sentence).toHaveValue("Des deux-roues roulent sur le trottoir");
  await page.unroute("**/findings/*");
  await words.getByRole("button", { name: "Enregistrer le constat" }).click();
  await expect(words.locator("ol.findings > li")).toHaveCount(2);

  // ── Restitution: what the police shows, chosen here and seen on the wall ─────
  await animate({ kind: "step", step: 3, minutes: 15 });
  const deck = page.locator(".room-words[data-view=restitution]");
  await deck.getByRole("button", { name: "Proposer les quatre diapositives habituelles" }).click();
  await expect(wall.locator(".wall-slide[data-slide='0'] li")).toHaveCount(4);
  await deck.getByRole("button", { name: "Suivante" }).click();
  await expect(wall.locator(".wall-slide")).toHaveAttribute("data-slide", "1");
  await deck.getByRole("button", { name: "Suivante" }).click();
  await expect(wall.locator(".wall-slide")).toHaveAttribute("data-slide", "2");
  await picture(wall, "3-restitution-soiree-projection");
  await picture(one, "3-restitution-habitant");

  // ── Cartography: drawing uncovers the map, a cluster becomes a suggestion ──
  await animate({ kind: "step", step: 4, minutes: 35 });
  await expect(one.locator("resident-evening")).toHaveCount(0);
  const three = await device(browser, baseURL);
  await sitDown(three, code(3));
  for (const resident of [one, two, three]) await drawPoint(resident, "unsafe", 0, 20);
  await picture(one, "4-cartographie-habitant");
  await picture(wall, "4-cartographie-projection");
  await page.getByRole("button", { name: "Réponses", exact: true }).click();
  const board = page.locator(".room-words[data-view=answers]");
  await expect(board.getByText("3 personnes ne se sentent pas en sécurité")).toBeVisible();
  await board.getByRole("button", { name: /En faire un constat/ }).click();
  await expect(board.locator(".finding[data-answered]")).toHaveCount(3);
  await expect(board.getByText("Rien pour le moment.")).toBeVisible();

  // ── Answers, dots ────────────────────────────────────────────────────────
  await animate({ kind: "step", step: 5, minutes: 15 });
  await expect(one.getByText("Il vous reste 5 points à donner.")).toBeVisible();
  const more = one.getByRole("button", { name: "Un point de plus : Le passage n’est pas éclairé" });
  for (let i = 0; i < 3; i++) await more.click();
  await two
    .getByRole("button", { name: "Un point de plus : Le passage n’est pas éclairé" })
    .click();
  await expect(one.getByText("Il vous reste 2 points à donner.")).toBeVisible();
  await expectAccessible(one);
  await picture(one, "5-points-habitant");
  await expect(board.getByText("4 points de 2 personnes")).toBeVisible();

  // An answer needs its reason; the freeze names what is still open.
  await page.getByRole("button", { name: "Clore l’atelier…" }).click();
  const freeze = page.getByRole("dialog", { name: "Clore l’atelier" });
  await expect(freeze.locator(".unanswered + ul li")).toHaveCount(3);
  await expect(freeze.getByRole("button", { name: "Clore définitivement" })).toBeDisabled();
  await page.keyboard.press("Escape");

  const dialog = page.locator("dialog.evening-dialog");
  await board.getByRole("button", { name: "Répondre : Le passage n’est pas éclairé" }).click();
  await dialog.getByText("Ajouter une organisation").click();
  await dialog.getByLabel("Nom").fill("Éclairage public");
  await dialog.getByRole("button", { name: "Ajouter", exact: true }).click();
  await dialog.getByLabel("En une phrase").fill("Remplacement de trois lampadaires");
  await dialog.getByLabel("Type").first().selectOption("TEC");
  await dialog.getByLabel("Qui pilote").selectOption({ label: "Éclairage public" });
  await dialog.getByLabel("Échéance", { exact: true }).fill("2027-06-30");
  // A zone of three corners: two by touch, one by the keyboard.
  await dialog.getByLabel("Dans une zone à dessiner").check();
  await dialog.getByRole("button", { name: "Enregistrer la réponse" }).click();
  await expect(dialog.getByText("Posez au moins trois coins")).toBeVisible();
  const ground = dialog.locator(".place-map");
  await expect(ground.locator(".map-cross")).toBeVisible();
  await ground.scrollIntoViewIfNeeded();
  const box = await ground.boundingBox();
  if (box === null) throw new Error("no map");
  for (const [dx, dy] of [
    [-40, 30],
    [40, 30],
  ] as const) {
    await ground.click({ position: { x: box.width / 2 + dx, y: box.height / 2 + dy } });
  }
  await dialog.getByRole("button", { name: "Poser un coin au centre" }).press("Enter");
  await expect(dialog.getByText("3 coins")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "5-reponse-dialogue");
  await dialog.getByRole("button", { name: "Enregistrer la réponse" }).click();
  await expect(board.getByText("piloté par Éclairage public")).toBeVisible();
  const kept = (await (await request.get(`/api/v1/actions?atelier=${id}`)).json()) as {
    actions: { titre: string; geometry?: { type: string } }[];
  };
  expect(kept.actions.find(({ titre }) => titre.startsWith("Remplacement"))?.geometry?.type).toBe(
    "Polygon",
  );

  await board.getByRole("button", { name: /Répondre : Des deux-roues/ }).click();
  await dialog.getByLabel("Nous ne pouvons pas").check();
  await dialog.getByLabel("En une phrase").fill("Pas de barrières sur ce trottoir");
  await dialog.getByRole("button", { name: "Enregistrer la réponse" }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Pourquoi").fill("Les poussettes et les fauteuils doivent passer.");
  await dialog.getByRole("button", { name: "Enregistrer la réponse" }).click();
  await expect(board.getByText("Les poussettes et les fauteuils doivent passer.")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "5-reponses-animation");
  await expect(wall.getByText("Remplacement de trois lampadaires")).toBeVisible();
  await expectAccessible(wall);
  await picture(wall, "5-reponses-projection");

  // ── Synthesis and the end ────────────────────────────────────────────────
  await animate({ kind: "step", step: 6, minutes: 15 });
  const synthesis = page.locator(".room-words[data-view=synthesis]");
  await expect(synthesis.getByText(/1 constat n’a pas encore de réponse/)).toBeVisible();
  await expect(wall.getByText("1 sur 3")).toBeVisible();
  await wall.keyboard.press("ArrowRight");
  await expect(wall.getByText("2 sur 3")).toBeVisible();
  await picture(wall, "6-synthese-projection");
  const refused = await request.post(`/api/v1/ateliers/${id}/ops`, {
    data: { ops: [{ id: randomUUID(), kind: "freeze" }] },
  });
  expect(await refused.text()).toContain("constats_sans_reponse");
  await page.getByRole("button", { name: "Réponses", exact: true }).click();
  await board.getByRole("button", { name: /Répondre : 3 personnes/ }).click();
  await dialog.getByLabel("Nous transmettons").check();
  await dialog.getByLabel("En une phrase").fill("Signalé au bailleur");
  await dialog.getByLabel("Transmis à").selectOption({ label: "Éclairage public" });
  await dialog.getByLabel("Pourquoi").fill("Le passage leur appartient.");
  await dialog.getByRole("button", { name: "Enregistrer la réponse" }).click();
  await expect(board.getByText("Chaque constat a une réponse.")).toBeVisible();
  await page.getByRole("button", { name: "Synthèse", exact: true }).click();
  await expect(synthesis.getByText("l’atelier peut être clos")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "6-synthese-animation");
  await page.getByRole("button", { name: "Clore l’atelier…" }).click();
  await page.getByRole("button", { name: "Clore définitivement" }).click();
  await expect(page.locator(".hash")).toHaveText(/^[0-9a-f]{64}$/);
  await expect(one.getByText("L’atelier est clos.")).toBeVisible();
  await expect(more).toHaveCount(0);
  await picture(page, "7-clos-animation");

  // ── The compte rendu, at once ────────────────────────────────────────────
  await expect(page.getByRole("link", { name: "PDF", exact: true })).toBeVisible();
  const files = `/api/v1/ateliers/${id}/compte-rendu`;
  for (const format of ["html", "pdf", "odt"]) {
    const [once, again] = [
      await request.get(`${files}.${format}`),
      await request.get(`${files}.${format}`),
    ];
    expect(once.status(), format).toBe(200);
    expect((await once.body()).equals(await again.body()), `${format} twice`).toBe(true);
  }
  await page.goto(`${files}.html`);
  await expect(page.getByRole("heading", { name: "Ce que la police a présenté" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "De quoi il s’agit" })).toBeVisible();
  await expect(page.getByText("Remplacement de trois lampadaires")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "8-compte-rendu-html");
  await page.setViewportSize(phone);
  await expectAccessible(page);
  await picture(page, "8-compte-rendu-telephone");
  for (const other of [one, two, three, wall]) await other.context().close();
});

test("before an evening: a reporter who agreed is invited, answers, and has a table", async ({
  page,
  browser,
  baseURL,
  request,
}) => {
  test.setTimeout(180_000);
  const { id } = await evening(request);
  const reported = await request.post("/api/v1/signalements", {
    data: {
      geometry: { type: "Point", coordinates: [5.9222, 45.5904] },
      theme: "BRU",
      contact: { nom: "Habitante d’essai", adresse: "1 rue de l’Exemple\n73000 Chambéry" },
    },
  });
  expect(reported.status(), await reported.text()).toBe(201);
  await page.goto(`/animation/${id}`);
  await page.getByRole("button", { name: "Préparer", exact: true }).click();
  const before = page.locator(".room-words[data-view=before]");
  await before.getByRole("checkbox", { name: "Habitante d’essai" }).check();
  await before.getByRole("button", { name: "Inviter 1 personne" }).click();
  await expect(before.getByText("0 oui, 0 non, 1 en attente")).toBeVisible();
  await before.getByLabel("Élus, Attendus").fill("2");
  await before.getByRole("button", { name: "Enregistrer" }).click();
  await expect(before.getByText("Enregistré.")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "0-preparer-animation");

  const guest = await device(browser, baseURL);
  await guest.goto("/invitation/23456789ABCDEFGH");
  await expect(guest.getByRole("alert")).toContainText("Ce lien d’invitation n’est plus valable");
  await expectAccessible(guest);
  await picture(guest, "0-invitation-habitant");
  await guest.goto("/invitation/MAL-RECOPIE");
  await expect(guest.getByRole("alert")).toContainText("Ce lien d’invitation n’est plus valable");
  await expect(guest.getByRole("button", { name: "Réessayer" })).toHaveCount(0);
  await guest.context().close();
});
