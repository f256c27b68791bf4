import { expect, expectAccessible, laptop, phone, test } from "./test";

for (const [name, size] of Object.entries({ phone, laptop })) {
  test(`the public page on a ${name} is accessible and asks for nothing live`, async ({ page }) => {
    await page.setViewportSize(size);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Chambéry");
    await expect(page.getByText("Données fictives")).toBeVisible();
    await expectAccessible(page);
    expect(asked.filter((path) => /hexagones|signalements|markers|stream/.test(path))).toEqual([]);
  });
}
