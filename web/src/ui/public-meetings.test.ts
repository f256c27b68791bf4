import { expect, test } from "vitest";
import { meetingsOf } from "./public-meetings";

const meeting = (titre: string, starts_at: string, closes_at: string) => ({
  quartier: "CE",
  titre,
  lieu: "",
  starts_at,
  closes_at,
});

test("what has begun is of today, and never to come", () => {
  const all = [
    meeting("yesterday", "2026-03-11T17:30:00Z", "2026-03-12T22:30:00Z"),
    meeting("over", "2026-03-12T08:00:00Z", "2026-03-12T10:00:00Z"),
    meeting("begun", "2026-03-12T17:30:00Z", "2026-03-13T05:30:00Z"),
    meeting("tonight", "2026-03-12T19:00:00Z", "2026-03-12T22:00:00Z"),
    meeting("later", "2026-04-02T16:30:00Z", "2026-04-03T04:30:00Z"),
  ];
  const titles = (list: readonly { titre: string }[]) => list.map(({ titre }) => titre);
  const { begun, coming } = meetingsOf(all, Date.parse("2026-03-12T18:00:00Z"), "Europe/Paris");
  expect(titles(begun)).toEqual(["begun"]);
  expect(titles(coming)).toEqual(["tonight", "later"]);
  // After midnight in the hall the evening was yesterday's, whatever its codes do.
  const after = meetingsOf(all, Date.parse("2026-03-12T23:30:00Z"), "Europe/Paris");
  expect(titles(after.begun)).toEqual([]);
  expect(titles(after.coming)).toEqual(["later"]);
});
