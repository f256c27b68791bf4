import { afterEach, expect, test, vi } from "vitest";
import { countedAs } from "./counted";

const one = "0199a000-0000-7000-8000-000000000001";
const other = "0199a000-0000-7000-8000-000000000002";

afterEach(() => vi.unstubAllGlobals());

test("a browser is one device of an atelier, and another one of the next", () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  const first = countedAs(one);
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  expect(countedAs(one)).toBe(first);
  expect(countedAs(other)).not.toBe(first);
  for (const key of kept.keys()) kept.set(key, "spoiled");
  expect(countedAs(one)).toMatch(/^[0-9a-f]{8}-/);
});

test("a browser that keeps nothing stays one device while its page is open", () => {
  vi.stubGlobal("localStorage", undefined);
  expect(countedAs(one)).toBe(countedAs(one));
  expect(countedAs(one)).not.toBe(countedAs(other));
});
