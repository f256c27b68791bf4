import { readFile } from "node:fs/promises";
import { expect, expectAccessible, laptop, phone, projector, test, wordsOn } from "./test";

test.use({ role: "analyste" });

/** The quartier of the demo that has two past ateliers. */
async function twice(request: import("@playwright/test").APIRequestContext): Promise<string> {
  const { ateliers } = await (await request.get("/api/v1/ateliers")).json();
  const closed = (ateliers as { quartier: string; state: string }[])
    .filter((one) => one.state === "closed")
    .map((one) => one.quartier);
  const found = closed.find((code, i) => closed.indexOf(code) !== i);
  expect(found, "a quartier with two past ateliers").toBeTruthy();
  return found ?? "";
}

const ready = async (page: import("@playwright/test").Page) => {
  // Nothing works yet on a page that has not begun.
  await expect(page.locator(".figure").first()).toBeVisible();
  await expect(page.locator(".working")).toHaveCount(0, { timeout: 60_000 });
};

test.describe("on a laptop", () => {
  test.use({ viewport: laptop });

  test("an address of no quartier says so, with the way to all of them", async ({ page }) => {
    await page.goto("/quartiers/XX");
    await expect(page.getByRole("alert")).toContainText("Ce quartier n’existe pas");
    await expect(page.getByRole("link", { name: "Tous les quartiers" })).toBeVisible();
    await expectAccessible(page);
  });

  test("quartiers stand side by side with n, interval and how to read them", async ({ page }) => {
    await page.goto("/quartiers");
    const rates = page.locator(".figure", {
      has: page.getByRole("heading", { name: "Les quartiers côte à côte" }),
    });
    await expect(rates.locator("svg.chart")).toBeVisible();
    await ready(page);
    await expect(rates).toContainText("Comment lire");
    await rates.getByText("Les mêmes chiffres en tableau").click();
    await expect(rates.getByRole("row")).toHaveCount(8);
    await expect(page.getByRole("heading", { name: /entonnoir/ })).toBeVisible();
    await expectAccessible(page);

    // The keyboard chooses; the address follows and says it all.
    const box = page.getByRole("checkbox", { name: "Biollay" });
    await box.focus();
    await page.keyboard.press("Space");
    await expect(page).toHaveURL(/quartiers=[A-Z,]*BO/);
    await ready(page);
    await page.getByLabel("Comparer par").selectOption("signalements");
    await expect(page.getByText("Aucun chiffre n’est estimé ici.")).toBeVisible();
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await expect(page.getByRole("checkbox", { name: "Biollay" })).toBeChecked();
    await expect(page.getByLabel("Comparer par")).toHaveValue("signalements");
    await expect(page.getByText("Aucun chiffre n’est estimé ici.")).toBeVisible();
  });

  test("one quartier: maps on one scale, what changed, and a link that shows the same", async ({
    page,
    request,
  }) => {
    const code = await twice(request);
    await page.goto(`/quartiers/${code}`);
    const change = page.locator(".figure", {
      has: page.getByRole("heading", { name: "Cela a-t-il changé ?" }),
    });
    await expect(
      change.getByText(/hexagone est moins nommé|hexagones sont moins nommés/),
    ).toBeVisible();
    await expect(change.getByText(/Ce que ces nombres pouvaient montrer/)).toBeVisible();
    await ready(page);
    const maps = page.locator(".figure", {
      has: page.getByRole("heading", { name: "La même carte, d’une fois à l’autre" }),
    });
    // One map for each evening that has been opened, at whatever hour this runs.
    const { ateliers } = await (await request.get("/api/v1/ateliers")).json();
    const opened = (ateliers as { quartier: string; state: string }[]).filter(
      (one) => one.quartier === code && one.state !== "prepared",
    );
    expect(opened.length).toBeGreaterThan(1);
    await expect(maps.locator(".panel-figure svg.chart")).toHaveCount(opened.length);
    await expectAccessible(page);

    await maps.getByLabel("Montrer").selectOption("signalements");
    await expect(maps.getByRole("heading", { name: /^année 20/ }).first()).toBeVisible();
    await change.locator("#measure").selectOption("signalements");
    await ready(page);
    const sentence = await change.locator(".figure-said").textContent();
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await expect(change.locator(".figure-said")).toHaveText(sentence ?? "");
    await expect(maps.getByLabel("Montrer")).toHaveValue("signalements");
  });

  test("before and after at a place says when there is no conclusion", async ({
    page,
    request,
  }) => {
    const code = await twice(request);
    await page.goto(`/quartiers/${code}`);
    await ready(page);
    const zone = page.locator(".zone-choice");
    await zone.getByText("Choisir dans la liste").click();
    const first = zone.getByRole("checkbox").first();
    await first.focus();
    await page.keyboard.press("Space");
    await expect(zone.getByText("1 hexagone choisi", { exact: false })).toBeVisible();
    const lastYear = new Date().getFullYear() - 1;
    const day = zone.getByRole("textbox", { name: "À partir du" });
    await day.fill(`01/06/${lastYear}`);
    await day.press("Tab");
    await expect(
      page.getByText(
        /Pas de conclusion\s: (le rapport de la zone|il y a trop peu)|[Pp]ar rapport au reste du quartier|rien à comparer/,
      ),
    ).toBeVisible();
    await expect(page).toHaveURL(/zone=8.*date=/);
  });

  test("every export opens, and says what it rests on", async ({ page, request }) => {
    const code = await twice(request);
    await page.goto(`/quartiers/${code}`);
    await ready(page);
    const maps = page.locator(".figure", {
      has: page.getByRole("heading", { name: "La même carte, d’une fois à l’autre" }),
    });
    const saved = async (name: string) => {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        maps.getByText(name, { exact: true }).click(),
      ]);
      return readFile(await file.path());
    };
    const svg = (await saved("Image SVG")).toString();
    expect(svg).toContain("<svg");
    for (const said of ["Source", "données fictives", "n = ", "Période", "Établi le"]) {
      expect(wordsOn(svg)).toContain(said);
    }
    expect(svg).not.toContain("<!--");
    const png = await saved("Image PNG");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    // Drawn at twice the size: more than a white sheet.
    expect(png.length).toBeGreaterThan(20_000);
    const csv = (await saved("Tableau CSV")).toString();
    expect(csv.split("\n")[0]).toContain("source,periode,n,reserve,etabli_le");
    const xlsx = await saved("Classeur XLSX");
    expect(xlsx.subarray(0, 2).toString()).toBe("PK");
    const map = JSON.parse((await saved("Carte GeoJSON")).toString());
    expect(map.contexte.source).toContain("données fictives");
    expect(map.features.length).toBeGreaterThan(5);
  });
});

for (const [name, viewport] of Object.entries({ phone, projector })) {
  test(`nothing is wider than the screen of a ${name}`, async ({ page, request }) => {
    await page.setViewportSize(viewport);
    for (const path of ["/quartiers", `/quartiers/${await twice(request)}`]) {
      await page.goto(path);
      await expect(page.locator("svg.chart").first()).toBeVisible();
      await ready(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
      await expectAccessible(page);
    }
  });
}
