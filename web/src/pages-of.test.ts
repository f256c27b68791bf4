import { expect, it } from "vitest";
import { pageAt, pagesOf } from "./pages-of";

it("pages are of about the same length and hold everything once, in order", () => {
  expect(pagesOf([1, 2, 3, 4, 5, 6, 7, 8], 6)).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  expect(pagesOf([], 4)).toEqual([[]]);
  for (let n = 0; n < 40; n++) {
    const list = Array.from({ length: n }, (_, i) => i);
    const pages = pagesOf(list, 5);
    expect(pages.flat()).toEqual(list);
    expect(Math.max(...pages.map((p) => p.length))).toBeLessThanOrEqual(5);
  }
});

it("turning goes round in both directions", () => {
  const pages = pagesOf([1, 2, 3, 4, 5], 2);
  expect([0, 1, 2, 3, -1, -4].map((n) => pageAt(pages, n))).toEqual([0, 1, 2, 0, 2, 2]);
});
