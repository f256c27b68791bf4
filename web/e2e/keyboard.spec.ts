import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { mapReady } from "./room";
import { expect, expectAccessible, laptop, phone, test } from "./test";

/** Goes to a control with the Tab key alone; of several, to the first that it meets. */
async function reach(page: Page, name: string | RegExp, role: "button" | "textbox" | "checkbox") {
  const all = page.getByRole(role, { name });
  await expect(all.first()).toBeVisible();
  const there = () =>
    all.evaluateAll((elements) => elements.some((one) => one === document.activeElement));
  for (let i = 0; i < 120 && !(await there()); i++) await page.keyboard.press("Tab");
  expect(await there(), `${name} is reached with the Tab key`).toBe(true);
}

/** Presses a control, and looks that the keyboard is still somewhere that can be seen. */
async function press(page: Page, name: string | RegExp, role: "button" | "checkbox" = "button") {
  await reach(page, name, role);
  await page.keyboard.press(role === "checkbox" ? "Space" : "Enter");
  await kept(page);
}

async function kept(page: Page) {
  await expect
    .poll(() =>
      page.evaluate(() => {
        const { activeElement, body } = document;
        return activeElement !== body && activeElement?.matches(":focus-visible");
      }),
    )
    .toBe(true);
}

test.use({ role: "animateur", viewport: laptop });

test("an evening is led and lived with the keyboard alone, which is never lost", async ({
  page,
  browser,
  baseURL,
  request,
}) => {
  test.setTimeout(600_000);
  const id = randomUUID();
  const created = await request.post("/api/v1/ateliers", {
    data: {
      id,
      quartier: "HC",
      titre: "Atelier au clavier",
      starts_at: new Date().toISOString(),
      tables: 2,
    },
  });
  expect(created.status(), await created.text()).toBe(201);
  const { tables } = (await created.json()) as { tables: { code: string }[] };
  await page.goto(`/animation/${id}`);
  await expect(page.locator("main.room")).toHaveAttribute("data-seq", /\d+/);
  const open = async (step: string) => {
    await press(page, `Ouvrir l’étape ${step}`);
    await expect(page.locator(".step.current")).toContainText(step);
    await kept(page);
    await expectAccessible(page);
  };
  await expectAccessible(page);
  await open("Accueil");
  await open("Diagnostic");

  // ── A resident sits down, writes, changes and removes ─────────────────────
  const context = await browser.newContext({
    baseURL: baseURL ?? "",
    viewport: phone,
    locale: "fr-FR",
  });
  const resident = await context.newPage();
  await resident.goto(`/a/${tables[0]?.code ?? ""}`);
  await press(resident, "Commencer");
  await mapReady(resident);
  await kept(resident);
  const write = async (words: string) => {
    await reach(resident, "Votre réponse, en quelques mots", "textbox");
    await resident.keyboard.type(words);
    await press(resident, /^(Ajouter|Enregistrer)$/);
  };
  await write("Le parc est sombre");
  await expect(resident.getByText("C’est ajouté")).toBeVisible();
  await press(resident, /^Modifier/);
  await write(" le soir");
  await expect(resident.locator(".remark")).toHaveCount(1);
  await press(resident, /^Supprimer/);
  await expect(resident.locator(".remark")).toHaveCount(0);
  await kept(resident);
  await write("Le parc est sombre en hiver");
  await press(resident, "Question suivante");
  await expectAccessible(resident);

  // ── It is read and becomes a constat, which gets dots ─────────────────────
  await press(page, /^Choisir : Le parc/, "checkbox");
  await press(page, /^Lu, montrer/);
  await expect(page.getByRole("button", { name: /^Lu, montrer/ })).toHaveCount(0);
  await kept(page);
  await press(page, "Faire un constat");
  await expectAccessible(page);
  await press(page, "Enregistrer le constat");
  await expect(page.locator("ol.findings > li")).toHaveCount(1);
  await kept(page);
  await press(page, /^Modifier : /);
  await press(page, "Annuler");
  await press(resident, "Vos points");
  for (let i = 1; i <= 5; i++) {
    await press(resident, /^Un point de plus/);
    await expect(resident.getByText(`${i} point${i > 1 ? "s" : ""} de vous`)).toBeAttached();
  }
  await expectAccessible(resident);
  await press(page, /^Terminer l’étape/);
  await open("Restitution");
  await open("Cartographie");

  // ── A marker: placed, asked about, looked at, removed, brought back ───────
  await expect(resident.locator(".evening")).toHaveCount(0);
  await kept(resident);
  await press(resident, /pas en sécurité ici/);
  await press(resident, "Placer au centre de la carte");
  await press(resident, "La nuit");
  await press(resident, "Continuer");
  for (let i = 0; i < 4; i++) {
    await expectAccessible(resident);
    await press(resident, "Passer");
  }
  await press(resident, "Mes repères");
  await resident.keyboard.press("Escape");
  await expect(resident.getByRole("button", { name: "Mes repères" })).toBeFocused();
  // The browser gives the focus back a moment before it says that the list is closed.
  await expect(resident.locator("resident-list")).toHaveCount(0);
  await press(resident, "Mes repères");
  await press(resident, /^Supprimer/);
  await resident.keyboard.press("Escape");
  await kept(resident);
  await press(resident, "Annuler");
  await expect(resident.locator(".resident")).toHaveAttribute("data-markers", "1");

  // ── It is seen, hidden, and the constat gets its answer ───────────────────
  await press(page, /Table 1, pas en sécurité/);
  await press(page, "Masquer ce repère");
  await press(page, "Masquer");
  await expect(page.getByRole("button", { name: "Montrer de nouveau" })).toBeVisible();
  await kept(page);
  await open("Réponses");
  await press(page, /^Répondre : /);
  await reach(page, "En une phrase", "textbox");
  await page.keyboard.type("La lampe est changée lundi");
  await press(page, "Enregistrer la réponse");
  await open("Synthèse");
  await open("Suivi");
  await press(page, "Clore l’atelier");
  await press(page, "Clore définitivement");
  await expect(page.locator(".hash")).toHaveText(/^[0-9a-f]{64}$/);
  await kept(page);
  await expectAccessible(page);
  await expect(resident.getByText("Suivre ce qui est fait")).toBeVisible();
  await kept(resident);
  await expectAccessible(resident);
  await context.close();
});
