import { expect, type Page } from "@playwright/test";

export interface Counts {
  h3: string;
  unsafe: number;
  safe: number;
  signalements: number;
}

/** What the API says of a quartier's hexagons. */
export async function hexagones(page: Page, quartier: string, query = ""): Promise<Counts[]> {
  const answer = await page.request.get(`/api/v1/quartiers/${quartier}/hexagones?${query}`);
  expect(answer.ok()).toBe(true);
  const { features } = (await answer.json()) as { features: { properties: Counts }[] };
  return features.map(({ properties }) => properties);
}

/** The numbers of the table, row by row, whatever their order. */
export async function tableNumbers(page: Page): Promise<string[]> {
  const more = page.getByRole("button", { name: /autres lignes/ });
  if (await more.isVisible()) await more.click();
  return page
    .locator("hexagon-table tbody tr")
    .evaluateAll((rows) =>
      rows
        .map((row) =>
          [1, 2, 4]
            .map((i) => (row as HTMLTableRowElement).cells[i]?.textContent?.replace(/\D/g, ""))
            .join(" "),
        )
        .sort(),
    );
}

/** The same numbers, as the rows of the table read. */
export const asRows = (counts: readonly Counts[]) =>
  counts.map(({ unsafe, safe, signalements }) => `${unsafe} ${safe} ${signalements}`).sort();
