import { expect, test } from "vitest";
import { tableCode } from "./table-code";

test("a code may be typed in lower case, with spaces or dashes", () => {
  for (const typed of ["ABCD2345", "abcd 2345", " ab-cd 23-45 "]) {
    expect(tableCode(typed)).toBe("ABCD2345");
  }
});

test("anything but eight letters or digits is refused", () => {
  for (const typed of ["", "ABCD234", "ABCD23456", "ABCD/345", "ABCDÉ345"]) {
    expect(tableCode(typed)).toBeNull();
  }
});
