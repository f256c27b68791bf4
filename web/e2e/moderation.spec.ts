import { createHash, randomUUID } from "node:crypto";
import { drawPoint, evening, sitDown } from "./room";
import { expect, expectAccessible, laptop, phone, test } from "./test";

/** What a reading of points says of itself. */
const why = { Finalite: "diagnostic" };

test.use({ role: "animateur" });

const note = "Karim Benali crie ici, 06 12 34 56 78";

test("a text is held, read with the keyboard, redacted, and hidden everywhere", async ({
  page,
  request,
}) => {
  const sent = await request.post("/api/v1/signalements", {
    data: {
      geometry: { type: "Point", coordinates: [5.9178, 45.5646] },
      theme: "BRU",
      note,
    },
  });
  expect(sent.status()).toBe(201);
  const { id } = await sent.json();
  const listed = async () =>
    JSON.stringify(await (await request.get("/api/v1/signalements", { headers: why })).json());
  expect(await listed()).not.toContain("Karim");

  await page.setViewportSize(laptop);
  await page.goto("/moderation");
  const card = page.locator(".moderation-card");
  await expect(card).toBeVisible();
  // The demo may have texts of its own: go on to ours.
  await card.focus();
  while (!((await card.textContent()) ?? "").includes("Karim Benali")) {
    const at = await page.locator(".moderation-position").textContent();
    await page.keyboard.press("s");
    await expect(page.locator(".moderation-position")).not.toHaveText(at ?? "");
  }
  await expect(card.locator("mark", { hasText: "Karim Benali" })).toContainText("nom");
  await expect(card.locator("mark", { hasText: "06 12 34 56 78" })).toContainText("téléphone");
  await expectAccessible(page);

  await page.keyboard.press("e");
  const reason = page.getByLabel("Motif");
  await expect(reason).toBeFocused();
  await reason.selectOption({ label: "Nom d’une personne" });
  const replacement = page.getByLabel("Texte à montrer", { exact: true });
  await expect(replacement).toHaveValue("[…] crie ici, […]");
  await replacement.fill("Quelqu’un crie ici");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Confirmer" }).click();
  await expect(page.getByText("Texte expurgé publié.")).toBeVisible();
  expect(await listed()).toContain("Quelqu’un crie ici");

  await page.getByRole("button", { name: "Expurgés" }).click();
  await expect(card).toContainText("Quelqu’un crie ici");
  await card.focus();
  await page.keyboard.press("m");
  await page.getByLabel("Motif").selectOption({ label: "Malveillant" });
  await page.getByRole("button", { name: "Confirmer" }).click();
  await expect(page.getByText("Masqué partout.")).toBeVisible();
  expect(await listed()).not.toContain(id);

  await page.getByRole("button", { name: "Masqués" }).click();
  await page.getByRole("button", { name: "Historique" }).click();
  await expect(page.locator(".moderation-history li")).toHaveCount(2);
  await page.getByRole("button", { name: "Montrer de nouveau" }).click();
  await page.getByLabel("Motif").selectOption({ label: "Masqué par erreur" });
  await page.getByRole("button", { name: "Confirmer" }).click();
  await expect(page.getByText("Montré de nouveau.")).toBeVisible();
  expect(await listed()).toContain(id);
});

test("text that looks like HTML stays text", async ({ page, request }) => {
  await request.post("/api/v1/signalements", {
    data: {
      geometry: { type: "Point", coordinates: [5.9178, 45.5646] },
      theme: "BRU",
      note: '<img src=x onerror="document.title=1"> Kevin',
    },
  });
  await page.goto("/moderation");
  const card = page.locator(".moderation-card");
  await card.focus();
  while (!((await card.textContent()) ?? "").includes("onerror")) {
    const at = await page.locator(".moderation-position").textContent();
    await page.keyboard.press("s");
    await expect(page.locator(".moderation-position")).not.toHaveText(at ?? "");
  }
  await expect(card.locator("img")).toHaveCount(0);
  await expect(page).toHaveTitle(/Modération/);
});

for (const [name, size] of Object.entries({ phone, laptop })) {
  test(`the notice on a ${name} says the settings and is accessible`, async ({ page, request }) => {
    const kept = await (await request.get("/api/v1/conservation")).json();
    await page.setViewportSize(size);
    await page.goto("/vie-privee");
    await expect(page.getByRole("row", { name: /Textes libres/ })).toContainText(
      `${kept.text_months} mois`,
    );
    await expectAccessible(page);
    await page.getByRole("link", { name: /effacer ce que j’ai donné/ }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ma contribution");
    await expectAccessible(page);
  });
}

test("a signalement is seen and erased with its receipt", async ({ page, request }) => {
  const sent = await request.post("/api/v1/signalements", {
    data: { geometry: { type: "Point", coordinates: [5.9178, 45.5646] }, theme: "PRO", note },
  });
  const { id, receipt } = await sent.json();
  await page.goto("/ma-contribution");
  const code = page.getByLabel("Code du reçu");
  await code.fill("2345 2345 2345");
  await page.getByRole("button", { name: "Voir mon signalement" }).click();
  await expect(page.getByRole("alert")).toContainText("ne correspond à aucun signalement");
  await code.fill(`${receipt.slice(0, 4)}-${receipt.slice(4)}`.toLowerCase());
  await page.getByRole("button", { name: "Voir mon signalement" }).click();
  await expect(page.getByText(note)).toBeVisible();
  await page.getByRole("button", { name: "Effacer ce signalement" }).click();
  await page.getByRole("button", { name: "Oui, tout effacer" }).click();
  await expect(page.getByText("Tout est effacé.")).toBeVisible();
  const list = await (await request.get("/api/v1/signalements?limit=500", { headers: why })).text();
  expect(list).not.toContain(id);
});

test("a resident erases all that they gave, on every screen", async ({ page, request }) => {
  const room = await evening(request);
  await page.setViewportSize(phone);
  await sitDown(page, room.code(1));
  await drawPoint(page);
  await expect.poll(async () => (await room.snapshot()).markers.length).toBe(1);
  await page.goto("/ma-contribution");
  await expect(page.getByText("1 repère", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Effacer tout ce que j’ai donné" }).click();
  await expect(page.getByRole("button", { name: "Ne rien effacer" })).toBeFocused();
  await page.getByRole("button", { name: "Oui, tout effacer" }).click();
  await expect(page.getByText("Tout est effacé.")).toBeVisible();
  expect((await room.snapshot()).markers).toEqual([]);
  await page.reload();
  await expect(page.getByText(/n’a de place à aucune table/)).toBeVisible();
  await page.goto(`/a/${room.code(1)}`);
  await expect(page.getByRole("button", { name: "Commencer" })).toBeVisible();
});

test("a decision after the end of an evening reaches the screens that are still on", async ({
  page,
  request,
}) => {
  const { ateliers } = await (await request.get("/api/v1/ateliers")).json();
  const { actions } = await (await request.get("/api/v1/actions")).json();
  // Other tests close evenings that nobody answered.
  const room = ateliers.find(
    (one: { id: string; state: string }) =>
      one.state === "closed" && actions.some((a: { atelier?: string }) => a.atelier === one.id),
  );
  const { id, titre } = actions.find((a: { atelier?: string }) => a.atelier === room.id);
  const digest = createHash("sha256").update(titre).digest("hex");
  const decide = async (verdict: string, reason?: string) => {
    const data = {
      id: randomUUID(),
      objet: "action",
      objet_id: id,
      champ: "titre",
      verdict,
      reason,
      digest,
    };
    const answer = await request.post("/api/v1/moderation/decisions", { data });
    expect(answer.status(), await answer.text()).toBe(201);
  };
  await page.setViewportSize(laptop);
  await page.goto(`/animation/${room.id}`);
  await page.getByRole("button", { name: "Réponses", exact: true }).click();
  await expect(page.getByText(titre).first()).toBeVisible();
  await decide("withhold", "accusation");
  await expect(page.getByText("Texte non diffusé").first()).toBeVisible();
  await decide("publish");
  await expect(page.getByText("Texte non diffusé")).toHaveCount(0);
  await expect(page.getByText(titre).first()).toBeVisible();
});
