import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type APIRequest,
  type APIRequestContext,
  type BrowserContext,
  test as base,
  type Cookie,
  expect,
  type Page,
} from "@playwright/test";
import axe from "axe-core";
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

/** What the tests of one file share: a program with its demonstration, and its sessions. */
interface World {
  readonly quietude: Quietude;
  readonly staff: Staff;
  end(): Promise<void>;
}

/**
 * Playwright's test with a running Quiétude, a new one for each file: what a test
 * finds does not follow from which files ran before, nor beside it. QUIETUDE_E2E_URL
 * uses a server that already runs; tests that kill it then do not apply.
 *
 * `test.use({ role: "police" })` signs the page in; without a role it is the
 * public's. `request` speaks to the API as the animateur.
 */
export const test = base.extend<
  { role: StaffRole | null; world: World; quietude: Quietude; staff: Staff },
  { worlds: (file: string) => Promise<World> }
>({
  role: [null, { option: true }],
  worlds: [
    async ({ playwright }, use) => {
      let current: { readonly file: string; readonly world: World } | undefined;
      await use(async (file) => {
        if (current?.file === file) return current.world;
        await current?.world.end();
        current = undefined;
        const world = await newWorld(playwright.request);
        current = { file, world };
        return world;
      });
      await current?.world.end();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  world: [
    async ({ worlds }, use, { file }) => use(await worlds(file)),
    // The first test of a file waits for the program, on its own account.
    { timeout: 180_000 },
  ],
  quietude: async ({ world }, use) => use(world.quietude),
  staff: async ({ world }, use) => use(world.staff),
  context: async ({ context, role, staff }, use) => {
    if (role) await staff.signIn(context, role);
    await use(context);
  },
  request: async ({ staff }, use) => use(await staff.as("animateur")),
  baseURL: async ({ quietude }, use) => use(quietude.address),
});

async function newWorld(requests: APIRequest): Promise<World> {
  const quietude = process.env.QUIETUDE_E2E_URL
    ? alreadyRunning(process.env.QUIETUDE_E2E_URL)
    : await startQuietude();
  const demo = async () =>
    JSON.parse(await readFile(join(quietude.data, "demo.json"), "utf8")) as Demo;
  const sessions = new Map<StaffRole, Cookie[]>();
  const opened: APIRequestContext[] = [];
  return {
    quietude,
    staff: {
      demo,
      async signIn(context, role) {
        // Signing in over a session ends it, and others of this file still use it.
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
        const context = await requests.newContext({
          baseURL: quietude.address,
          extraHTTPHeaders: { Authorization: `Bearer ${tokens[role]}` },
        });
        opened.push(context);
        return context;
      },
    },
    async end() {
      await Promise.all(opened.map((context) => context.dispose()));
      if (!process.env.QUIETUDE_E2E_URL) await quietude.stop();
    },
  };
}

function alreadyRunning(address: string): Quietude {
  const unable = async () => {
    throw new Error("this test ends the server: run it without QUIETUDE_E2E_URL");
  };
  return {
    address,
    data: process.env.QUIETUDE_E2E_DATA ?? "",
    said: () => "",
    kill: unable,
    restart: unable,
    end: unable,
    stop: unable,
  };
}

export { expect };

export const phone = { width: 390, height: 844 };
export const tablet = { width: 820, height: 1180 };
export const laptop = { width: 1280, height: 800 };
export const projector = { width: 1920, height: 1080 };

/** Fails with the rules broken and where, when axe finds anything. */
export async function expectAccessible(page: Page): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const broken = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      // What passes is not asked for: on a long table it is thousands of cells.
      resultTypes: ["violations"],
    });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
    );
  });
  expect(broken).toEqual([]);
}

/** What is written on a saved picture, whose lines break where the words happen to end. */
export const wordsOn = (picture: string): string =>
  [...picture.matchAll(/<text[^>]*>([^<]*)</g)].map(([, words]) => words).join(" ");
