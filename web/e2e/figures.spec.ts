import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Locator, Page } from "@playwright/test";
import { expect, laptop, test, wordsOn } from "./test";

// Every figure that the two pages show, whichever it is: it leaves as numbers and as
// a picture, says what it rests on, how it is read and by which method it was made.
test.use({ role: "police", viewport: laptop });

/** Answers of work that takes longer than a request say how far it is. */
async function file(page: Page, href: string): Promise<Buffer> {
  let body: Buffer = Buffer.alloc(0);
  await expect
    .poll(
      async () => {
        const answer = await page.request.get(href);
        body = await answer.body();
        return answer.status();
      },
      { message: href, timeout: 60_000 },
    )
    .toBe(200);
  return body;
}

async function expectTable(page: Page, href: string): Promise<void> {
  const [head = "", first = ""] = (await file(page, href)).toString().split("\n");
  expect(head, href).toContain("source,periode,n,reserve,etabli_le");
  expect(first, href).toMatch(/Quiétude|SSMSI/);
}

async function expectWorkbook(page: Page, href: string): Promise<void> {
  expect((await file(page, href)).subarray(0, 2).toString(), href).toBe("PK");
}

async function expectMap(page: Page, href: string): Promise<void> {
  const { type, contexte } = JSON.parse((await file(page, href)).toString());
  expect(type, href).toBe("FeatureCollection");
  for (const name of ["source", "periode", "n", "etabli_le"]) {
    expect(contexte[name], `${name} of ${href}`).toBeTruthy();
  }
}

/** The picture as SVG says all that it rests on, and holds points only where tiles paint. */
async function expectPicture(page: Page, figure: Locator, title: string): Promise<void> {
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    figure.getByRole("button", { name: "Image SVG" }).click(),
  ]);
  const picture = (await readFile(await saved.path())).toString();
  for (const said of ["Source", "données fictives", "n = ", "Période", "Établi le"]) {
    expect(wordsOn(picture), `${said} on the picture of ${title}`).toContain(said);
  }
  const tiles = (await figure.locator(".map").count()) > 0;
  expect(picture.includes("<image"), `points in the picture of ${title}`).toBe(tiles);
  await expect(figure.getByRole("button", { name: "Image PNG" })).toBeVisible();
}

/** Looks at every figure of the page, at least so many; gives their titles. */
async function expectFigures(page: Page, count: number): Promise<readonly string[]> {
  const figures = page.locator(".figure:not(.empty):visible");
  await expect.poll(() => figures.count()).toBeGreaterThanOrEqual(count);
  const titles: string[] = [];
  for (const figure of await figures.all()) {
    const said = (await figure.locator("h2, h3").first().textContent()) ?? "";
    const title = said.replace(/\s+/g, " ");
    titles.push(title);
    const exports = figure.locator("figure-exports");
    await expect(exports, `ways out of ${title}`).toHaveCount(1);
    const folded = exports.locator("summary");
    if ((await folded.count()) > 0) await folded.click();

    const links = await exports.getByRole("link").evaluateAll((all) =>
      all.map((one) => ({
        words: one.textContent ?? "",
        href: one.getAttribute("href") ?? "",
      })),
    );
    const of = (format: string) => links.filter(({ words }) => words.includes(format));
    expect(of("CSV"), `tables of ${title}`).not.toHaveLength(0);
    expect(of("XLSX"), `workbooks of ${title}`).not.toHaveLength(0);
    for (const { href } of of("CSV")) await expectTable(page, href);
    for (const { href } of of("XLSX")) await expectWorkbook(page, href);
    if ((await figure.locator(".map, .maps, .place-list").count()) > 0) {
      expect(of("GeoJSON").length, `maps of ${title}`).toBeGreaterThan(0);
    }
    for (const { href } of of("GeoJSON")) await expectMap(page, href);
    const drawn = figure.locator("svg.chart, .pictured, .map, hour-strip, .police-bar");
    if ((await drawn.count()) > 0) await expectPicture(page, figure, title);

    await expect(figure.locator(".figure-how strong").first(), title).toHaveText(/Comment lire/);
    const method = figure.locator("details.method").first();
    await expect(method, `method of ${title}`).toBeAttached();
    expect((await method.locator("p").first().textContent())?.length, title).toBeGreaterThan(60);
  }
  // What has nothing to show says when it will, and offers nothing else.
  for (const nothing of await page.locator(".figure.empty:visible").all()) {
    await expect(nothing.locator("figure-exports, svg.chart, table")).toHaveCount(0);
  }
  return titles;
}

const ready = async (page: Page) => {
  // Nothing works yet on a page that has not begun.
  await expect(page.locator(".figure").first()).toBeVisible();
  await expect(page.locator(".working, [role=status]:has(+ progress)")).toHaveCount(0, {
    timeout: 60_000,
  });
};

test("every figure of the police leaves with what it rests on", async ({ page, quietude }) => {
  test.setTimeout(240_000);
  const recorded = join(quietude.data, "communale.csv");
  await writeFile(
    recorded,
    "CODGEO_2025;annee;indicateur;unite_de_compte;nombre;taux_pour_mille;est_diffuse\n" +
      "73065;2023;Cambriolages de logement;Infraction;120;3,5;diff\n" +
      "73065;2024;Cambriolages de logement;Infraction;NA;NA;ndiff\n",
  );
  await promisify(execFile)(
    process.env.QUIETUDE_BIN ?? resolve(import.meta.dirname, "../../bin/quietude"),
    ["import", "ssmsi", "--territoire", "73065", "--data", quietude.data, recorded],
  );
  await page.goto("/police?quartier=CE");
  await ready(page);
  await expect(page.locator(".place-list li").first()).toBeVisible();
  expect(await expectFigures(page, 8)).toEqual([
    "Signalements par hexagone",
    "Quand, dans la semaine",
    "Signalements par mois",
    "Thèmes",
    "Où des habitants sont d’accord (ateliers)",
    "Où les signalements se concentrent",
    "Où et quand les signalements ont augmenté",
    "Chiffres enregistrés, Chambéry entière",
  ]);
  for (const query of ["montrer=croisement", "montrer=cote", "montrer=ressenti&forme=densite"]) {
    await page.goto(`/police?quartier=CE&${query}`);
    await ready(page);
    expect((await expectFigures(page, 8)).length, query).toBe(8);
  }
});

test("every figure of the planners leaves with what it rests on", async ({ page, request }) => {
  test.setTimeout(240_000);
  await page.goto("/quartiers?quartiers=BE,BI,HC");
  await ready(page);
  expect(await expectFigures(page, 7)).toEqual([
    "Les quartiers côte à côte : participants qui évitent un lieu",
    "L’entonnoir : qui s’écarte vraiment ?",
    "Deux à deux",
    "Ressentis des participants",
    "Thèmes nommés par les participants",
    "Signalements par mois, à la même échelle",
    "Heures des signalements, à la même échelle",
  ]);

  const { ateliers } = await (await request.get("/api/v1/ateliers")).json();
  const closed = (ateliers as { quartier: string; state: string }[])
    .filter((one) => one.state === "closed")
    .map((one) => one.quartier);
  const code = closed.find((one, i) => closed.indexOf(one) !== i);
  await page.goto(`/quartiers/${code}`);
  await ready(page);
  const zone = page.locator(".zone-choice");
  await zone.getByText("Choisir dans la liste").click();
  await zone.getByRole("checkbox").first().check();
  const day = zone.getByRole("textbox", { name: "À partir du" });
  await day.fill(`01/06/${new Date().getFullYear() - 1}`);
  await day.press("Tab");
  await ready(page);
  const titles = await expectFigures(page, 8);
  for (const title of [
    "Ce que disent les participants",
    "La même carte, d’une fois à l’autre",
    "Où l’on est d’accord au-delà du hasard",
    "De quoi il est question",
    "Cela a-t-il changé ?",
    "Avant et après, à un endroit",
    "Ce qui a été répondu",
    "Les ateliers",
  ]) {
    expect(titles).toContain(title);
  }
});
