import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type Quietude, startQuietude } from "./server";

/**
 * Playwright's test with a running Quiétude, one per worker. QUIETUDE_E2E_URL
 * uses a server that already runs; tests that kill it then do not apply.
 */
export const test = base.extend<object, { quietude: Quietude }>({
  quietude: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const running = process.env.QUIETUDE_E2E_URL;
      if (running) {
        const unable = async () => {
          throw new Error("this test ends the server: run it without QUIETUDE_E2E_URL");
        };
        await use({
          address: running,
          data: process.env.QUIETUDE_E2E_DATA ?? "",
          kill: unable,
          restart: unable,
          stop: unable,
        });
        return;
      }
      const quietude = await startQuietude();
      await use(quietude);
      await quietude.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  baseURL: async ({ quietude }, use) => use(quietude.address),
});

export { expect };

export const phone = { width: 390, height: 844 };
export const tablet = { width: 820, height: 1180 };
export const laptop = { width: 1280, height: 800 };
export const projector = { width: 1920, height: 1080 };

/** Fails with the rules broken and where, when axe finds anything. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
    ),
  ).toEqual([]);
}
