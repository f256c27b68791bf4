import type { Page } from "@playwright/test";
import { asRows, type Counts, hexagones, tableNumbers } from "./city";
import { expect, expectAccessible, laptop, phone, test } from "./test";

/** Share of the pixels of the basemap that are not bare land. */
async function drawnShare(page: Page): Promise<number> {
  return page.evaluate(() => {
    let drawn = 0;
    let all = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(
      ".leaflet-tile-pane canvas",
    )) {
      const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      for (let i = 0; data && i < data.length; i += 4 * 97) {
        all++;
        if (data[i] !== 0xf4 || data[i + 1] !== 0xf2 || data[i + 2] !== 0xec) drawn++;
      }
    }
    return all === 0 ? 0 : drawn / all;
  });
}

/** Pixels that show a hexagon of the whole city. */
async function coloured(page: Page): Promise<number> {
  return page.evaluate(() => {
    let pixels = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(
      ".leaflet-hexagonTiles-pane canvas",
    )) {
      const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      for (let i = 3; data && i < data.length; i += 4) if ((data[i] ?? 0) > 0) pixels++;
    }
    return pixels;
  });
}

/** Waits until every tile of hexagons is drawn, and gives their pixels. */
async function allColoured(page: Page): Promise<number> {
  await expect.poll(() => coloured(page)).toBeGreaterThan(1000);
  const pane = page.locator(".leaflet-hexagonTiles-pane");
  await expect(pane.locator("> .leaflet-layer")).toHaveCount(1);
  await expect(pane.locator(".leaflet-tile:not(.leaflet-tile-loaded)")).toHaveCount(0);
  return coloured(page);
}

test.use({ role: "animateur" });

test.describe("on a laptop", () => {
  test.use({ viewport: laptop });

  test("the city shows its quartiers, its streets and where the data comes from", async ({
    page,
    baseURL,
  }) => {
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== baseURL) {
        foreign.push(request.url());
      }
    });
    await page.goto("/carte");
    await expect(page).toHaveTitle("Quiétude, Chambéry");
    await expect(page.getByText("Données fictives")).toBeVisible();
    const choices = page.getByLabel("Quartier", { exact: true }).getByRole("option");
    await expect(choices).toHaveText([
      "Toute la ville",
      ...(await page.request.get("/api/v1/quartiers").then(async (answer) => {
        const { features } = await answer.json();
        return features.map(
          (one: { properties: { nom_court: string } }) => one.properties.nom_court,
        );
      })),
    ]);
    await expect(page.getByText("© Ville de Chambéry, IGN BD TOPO")).toBeVisible();
    await expect(page.locator(".leaflet-control-scale")).toContainText(/\d+ (m|km)/);
    await expect.poll(() => drawnShare(page)).toBeGreaterThan(0.02);
    expect(foreign).toEqual([]);
  });

  test("a quartier's table holds the numbers of the API, also filtered", async ({ page }) => {
    await page.goto("/carte");
    await page.getByLabel("Quartier", { exact: true }).selectOption("HC");
    await expect(page).toHaveURL(/quartier=HC/);
    const all = await hexagones(page, "HC", "resolution=10");
    expect(all.length).toBeGreaterThan(5);
    await expect.poll(() => tableNumbers(page)).toEqual(asRows(all));

    await page.getByText("Choisir les thèmes et la période").click();
    await page.getByLabel("Nuisances sonores").check();
    await expect(page).toHaveURL(/themes=BRU/);
    const noise = await hexagones(page, "HC", "resolution=10&theme=BRU");
    expect(noise.length).toBeLessThan(all.length);
    await expect.poll(() => tableNumbers(page)).toEqual(asRows(noise));
  });

  test("a filter never moves the classes of the legend", async ({ page }) => {
    await page.goto("/carte?quartier=CE");
    const legend = page.locator("map-legend li");
    await expect(legend).toHaveText(["1 personne", "2", "3–4", "5–7", "8 ou plus"]);
    await page.getByText("Choisir les thèmes et la période").click();
    await page.getByLabel("Dégradations").check();
    await expect(page).toHaveURL(/themes=DEG/);
    await expect(legend).toHaveText(["1 personne", "2", "3–4", "5–7", "8 ou plus"]);
  });

  test("the whole city adds up to its quartiers", async ({ page }) => {
    await page.goto("/carte");
    const rows = page.locator("table.totals tbody tr");
    await expect(rows).toHaveCount(7);
    const quartier = await hexagones(page, "BI", "resolution=10");
    const total = quartier.reduce((sum, one) => sum + one.signalements, 0);
    const row = rows.filter({ hasText: "Bissy" });
    await expect
      .poll(async () => (await row.locator("td").last().textContent())?.replace(/\D/g, ""))
      .toBe(String(total));
  });

  test("the whole city shows hexagons in the colours of the legend", async ({ page }) => {
    await page.goto("/carte?montrer=signalements");
    await expect.poll(() => coloured(page)).toBeGreaterThan(1000);
    await page.goto("/carte?montrer=signalements&du=1990-01-01&au=1990-12-31");
    await expect(page.getByRole("status").filter({ hasText: "Rien à montrer" })).toBeVisible();
    await expect.poll(() => coloured(page)).toBe(0);
  });

  test("hexagons stay until those of another filter are there", async ({ page }) => {
    await page.goto("/carte?montrer=signalements");
    const all = await allColoured(page);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/\/tiles\/hexagones\/.*theme=BRU/, async (route) => {
      await held;
      await route.continue();
    });
    const asked = page.waitForRequest(/\/tiles\/hexagones\/.*theme=BRU/);
    await page.getByText("Choisir les thèmes et la période").click();
    await page.getByLabel("Nuisances sonores").check();
    await asked;
    // Some frames while the answer is on its way.
    await page.evaluate(async () => {
      for (let i = 0; i < 10; i++) await new Promise((next) => requestAnimationFrame(next));
    });
    expect(await coloured(page)).toBe(all);
    release();
    await expect.poll(() => coloured(page)).toBeLessThan(all);
    await expect(page.locator(".leaflet-hexagonTiles-pane > .leaflet-layer")).toHaveCount(1);
    expect(await coloured(page)).toBeGreaterThan(0);
  });

  test("days and hours keep the signalements of that time, and are in the address", async ({
    page,
  }) => {
    await page.goto("/carte?quartier=HC&montrer=signalements");
    await page.getByText("les jours et les heures").click();
    await page.getByRole("checkbox", { name: "Samedi" }).check();
    await page.getByRole("slider", { name: "De", exact: true }).fill("20");
    await page.getByRole("slider", { name: "À", exact: true }).fill("2");
    await expect(page).toHaveURL(/jours=6&heures=20-2/);
    const evening = await hexagones(page, "HC", "resolution=10&days=6&hours=20-23,0-1");
    expect(evening.length).toBeGreaterThan(0);
    expect(evening.length).toBeLessThan((await hexagones(page, "HC", "resolution=10")).length);
    await expect.poll(() => tableNumbers(page)).toEqual(asRows(evening));
    await page.reload();
    await expect(page.getByRole("checkbox", { name: "Samedi" })).toBeChecked();
    await expect.poll(() => tableNumbers(page)).toEqual(asRows(evening));
    await page.getByRole("button", { name: "Tout montrer" }).click();
    await expect(page).not.toHaveURL(/heures/);
    await expectAccessible(page);
  });

  test("a slider that is dragged gives up what it no longer asks, and never empties the map", async ({
    page,
  }) => {
    await page.goto("/carte?montrer=signalements");
    const all = await allColoured(page);
    const legend = page.locator("map-legend li");
    const classes = await legend.allTextContents();
    await page.getByText("les jours et les heures").click();
    // The first hours are held back until the last one has been answered.
    const release: (() => void)[] = [];
    await page.route(/\/tiles\/hexagones\/.*hours=[1-9]-23/, async (route) => {
      await new Promise<void>((resolve) => release.push(resolve));
      await route.continue().catch(() => {});
    });
    const givenUp: string[] = [];
    page.on("requestfailed", (request) => givenUp.push(request.url()));
    // Counts the frames in which the map shows nothing.
    await page.evaluate(() => {
      const state = window as unknown as { emptyFrames: number };
      state.emptyFrames = 0;
      const look = () => {
        const pane = document.querySelector(".leaflet-hexagonTiles-pane");
        const shown = [...(pane?.querySelectorAll<HTMLElement>(".leaflet-layer") ?? [])].some(
          (layer) => layer.querySelector(".leaflet-tile-loaded"),
        );
        if (!shown) state.emptyFrames++;
        requestAnimationFrame(look);
      };
      look();
    });
    const from = page.getByRole("slider", { name: "De", exact: true });
    await from.focus();
    for (let hour = 1; hour <= 4; hour++) {
      const asked = page.waitForRequest(new RegExp(`/tiles/hexagones/.*hours=${hour}-23`));
      await from.press("ArrowRight");
      await asked;
      expect(await legend.allTextContents()).toEqual(classes);
      expect(await coloured(page)).toBe(all);
    }
    await from.fill("18");
    await expect.poll(() => coloured(page)).toBeLessThan(all);
    expect(await coloured(page)).toBeGreaterThan(0);
    expect(await legend.allTextContents()).toEqual(classes);
    for (const hour of [1, 2, 3, 4]) {
      expect(givenUp.some((url) => url.includes(`hours=${hour}-23`))).toBe(true);
    }
    for (const go of release) go();
    await expect(page.locator(".leaflet-hexagonTiles-pane > .leaflet-layer")).toHaveCount(1);
    expect(
      await page.evaluate(() => (window as unknown as { emptyFrames: number }).emptyFrames),
    ).toBe(0);
  });

  test("search finds a street by part of its name and shows it, with the keyboard", async ({
    page,
  }) => {
    await page.goto("/carte");
    const box = page.getByRole("combobox", { name: "Chercher une rue ou un lieu" });
    await box.fill("rue de boigne");
    const option = page.getByRole("option", { name: /Rue de Boigne/ });
    await expect(option).toBeVisible();
    await box.press("ArrowDown");
    await expect(option).toHaveAttribute("aria-selected", "true");
    await expect(box).toHaveAttribute("aria-activedescendant", "street-0");
    await box.press("Enter");
    await expect(box).toHaveValue("Rue de Boigne");
    await expect(page.locator(".map-place")).toBeInViewport();
    await expect(page).toHaveURL(/carte=5\.9\d+,45\.5\d+,1[67]/);
    await box.press("Escape");
    await expect(box).toHaveValue("");
    await expect(page.locator(".map-place")).toHaveCount(0);
  });

  test("an unknown street is said in words", async ({ page }) => {
    await page.goto("/carte");
    await page.getByRole("combobox", { name: "Chercher une rue ou un lieu" }).fill("zzzzqq");
    await expect(page.getByText("Aucun lieu de ce nom")).toBeVisible();
  });

  test("everything is reached with the keyboard: quartier, table, hexagon", async ({ page }) => {
    await page.goto("/carte?quartier=HC");
    const rows = page.locator("hexagon-table .row-button");
    await expect(rows.first()).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Aller aux chiffres" })).toBeFocused();
    await page.keyboard.press("Enter");
    const reached: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(
        () => document.activeElement?.className || document.activeElement?.id || "",
      );
      reached.push(name);
      if (name === "row-button") break;
    }
    expect(reached).toContain("quartier");
    expect(reached).toContain("size");
    expect(reached.at(-1)).toBe("row-button");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/hexagone=8a/);
    const street = await page.locator("tr[aria-current] .row-button").textContent();
    await expect(page.locator(".details h2")).toHaveText(street ?? "");
    await expect(page.locator(".details")).toContainText(/en sécurité ici/);
  });

  test("a column sorts the table, largest first, then smallest", async ({ page }) => {
    await page.goto("/carte?quartier=CE");
    const column = page.locator("hexagon-table tbody td:last-child");
    await expect(column.first()).toBeVisible();
    const values = async () =>
      (await column.allInnerTexts()).map((text) => Number(text.replace(/\D/g, "")));
    await page.getByRole("button", { name: /^Signale/ }).click();
    const down = await values();
    expect(down).toEqual([...down].sort((a, b) => b - a));
    await expect(page.getByRole("columnheader", { name: /^Signale/ })).toHaveAttribute(
      "aria-sort",
      "descending",
    );
    await page.getByRole("button", { name: /^Signale/ }).click();
    const up = await values();
    expect(up).toEqual([...up].sort((a, b) => a - b));
  });

  test("the address brings the view back", async ({ page }) => {
    await page.goto("/carte?quartier=CE&montrer=signalements&taille=9");
    await expect(page.getByLabel("Quartier", { exact: true })).toHaveValue("CE");
    await expect(page.getByRole("radio", { name: "Signalements" })).toBeChecked();
    await expect(page.getByLabel("Taille des hexagones")).toHaveValue("9");
    await page.getByLabel("Quartier", { exact: true }).selectOption("BI");
    await expect(page).toHaveURL(/quartier=BI/);
    await page.goBack();
    await expect(page.getByLabel("Quartier", { exact: true })).toHaveValue("CE");
  });

  test("a failure is said in French and can be tried again", async ({ page }) => {
    let broken = true;
    await page.route("**/hexagones?*", (route) => (broken ? route.abort() : route.continue()));
    await page.goto("/carte?quartier=HC");
    await expect(
      page.getByRole("alert").filter({ hasText: "Le serveur ne répond pas" }),
    ).toBeVisible();
    broken = false;
    await page.getByRole("button", { name: "Réessayer" }).click();
    await expect(page.locator("hexagon-table .row-button").first()).toBeVisible();
  });

  test("choices that match nothing say what will appear and how", async ({ page }) => {
    await page.goto("/carte?quartier=HC&du=1990-01-01&au=1990-12-31");
    await expect(page.getByRole("status").filter({ hasText: "Rien à montrer" })).toBeVisible();
  });

  test("a raster basemap of the server is a choice, with its attribution", async ({ page }) => {
    await page.route("**/carte?*", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(
        'name="quietude-basemap" content=""',
        'name="quietude-basemap" content="/raster/{z}/{x}/{y}.png"',
      );
      await route.fulfill({ response, body });
    });
    const asked: string[] = [];
    await page.route("**/raster/**", (route) => {
      asked.push(new URL(route.request().url()).pathname);
      return route.fulfill({ status: 404 });
    });
    await page.goto("/carte?quartier=CE");
    await page.getByLabel("Plan IGN, par Internet").check();
    await expect(page.getByText("© IGN · © Ville de Chambéry, IGN BD TOPO")).toBeVisible();
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(asked[0]).toMatch(/^\/raster\/\d+\/\d+\/\d+\.png$/);
    await page.getByLabel("Plan de la ville, sans Internet").check();
    await expect(page.getByText("© IGN ·")).toHaveCount(0);
  });

  test("English is a click away and remembered", async ({ page }) => {
    await page.goto("/carte");
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.getByRole("button", { name: "Draw with your table" })).toBeVisible();
    await page.reload();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(page.getByRole("button", { name: "Draw with your table" })).toBeVisible();
  });
});

test("a table's code opens its map; a wrong one is explained", async ({ page }) => {
  await page.goto("/carte");
  await page.getByRole("button", { name: "Dessiner avec votre table" }).click();
  const code = page.getByLabel("Code de la table");
  await expect(code).toBeFocused();
  await code.fill("abc");
  await code.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "8 lettres ou chiffres" })).toBeVisible();
  await code.fill("abcd 2345");
  await code.press("Enter");
  await expect(page).toHaveURL(/\/a\/ABCD2345$/);
});

test("the demo offers fictional ateliers that are open", async ({ page }) => {
  await page.goto("/carte");
  await page.getByRole("button", { name: "Dessiner avec votre table" }).click();
  const tables = page.getByRole("dialog").getByRole("link", { name: /^Table \d$/ });
  await expect(tables.first()).toBeVisible();
  await tables.first().click();
  await expect(page).toHaveURL(/\/a\/[A-Z0-9]{8}$/);
});

for (const [name, viewport] of Object.entries({ phone, laptop })) {
  test.describe(`at the size of a ${name}`, () => {
    test.use({ viewport });

    test("axe finds nothing to say about the city, a quartier and the dialog", async ({ page }) => {
      await page.goto("/carte");
      await expect(
        page.getByRole("status").filter({ hasText: "signalements" }).first(),
      ).toBeAttached();
      await expectAccessible(page);
      await page.goto("/carte?quartier=HC");
      const row = page.locator("hexagon-table .row-button").first();
      await expect(row).toBeAttached();
      if (name === "phone") await page.getByRole("button", { name: "Voir tous les choix" }).click();
      await row.click();
      await expect(page.locator(".details")).toBeVisible();
      await expectAccessible(page);
      if (name === "phone") await page.getByRole("button", { name: "Fermer" }).click();
      await page.getByRole("button", { name: "Dessiner avec votre table" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page);
    });

    test("a tap on a hexagon says in plain French what was said there", async ({ page }) => {
      // The hexagon most spoken of, brought to the middle of the map.
      const answer = await page.request.get("/api/v1/quartiers/HC/hexagones?resolution=9");
      const { features } = (await answer.json()) as {
        features: {
          id: string;
          geometry: { coordinates: [number, number][][] };
          properties: Counts;
        }[];
      };
      const most = features.reduce((a, b) =>
        b.properties.signalements > a.properties.signalements ? b : a,
      );
      const ring = most.geometry.coordinates[0]?.slice(1) ?? [];
      const mean = (axis: 0 | 1) => ring.reduce((sum, at) => sum + at[axis], 0) / ring.length;
      await page.goto(
        `/carte?quartier=HC&taille=9&montrer=signalements&carte=${mean(0).toFixed(5)},${mean(1).toFixed(5)},15`,
      );
      await expect(page.locator("hexagon-table .row-button").first()).toBeAttached();
      await page.locator("#map").click();
      await expect(page).toHaveURL(new RegExp(`hexagone=${most.id}`));
      const said = most.properties.signalements.toLocaleString("fr-FR");
      await expect(page.locator(".details")).toContainText(`${said} signalement`);
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: phone });

  test("the map comes first and nothing is wider than the screen", async ({ page }) => {
    await page.goto("/carte?quartier=CE");
    await expect(page.locator("hexagon-table .row-button").first()).toBeAttached();
    const mapHeight = async () => {
      const panel = await page.locator(".panel").boundingBox();
      const map = await page.locator("#map").boundingBox();
      return (panel?.y ?? 0) - (map?.y ?? 0);
    };
    await expect.poll(mapHeight).toBeGreaterThan(phone.height * 0.4);
    await expect(page.getByText("© Ville de Chambéry, IGN BD TOPO")).toBeInViewport();
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await wide()).toBeLessThanOrEqual(phone.width);
    await page.getByRole("button", { name: "Voir tous les choix" }).click();
    await expect(page.locator("hexagon-table .row-button").first()).toBeVisible();
    const overflow = await page
      .locator(".panel")
      .evaluate((panel) => panel.scrollWidth - panel.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Revenir à la carte" }).click();
    await expect(page.locator("hexagon-table")).toBeHidden();
  });
});
