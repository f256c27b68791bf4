import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { en } from "./problem.en";

const server = new URL("../../../server/", import.meta.url);

/** Every code that a handler, the room or what they call can refuse with, from their source. */
function codesOfTheServer(): Set<string> {
  const codes = new Set<string>();
  const packages = ["api", "live", "atelier", "auth", "store", "publication", "hexmap", "analysis"];
  for (const name of [...packages, "work", "compterendu", "comparison"]) {
    const folder = new URL(`${name}/`, server);
    for (const file of readdirSync(folder)) {
      if (!file.endsWith(".go") || file.endsWith("_test.go")) continue;
      const source = readFileSync(new URL(file, folder), "utf8");
      for (const pattern of [
        // fault.New(fault.NotFound, "code", …) and the table of geo's reasons: {fault.Invalid, "code", …}
        /fault\.[A-Z]\w+,\s*"([a-z][a-z0-9_]+)"/g,
        // refuse("code", …) of the merge rules
        /\brefuse\("([a-z][a-z0-9_]+)"/g,
        // Problem{Code: "code"}
        /\bCode:\s*"([a-z][a-z0-9_]+)"/g,
        // a code that several places compare with has a name
        /\bcode[A-Z]\w+ = "([a-z][a-z0-9_]+)"/g,
      ]) {
        for (const [, code] of source.matchAll(pattern)) codes.add(code as string);
      }
    }
  }
  return codes;
}

/** The codes that the page of the protocol lists; a Go test holds it to what the server answers. */
function codesOfTheProtocol(): Set<string> {
  const page = readFileSync(new URL("../docs/protocol.md", server), "utf8");
  return new Set(
    [...page.matchAll(/^\| \d{3} \| `([a-z_]+)`/gm)].map(([, code]) => code as string),
  );
}

describe("every refusal of the server has a sentence in English", () => {
  const codes = codesOfTheServer();
  const protocol = codesOfTheProtocol();
  test("the codes are found where they are written", () => {
    expect(codes.size).toBeGreaterThan(180);
    expect(protocol.size).toBeGreaterThan(25);
    for (const code of ["code_inconnu", "plafond", "surface_nulle", "origine_refusee"])
      expect(codes).toContain(code);
  });
  test("and none is without", () => {
    const known = new Set(Object.keys(en));
    expect([...codes, ...protocol].filter((code) => !known.has(code))).toEqual([]);
  });
  test("that is English, and no code of yesterday is kept", () => {
    const all = new Set([...codes, ...protocol]);
    expect(Object.keys(en).filter((code) => !all.has(code))).toEqual([]);
    for (const sentence of Object.values(en)) expect(sentence).toMatch(/^[A-Z][^éèêàçœ]+\.$/);
  });
});

describe("a refusal is said", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });
  test("in French as the server says it", async () => {
    const { problemSentence } = await import("./problem");
    expect(problemSentence("plafond", "C’est le maximum.")).toBe("C’est le maximum.");
  });
  test("in English by its code, and never in French", async () => {
    vi.stubGlobal("localStorage", { getItem: () => "en", setItem: () => undefined });
    const { problemSentence, problemWords } = await import("./problem");
    await problemWords;
    expect(problemSentence("plafond", "C’est le maximum.")).toBe(en.plafond);
    expect(problemSentence("code_de_demain", "Demain.")).toBe("The server did not accept this.");
  });
});
