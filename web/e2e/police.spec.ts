import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, laptop, phone, projector, test, wordsOn } from "./test";

interface View {
  n: number;
  strip: number[][];
  months: { month: string; n: number }[];
  themes: { theme: string; n: number }[];
}

/** What the API says, with the session of the page. */
async function view(page: Page, query = ""): Promise<View> {
  const answer = await page.request.get(`/api/v1/statistiques/vue?${query}`);
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as View;
}

const digits = (text: string | null) => Number((text ?? "").replace(/\D/g, ""));

/** The number of signalements that the page says it counts. */
const counted = (page: Page) =>
  page
    .locator(".police-said [role=status]")
    .textContent()
    .then((text) => digits((text ?? "").split("signalement")[0] ?? ""));

for (const [screen, viewport] of [
  ["laptop", laptop],
  ["projector", projector],
] as const) {
  test.describe(`the maps, on a ${screen}`, () => {
    test.use({ role: "police", viewport });

    test("the city fills its map, and a link keeps where it was moved", async ({ page }) => {
      await page.goto("/police");
      await expect.poll(() => counted(page)).toBeGreaterThan(0);
      const map = page.locator("#map-0");
      const zoomNow = () => Number(new URL(page.url()).searchParams.get("carte")?.split(",")[2]);
      await expect(page).not.toHaveURL(/carte=/); // nobody has moved it
      await map.focus();
      await page.keyboard.press("ArrowRight");
      await expect(page).toHaveURL(/carte=/);
      const zoom = zoomNow();
      const { features } = await (await page.request.get("/api/v1/quartiers")).json();
      const corners: [number, number][] = features.flatMap(
        (one: { geometry: { coordinates: [number, number][][][] } }) =>
          one.geometry.coordinates.flat(2),
      );
      const pixels = (at: [number, number]) => {
        const north = Math.log(Math.tan(Math.PI / 4 + (at[1] * Math.PI) / 360)) / (2 * Math.PI);
        return [256 * 2 ** zoom * (at[0] / 360), 256 * 2 ** zoom * north] as const;
      };
      const reach = (axis: 0 | 1) => {
        const all = corners.map((at) => pixels(at)[axis]);
        return Math.max(...all) - Math.min(...all);
      };
      const box = await map.boundingBox();
      if (!box) throw new Error("the map has no place");
      const filled = Math.max(reach(0) / box.width, reach(1) / box.height);
      expect(filled).toBeGreaterThan(0.9);
      expect(filled).toBeLessThanOrEqual(1);

      await page.reload();
      await expect.poll(() => counted(page)).toBeGreaterThan(0);
      await map.focus();
      await page.keyboard.press("ArrowDown");
      await expect.poll(zoomNow).toBe(zoom);
    });

    test("side by side, both maps show the same piece of the city", async ({ page }) => {
      await page.goto("/police?montrer=cote");
      await expect.poll(() => counted(page)).toBeGreaterThan(0);
      const names = (i: number) =>
        page.locator(`#map-${i}`).evaluate((map) => {
          const box = map.getBoundingClientRect();
          return [...map.querySelectorAll(".map-quartier-name")].map((name) => {
            const at = name.getBoundingClientRect();
            return [Math.round(at.left - box.left), Math.round(at.top - box.top)];
          });
        });
      // Within what rounding to whole pixels may do.
      const apart = async () => {
        const [one, other] = [await names(0), await names(1)];
        expect(one.length).toBeGreaterThan(0);
        return Math.max(
          ...one.flatMap((at, i) =>
            at.map((value, axis) => Math.abs(value - (other[i]?.[axis] ?? 1e9))),
          ),
        );
      };
      await expect.poll(apart).toBeLessThanOrEqual(2);
      await page.locator("#map-1").focus();
      await page.keyboard.press("+");
      await expect(page).toHaveURL(/carte=/);
      await expect.poll(apart).toBeLessThanOrEqual(2);
    });
  });
}

test.describe("police, on a laptop", () => {
  test.use({ role: "police", viewport: laptop });

  test("the strip is the filter: dragged, its hours are those that are counted", async ({
    page,
  }) => {
    await page.goto("/police");
    const all = await view(page);
    await expect.poll(() => counted(page)).toBe(Math.round(all.n));

    // What is still on its way may move the strip under the mouse.
    const strip = page.locator("hour-strip svg");
    await expect(async () => {
      await strip.scrollIntoViewIfNeeded();
      const box = await strip.boundingBox();
      if (!box) throw new Error("the strip has no place");
      // Friday and Saturday from 18 to 23 h: columns of 13, rows of 15, in a picture 342 wide.
      const scale = box.width / 342;
      const at = (day: number, hour: number) =>
        [
          box.x + (30 + (hour + 0.5) * 13) * scale,
          box.y + (14 + (day - 0.5) * 15) * scale,
        ] as const;
      await page.mouse.move(...at(5, 18));
      await page.mouse.down();
      await page.mouse.move(...at(6, 23), { steps: 4 });
      await page.mouse.up();
      await expect(page).toHaveURL(/semaine=5-6\.18-23/, { timeout: 3000 });
    }).toPass();
    const evening = await view(page, "hours=18-23&days=5-6");
    expect(evening.n).toBeLessThan(all.n);
    await expect.poll(() => counted(page)).toBe(Math.round(evening.n));

    // The strip itself still shows the whole week, the themes follow.
    const noise = page.locator(".police-themes li").first().locator(".police-number");
    await expect
      .poll(async () => digits(await noise.textContent()))
      .toBe(Math.round(evening.themes[0]?.n ?? -1));
    await page.getByRole("button", { name: "Toute la semaine" }).click();
    await expect(page).not.toHaveURL(/semaine/);
    await expect.poll(() => counted(page)).toBe(Math.round(all.n));
  });

  test("the strip is brushed by keyboard", async ({ page }) => {
    await page.goto("/police?quartier=HC");
    const strip = page.getByRole("application", { name: /Semaine, heure par heure/ });
    await strip.focus();
    await page.keyboard.press("ArrowDown");
    await expect(page.locator("hour-strip [aria-live]")).toContainText("mardi, 18 h");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    await expect(page).toHaveURL(/semaine=2-3\.18-19/);
    await expect(
      page.locator(".figure-said").getByText(/Du mardi au mercredi, de 18 h à 20 h/),
    ).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page).not.toHaveURL(/semaine/);
  });

  test("a link shows the same view", async ({ page, context }) => {
    await page.goto("/police");
    await page.getByLabel("Quartier").selectOption("HC");
    await page.getByLabel("Carte", { exact: true }).selectOption("cote");
    await page.getByLabel("Nuisances sonores").check();
    await page.getByRole("button", { name: "Nuits" }).click();
    const last = page.getByLabel(/^À/);
    await last.focus();
    await page.keyboard.press("ArrowLeft");
    await expect(page).toHaveURL(/au=\d{4}-\d{2}-\d{2}/);
    const shown = async (one: Page) => ({
      said: await one.locator(".police-said [role=status]").textContent(),
      strip: await one
        .locator(".strip-cell")
        .evaluateAll((cells) => cells.map((c) => c.getAttribute("fill"))),
      period: await one.locator(".series-handle output").allTextContents(),
    });
    const there = new URL(page.url());
    const query = new URLSearchParams({
      quartier: "HC",
      theme: "BRU",
      hours: "22-23,0-5",
      days: "1-7",
      to: there.searchParams.get("au") ?? "",
    });
    const wanted = Math.round((await view(page, query.toString())).n);
    await expect.poll(() => counted(page)).toBe(wanted);
    const second = await context.newPage();
    await second.goto(page.url());
    await expect.poll(() => counted(second)).toBe(wanted);
    await expect.poll(() => shown(second)).toEqual(await shown(page));
    await expect(second.locator(".police-map:visible")).toHaveCount(2);
    await expect(second.getByLabel("Nuisances sonores")).toBeChecked();
  });

  test("a source is asked of every figure, and a link to it shows the same", async ({
    page,
    request,
  }) => {
    const sent = await request.post("/api/v1/signalements", {
      data: { geometry: { type: "Point", coordinates: [5.9178, 45.5646] }, theme: "BRU" },
    });
    expect(sent.status(), await sent.text()).toBe(201);
    await page.goto("/police");
    const all = await view(page);
    const form = await view(page, "origine=habitant");
    expect(form.n).toBeGreaterThan(0);
    expect(form.n).toBeLessThan(all.n);
    const origins = page.getByRole("region", { name: "D’où viennent les signalements" });
    await origins.getByLabel("Formulaire des habitants").check();
    await expect(page).toHaveURL(/origine=habitant/);
    await expect.poll(() => counted(page)).toBe(Math.round(form.n));
    await expect(
      origins.locator("li", { hasText: "Formulaire" }).locator(".police-number"),
    ).toHaveText(String(Math.round(form.n)));
    await expect(
      page.locator(".figure-how").getByText("signalements venus de : Formulaire des habitants."),
    ).toBeVisible();
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await expect.poll(() => counted(page)).toBe(Math.round(form.n));
    // Several at a time, and none is all of them again.
    await origins.getByLabel("Exemples de démonstration").check();
    await expect(page).toHaveURL(/origine=demo,habitant/);
    const both = await view(page, "origine=demo,habitant");
    await expect.poll(() => counted(page)).toBe(Math.round(both.n));
    await origins.getByLabel("Formulaire des habitants").uncheck();
    await origins.getByLabel("Exemples de démonstration").uncheck();
    await expect.poll(() => counted(page)).toBe(Math.round(all.n));
    const source = page.getByLabel("Source", { exact: true });

    // Ateliers alone: no figure of signalements is left, and the map is theirs.
    await source.selectOption("ateliers");
    await expect(page.getByText("Ateliers seuls", { exact: false }).last()).toBeVisible();
    await expect(page.getByLabel("Carte", { exact: true })).toHaveValue("ressenti");
    await expect(page.locator("month-series, hour-strip")).toHaveCount(0);
    await expect(
      page.getByRole("heading", { name: "Où les signalements se concentrent" }),
    ).toHaveCount(0);
    await expectAccessible(page);
    const sheet = page.getByRole("link", { name: /Fiche de patrouille/ });
    await expect(sheet).toHaveAttribute("href", /source=ateliers/);
    await sheet.click();
    await expect(page.getByText("Choix : ateliers seuls.")).toBeVisible({ timeout: 45_000 });
    for (const line of await page.locator(".sheet-places li > p:first-of-type").allTextContents()) {
      expect(line).toContain("Atelier");
    }
  });

  test("a place beyond chance opens, goes on the fiche, and its consigne becomes an action", async ({
    page,
  }) => {
    await page.goto("/police?quartier=CE");
    const first = page.locator(".place-list .place-name").first();
    await expect(first).toBeVisible({ timeout: 45_000 });
    const name = (await first.textContent()) ?? "";
    await expect(page.locator(".place-list li").first()).toContainText(
      /sur \d+ ne se sentent? pas en sécurité/,
    );
    await first.click();
    const place = page.locator("police-place");
    await expect(place.getByRole("heading", { name })).toBeVisible();
    await expect(place).toContainText("Ce que disent les habitants");

    // Precise points are read for a reason, chosen once and changed in the header.
    const inHeader = page.locator("header").getByLabel("Vous consultez pour");
    await expect(inHeader).toHaveValue("");
    const read = place.getByRole("button", { name: /^Lire les? / });
    await read.click();
    const asked = place.getByLabel("Pourquoi consultez-vous ces précisions ?");
    await expect(asked).toBeFocused();
    await asked.selectOption({ label: "orienter les patrouilles" });
    await expect(inHeader).toHaveValue("patrouille");
    await read.click();
    await expect(place.getByRole("region", { name: "Signalements de ce lieu" })).toBeVisible();
    await inHeader.selectOption({ label: "préparer une réponse" });
    await expectAccessible(page);
    await place.getByRole("button", { name: "Mettre sur la fiche" }).click();
    await expect(page).toHaveURL(/fiche=8/);
    await page.getByRole("link", { name: "Fiche de patrouille (1 lieu)" }).click();

    await expect(
      page.getByRole("heading", { level: 1, name: "Fiche de patrouille" }),
    ).toBeVisible();
    const item = page.locator(".sheet-places li");
    await expect(item).toHaveCount(1, { timeout: 45_000 });
    await expect(item).toContainText("Atelier");
    await expectAccessible(page);
    await item.getByLabel("Consigne pour ce lieu").fill("Passage à pied en soirée.");
    await item.getByRole("button", { name: /Enregistrer comme action/ }).click();
    await expect(item.getByText(/Consigne enregistrée/)).toBeVisible();
    const { actions } = await (await page.request.get("/api/v1/actions?quartier=CE")).json();
    expect(actions).toContainEqual(
      expect.objectContaining({
        code: "PAT",
        detail: "Passage à pied en soirée.",
        state: "planned",
      }),
    );

    // On paper: no buttons, and lines to write on.
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("button", { name: "Imprimer cette page" })).toBeHidden();
    await expect(page.locator(".sheet-lines").first()).toBeVisible();
    const href = await page.getByText("Télécharger le PDF").getAttribute("href");
    const paper = await page.request.get(href ?? "");
    expect(paper.headers()["content-type"]).toBe("application/pdf");
    expect((await paper.body()).subarray(0, 5).toString()).toBe("%PDF-");
  });

  for (const [name, query] of [
    ["hexagons", ""],
    ["density", "?forme=densite&montrer=ressenti"],
    ["both crossed", "?montrer=croisement&quartier=BE"],
  ] as const) {
    test(`axe finds nothing: ${name}`, async ({ page }) => {
      test.slow(); // every table open, and axe looks at each of their cells
      await page.goto(`/police${query}`);
      await expect.poll(() => counted(page)).toBeGreaterThan(0);
      await page.locator("details.figure-more").evaluateAll((all) => {
        for (const one of all) (one as HTMLDetailsElement).open = true;
      });
      await expectAccessible(page);
    });
  }

  test("the map leaves as picture and as numbers, and says what it rests on", async ({ page }) => {
    await page.goto("/police?quartier=CE&montrer=croisement&themes=BRU");
    await expect.poll(() => counted(page)).toBeGreaterThan(0);
    const map = page.locator(".police-legends figure-exports");
    await map.getByText("Enregistrer", { exact: true }).click();
    const saved = async (name: string) => {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        map.getByText(name, { exact: true }).click(),
      ]);
      return readFile(await file.path());
    };
    const svg = (await saved("Image SVG")).toString();
    expect(svg).toContain("<image");
    for (const said of [
      "Source",
      "données fictives",
      "n = ",
      "Nuisances sonores",
      "Écart au-delà du hasard",
      "Établi le",
    ]) {
      expect(wordsOn(svg)).toContain(said);
    }
    expect((await saved("Image PNG")).length).toBeGreaterThan(20_000);
    const csv = (await saved("Tableau CSV")).toString().split("\n");
    expect(csv[0]).toContain("source,periode,n,reserve,etabli_le");
    expect(csv[1]).toContain("Nuisances sonores");
    const geojson = JSON.parse((await saved("Carte GeoJSON")).toString());
    expect(geojson.contexte.n).toContain("signalements");
    expect(geojson.features).toHaveLength(csv.filter(Boolean).length - 1);

    // So does a printed page, where the fields of the choices are not.
    const printed = page.locator(".police-printed");
    await expect(printed).toBeHidden();
    await page.emulateMedia({ media: "print" });
    await expect(printed).toBeVisible();
    await expect(printed).toContainText(/Chambéry, .*Nuisances sonores.*Établi le/);
  });

  test("recorded figures without an import say how to load them", async ({ page }) => {
    await page.goto("/police");
    await expect(page.getByText("Aucune statistique communale n’est chargée.")).toBeVisible();
  });
});

test.describe("an analyste", () => {
  test.use({ role: "analyste", viewport: projector });

  test("sees hexagons and places, no signalement one by one", async ({ page }) => {
    await page.goto("/police?quartier=HC");
    const first = page.locator(".place-list .place-name").first();
    await expect(first).toBeVisible({ timeout: 45_000 });
    await first.click();
    await expect(page.locator("police-place")).toContainText("Actions autour de ce lieu");
    await expect(page.getByRole("button", { name: /cette lecture est notée/ })).toHaveCount(0);
    const cell = new URL(page.url()).searchParams.get("lieu");
    const answer = await page.request.get(`/api/v1/statistiques/lieux/${cell}/signalements`);
    expect(answer.status()).toBe(403);
  });
});

test.describe("on a phone", () => {
  test.use({ role: "police", viewport: phone });

  test("nothing is wider than the screen", async ({ page }) => {
    await page.goto("/police?montrer=cote");
    await expect.poll(() => counted(page)).toBeGreaterThan(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      phone.width,
    );
  });
});

test("the public is asked to sign in", async ({ page }) => {
  await page.goto("/police");
  await expect(page).toHaveURL(/\/connexion\?retour=%2Fpolice/);
});
