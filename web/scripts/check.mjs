// Rules of the front end that neither the compiler nor the linter can hold:
// the generated types are those of openapi.yaml, no HTML is made from strings,
// and one module alone speaks to the map library.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const root = resolve(import.meta.dirname, "..");
const faults = [];

const document = resolve(root, "../server/api/openapi.yaml");
const fresh = COMMENT_HEADER + astToString(await openapiTS(pathToFileURL(document)));
const kept = readFileSync(join(root, "src/api-types.ts"), "utf8");
if (fresh.trim() !== kept.trim()) {
  faults.push("src/api-types.ts is not what openapi.yaml gives: run `npm run types`");
}

const rules = [
  {
    pattern:
      /\b(innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|createContextualFragment)\b|document\.write|\b(bindPopup|bindTooltip)\(/,
    says: "makes HTML from a string; use DOM nodes or Lit templates",
    allowed: () => false,
  },
  {
    pattern:
      /\bfrom "(leaflet|protomaps-leaflet|@geoman-io\/[^"]*)"|import\("(leaflet|protomaps-leaflet|@geoman-io)/,
    says: "imports the map library; only src/map/leaflet*.ts may",
    allowed: (path) => /^src\/map\/leaflet(-\w+)?\.ts$/.test(path),
  },
  {
    pattern: /https?:\/\/(?!www\.w3\.org\/)[^\s"'`]+/,
    says: "names an address outside of the server; nothing is loaded from elsewhere",
    allowed: (path) => path.endsWith(".test.ts") || path === "src/api-types.ts",
  },
];

for (const entry of readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  const path = relative(root, file);
  if (!entry.isFile() || !/\.(ts|css)$/.test(path)) continue;
  readFileSync(file, "utf8")
    .split("\n")
    .forEach((line, i) => {
      for (const rule of rules) {
        if (rule.pattern.test(line) && !rule.allowed(path)) {
          faults.push(`${path}:${i + 1} ${rule.says}`);
        }
      }
    });
}

for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
