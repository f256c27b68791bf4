import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { evening, reach } from "./room";
import { expect, expectAccessible, laptop, phone, test } from "./test";

test.use({ viewport: laptop, role: "animateur" });

const constats = [
  "Le passage est sombre",
  "Des deux-roues sur le trottoir",
  "Le hall est occupé tard",
  "Des encombrants sous le porche",
];

/** An evening at its answers, with its constats and an organisation. */
async function answering(request: APIRequestContext) {
  const room = await evening(request);
  await room.animate({ kind: "step", step: 5, minutes: 20 });
  for (const [i, titre] of constats.entries()) {
    const put = await request.put(`/api/v1/ateliers/${room.id}/findings/${randomUUID()}`, {
      data: { base: 0, rang: i + 1, titre },
    });
    expect(put.status(), await put.text()).toBe(201);
  }
  const pilote = `Bailleur ${randomUUID().slice(0, 4)}`;
  const organisation = await request.put(`/api/v1/organisations/${randomUUID()}`, {
    data: { nom: pilote, kind: "bailleur" },
  });
  expect(organisation.status()).toBe(200);
  return { ...room, pilote };
}

/** Goes through a select that has the focus, down to a choice. */
async function pick(page: Page, select: Locator, words: string): Promise<void> {
  const chosen = select.locator("option:checked");
  await page.keyboard.press("Home");
  for (let i = 0; i < 40 && (await chosen.textContent())?.trim() !== words; i++)
    await page.keyboard.press("ArrowDown");
  await expect(chosen).toHaveText(words);
}

async function openBoard(page: Page, id: string): Promise<void> {
  await page.goto(`/animation/${id}`);
  await expect(page.locator("main.room")).toHaveAttribute("data-seq", /\d+/);
}

test("the authorities answer with the keyboard alone, and the focus stays where they are", async ({
  page,
  request,
}) => {
  test.setTimeout(120_000);
  const { id, pilote } = await answering(request);
  await openBoard(page, id);
  const { keyboard } = page;
  const tab = page.getByRole("button", { name: "Réponses", exact: true });
  await reach(page, tab);
  await keyboard.press("Enter");
  const board = page.locator(".room-words[data-view=answers]");
  const answer = (i: number) => board.getByRole("button", { name: `Répondre : ${constats[i]}` });
  const dialog = (i: number) => page.getByRole("dialog", { name: constats[i] ?? "" });
  const write = async (label: string, words: string) => {
    await reach(page, page.getByRole("dialog").getByLabel(label, { exact: true }));
    await keyboard.type(words);
  };
  const choose = async (label: string, words: string) => {
    const select = page.getByRole("dialog").getByRole("combobox", { name: label });
    await reach(page, select);
    await pick(page, select, words);
  };
  const keep = async () => {
    await reach(page, page.getByRole("button", { name: "Enregistrer la réponse" }));
    await keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  };

  // Nothing is written when it is left, and the focus is back.
  await reach(page, answer(0));
  await keyboard.press("Enter");
  await expect(dialog(0).getByRole("radio", { name: "Une action" })).toBeFocused();
  await keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(answer(0)).toBeFocused();

  // An action, with who pilots it and for when.
  await keyboard.press("Enter");
  await write("En une phrase", "Remplacer trois lampadaires");
  await choose("Type", "Services techniques");
  await choose("Qui pilote", pilote);
  await write("Échéance", "30/06/2027");
  await keep();
  await expect(board.getByText(`piloté par ${pilote}`)).toBeVisible();
  await expect(answer(0)).toBeFocused();

  // A refusal, whose reason cannot be left out.
  await keyboard.press("ArrowDown");
  await expect(answer(1)).toBeFocused();
  await keyboard.press("Enter");
  for (let i = 0; i < 3; i++) await keyboard.press("ArrowDown");
  await expect(dialog(1).getByLabel("Nous ne pouvons pas")).toBeChecked();
  await write("En une phrase", "Pas de barrières ici");
  await keyboard.press("Enter");
  await expect(dialog(1)).toBeVisible();
  await write("Pourquoi", "Les poussettes et les fauteuils doivent passer.");
  await keep();
  await expect(board.getByText("Les poussettes et les fauteuils doivent passer.")).toBeVisible();
  await expect(answer(1)).toBeFocused();

  // A transmission, and what is done already.
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  for (let i = 0; i < 2; i++) await keyboard.press("ArrowDown");
  await expect(dialog(2).getByLabel("Nous transmettons")).toBeChecked();
  await write("En une phrase", "Le hall est au bailleur");
  await choose("Transmis à", pilote);
  await write("Pourquoi", "Les parties communes sont à lui.");
  await keep();
  await keyboard.press("ArrowDown");
  await expect(answer(3)).toBeFocused();
  await keyboard.press("Enter");
  await keyboard.press("ArrowDown");
  await write("En une phrase", "Enlèvement demandé hier");
  await write("Ce qui a été fait", "Passage de la propreté ce matin.");
  await keep();
  await expect(board.getByRole("status")).toHaveText("Chaque constat a une réponse.");
  await expect(answer(3)).toBeFocused();

  // What was answered goes on; an end leaves the focus on its constat.
  for (let i = 0; i < 3; i++) await keyboard.press("ArrowUp");
  await expect(answer(0)).toBeFocused();
  const change = board.getByRole("button", {
    name: "Changer l’état : Remplacer trois lampadaires",
  });
  await keyboard.press("Shift+Tab");
  await expect(change).toBeFocused();
  await keyboard.press("Enter");
  await choose("Où en est-on ?", "réalisé");
  await write("Ce qui a été fait", "Trois lampadaires changés");
  await keep();
  await expect(board.getByText("Trois lampadaires changés")).toBeVisible();
  await expect(board.locator(".finding").first()).toContainText("réalisé");
  expect(
    await board
      .locator(".finding")
      .first()
      .evaluate((element) => element.contains(document.activeElement)),
  ).toBe(true);
  await expectAccessible(page);
  const folder = process.env.QUIETUDE_SHOTS;
  if (folder) {
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/answers-keyboard.png`, fullPage: true });
  }
});

test("an answer that is refused stays in the dialog, and a missing pilote is added there", async ({
  page,
  request,
}) => {
  const { id } = await answering(request);
  await openBoard(page, id);
  await page.getByRole("button", { name: "Réponses", exact: true }).click();
  const board = page.locator(".room-words[data-view=answers]");
  await board.getByRole("button", { name: `Répondre : ${constats[0]}` }).click();
  const dialog = page.getByRole("dialog", { name: constats[0] ?? "" });
  await dialog.getByLabel("En une phrase").fill("Remplacer trois lampadaires");

  // Who pilots is missing: added under the choice, by Enter, and chosen.
  await dialog.getByText("Ajouter une organisation").click();
  const nom = `Éclairage ${randomUUID().slice(0, 4)}`;
  await dialog.getByLabel("Nom").fill(nom);
  await dialog.getByLabel("Nom").press("Enter");
  const pilote = dialog.getByRole("combobox", { name: "Qui pilote" });
  await expect(pilote.locator("option:checked")).toHaveText(nom);
  await expect(pilote).toBeFocused();
  await expect(dialog.getByLabel("Nom")).toBeHidden();
  // The same name again is refused where it was typed.
  await dialog.getByText("Ajouter une organisation").click();
  await dialog.getByLabel("Nom").fill(nom);
  await dialog.getByRole("button", { name: "Ajouter", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("porte déjà ce nom");
  await expect(dialog.getByLabel("Nom")).toHaveValue(nom);
  await expectAccessible(page);
  const folder = process.env.QUIETUDE_SHOTS;
  for (const [size, viewport] of Object.entries({ laptop, phone })) {
    if (!folder) break;
    await mkdir(folder, { recursive: true });
    await page.setViewportSize(viewport);
    await dialog.getByLabel("Nom").scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${folder}/answers-organisation-${size}.png` });
  }
  await page.setViewportSize(laptop);

  // The network is away: what was typed stays, and is kept once it is back.
  let cut = 0;
  const actions = "**/api/v1/actions?*";
  await page.route(actions, (route) => {
    if (route.request().method() !== "POST") return route.continue();
    cut++;
    return route.abort();
  });
  const save = dialog.getByRole("button", { name: "Enregistrer la réponse" });
  await save.click();
  await expect.poll(() => cut).toBe(1);
  await expect(save).toHaveAttribute("aria-busy", "false");
  await expect(dialog.getByRole("alert")).toHaveCount(2); // the name above, and this
  await expect(dialog.getByLabel("En une phrase")).toHaveValue("Remplacer trois lampadaires");
  await page.unroute(actions);
  await save.click();
  await expect(dialog).toHaveCount(0);
  await expect(board.getByText(`piloté par ${nom}`)).toBeVisible();
});

test.describe("by touch", () => {
  test.use({ hasTouch: true, viewport: { width: 820, height: 1180 } });

  test("a constat is answered with a finger", async ({ page, request }) => {
    const { id, pilote } = await answering(request);
    await openBoard(page, id);
    await page.getByRole("button", { name: "Réponses", exact: true }).tap();
    const board = page.locator(".room-words[data-view=answers]");
    await board.getByRole("button", { name: `Répondre : ${constats[0]}` }).tap();
    const dialog = page.getByRole("dialog", { name: constats[0] ?? "" });
    await dialog.getByText("Nous transmettons").tap();
    await dialog.getByLabel("En une phrase").fill("Le passage est au bailleur");
    await dialog.getByLabel("Transmis à").selectOption({ label: pilote });
    await dialog.getByLabel("Pourquoi").fill("Il lui appartient.");
    for (const button of await dialog.getByRole("button").all()) {
      const box = await button.boundingBox();
      if (box) expect(box.height, (await button.textContent()) ?? "").toBeGreaterThanOrEqual(44);
    }
    await dialog.getByRole("button", { name: "Enregistrer la réponse" }).tap();
    await expect(board.getByText("Il lui appartient.")).toBeVisible();
    await expectAccessible(page);
  });
});

test("in the ledger, history and proof are reached with the keyboard, and dialogs give the focus back", async ({
  page,
  request,
}) => {
  const titre = "Réparer la porte du hall";
  const pilote = randomUUID();
  await request.put(`/api/v1/organisations/${pilote}`, {
    data: { nom: `Service ${pilote.slice(0, 4)}`, kind: "ville" },
  });
  const added = await request.post("/api/v1/actions", {
    data: {
      id: randomUUID(),
      quartier: "BE",
      code: "BAI",
      titre,
      pilote,
      event: { id: randomUUID(), state: "planned" },
    },
  });
  expect(added.status()).toBe(201);
  await page.goto(`/actions?pilote=${pilote}&etat=planned`);
  const { keyboard } = page;
  const card = page.locator(".ledger-action").filter({ hasText: titre });
  const history = card.locator("summary");
  await expect(history).toBeVisible();
  await reach(page, history);
  await keyboard.press("Enter");
  await expect(card.locator(".ledger-history li")).toHaveCount(1);
  await expect(history).toBeFocused();

  for (const name of [
    `Changer l’état : ${titre}`,
    `Modifier : ${titre}`,
    `Suivi public : ${titre}`,
  ]) {
    const opener = page.getByRole("button", { name });
    await reach(page, opener);
    await keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toBeVisible();
    await expect(page.getByRole("dialog").locator(":focus")).toHaveCount(1);
    await keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(opener, name).toBeFocused();
  }

  await page.goto(`/actions?pilote=${pilote}`);
  await reach(page, page.getByRole("button", { name: `Changer l’état : ${titre}` }));
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await reach(page, dialog.getByLabel("Où en est-on ?"));
  await pick(page, dialog.getByLabel("Où en est-on ?"), "réalisé");
  await reach(page, dialog.getByLabel("Ce qui a été fait"));
  await keyboard.type("Porte changée le 3");
  await reach(page, dialog.getByRole("button", { name: "Enregistrer" }));
  await keyboard.press("Enter");
  await expect(card).toContainText("Porte changée le 3");
  expect(await card.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await reach(page, card.locator("summary"));
  await keyboard.press("Enter");
  await expect(card.locator(".ledger-history li")).toHaveCount(2);
  await expect(card.locator(".ledger-history")).toContainText("Porte changée le 3");

  // An action that leaves the choice: the keyboard goes on at the list.
  await page.goto(`/actions?pilote=${pilote}&etat=done`);
  await reach(page, page.getByRole("button", { name: `Changer l’état : ${titre}` }));
  await keyboard.press("Enter");
  await reach(page, dialog.getByLabel("Pourquoi"));
  await keyboard.type("La porte est de nouveau cassée.");
  await reach(page, dialog.getByRole("button", { name: "Enregistrer" }));
  await keyboard.press("Enter");
  await expect(page.getByText("Aucune action ne correspond à ce choix.")).toBeFocused();
});
