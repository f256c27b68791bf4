import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, type StaffRole, test } from "./test";

/** Where each page of the front end is, and who opens it. */
const pages: Record<string, readonly [StaffRole | null, string]> = {
  index: [null, "/?edition=HC/1"],
  suivi: [null, "/suivi/HC"],
  signaler: [null, "/signaler"],
  "vie-privee": [null, "/vie-privee"],
  "est-ce-mieux": [null, "/est-ce-mieux"],
  pilote: [null, "/pilote"],
  contribution: [null, "/ma-contribution"],
  connexion: [null, "/connexion"],
  invitation: [null, "/invitation/ABCDEFGH2345"],
  acces: [null, "/acces"],
  erreur: [null, "/nulle-part"],
  atelier: [null, "/a/CODE"],
  carte: ["analyste", "/carte?quartier=HC"],
  quartiers: ["analyste", "/quartiers/HC"],
  police: ["police", "/police"],
  fiche: ["police", "/police/fiche"],
  restitution: ["police", "/restitution"],
  animation: ["animateur", "/animation/CLOSED"],
  projection: ["animateur", "/projection/CLOSED"],
  moderation: ["animateur", "/moderation"],
  actions: ["animateur", "/actions"],
  compte: ["animateur", "/compte"],
  comptes: ["admin", "/comptes"],
  journal: ["dpo", "/journal"],
  conservation: ["dpo", "/conservation"],
};

/** What the browser refused on a page because the policy forbids it. */
async function refused(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { refused: string[] }).refused);
}

test("no page asks for what its policy forbids", async ({ page, staff, request }) => {
  test.setTimeout(240_000);
  const files = readdirSync(join(import.meta.dirname, ".."))
    .filter((name) => name.endsWith(".html"))
    .map((name) => name.slice(0, -".html".length));
  expect(Object.keys(pages).sort(), "every page has an address here").toEqual(files.sort());

  const { ateliers } = await (await request.get("/api/v1/ateliers")).json();
  const closed = ateliers.find((one: { state: string }) => one.state === "closed").id;
  const open = ateliers.find((one: { state: string }) => one.state === "open").id;
  const { tables } = await (await request.get(`/api/v1/ateliers/${open}`)).json();

  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(window, { refused });
    document.addEventListener("securitypolicyviolation", (event) =>
      refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`),
    );
  });
  const said: string[] = [];
  page.on("console", (message) => {
    if (/content security policy|trusted/i.test(message.text())) said.push(message.text());
  });
  let role: StaffRole | null = null;
  for (const [name, [who, address]] of Object.entries(pages)) {
    if (who && who !== role) {
      // A page that still asks something would lead to the sign-in when its session ends.
      await page.goto("about:blank");
      await staff.signIn(page.context(), who);
    }
    role = who;
    const at = address.replace("CLOSED", closed).replace("CODE", tables[0].code);
    const answer = await page.goto(at);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    expect(policy, name).toContain("default-src 'none'");
    expect(policy, name).not.toMatch(/unsafe|\*|http:/);
    // Until it has drawn: streams stay open, so the network is never idle.
    await expect(page.locator("main, [role=main], h1").first()).toBeVisible();
    await expect(page.locator(".map canvas, h1, h2, main").first()).toBeAttached();
    await page.evaluate(() => new Promise((done) => requestIdleCallback(done, { timeout: 2000 })));
    expect(await refused(page), name).toEqual([]);
  }
  expect(said).toEqual([]);

  // The same ears hear what is forbidden: they are not deaf.
  await page.evaluate(() => document.body.setAttribute("style", "color: red"));
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.append("document.title = 'pris'");
    document.head.append(script);
  });
  await expect.poll(async () => (await refused(page)).length).toBeGreaterThanOrEqual(2);
  expect(await page.title()).not.toBe("pris");
});

test("a text never becomes markup or a script, even by mistake", async ({ page }) => {
  for (const at of ["/", "/signaler", "/connexion"]) {
    await page.goto(at);
    await expect(page.locator("main, [role=main], h1").first()).toBeVisible();
    const passed = await page.evaluate(async () => {
      const bad = `<img src=x onerror="document.title='pris'">`;
      const template = document.createElement("template");
      const div = document.createElement("div");
      document.body.append(div);
      const tries: Record<string, () => unknown> = {
        innerHTML: () => {
          div.innerHTML = bad;
        },
        outerHTML: () => {
          div.outerHTML = bad;
        },
        template: () => {
          template.innerHTML = bad;
        },
        insertAdjacentHTML: () => div.insertAdjacentHTML("beforeend", bad),
        "document.write": () => document.write(bad),
        range: () => document.createRange().createContextualFragment(bad),
        parser: () => new DOMParser().parseFromString(bad, "text/html"),
        frame: () => {
          document.createElement("iframe").srcdoc = bad;
        },
        script: () => {
          document.createElement("script").text = "document.title = 'pris'";
        },
        "script address": () => {
          document.createElement("script").src = "/assets/x.js";
        },
        worker: () => new Worker("/x.js"),
        "another service worker": () => navigator.serviceWorker.register("/x.js"),
        "a policy": () =>
          (
            globalThis as unknown as {
              trustedTypes: { createPolicy(name: string, rules: object): unknown };
            }
          ).trustedTypes.createPolicy("pris", { createHTML: (text: string) => text }),
      };
      const passed: string[] = [];
      for (const [name, act] of Object.entries(tries)) {
        try {
          await act();
          passed.push(name);
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
        }
      }
      div.textContent = bad; // what a text is for
      return passed;
    });
    expect(passed, at).toEqual([]);
    expect(await page.locator("img[onerror]").count(), at).toBe(0);
    expect(await page.title(), at).not.toBe("pris");
  }
});
