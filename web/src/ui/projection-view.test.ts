import { expect, test } from "vitest";
import { firstView, turned, type Wish, wished, wishOf } from "./projection-view";

const after = (...typed: string[]) =>
  typed.reduce((view, key) => wished(view, wishOf(key) as Wish), firstView);

test("markers and hexagons take turns until a key chooses", () => {
  expect(turned(firstView).shown).toBe("hexagons");
  expect(turned(turned(firstView)).shown).toBe("markers");
  expect(turned(after("H")).shown).toBe("hexagons");
  expect(turned(after("c")).shown).toBe("contested");
});

test("after « contested », letting it turn again goes back to the markers", () => {
  expect(turned(after("c", "a")).shown).toBe("markers");
});

test("codes and help come and go, and Escape takes both away", () => {
  expect(after("j").codes).toBe(true);
  expect(after("J", "j").codes).toBe(false);
  expect(after("j", "?", "Escape")).toEqual(firstView);
});

test("other keys mean nothing", () => {
  expect(wishOf("x")).toBeNull();
  expect(wishOf("constructor")).toBeNull();
});
