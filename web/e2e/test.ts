import { readFile } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import {
  type APIRequestContext,
  type BrowserContext,
  test as base,
  type Cookie,
  expect,
  type Page,
} from "@playwright/test";
import { type Quietude, startQuietude } from "./server";

/** The roles that have an account in the demonstration. */
export type StaffRole = "animateur" | "analyste" | "police" | "bailleur" | "admin" | "dpo";

/** What demo.json says of the demonstration's logins. */
export interface Demo {
  readonly comptes: Record<StaffRole, { email: string; password: string }>;
  readonly tokens: Record<StaffRole, string>;
}

interface Staff {
  /** Signs a browser in, as one of the demonstration's accounts. */
  signIn(context: BrowserContext, role: StaffRole): Promise<void>;
  /** Calls to the API as a role, without a browser. */
  as(role: StaffRole): Promise<APIRequestContext>;
  readonly demo: () => Promise<Demo>;
}

/**
 * Playwright's test with a running Quiétude, one per worker. QUIETUDE_E2E_URL
 * uses a server that already runs; tests that kill it then do not apply.
 *
 * `test.use({ role: "police" })` signs the page in; without a role it is the
 * public's. `request` speaks to the API as the animateur.
 */
export const test = base.extend<
  { role: StaffRole | null },
  { world: string; quietude: Quietude; staff: Staff }
>({
  role: [null, { option: true }],
  // Specs that name another world get a program and a demonstration of their own.
  world: ["shared", { scope: "worker", option: true }],
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
          said: () => "",
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
  staff: [
    async ({ quietude, playwright }, use) => {
      const demo = async () =>
        JSON.parse(await readFile(join(quietude.data, "demo.json"), "utf8")) as Demo;
      const sessions = new Map<StaffRole, Cookie[]>();
      const opened: APIRequestContext[] = [];
      await use({
        demo,
        async signIn(context, role) {
          // Signing in over a session ends it, and others of this worker still use it.
          await context.clearCookies();
          const known = sessions.get(role);
          if (known) return context.addCookies(known);
          const { comptes } = await demo();
          const answer = await context.request.post(`${quietude.address}/api/v1/session`, {
            data: comptes[role],
          });
          expect(answer.ok(), await answer.text()).toBe(true);
          sessions.set(role, await context.cookies());
        },
        async as(role) {
          const { tokens } = await demo();
          const context = await playwright.request.newContext({
            baseURL: quietude.address,
            extraHTTPHeaders: { Authorization: `Bearer ${tokens[role]}` },
          });
          opened.push(context);
          return context;
        },
      });
      await Promise.all(opened.map((context) => context.dispose()));
    },
    { scope: "worker" },
  ],
  context: async ({ context, role, staff }, use) => {
    if (role) await staff.signIn(context, role);
    await use(context);
  },
  request: async ({ staff }, use) => use(await staff.as("animateur")),
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

/** What is written on a saved picture, whose lines break where the words happen to end. */
export const wordsOn = (picture: string): string =>
  [...picture.matchAll(/<text[^>]*>([^<]*)</g)].map(([, words]) => words).join(" ");
