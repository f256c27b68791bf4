import { describe, expect, test } from "vitest";
import { format, initial, parse, quartierOfPath } from "./quartiers-state";

describe("the address of the planners' pages", () => {
  test("says the whole view, and only what differs", () => {
    const query =
      "?quartiers=BE,BI&taux=unsafe&du=2024-01-01&au=2025-12-31&par=annee&montrer=contested&taille=9&mesure=signalements&avant=2024-01-01..2024-12-31&apres=2025-01-01..2025-12-31&zone=8a1f96a0b6dffff&date=2025-03-01&mois=6";
    expect(format(parse(query))).toBe(query);
    expect(format(parse(""))).toBe("");
    expect(parse("")).toEqual(initial);
  });

  test("leaves out what cannot be understood", () => {
    expect(
      parse(
        "?quartiers=b%20e&taux=rang&du=2025-02-31&par=jour&taille=15&avant=hier&apres=2025-01-01..x..y&zone=zz&mois=7&action=1",
      ),
    ).toEqual(initial);
  });

  test("an atelier or a period is a side", () => {
    const id = "0195cf4e-1111-7000-8000-000000000001";
    expect(parse(`?avant=${id}`).before).toBe(id);
    expect(parse("?avant=2025-01-01..2025-12-31").before).toBe("2025-01-01..2025-12-31");
    expect(parse("?avant=2025-13-01..2025-12-31").before).toBe("");
  });

  test("the path names the quartier", () => {
    expect(quartierOfPath("/quartiers/BE")).toBe("BE");
    expect(quartierOfPath("/quartiers")).toBeNull();
    expect(quartierOfPath("/quartiers/b%20e")).toBeNull();
  });
});
