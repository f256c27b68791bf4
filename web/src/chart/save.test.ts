import { expect, test } from "vitest";
import { wrap } from "./save";

test("a caption is broken at spaces, and no word is lost", () => {
  const text =
    "Source : Quiétude, Chambéry, Bellevue – données fictives. Période : depuis le début.";
  const lines = wrap(text, 30);
  expect(lines.join(" ")).toBe(text);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(30);
  expect(wrap("anticonstitutionnellement", 5)).toEqual(["anticonstitutionnellement"]);
  expect(wrap("", 5)).toEqual([]);
});
