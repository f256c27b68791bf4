import { mkdir } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { evening } from "./room";
import { expect, expectAccessible, laptop, phone, projector, test } from "./test";

/** Keeps a picture where QUIETUDE_SHOTS names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.QUIETUDE_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

test.use({ viewport: laptop, role: "animateur" });

test("the police's slides are chosen before, and moved on the wall by keyboard and touch", async ({
  page,
  browser,
  baseURL,
  request,
  staff,
}) => {
  test.setTimeout(180_000);
  const { id, animate } = await evening(request);
  // ── Before ───────────────────────────────────────────────────────────────
  await page.goto(`/animation/${id}`);
  await page.getByRole("button", { name: "Restitution", exact: true }).click();
  const view = page.locator(".room-words[data-view=restitution]");
  await view.getByRole("button", { name: "Proposer les quatre diapositives habituelles" }).click();
  const slides = view.locator("ol.deck > li");
  await expect(slides).toHaveCount(4);
  await expect(slides.first()).toContainText("De quoi il s’agit");
  await view.getByLabel("Ce qu’elle montre").selectOption({ label: "Carte des signalements" });
  await expect(view.getByLabel("Thème").locator("option[value=STU]")).toHaveCount(0);
  await view.getByLabel("Moment").selectOption({ label: "la nuit, de 22\u00a0h à 6\u00a0h" });
  await view.getByRole("button", { name: "Ajouter", exact: true }).click();
  await expect(slides).toHaveCount(5);
  await expect(slides.last()).toContainText("la nuit");
  // The map goes first, by the keyboard.
  await view
    .getByRole("button", { name: "Monter : Où la Ville a reçu des signalements", exact: true })
    .press("Enter");
  await expect(slides.first()).toContainText("Où la Ville a reçu des signalements");
  await view.getByRole("button", { name: "Retirer : Mois par mois" }).click();
  await expect(slides).toHaveCount(4);
  await view.getByRole("button", { name: "Regarder : Quels jours" }).click();
  await expect(view.locator(".deck-preview table.slide-week")).toBeVisible();
  await expect(view.locator(".deck-preview")).toContainText("au moins");
  await expectAccessible(page);
  await picture(page, "3-restitution-preparer");
  await expect(view.getByRole("button", { name: "Suivante" })).toBeDisabled();

  // ── On the wall ──────────────────────────────────────────────────────────
  const context = await browser.newContext({
    baseURL: baseURL ?? "",
    viewport: projector,
    locale: "fr-FR",
  });
  const wall = await context.newPage();
  await staff.signIn(context, "animateur");
  await wall.goto(`/projection/${id}`);
  await animate({ kind: "step", step: 3, minutes: 15 });
  const slide = wall.locator(".wall-slide");
  await expect(slide).toHaveAttribute("data-slide", "0");
  await expect(slide.locator("li")).toHaveCount(4);
  await expectAccessible(wall);
  await picture(wall, "3-restitution-0-projection");

  await page.locator("h1").click();
  await page.keyboard.press("ArrowRight");
  await expect(slide).toHaveAttribute("data-slide", "1");
  await expect(wall.locator("slide-words")).toContainText("enregistré ≠ commis");
  await expect(wall.locator("slide-words")).toContainText("signalements reçus par la Ville");
  await expectAccessible(wall);
  await picture(wall, "3-restitution-1-projection");
  // The wall's own keyboard, and its remote control.
  await wall.keyboard.press("PageDown");
  await expect(slide).toHaveAttribute("data-slide", "2");
  // The longest bar is seen: what a policy forbids is not drawn, and no error says so.
  const bar = wall.locator(".slide-bar").first();
  await expect.poll(async () => (await bar.boundingBox())?.width).toBeGreaterThan(300);
  await expect(view.getByText("Diapositive 2 sur 4")).toBeVisible();
  await expectAccessible(wall);
  await picture(wall, "3-restitution-2-projection");
  await view.getByRole("button", { name: "Suivante" }).click();
  await expect(slide).toHaveAttribute("data-slide", "3");
  await expect(wall.locator(".slide-week tbody tr")).toHaveCount(7);
  await expectAccessible(wall);
  await picture(wall, "3-restitution-3-projection");
  await picture(page, "3-restitution-animation");
  await expectAccessible(page);
  await view.getByRole("button", { name: /Montrer au mur : .*la nuit/ }).click();
  await expect(slide).toHaveAttribute("data-slide", "4");
  await expect(wall.locator("slide-words")).toContainText("Un lieu sans couleur");
  await picture(wall, "3-restitution-4-projection");
  await expect(view.getByRole("button", { name: "Suivante" })).toBeDisabled();
  // A key that asks for the map gets it; the automatic wall comes back to the slides.
  await wall.keyboard.press("m");
  await expect(slide).toHaveCount(0);
  await wall.keyboard.press("a");
  await expect(slide).toHaveAttribute("data-slide", "4");

  // What is beyond chance, and a surface made of the map's numbers.
  for (const [kind, name] of [
    ["Lieux au-delà du hasard", "lieux"],
    ["Densité", "densite"],
  ] as const) {
    await view.getByLabel("Ce qu’elle montre").selectOption({ label: kind });
    await expect(view.getByLabel("Thème").locator("option[value=STU]")).toHaveCount(0);
    await view.getByRole("button", { name: "Ajouter", exact: true }).click();
    await expect(slides.last()).toContainText(kind);
    await slides
      .last()
      .getByRole("button", { name: /Montrer au mur/ })
      .click();
    await expect(slide).toHaveAttribute("data-slide", `${await slides.count()}`);
    await expectAccessible(wall);
    await picture(wall, `3-restitution-${name}-projection`);
  }
  await expect(wall.locator(".wall-map img.leaflet-image-layer")).toBeVisible();
  await expect(wall.locator(".map-place-number")).toHaveCount(0);
  await slides
    .nth(4)
    .getByRole("button", { name: /Montrer au mur/ })
    .click();
  await expect(wall.locator("slide-words .slide-places li").first()).toContainText(/Près d/);
  await expect(wall.locator(".map-place-number").first()).toHaveText("1");
  for (const [at, name] of [
    [4, "lieux"],
    [5, "densite"],
  ] as const) {
    await slides
      .nth(at)
      .getByRole("button", { name: /Regarder/ })
      .click();
    await expect(view.locator(".deck-preview svg.slide-map")).toBeVisible();
    await expectAccessible(page);
    await view.locator(".deck-preview").scrollIntoViewIfNeeded();
    await picture(page, `3-restitution-${name}-apercu`);
  }

  await page.setViewportSize(phone);
  await expectAccessible(page);
  await picture(page, "3-restitution-animation-telephone");
  await context.close();
});

test("a slide that stands on the wall is counted again when signalements are hidden", async ({
  page: wall,
  request,
}) => {
  test.setTimeout(120_000);
  const { id, animate } = await evening(request);
  const sent = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const answer = await request.post("/api/v1/signalements", {
        data: { geometry: { type: "Point", coordinates: [5.9222, 45.5904] }, theme: "VIO" },
      });
      expect(answer.status(), await answer.text()).toBe(201);
      return ((await answer.json()) as { id: string }).id;
    }),
  );
  const decide = async (verdict: string, reason: string) => {
    for (const objet_id of sent) {
      const data = { id: crypto.randomUUID(), objet: "signalement", objet_id, verdict, reason };
      const answer = await request.post("/api/v1/moderation/decisions", { data });
      expect(answer.status(), await answer.text()).toBe(201);
    }
  };
  const from = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const path = `/api/v1/ateliers/${id}/restitution`;
  const slides = [{ kind: "themes", from }];
  expect((await request.put(path, { data: { base: 0, slides } })).ok()).toBe(true);
  await animate({ kind: "step", step: 3, minutes: 15 });
  expect((await request.post(`${path}/montree`, { data: { version: 1, rang: 1 } })).ok()).toBe(
    true,
  );
  await wall.setViewportSize(projector);
  await wall.goto(`/projection/${id}`);
  const row = wall.getByRole("rowheader", { name: "Atteintes aux personnes" });
  await expect(row).toBeVisible();
  await decide("hide", "duplicate");
  await expect(row).toHaveCount(0);
  await expect(wall.locator(".wall-slide")).toHaveAttribute("data-slide", "1");
  await decide("restore", "mistake");
  await expect(row).toBeVisible();
});

test.describe("as the police", () => {
  test.use({ role: "police" });

  test("the slides of an evening to come are chosen and looked at beforehand", async ({
    page,
    request,
    staff,
  }) => {
    const { id } = await evening(request);
    await page.goto("/police");
    await page.getByText("Pages", { exact: true }).click();
    await page.getByRole("link", { name: "Préparer la restitution" }).click();
    await expect(page.getByRole("heading", { name: "Restitution", level: 1 })).toBeVisible();
    await expectAccessible(page);
    await picture(page, "3-restitution-police-liste");
    await page.locator(`a[href="/restitution/${id}"]`).click();
    await page
      .getByRole("button", { name: "Proposer les quatre diapositives habituelles" })
      .click();
    const slides = page.locator("ol.deck > li");
    await expect(slides).toHaveCount(4);
    await page.getByRole("button", { name: "Regarder : Où la Ville a reçu" }).click();
    await expect(page.locator(".deck-preview svg.slide-map")).toBeVisible();
    // The wall is moved by who leads the evening.
    await expect(page.locator(".deck-wall")).toHaveCount(0);
    await expectAccessible(page);
    await picture(page, "3-restitution-police");
    await page.setViewportSize(phone);
    await expectAccessible(page);
    await picture(page, "3-restitution-police-telephone");

    // Whoever leads the evening finds them, and changes one: the police is told so.
    const { version } = await (await request.get(`/api/v1/ateliers/${id}/restitution`)).json();
    const changed = await request.put(`/api/v1/ateliers/${id}/restitution`, {
      data: { base: version, slides: [{ kind: "themes" }] },
    });
    expect(changed.ok(), await changed.text()).toBe(true);
    await page.getByRole("button", { name: "Retirer : Mois par mois" }).click();
    await expect(page.getByText("Quelqu’un d’autre a changé les diapositives")).toBeVisible();
    await expect(slides).toHaveCount(1);

    await page.goto(`/restitution/${crypto.randomUUID()}`);
    await expect(page.getByText("Cet atelier n’existe pas")).toBeVisible();
    await staff.signIn(page.context(), "analyste");
    await page.goto("/restitution");
    await expect(page.getByRole("heading", { name: /réservée à un autre rôle/ })).toBeVisible();
  });
});
