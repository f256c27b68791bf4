import { asRows, hexagones, tableNumbers } from "./city";
import { drawPoint, evening, expectUnsent, sitDown } from "./room";
import { expect, laptop, phone, test } from "./test";

test.use({ role: "analyste" });

test("a marker drawn at a table is found in the hexagon table after a reload", async ({
  page,
  browser,
  baseURL,
  request,
}) => {
  const room = await evening(request);
  await page.setViewportSize(laptop);
  await page.goto("/carte?quartier=HC");
  await expect(page.locator("hexagon-table tbody tr").first()).toBeVisible();

  const device = await browser.newContext({ baseURL: baseURL ?? "", viewport: phone });
  const resident = await device.newPage();
  await sitDown(resident, room.code(1));
  await drawPoint(resident);
  await expectUnsent(resident, 0);
  const answer = await request.get(`/api/v1/ateliers/${room.id}/markers`);
  const { features } = (await answer.json()) as { features: { properties: { h3: string } }[] };
  expect(features).toHaveLength(1);
  await device.close();

  // The marker alone in its atelier, then in the table of all.
  const alone = await hexagones(page, "HC", `resolution=11&atelier=${room.id}`);
  expect(alone.map(({ h3, unsafe, safe }) => ({ h3, unsafe, safe }))).toEqual([
    { h3: features[0]?.properties.h3, unsafe: 1, safe: 0 },
  ]);
  await page.reload();
  const all = await hexagones(page, "HC");
  await expect.poll(() => tableNumbers(page)).toEqual(asRows(all));
});
