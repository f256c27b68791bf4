import { describe, expect, test } from "vitest";
import type { Atelier } from "../api";
import {
  copied,
  emptyDraft,
  fieldOf,
  instantOf,
  missing,
  monthsBefore,
  sorted,
  stageOf,
  toNewAtelier,
} from "./animation-draft";

const atelier = (over: Partial<Atelier>): Atelier => ({
  id: "0190a0a0-0000-7000-8000-000000000001",
  territoire: "73065",
  quartier: "BO",
  kind: "reunion",
  titre: "Réunion du Biollay",
  lieu: "Salle polyvalente",
  starts_at: "2026-03-12T17:30:00Z",
  closes_at: "2026-03-13T05:30:00Z",
  state: "prepared",
  step: 0,
  shared: false,
  seq: 0,
  demo: false,
  tables: [
    { numero: 1, open: true },
    { numero: 2, open: true },
  ],
  ...over,
});

describe("times on the clocks of the hall", () => {
  test("winter and summer, whatever the zone of the laptop", () => {
    expect(instantOf("2026-03-12", "18:30", "Europe/Paris")).toBe("2026-03-12T17:30:00.000Z");
    expect(instantOf("2026-07-01", "18:30", "Europe/Paris")).toBe("2026-07-01T16:30:00.000Z");
    expect(instantOf("2026-01-10", "23:15", "America/Cayenne")).toBe("2026-01-11T02:15:00.000Z");
  });

  test("around the changes of the clocks", () => {
    expect(instantOf("2026-03-29", "01:30", "Europe/Paris")).toBe("2026-03-29T00:30:00.000Z");
    expect(instantOf("2026-03-29", "03:30", "Europe/Paris")).toBe("2026-03-29T01:30:00.000Z");
    expect(instantOf("2026-10-25", "18:30", "Europe/Paris")).toBe("2026-10-25T17:30:00.000Z");
  });
});

test("a copy takes over what recurs, its plan included, and neither the title nor the date", () => {
  const plan = [10, 30, 15, 45, 15, 10, 5];
  const draft = copied(
    { ...emptyDraft, date: "2026-06-04", titre: "Le mien" },
    atelier({ plan }),
    "Europe/Paris",
  );
  expect(draft).toEqual({
    quartier: "BO",
    kind: "reunion",
    titre: "Le mien",
    date: "2026-06-04",
    time: "18:30",
    lieu: "Salle polyvalente",
    tables: "2",
    plan,
  });
  expect(toNewAtelier(draft, "x", "Europe/Paris").plan).toEqual(plan);
  expect(copied(draft, atelier({}), "Europe/Paris").plan).toBeNull();
});

test("what is missing is named, and nothing once the form is filled", () => {
  expect(missing(emptyDraft)).toEqual(["quartier", "titre", "starts_at"]);
  const filled = { ...emptyDraft, quartier: "BO", titre: " Atelier ", date: "2026-03-12" };
  expect(missing({ ...filled, tables: "21" })).toEqual(["tables"]);
  expect(missing(filled)).toEqual([]);
  expect(toNewAtelier(filled, "x", "Europe/Paris")).toEqual({
    id: "x",
    quartier: "BO",
    kind: "atelier",
    titre: "Atelier",
    starts_at: "2026-03-12T17:30:00.000Z",
    tables: 4,
  });
});

test("problems of the server find their field", () => {
  expect(fieldOf("tables")).toBe("tables");
  expect(fieldOf("/titre")).toBe("titre");
  expect(fieldOf("closes_at")).toBe("starts_at");
  expect(fieldOf("id")).toBeNull();
  expect(fieldOf(null)).toBeNull();
});

test("running ones first, then the nearest to come; closed and missed ones are past", () => {
  const now = Date.parse("2026-03-10T12:00:00Z");
  const list = [
    atelier({ id: "later", starts_at: "2026-04-01T17:00:00Z", closes_at: "2026-04-02T05:00:00Z" }),
    atelier({ id: "closed", state: "closed" }),
    atelier({ id: "soon" }),
    atelier({ id: "missed", starts_at: "2026-01-01T17:00:00Z", closes_at: "2026-01-02T05:00:00Z" }),
    atelier({ id: "open", state: "open", starts_at: "2026-05-01T17:00:00Z" }),
  ];
  const { current, past } = sorted(list, now);
  expect(current.map(({ id }) => id)).toEqual(["open", "soon", "later"]);
  expect(past.map(({ id }) => id)).toEqual(["closed", "missed"]);
});

test("an evening is to come until its codes end, and to be closed when it was left open", () => {
  const now = Date.parse("2026-03-13T12:00:00Z");
  const past = { closes_at: "2026-03-13T05:30:00Z" };
  expect(stageOf(atelier(past), now)).toBe("missed");
  expect(stageOf(atelier({ ...past, state: "open" }), now)).toBe("unclosed");
  expect(stageOf(atelier({ ...past, state: "closed" }), now)).toBe("closed");
  // Closed before its hour, it is closed.
  const later = { closes_at: "2026-03-14T05:30:00Z" };
  expect(stageOf(atelier({ ...later, state: "closed" }), now)).toBe("closed");
  expect(stageOf(atelier({ ...later, state: "open" }), now)).toBe("open");
  expect(stageOf(atelier(later), now)).toBe("prepared");
});

test("a period goes back whole months, over the turn of a year too", () => {
  expect(monthsBefore(3, new Date("2026-02-10T12:00:00Z"))).toEqual({
    from: "2025-11-10",
    to: "2026-02-10",
  });
});
