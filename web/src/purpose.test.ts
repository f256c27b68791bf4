import { afterEach, describe, expect, it, vi } from "vitest";
import { choosePurpose, purpose, purposeChanges } from "./purpose";

describe("purpose", () => {
  afterEach(() => {
    choosePurpose("");
    vi.unstubAllGlobals();
  });

  it("is remembered where the tab keeps things, told to who listens, and nothing but a reason of the list", () => {
    const store = new Map<string, string>();
    vi.stubGlobal("sessionStorage", {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => store.set(key, value),
      removeItem: (key: string) => store.delete(key),
    });
    const told = vi.fn();
    purposeChanges.addEventListener("change", told);
    expect(purpose()).toBeUndefined();
    choosePurpose("patrouille");
    expect(purpose()).toBe("patrouille");
    expect([...store.values()]).toEqual(["patrouille"]);
    choosePurpose("curiosite");
    expect(purpose()).toBeUndefined();
    expect(store.size).toBe(0);
    expect(told).toHaveBeenCalledTimes(2);
  });

  it("lasts as long as the page where the browser keeps nothing", () => {
    vi.stubGlobal("sessionStorage", {
      getItem: () => {
        throw new Error("refused");
      },
      setItem: () => {
        throw new Error("refused");
      },
      removeItem: () => {},
    });
    choosePurpose("suivi");
    expect(purpose()).toBe("suivi");
  });
});
