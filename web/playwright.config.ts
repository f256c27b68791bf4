import { defineConfig } from "@playwright/test";

// A real browser against the real program: e2e/test.ts starts one
// `quietude serve` with its own data folder for each file of tests.
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  // They end what hangs; how fast pages are is measured elsewhere.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  globalSetup: "./e2e/setup.ts",
  // While one test waits for its page, another one goes on.
  workers: 2,
  // A busy machine can let a test of a hundred miss a moment. It is tried once more,
  // in a browser and with a program of its own, and named at the end of the log.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  reporter: [["list"], ["./e2e/last-words.ts"]],
  outputDir: "test-results",
  use: {
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    // Every step of every page would be kept for the one test that fails: ask for it
    // with `npm run e2e -- --trace retain-on-failure`. What the page held is kept anyway.
    trace: "off",
    launchOptions: {
      executablePath: process.env.QUIETUDE_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
