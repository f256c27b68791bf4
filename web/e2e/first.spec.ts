import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { type Browser, type Page, test as plain, request } from "@playwright/test";
import { startMailbox } from "./mail";
import { drawPoint, mapReady } from "./room";
import { startQuietude } from "./server";
import { expect, expectAccessible, laptop, phone, projector } from "./test";

/** A place in the middle of the Biollay. */
const BIOLLAY = [5.9059, 45.5632];

/** Keeps a picture where QUIETUDE_SHOTS names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.QUIETUDE_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

async function device(browser: Browser, baseURL: string, viewport = phone): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport, locale: "fr-FR" });
  return context.newPage();
}

// A program of its own without any demonstration, as a city starts.
plain("a whole first evening, from an empty database to the compte rendu", async ({ browser }) => {
  plain.setTimeout(600_000);
  const mailbox = await startMailbox();
  const quietude = await startQuietude(false, (address) => ({
    QUIETUDE_BASE_URL: address,
    QUIETUDE_SMTP_URL: mailbox.url,
    QUIETUDE_SMTP_FROM: "Ville <tranquillite@ville.example>",
  }));
  try {
    // ── Residents report, and agree to be invited ────────────────────────────
    const anyone = await request.newContext({ baseURL: quietude.address });
    for (const contact of [
      { nom: "Habitante d’essai", email: "habitante@exemple.example" },
      { nom: "Habitant d’essai", adresse: "1 rue de l’Exemple\n73000 Chambéry" },
      {},
    ]) {
      const sent = await anyone.post("/api/v1/signalements", {
        data: {
          geometry: { type: "Point", coordinates: BIOLLAY },
          theme: "BRU",
          occurred_from: new Date(Date.now() - 24 * 3_600_000).toISOString(),
          ...("nom" in contact ? { contact } : {}),
        },
      });
      expect(sent.status(), await sent.text()).toBe(201);
    }

    // ── The first administrator, by the link that the start prints ───────────
    const link = /\/acces#\S+/.exec(quietude.said())?.[0] ?? "";
    const admin = await device(browser, quietude.address, laptop);
    await admin.goto(link);
    await admin.getByLabel("Votre adresse électronique").fill("admin@essai.invalid");
    await admin.getByLabel("Votre nom").fill("Sam Essai");
    await admin.getByLabel("Mot de passe").fill("quatre mots sans rapport");
    await admin.getByRole("button", { name: "Enregistrer et entrer" }).click();
    await expect(admin).toHaveURL(/\/comptes$/);
    await admin.getByLabel("Nom", { exact: true }).fill("Lou Essai");
    await admin.getByLabel("Adresse", { exact: true }).fill("lou@essai.invalid");
    await admin.getByLabel("Rôle", { exact: true }).selectOption("animateur");
    await admin.getByRole("button", { name: "Créer le compte" }).click();
    const invited = new URL((await admin.locator(".account-secret code").textContent()) ?? "");

    // ── The coordinator prepares an atelier ──────────────────────────────────
    const page = await device(browser, quietude.address, laptop);
    await page.goto(invited.pathname + invited.hash);
    await page.getByLabel("Mot de passe").fill("encore quatre mots ici");
    await page.getByRole("button", { name: "Enregistrer et entrer" }).click();
    await expect(page).toHaveURL(/\/animation$/);
    await expect(page.getByText("Aucun atelier n’est en cours ni à venir")).toBeVisible();
    const one = page.locator(".proposition").filter({ hasText: "Biollay" });
    await expect(one).toContainText("3 signalements");
    await expect(one).toContainText("2 personnes");
    await picture(page, "e0-proposer");
    await one.getByRole("button", { name: /Préparer un atelier/ }).click();
    const today = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris" });
    await page.locator("#f-starts_at").fill(today.format(new Date()));
    await page.locator("#f-lieu").fill("Salle polyvalente");
    await page.locator("#f-tables").fill("2");
    await page.getByRole("button", { name: "Créer l’atelier" }).click();
    await page.waitForURL(/\/animation\/[0-9a-f-]{36}/);
    const id = page.url().split("/").at(-1) ?? "";
    await page.getByRole("button", { name: "Préparer", exact: true }).click();
    const before = page.locator(".room-words[data-view=before]");
    for (const name of ["Cartes des tables", "Plans A3 des tables", "Feuille de présence"]) {
      const href = await before.getByRole("link", { name }).getAttribute("href");
      const file = await page.request.get(href ?? "");
      expect(file.headers()["content-type"], name).toBe("application/pdf");
    }
    // ── Invitations: one by e-mail, one by letter, and their answers ─────────
    await expect(before.getByRole("checkbox")).toHaveCount(2);
    await before.getByRole("button", { name: "Tout choisir" }).click();
    await before.getByRole("button", { name: "Inviter 2 personnes" }).click();
    await expect(before.getByText("0 oui, 0 non, 2 en attente")).toBeVisible();
    const letters = await page.request.get(`/api/v1/ateliers/${id}/lettres.pdf`);
    expect(letters.headers()["content-type"]).toBe("application/pdf");
    const [invitation = ""] =
      /http\S+\/invitation\/\S+/.exec(await mailbox.to("habitante@exemple.example")) ?? [];
    const guest = await device(browser, quietude.address);
    await guest.goto(invitation);
    await expect(guest.getByText("Vous êtes invité·e")).toBeVisible();
    await expectAccessible(guest);
    await guest.getByRole("button", { name: "Oui, je viens" }).click();
    await expect(guest.getByText("nous vous attendons")).toBeVisible();
    await picture(guest, "e0-invitation");
    await guest.context().close();
    await page.reload();
    await page.getByRole("button", { name: "Préparer", exact: true }).click();
    await expect(before.getByText("1 oui, 0 non, 1 en attente")).toBeVisible();
    await expect(before.getByText(/^vient.*Table 1/)).toBeVisible();
    await before.getByLabel("Élus, Présents").fill("2");
    await before.getByRole("button", { name: "Enregistrer" }).click();
    await expect(before.getByText("Enregistré.")).toBeVisible();
    await picture(page, "e0-preparer");

    // ── Welcome: the wall gives the codes, phones type them ──────────────────
    const open = async (step: string) => {
      const next = page.locator(".next-button");
      await expect(next).toHaveText(`Ouvrir l’étape ${step}`);
      await next.click();
      await expect(page.locator(".step.current")).toContainText(step);
    };
    const wall = await page.context().newPage();
    await wall.setViewportSize(projector);
    await wall.goto(`/projection/${id}`);
    await open("Accueil");
    await expect(wall.locator(".wall-code")).toHaveCount(2);
    await picture(wall, "e1-accueil-mur");
    const codes = await wall.locator(".wall-code").allTextContents();
    const residents: Page[] = [];
    for (const code of [codes[0], codes[0], codes[1]]) {
      const resident = await device(browser, quietude.address);
      await resident.goto(`/a/${(code ?? "").replace(/\s/g, "")}`);
      await resident.getByRole("button", { name: /Commencer|Une autre personne/ }).click();
      await mapReady(resident);
      residents.push(resident);
    }
    const [first] = residents as [Page];
    // Eight more of the second table, whose devices speak to the API alone.
    const others: string[] = [];
    for (let i = 0; i < 8; i++) {
      const seat = await anyone.post("/api/v1/join", {
        data: { code: (codes[1] ?? "").replace(/\s/g, ""), secret: randomUUID() },
      });
      expect(seat.status(), await seat.text()).toBe(200);
      others.push(((await seat.json()) as { token: string }).token);
    }
    await picture(first, "e1-accueil-habitant");

    // ── Diagnostic ───────────────────────────────────────────────────────────
    await open("Diagnostic");
    await first.getByLabel("Votre réponse").fill("Le passage est sombre le soir");
    await first.getByRole("button", { name: "Ajouter", exact: true }).click();
    const words = page.locator(".room-words[data-view=diagnostic]");
    await expect(words.locator(".remark")).toContainText("Le passage est sombre le soir");
    await words.getByRole("checkbox", { name: /Choisir : Le passage/ }).check();
    await words.getByRole("button", { name: "Faire un constat" }).click();
    await words.getByLabel("Le constat, en une phrase").fill("Le passage n’est pas éclairé");
    await words.getByRole("button", { name: "Enregistrer le constat" }).click();
    await expect(words.locator("ol.findings > li")).toHaveCount(1);
    await picture(page, "e2-diagnostic");

    // ── Restitution: nothing was reported yet, and the wall says so ──────────
    await open("Restitution");
    const deck = page.locator(".room-words[data-view=restitution]");
    await deck.getByRole("button", { name: /quatre diapositives habituelles/ }).click();
    await deck.getByRole("button", { name: "Suivante" }).click();
    await expect(wall.getByText("Rien à montrer")).toBeVisible();
    await expectAccessible(wall);
    await picture(wall, "e3-restitution-mur");

    // ── Cartography ──────────────────────────────────────────────────────────
    await open("Cartographie");
    for (const resident of residents) await drawPoint(resident, "unsafe", 0, 20);
    for (const token of others) {
      const drawn = await anyone.post(`/api/v1/ateliers/${id}/ops`, {
        headers: { Authorization: `Bearer ${token}` },
        data: {
          ops: [
            {
              id: randomUUID(),
              kind: "add",
              marker: randomUUID(),
              felt: "unsafe",
              geometry: { type: "Point", coordinates: BIOLLAY },
            },
          ],
        },
      });
      expect(drawn.ok(), await drawn.text()).toBe(true);
    }
    await expect(page.locator("main.room")).toHaveAttribute("data-markers", "11");
    await picture(wall, "e4-cartographie-mur");
    await picture(first, "e4-cartographie-habitant");

    // ── Answers, dots, read-through ──────────────────────────────────────────
    await open("Réponses");
    await first.getByRole("button", { name: /^Un point de plus/ }).click();
    const board = page.locator(".room-words[data-view=answers]");
    await board.getByRole("button", { name: /^Répondre : Le passage/ }).click();
    const dialog = page.locator("dialog.evening-dialog");
    await dialog.getByText("Ajouter une organisation").click();
    await dialog.getByLabel("Nom").fill("Éclairage public");
    await dialog.getByRole("button", { name: "Ajouter", exact: true }).click();
    await dialog.getByLabel("En une phrase").fill("Trois lampadaires de plus");
    await dialog.getByLabel("Aux repères auxquels elle répond").check();
    await dialog.getByRole("checkbox", { name: /^Table 1, repère 1/ }).check();
    await picture(page, "e5-reponse");
    await dialog.getByRole("button", { name: "Enregistrer la réponse" }).click();
    await expect(board.getByText("Chaque constat a une réponse.")).toBeVisible();
    await open("Synthèse");
    await expect(wall.getByText("Trois lampadaires de plus").first()).toBeVisible();
    await picture(wall, "e6-synthese-mur");
    await open("Suivi");
    await page.locator(".next-button").click();
    await page.getByRole("button", { name: "Clore définitivement" }).click();
    await expect(page.locator(".hash")).toHaveText(/^[0-9a-f]{64}$/);

    // ── The compte rendu, the same night: one click, once all is read ─────────
    const report = page.locator("animation-report");
    await expect(report.getByText("1 texte n’a pas été lu")).toBeVisible();
    await expect(report.getByText(/^table 1, les troubles/)).toBeVisible();
    const publish = report.getByRole("button", { name: "Publier et distribuer" });
    await expect(publish).toBeDisabled();
    await expectAccessible(page);
    await picture(page, "e7-clos-a-relire");
    await report.getByRole("link", { name: "Lire dans la modération" }).click();
    const card = page.locator(".moderation-card");
    await expect(card).toContainText("Le passage est sombre le soir");
    await card.press("p");
    await expect(page.getByText("Texte publié.")).toBeVisible();
    await page.goto(`/animation/${id}`);
    await publish.click();
    await expect(report.getByText("La carte est celle de l’édition publiée")).toBeVisible();
    await expect(page.getByText("Publiée\u00a0: édition n° 1")).toBeVisible();
    await expect(publish).toHaveCount(0);
    await expectAccessible(page);
    await picture(page, "e7-clos-publie");
    await page.goto(`/api/v1/ateliers/${id}/compte-rendu.html`);
    await expect(page.getByRole("heading", { name: "Ce que la police a présenté" })).toBeVisible();
    await expect(page.getByText("Trois lampadaires de plus").first()).toBeVisible();
    await expect(page.getByText("Le passage est sombre le soir").first()).toBeVisible();
    await expect(page.getByRole("img", { name: /^Carte de l’atelier.*1 endroit/ })).toBeVisible();
    await expectAccessible(page);
    await picture(page, "e8-compte-rendu");
    // Everybody finds the same map on the public page.
    const { editions } = (await (await anyone.get("/api/v1/editions")).json()) as {
      editions: { quartier: string; hexagons: number }[];
    };
    expect(editions).toHaveLength(1);
    // ── Somebody guesses codes: the page says to wait, and keeps the field ────
    for (let i = 0; i < 30; i++) {
      expect((await anyone.get("/a/ZZZZ2222")).status()).toBe(404);
    }
    const guesser = await device(browser, quietude.address);
    expect((await guesser.goto("/a/ZZZZ2222"))?.status()).toBe(429);
    await expect(guesser.getByText("Trop de codes erronés ont été essayés.")).toBeVisible();
    await expect(guesser.getByRole("button", { name: "Réessayer" })).toBeVisible();
    await expect(guesser.getByLabel("Code de la table")).toHaveValue("ZZZZ2222");
    await expectAccessible(guesser);
    await picture(guesser, "e9-trop-de-codes");
    await guesser.context().close();
    await anyone.dispose();
    for (const resident of residents) await resident.context().close();
    await page.context().close();
    await admin.context().close();
  } finally {
    await quietude.stop();
    mailbox.close();
  }
});
