import { describe, expect, test } from "vitest";
import { en } from "./en";
import { formatDay, formatMoment, formatMomentOf, formatNumber, formatTime } from "./format";
import { fr } from "./fr";
import { french, languages } from "./text";

/** Paths of all texts, "map.zoomIn", each with its number of arguments. */
function keys(texts: object, path = ""): string[] {
  return Object.entries(texts)
    .flatMap(([key, value]) =>
      typeof value === "object" && value !== null
        ? keys(value, `${path}${key}.`)
        : [`${path}${key}`],
    )
    .sort();
}

function strings(texts: object): string[] {
  return Object.values(texts).flatMap((value) =>
    typeof value === "string" ? [value] : typeof value === "object" && value ? strings(value) : [],
  );
}

describe("languages", () => {
  const files = import.meta.glob<Record<string, object>>(["./*.ts", "!./*.test.ts"], {
    eager: true,
  });
  for (const [path, module] of Object.entries(files)) {
    const name = /^\.\/(.*\.)?fr\.ts$/.exec(path);
    if (!name) continue;
    for (const code of Object.keys(languages).filter((one) => one !== "fr")) {
      const other = files[path.replace(/fr\.ts$/, `${code}.ts`)];
      test(`${path} has every key in ${code} too, and no text is empty`, () => {
        const [reference] = Object.values(module).filter((value) => typeof value === "object");
        const [translation] = Object.values(other ?? {}).filter(
          (value) => typeof value === "object",
        );
        expect(keys(translation ?? {})).toEqual(keys(reference ?? {}));
        for (const texts of [reference, translation]) {
          for (const text of strings(texts ?? {})) expect(text.trim()).not.toBe("");
        }
      });
    }
  }

  test("two languages say different things", () => {
    expect(en.draw.title).not.toBe(fr.draw.title);
  });
});

describe("a sentence is written once", () => {
  // A label of a word or two is said by each page for itself; a sentence is shared.
  const SENTENCE = 30;
  const sources = import.meta.glob<string>(["./*.ts", "!./*en.ts", "!./*.test.ts"], {
    eager: true,
    query: "?raw",
    import: "default",
  });

  test("in one file of French texts", () => {
    const files = new Map<string, Set<string>>();
    for (const [path, source] of Object.entries(sources)) {
      for (const [literal] of source.matchAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)) {
        const text = literal.slice(1, -1);
        // What a template says besides its values.
        if (text.replace(/\$\{[^}]*\}/g, "").length < SENTENCE || !text.includes(" ")) continue;
        files.set(text, (files.get(text) ?? new Set()).add(path));
      }
    }
    expect(files.size).toBeGreaterThan(500);
    const twice = [...files].filter(([, paths]) => paths.size > 1);
    expect(twice.map(([text, paths]) => `${text} (${[...paths].join(", ")})`)).toEqual([]);
  });
});

describe("French typography", () => {
  test("narrow no-break spaces stand before high punctuation and inside guillemets", () => {
    expect(french("Où ? « Ici » : là !")).toBe("Où\u202f? «\u202fIci\u202f»\u202f: là\u202f!");
  });

  test("reaches nested texts and functions, and curls apostrophes", () => {
    const texts = french({ a: { b: (n: number) => `l'essai ${n} !` } });
    expect(texts.a.b(2)).toBe("l’essai 2\u202f!");
  });

  test("addresses and times keep their colons", () => {
    expect(french("https://exemple.fr 18:30")).toBe("https://exemple.fr 18:30");
  });
});

describe("numbers of people", () => {
  test("agree with their noun", () => {
    expect(fr.hexagon.unsafe(1)).toBe("1 personne ne se sent pas en sécurité ici.");
    expect(fr.hexagon.unsafe(7)).toBe("7 personnes ne se sentent pas en sécurité ici.");
    expect(fr.hexagon.signalements(0)).toBe("Aucun signalement.");
    expect(en.hexagon.safe(1)).toBe("1 person feels rather safe here.");
  });
});

describe("formats", () => {
  test("dates and times are written the French way, in the time of the territoire", () => {
    expect(formatDay("2026-03-12")).toBe("jeudi 12 mars 2026");
    expect(formatTime("2026-03-12T17:30:00Z")).toBe("18\u00a0h\u00a030");
    expect(formatMoment("2026-07-01T17:05:00Z")).toBe(
      "mercredi 1er juillet 2026, 19\u00a0h\u00a005",
    );
  });

  test("a day that the title says is not said again", () => {
    const at = "2026-03-12T17:30:00Z";
    expect(formatMomentOf("Atelier du Biollay, jeudi 12 mars 2026", at)).toBe("18\u00a0h\u00a030");
    expect(formatMomentOf("Atelier du 12 mars", at)).toBe("jeudi 12 mars 2026, 18\u00a0h\u00a030");
  });

  test("thousands are set apart by a narrow no-break space", () => {
    expect(formatNumber(12345)).toBe("12\u202f345");
  });
});
