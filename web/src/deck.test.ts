import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deck } from "./deck";

const state = { version: 1, shown: 1, recounted: 0, slides: [{ kind: "map" }] };
let answers: { state: typeof state; told: number };
let asked: string[];

beforeEach(() => {
  answers = { state, told: 10 };
  asked = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    const body = path.endsWith("/restitution")
      ? answers.state
      : { kind: "map", at_least: answers.told };
    return new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } });
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("a slide that stands on the wall", () => {
  it("is counted once while nothing is taken out of it, and again when something is", async () => {
    let changes = 0;
    const deck = new Deck("0190a000-0000-7000-8000-000000000001", () => changes++);
    await deck.read();
    expect((await deck.tell(1)).at_least).toBe(10);
    answers.told = 5;
    await deck.read();
    expect(changes).toBe(1);
    expect((await deck.tell(1)).at_least).toBe(10);
    answers.state = { ...state, recounted: 1 };
    await deck.read();
    expect(changes).toBe(2);
    expect((await deck.tell(1)).at_least).toBe(5);
    expect(asked.filter((path) => path.endsWith("/1"))).toHaveLength(2);
    deck.stop();
  });

  it("does not keep figures that were asked for before something was taken out", async () => {
    const deck = new Deck("0190a000-0000-7000-8000-000000000002", () => {});
    await deck.read();
    const early = deck.tell(1);
    answers.state = { ...state, recounted: 1 };
    await deck.read();
    await early;
    answers.told = 5;
    expect((await deck.tell(1)).at_least).toBe(5);
    deck.stop();
  });
});
