import { existsSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

// One page per kind of user; a page that does not exist yet is not built.
const pages = [
  "index",
  "signaler",
  "carte",
  "atelier",
  "animation",
  "projection",
  "invitation",
  "connexion",
  "police",
  "restitution",
  "fiche",
  "moderation",
  "actions",
  "vie-privee",
  "contribution",
  "quartiers",
  "compte",
  "comptes",
  "journal",
  "conservation",
  "acces",
  "erreur",
  "suivi",
  "est-ce-mieux",
  "pilote",
];

const server = process.env.QUIETUDE_DEV_SERVER ?? "http://127.0.0.1:8080";

const dist = resolve(import.meta.dirname, "dist");

const unused = resolve(import.meta.dirname, "src/map/no-flavours.ts");

/** The page of a table as the service worker keeps it. */
const SHELL = "/a/hors-ligne";

/** Scripts and styles that it loads, at once or when they are needed. */
const tableFiles = new Set<string>();

/** Addresses that the Go server answers with a page of the bundle. */
const routes: [RegExp, string][] = [
  [/^\/carte$/, "/carte.html"],
  [/^\/police$/, "/police.html"],
  [/^\/police\/fiche$/, "/fiche.html"],
  [/^\/signaler$/, "/signaler.html"],
  [/^\/a\/[^/]+\/?$/, "/atelier.html"],
  [/^\/animation(\/[^/]*)?$/, "/animation.html"],
  [/^\/projection\/[^/]+$/, "/projection.html"],
  [/^\/restitution(\/[^/]+)?$/, "/restitution.html"],
  [/^\/invitation\/[^/]+$/, "/invitation.html"],
  [/^\/quartiers(\/[^/]+)?$/, "/quartiers.html"],
  [/^\/(connexion|acces|compte|comptes|journal|conservation)$/, "/$1.html"],
  [/^\/moderation$/, "/moderation.html"],
  [/^\/actions$/, "/actions.html"],
  [/^\/suivi(\/[^/]+)?$/, "/suivi.html"],
  [/^\/(est-ce-mieux|pilote)$/, "/$1.html"],
  [/^\/vie-privee$/, "/vie-privee.html"],
  [/^\/ma-contribution$/, "/contribution.html"],
];

export default defineConfig({
  base: "/",
  resolve: {
    alias: {
      "@protomaps/basemaps": unused,
      pmtiles: unused,
    },
  },
  build: {
    target: "es2022",
    outDir: dist,
    // dist/.gitkeep lets Go embed the folder before the first build, so the
    // folder is emptied by the plugin below instead of by vite.
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: Object.fromEntries(
        pages
          .map((name): [string, string] => [name, resolve(import.meta.dirname, `${name}.html`)])
          .filter(([, file]) => existsSync(file)),
      ),
    },
  },
  server: {
    proxy: { "/api": server, "/tiles": server },
  },
  plugins: [
    {
      name: "quietude-empty-dist",
      apply: "build",
      buildStart() {
        for (const name of readdirSync(dist)) {
          if (name !== ".gitkeep") rmSync(resolve(dist, name), { recursive: true });
        }
      },
    },
    {
      name: "quietude-routes",
      configureServer(dev) {
        dev.middlewares.use((request, _response, next) => {
          const path = (request.url ?? "").split("?")[0] ?? "";
          const route = routes.find(([pattern]) => pattern.test(path));
          if (route) request.url = path.replace(route[0], route[1]);
          next();
        });
      },
    },
    {
      // A resident's phone keeps the page of a table and nothing of the others.
      name: "quietude-table-files",
      apply: "build",
      enforce: "post",
      generateBundle(_options, bundle) {
        const take = (file: string) => {
          const chunk = bundle[file];
          if (chunk?.type !== "chunk" || tableFiles.has(file)) return;
          tableFiles.add(file);
          for (const style of chunk.viteMetadata?.importedCss ?? []) tableFiles.add(style);
          for (const other of [...chunk.imports, ...chunk.dynamicImports]) take(other);
        };
        for (const [file, chunk] of Object.entries(bundle)) {
          if (chunk.type === "chunk" && chunk.isEntry && chunk.name === "atelier") take(file);
        }
        if (tableFiles.size === 0) throw new Error("the page of a table is not in the bundle");
      },
    },
    // A device that has opened the page of a table once works with no network at
    // all. The outbox is in IndexedDB, which no version of this worker touches;
    // a new version waits until the pages of the old one are closed.
    VitePWA({
      injectRegister: null,
      registerType: "prompt",
      manifest: false,
      filename: "sw.js",
      workbox: {
        inlineWorkboxRuntime: true,
        sourcemap: false,
        clientsClaim: true,
        cleanupOutdatedCaches: true,
        globPatterns: ["atelier.html", "assets/*.{js,css}", "assets/*latin-[47]*.woff2"],
        dontCacheBustURLsMatching: /^assets\//,
        manifestTransforms: [
          (entries) => ({
            manifest: entries
              .filter(({ url }) => !/\.(js|css)$/.test(url) || tableFiles.has(url))
              // The server answers a table's page by its code; this address has none, and is never refused.
              .map((entry) => (entry.url === "atelier.html" ? { ...entry, url: SHELL } : entry)),
          }),
        ],
        navigateFallback: SHELL,
        navigateFallbackAllowlist: [/^\/a\//],
        runtimeCaching: [
          {
            urlPattern: /\/tiles\/(quartiers|voirie|reperes)\//,
            handler: "StaleWhileRevalidate",
            options: {
              cacheName: "quietude-carte",
              cacheableResponse: { statuses: [200, 204] },
              expiration: { maxEntries: 3000 },
            },
          },
          {
            // The table, the quartier and the territoire; no other answer of the API is ever kept.
            urlPattern: /\/api\/v1\/(tables\/[^/]+|quartiers|territoires)(\?.*)?$/,
            handler: "NetworkFirst",
            options: {
              cacheName: "quietude-table",
              networkTimeoutSeconds: 4,
              cacheableResponse: { statuses: [200] },
              expiration: { maxEntries: 30 },
            },
          },
        ],
      },
    }),
  ],
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
  },
});
