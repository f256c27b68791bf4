import { readFile } from "node:fs/promises";
import {
  drawPoint,
  evening,
  expectMarkers,
  expectUnsent,
  mapReady,
  middle,
  offlineReady,
  sitDown,
  unsent,
} from "./room";
import { expect, expectAccessible, phone, tablet, test } from "./test";

test.use({ viewport: phone });

test("what one draws, the table sees, and other tables only when they may", async ({
  browser,
  page,
  request,
  baseURL,
}) => {
  const room = await evening(request);
  const open = async (table: number) => {
    const context = await browser.newContext({
      viewport: phone,
      locale: "fr-FR",
      ...(baseURL ? { baseURL } : {}),
    });
    const other = await context.newPage();
    await sitDown(other, room.code(table));
    return other;
  };
  await sitDown(page, room.code(1));
  const [neighbour, stranger] = [await open(1), await open(2)];
  await drawPoint(page);
  await expectMarkers(page, 1);
  await expectMarkers(neighbour, 1);
  await expectUnsent(page, 0);
  await expectMarkers(stranger, 0);
  await room.animate({ kind: "share", shared: true });
  await expectMarkers(stranger, 1);
  await expect(neighbour.getByText("2", { exact: true })).toBeVisible();
  await neighbour.context().close();
  await stranger.context().close();
});

test("a marker is placed, answered, changed, undone and deleted", async ({ page, request }) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await page.getByRole("button", { name: /pas en sécurité ici/ }).click();
  const { x, y } = await middle(page);
  await page.mouse.click(x, y);
  await page.getByRole("button", { name: "En soirée" }).click();
  await page.getByRole("button", { name: "Continuer" }).click();
  await page.getByRole("button", { name: "Mal éclairé" }).click();
  await page.getByRole("button", { name: "Groupes, trafic" }).click();
  await page.getByRole("button", { name: "Continuer" }).click();
  await page.getByRole("button", { name: "Passer" }).click();
  await page.getByRole("button", { name: "Je l’ai vécu" }).click();
  await page.getByRole("button", { name: "Continuer" }).click();
  await page.getByRole("textbox").fill("Un passage sous le pont.");
  await page.getByRole("button", { name: "Terminer" }).click();
  const note = async () => (await room.snapshot()).markers[0]?.attributes.note;
  await expect.poll(note).toBe("Un passage sous le pont.");
  const [marker] = (await room.snapshot()).markers;
  expect(marker).toMatchObject({
    felt: "unsafe",
    attributes: { moments: ["evening"], reasons: ["light", "groups"], nature: "lived" },
  });
  expect(marker?.attributes.themes).toBeUndefined();

  await page.getByRole("button", { name: "Annuler" }).click();
  await expect.poll(note).toBeUndefined();

  await page.getByRole("button", { name: "Mes repères" }).click();
  await page.getByRole("button", { name: /^Voir sur la carte/ }).click();
  await page.getByRole("button", { name: "Déplacer" }).click();
  const before = JSON.stringify((await room.snapshot()).markers[0]?.geometry);
  await page.getByRole("button", { name: "Déplacer le repère" }).focus();
  for (const key of ["ArrowUp", "ArrowUp", "ArrowLeft"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "C’est bien ici" }).click();
  await expect
    .poll(async () => JSON.stringify((await room.snapshot()).markers[0]?.geometry))
    .not.toBe(before);

  await page.getByRole("button", { name: "Supprimer" }).click();
  await expectMarkers(page, 0);
  await page.getByRole("button", { name: "Annuler" }).click();
  await expectMarkers(page, 1);
  await expectUnsent(page, 0);
  expect((await room.snapshot()).markers.filter((m) => !m.deleted)).toHaveLength(1);
});

test("a zone is drawn with a finger, or corner by corner", async ({ page, request }) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await page.getByRole("button", { name: /plutôt en sécurité ici/ }).click();
  await page.getByRole("button", { name: "Entourer" }).click();
  const { x, y } = await middle(page);
  await page.mouse.move(x + 30, y);
  await page.mouse.down();
  for (let i = 1; i <= 30; i++) {
    const angle = (i / 30) * 2 * Math.PI;
    await page.mouse.move(x + 30 * Math.cos(angle), y + 30 * Math.sin(angle));
  }
  await page.mouse.up();
  await page.getByRole("button", { name: "Répondre plus tard" }).click();
  await page.getByRole("button", { name: /pas en sécurité ici/ }).click();
  await page.getByRole("button", { name: "Coin par coin" }).click();
  const centre = await middle(page);
  for (const [dx, dy] of [
    [0, 0],
    [25, 0],
    [25, 25],
  ] as const) {
    await page.mouse.click(centre.x + dx, centre.y + dy);
    // Two quick clicks at one place would be a double click of the map.
    await expect(page.getByText(/coins? posés?/)).toBeVisible();
  }
  await page.getByRole("button", { name: "Fermer la zone" }).click();
  await page.getByRole("button", { name: "Répondre plus tard" }).click();
  await expectUnsent(page, 0);
  expect((await room.snapshot()).markers.map((m) => `${m.felt} ${m.geometry.type}`).sort()).toEqual(
    ["safe Polygon", "unsafe Polygon"],
  );
});

test("without a network everything is kept, said, and sent when it is back", async ({
  page,
  context,
  request,
}) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await context.setOffline(true);
  await drawPoint(page, "unsafe");
  await drawPoint(page, "safe", 20, 20);
  await expect(page.getByText("2 non envoyés")).toBeVisible();
  await expect(page.getByText(/Pas de réseau/)).toBeVisible();
  await expectMarkers(page, 2);
  await context.setOffline(false);
  await expectUnsent(page, 0);
  await expect(page.getByText(/Pas de réseau/)).toBeHidden();
  expect((await room.snapshot()).markers).toHaveLength(2);
});

test("a device that has opened the page once starts again with no network at all", async ({
  page,
  context,
  request,
}) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await drawPoint(page, "safe", -20, 0);
  await expectUnsent(page, 0);
  await offlineReady(page);
  const kept = await page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.includes("precache"));
    const files = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return files.flat().map(({ url }) => new URL(url).pathname);
  });
  // The map of a table, and nothing of the pages of others.
  expect(kept.filter((file) => /\/leaflet-.*js$/.test(file))).toHaveLength(1);
  expect(kept.filter((file) => /staff|figure|police|invitation|public-/.test(file))).toEqual([]);
  await context.setOffline(true);
  await drawPoint(page, "unsafe", 20, 10);
  await expectUnsent(page, 1);
  await page.reload();
  await mapReady(page);
  await expectUnsent(page, 1);
  await expectMarkers(page, 2);
  const drawn = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLCanvasElement>(".leaflet-tile-pane canvas")].some(
        (canvas) => {
          const data =
            canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          return data.some(
            (value, i) =>
              i % 4 === 0 && value === 0xff && data[i + 1] === 0xff && data[i + 2] === 0xff,
          );
        },
      ),
    );
  await expect.poll(drawn, { message: "white streets on the basemap" }).toBe(true);
  await context.setOffline(false);
  await expectUnsent(page, 0);
  expect((await room.snapshot()).markers).toHaveLength(2);
});

test("two tabs of one device are counted once, and send once", async ({
  page,
  context,
  browser,
  baseURL,
  request,
}) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  const second = await context.newPage();
  await second.goto(`/a/${room.code(1)}`);
  await mapReady(second);
  const elsewhere = await browser.newContext({ baseURL: baseURL ?? "", viewport: phone });
  await sitDown(await elsewhere.newPage(), room.code(1));
  for (const tab of [page, second]) {
    await expect(tab.locator(".devices")).toContainText("2 appareils");
  }
  await elsewhere.close();
  for (const tab of [page, second]) {
    await expect(tab.locator(".devices")).toContainText("1 appareil");
  }
  const posted: { tab: number; ops: string[] }[] = [];
  [page, second].forEach((tab, i) => {
    tab.on("request", (r) => {
      if (r.method() !== "POST" || !r.url().endsWith("/ops")) return;
      posted.push({
        tab: i,
        ops: (r.postDataJSON() as { ops: { id: string }[] }).ops.map((o) => o.id),
      });
    });
  });
  await drawPoint(page, "unsafe");
  await drawPoint(second, "safe", 30, 10);
  await expectUnsent(page, 0);
  await expectUnsent(second, 0);
  await expectMarkers(page, 2);
  await expectMarkers(second, 2);
  const ids = posted.flatMap((p) => p.ops);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(posted.map((p) => p.tab)).size).toBe(1);
  expect(new Set((await room.snapshot()).markers.map((m) => m.author)).size).toBe(1);
});

test("the page of a captive portal is not a receipt", async ({ page, request }) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await page.route("**/ops", (route) =>
    route.fulfill({
      status: 200,
      contentType: "text/html",
      body: "<html><body>Bienvenue, acceptez les conditions</body></html>",
    }),
  );
  await drawPoint(page);
  await expect(page.getByText(/Le Wi-Fi demande une connexion/)).toBeVisible();
  expect(await unsent(page)).toBe(1);
  // The newest route answers first, so that no try in between reaches the server.
  await page.route("**/ops", (route) =>
    route.fulfill({ status: 200, contentType: "application/json", body: '{"success":true}' }),
  );
  await drawPoint(page, "safe", 20, 0);
  await expect.poll(() => unsent(page)).toBe(2);
  await page.unroute("**/ops");
  await expectUnsent(page, 0);
  expect((await room.snapshot()).markers).toHaveLength(2);
});

test("what is drawn after the end stays on the device and is said", async ({
  page,
  context,
  request,
}) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await drawPoint(page, "safe", -20, 0);
  await expectUnsent(page, 0);
  await context.setOffline(true);
  await drawPoint(page);
  await room.animate({ kind: "freeze" });
  await context.setOffline(false);
  await expect(page.getByText(/1 repère dessiné trop tard/)).toBeVisible();
  await expect(page.getByText(/L’atelier est terminé/)).toBeVisible();
  // No clock runs any more.
  await expect(page.locator(".bar-words")).toContainText("Atelier terminé");
  await expect(page.locator(".bar-words")).not.toContainText("encore");
  // There is nothing left to draw, and a way to what comes of it.
  await expect(page.getByRole("button", { name: /pas en sécurité ici/ })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Suivre ce qui est fait" })).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await mapReady(page);
  await expect(page.getByText(/1 repère dessiné trop tard/)).toBeVisible();
  expect((await room.snapshot()).markers).toHaveLength(1);
});

test("the animateur pauses a table", async ({ page, request }) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await room.animate({ kind: "table_close", table: 1 });
  await expect(page.getByText(/mis le dessin en pause/)).toBeVisible();
  await expect(page.getByRole("button", { name: /pas en sécurité ici/ })).toBeDisabled();
  await room.animate({ kind: "table_open", table: 1 });
  await expect(page.getByRole("button", { name: /pas en sécurité ici/ })).toBeEnabled();
});

test("one tablet, two residents: two voices, and the first one's outbox still leaves", async ({
  page,
  context,
  request,
}) => {
  const room = await evening(request);
  await page.setViewportSize(tablet);
  await sitDown(page, room.code(2));
  await page.route("**/ops", (route) => route.abort());
  await drawPoint(page);
  await page.getByRole("button", { name: "Plus" }).click();
  await page.getByRole("button", { name: "Habitant·e suivant·e" }).click();
  await page.getByRole("button", { name: "Une autre personne" }).click();
  await mapReady(page);
  await expect(page.getByText(/habitant·e 2/)).toBeVisible();
  await page.unroute("**/ops");
  await drawPoint(page, "safe", 20, 40);
  await expect.poll(async () => (await room.snapshot()).markers.length).toBe(2);
  expect(new Set((await room.snapshot()).markers.map((m) => m.author)).size).toBe(2);
  await context.close();
});

test("one resident, two devices: one voice", async ({ page, browser, request, baseURL }) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await drawPoint(page);
  await page.getByRole("button", { name: "Plus" }).click();
  await page.getByRole("button", { name: "Continuer sur un autre appareil" }).click();
  const link = (await page.locator(".code").textContent()) ?? "";
  const context = await browser.newContext({
    viewport: phone,
    locale: "fr-FR",
    ...(baseURL ? { baseURL } : {}),
  });
  const other = await context.newPage();
  await other.goto(`/a/${room.code(1)}`);
  await other.getByRole("button", { name: /déjà commencé/ }).click();
  await other.getByLabel("Code affiché").fill(link);
  await other.getByRole("button", { name: "Continuer ici" }).click();
  await mapReady(other);
  await drawPoint(other, "safe", 20, 20);
  await expectUnsent(other, 0);
  expect(new Set((await room.snapshot()).markers.map((m) => m.author)).size).toBe(1);
  await other.getByRole("button", { name: "Mes repères" }).click();
  await expect(other.locator(".marker-list li")).toHaveCount(2);
  await context.close();
});

test("an outbox leaves as a file and is sent from another device as the same resident", async ({
  page,
  browser,
  request,
  baseURL,
}) => {
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await drawPoint(page, "safe", -20, 0);
  await expectUnsent(page, 0);
  await page.context().setOffline(true);
  await drawPoint(page);
  await page.getByRole("button", { name: "Plus" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /dans un fichier/ }).click(),
  ]);
  const path = await download.path();
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
    format: "quietude-outbox",
    operations: [{ op: { kind: "add" } }],
  });
  const context = await browser.newContext({
    viewport: phone,
    locale: "fr-FR",
    ...(baseURL ? { baseURL } : {}),
  });
  const other = await context.newPage();
  await sitDown(other, room.code(1));
  await other.getByRole("button", { name: "Plus" }).click();
  await other.setInputFiles("input[type=file]", path);
  await expect(other.getByText("1 repère repris.")).toBeVisible();
  await expect.poll(async () => (await room.snapshot()).markers.length).toBe(2);
  expect(new Set((await room.snapshot()).markers.map((m) => m.author)).size).toBe(1);
  // The first device comes back: the same operation, once in the log.
  await page.context().setOffline(false);
  await expectUnsent(page, 0);
  expect((await room.snapshot()).markers).toHaveLength(2);
  await context.close();
});

test.describe("without a service worker, whose requests no route sees", () => {
  test.use({ serviceWorkers: "block" });

  test("a place outside the quartier is said at once, even when its outline came late", async ({
    page,
    request,
  }) => {
    const room = await evening(request);
    let asked = 0;
    await page.route("**/api/v1/quartiers?*", (route) =>
      asked++ === 0 ? route.abort() : route.continue(),
    );
    await sitDown(page, room.code(1));
    expect(asked).toBeGreaterThan(1);
    await page.getByRole("button", { name: /pas en sécurité ici/ }).click();
    const { y } = await middle(page);
    await page.mouse.click(12, y);
    await expect(page.locator(".toast")).toHaveText(/en dehors du quartier/);
    expect(await unsent(page)).toBe(0);
    expect((await room.snapshot()).seq).toBe(1);
  });
});

test("storage that is refused is said before the first marker, and drawing goes on", async ({
  page,
  request,
}) => {
  const room = await evening(request);
  await page.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", {
      get() {
        throw new DOMException("refused", "SecurityError");
      },
    });
  });
  await page.goto(`/a/${room.code(1)}`);
  await expect(page.getByText(/refuse de garder vos repères.*carte en papier/)).toBeVisible();
  await page.getByRole("button", { name: "Commencer" }).click();
  await mapReady(page);
  await expect(page.getByText(/ce navigateur ne garde rien/)).toBeVisible();
  await drawPoint(page);
  await expectUnsent(page, 0);
  expect((await room.snapshot()).markers).toHaveLength(1);
});

test("the table's pages are ready for a language written from right to left", async ({
  page,
  request,
}) => {
  const room = await evening(request);
  // What `languages` would say of it: no such translation exists yet.
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const { documentElement } = document;
      if (documentElement && documentElement.dir !== "rtl") documentElement.dir = "rtl";
    }).observe(document, { attributes: true, childList: true, subtree: true });
  });
  const fits = async () => {
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    const [wide, window] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(wide).toBe(window);
  };
  await page.goto(`/a/${room.code(1)}`);
  await expect(page.getByRole("button", { name: "Commencer" })).toBeVisible();
  await fits();
  // A sentence begins at the right, with its pictogram.
  const icon = await page.locator(".sentences .icon").first().boundingBox();
  const words = await page.locator(".sentences span").first().boundingBox();
  expect(icon?.x ?? 0).toBeGreaterThan(words?.x ?? 0);
  await page.getByRole("button", { name: "Commencer" }).click();
  await mapReady(page);
  await fits();
  // A finger still means the place that it touches.
  await page.getByRole("button", { name: /pas en sécurité ici/ }).click();
  await page.getByRole("button", { name: "Placer au centre de la carte" }).click();
  await page.getByRole("button", { name: "Répondre plus tard" }).click();
  await drawPoint(page, "safe", 30, 0);
  await expectUnsent(page, 0);
  const { markers } = await room.snapshot();
  const lon = (felt: string) => markers.find((one) => one.felt === felt)?.geometry.coordinates[0];
  expect(lon("safe")).toBeGreaterThan(lon("unsafe") as number);
  await page.getByRole("button", { name: "Mes repères" }).click();
  await fits();
  await expectAccessible(page);
});

test.describe("when the page does not know the limit of the quartier", () => {
  test.use({ serviceWorkers: "block" });

  test("the server's sentence is shown, and the refused marker can be given up", async ({
    page,
    request,
  }) => {
    const room = await evening(request);
    await page.route("**/api/v1/quartiers*", (route) => route.abort());
    await page.goto(`/a/${room.code(1)}`);
    await page.getByRole("button", { name: "Commencer" }).click();
    await expect(page.locator(".resident")).toHaveAttribute("data-seq", /\d+/);
    await expect(page.locator(".leaflet-container")).toBeVisible();
    await page.getByRole("button", { name: /pas en sécurité ici/ }).click();
    const bar = await page.locator(".bar").boundingBox();
    await page.mouse.click(20, (bar?.height ?? 0) + 20);
    await expect(page.locator(".toast")).toHaveText(/^Refusé.: Ce lieu est en dehors/);
    await expect(page.getByText(/1 changement refusé/)).toBeVisible();
    await expectMarkers(page, 0);
    await page.getByRole("button", { name: "Mes repères" }).click();
    await page.getByRole("button", { name: "Abandonner" }).click();
    await expect(page.getByRole("button", { name: "Abandonner" })).toBeHidden();
    expect((await room.snapshot()).markers).toHaveLength(0);
  });
});

test("wrong codes get a clear page with a field to type again", async ({ page, request }) => {
  const room = await evening(request);
  const asked: string[] = [];
  page.on("request", (sent) => {
    if (/\/api\/v1\/tables\//.test(sent.url())) asked.push(sent.url());
  });
  const wrong = page.getByRole("heading", { name: /n’est pas celui d’une table/ });
  // The document itself is the refusal: it counts as one wrong code, and nothing asks again.
  expect((await page.goto("/a/ZZZZ2222"))?.status()).toBe(404);
  await expect(wrong).toBeVisible();
  await expectAccessible(page);
  expect(asked).toEqual([]);
  await page.getByLabel("Code de la table").fill("abc");
  await page.getByRole("button", { name: "Ouvrir la carte" }).click();
  await expect(page.getByText("Le code compte 8 lettres et chiffres.")).toBeVisible();
  // A device that has the page answers itself, and asks the server once for the code.
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null))
    .toBe(true);
  expect((await page.goto("/a/ZZZZ3333"))?.fromServiceWorker()).toBe(true);
  await expect(wrong).toBeVisible();
  expect(asked).toHaveLength(1);
  const code = room.code(1);
  await page
    .getByLabel("Code de la table")
    .fill(`${code.slice(0, 4).toLowerCase()} ${code.slice(4)}`);
  await page.getByRole("button", { name: "Ouvrir la carte" }).click();
  await expect(page.getByRole("heading", { name: "Bienvenue" })).toBeVisible();
});

test("whoever types the address of the table's card finds where to type its code", async ({
  page,
  request,
}) => {
  const room = await evening(request);
  await page.goto("/");
  await page.getByRole("button", { name: "Dessiner avec votre table" }).click();
  await expect(page.getByLabel("Code de la table")).toBeFocused();
  await expectAccessible(page);
  const code = room.code(2).toLowerCase();
  await page.keyboard.type(`${code.slice(0, 4)} ${code.slice(4)}`);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Table 2", { exact: true })).toBeVisible();
});

test("an evening that is over answers 410 with a clear page", async ({ page, request }) => {
  const room = await evening(request);
  await room.animate({ kind: "freeze" });
  expect((await page.goto(`/a/${room.code(1)}`))?.status()).toBe(410);
  await expect(page.getByRole("heading", { name: "Cet atelier est terminé" })).toBeVisible();
  await expect(page.getByText("Ses résultats seront publiés par la Ville.")).toBeVisible();
  // The server speaks French: the page says its refusals in its own language.
  await page.getByRole("button", { name: "English" }).click();
  await expect(
    page.getByText("This workshop is over: its code no longer opens the map."),
  ).toBeVisible();
});

test("everything can be done with the keyboard", async ({ page, request }) => {
  const room = await evening(request);
  await page.goto(`/a/${room.code(1)}`);
  const press = async (name: RegExp | string) => {
    // A modal panel comes after the page that it makes inert.
    const button = page.getByRole("button", { name }).last();
    await expect(button).toBeVisible();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      if (await button.evaluate((element) => element === document.activeElement).catch(() => false))
        break;
    }
    await expect(button).toBeFocused();
    await page.keyboard.press("Enter");
  };
  await expect(page.getByRole("button", { name: "Commencer" })).toBeVisible();
  await press("Commencer");
  await mapReady(page);
  await expect(page.getByRole("button", { name: "Diagnostic" })).toBeFocused();
  await press(/pas en sécurité ici/);
  await expect(page.locator(".map-cross")).toBeVisible();
  await page.locator(".map").focus();
  await page.keyboard.press("ArrowDown");
  await press("Placer au centre de la carte");
  await press("La nuit");
  await press("Continuer");
  await press("Répondre plus tard");
  await expectUnsent(page, 0);
  await press("Mes repères");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Mes repères" })).toBeFocused();
  // The browser gives the focus back a moment before it says that the list is closed.
  await expect(page.locator("resident-list")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await press(/^Supprimer/);
  await expectMarkers(page, 0);
  await page.keyboard.press("Escape");
  await press("Annuler");
  await expectMarkers(page, 1);
  // A marker by the name of a street, without the map.
  await press("Mes repères");
  await page.getByRole("combobox").focus();
  await page.keyboard.type("combe");
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await press(/plutôt en sécurité ici/);
  await expectMarkers(page, 2);
  await expectUnsent(page, 0);
});

for (const [name, size] of Object.entries({ tablet, phone })) {
  test(`while placing on a coarse ${name}, no part of the quartier lies under the sheet`, async ({
    page,
    request,
  }) => {
    const room = await evening(request);
    await page.setViewportSize(size);
    await sitDown(page, room.code(1));
    expect(await page.evaluate(() => devicePixelRatio)).toBe(1);
    await page.getByRole("button", { name: /pas en sécurité ici/ }).click();
    await expect(page.getByRole("button", { name: "Entourer" })).toBeVisible();
    // The map follows the sheet in the frame in which it grows.
    await page.evaluate(
      () => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))),
    );
    const sheet = await page.locator(".sheet").boundingBox();
    if (sheet === null) throw new Error("no sheet");
    // Where the sheet begins, the quartier has ended.
    for (let x = sheet.x + 4; x < sheet.x + sheet.width; x += 10)
      await page.mouse.click(x, sheet.y - 4);
    await expect(page.getByRole("button", { name: "Entourer" })).toBeVisible();
    await expectMarkers(page, 0);
  });
}

test("every screen of the phone passes axe, in French and English", async ({ page, request }) => {
  const room = await evening(request);
  await page.goto(`/a/${room.code(1)}`);
  await expect(page.getByRole("button", { name: "Commencer" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Commencer" }).click();
  await mapReady(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: /pas en sécurité ici/ }).click();
  await expectAccessible(page);
  const { x, y } = await middle(page);
  await page.mouse.click(x, y);
  for (let question = 0; question < 5; question++) {
    await expectAccessible(page);
    await page.getByRole("button", { name: "Passer" }).click();
  }
  await page.getByRole("button", { name: "Mes repères" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Voir sur la carte/ }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Plus" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "English" }).click();
  await mapReady(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("button", { name: "I do not feel safe here" })).toBeVisible();
  await expectAccessible(page);
});

test("a server that is killed and comes back finds every marker once", async ({
  page,
  request,
  quietude,
}) => {
  test.skip(Boolean(process.env.QUIETUDE_E2E_URL), "the server is not ours to kill");
  const room = await evening(request);
  await sitDown(page, room.code(1));
  await drawPoint(page);
  await quietude.kill();
  await drawPoint(page, "safe", 20, 20);
  await expectUnsent(page, 1);
  await quietude.restart();
  await expectUnsent(page, 0);
  expect((await room.snapshot()).markers).toHaveLength(2);
});
