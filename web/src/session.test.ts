import { describe, expect, test } from "vitest";
import { afterSignIn } from "./session";

describe("after signing in", () => {
  const origin = "https://quietude.example.fr";
  const cases: [string | null, string][] = [
    ["/animation/1?x=2#y", "/animation/1?x=2#y"],
    ["/", "/"],
    [null, "/home"],
    ["", "/home"],
    ["//evil.example/", "/home"],
    ["/\\evil.example/", "/home"],
    ["https://evil.example/", "/home"],
    ["javascript:alert(1)", "/home"],
    ["/\t/evil.example", "/home"],
    ["//", "/home"],
  ];
  for (const [asked, want] of cases) {
    test(`${JSON.stringify(asked)} leads to ${want}`, () => {
      expect(afterSignIn(asked, "/home", origin)).toBe(want);
    });
  }
});
