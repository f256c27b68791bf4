import { expect, test, vi } from "vitest";
import { counted } from "./format";

test("a page that counts again and again makes the rules of plurals once", () => {
  let made = 0;
  class Counting extends Intl.PluralRules {
    constructor(locale: string) {
      super(locale);
      made++;
    }
  }
  vi.stubGlobal("Intl", { ...Intl, PluralRules: Counting, NumberFormat: Intl.NumberFormat });
  const said = [0, 1, 2, 1200].map((n) => counted(n, "repère", "repères"));
  vi.unstubAllGlobals();
  expect(said).toEqual(["0 repère", "1 repère", "2 repères", "1\u202f200 repères"]);
  expect(made).toBe(1);
});
