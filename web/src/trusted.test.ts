import { describe, expect, test } from "vitest";
import { markup, script } from "./trusted";

describe("what may become markup", () => {
  test.each(["", "<svg/>", "500 m", "3 km", "10000 km"])("%j, which Leaflet writes", (text) => {
    expect(markup(text)).toBe(text);
  });
  test.each([
    "<img src=x onerror=alert(1)>",
    " ",
    "<svg/><img>",
    "<svg onload=alert(1)>",
    "3 km<img>",
    "3 km\n<img>",
    "<b>3 km",
    "-1 m",
    "Cognin",
  ])("not %j", (text) => {
    expect(markup(text)).toBeNull();
  });
});

describe("what may become a worker", () => {
  test("the one of the build", () => expect(script("/sw.js")).toBe("/sw.js"));
  test.each(["/sw.js?x", "//intrus.example/sw.js", "data:text/javascript,1", "sw.js", ""])(
    "not %j",
    (address) => expect(script(address)).toBeNull(),
  );
});
