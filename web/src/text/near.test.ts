import { expect, test } from "vitest";
import { capital, nearFr } from "./near";

test("a street has its article, and what is no kind of street is a name", () => {
  expect(
    [
      "Rue Bonivard",
      "Avenue des Landiers",
      "Chemin de Chiron",
      "Impasse",
      "Éperon",
      "Les Fontanettes",
      "",
    ].map(nearFr),
  ).toEqual([
    "près de la rue Bonivard",
    "près de l'avenue des Landiers",
    "près du chemin de Chiron",
    "près de l'impasse",
    "près d'Éperon",
    "près de Les Fontanettes",
    "près de ",
  ]);
  expect(capital(nearFr("Quai Charles Ravet"))).toBe("Près du quai Charles Ravet");
});
