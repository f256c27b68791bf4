import { describe, expect, it } from "vitest";
import {
  type Action,
  answersOf,
  type Finding,
  nextRank,
  sentFinding,
  standing,
  swapped,
  unanswered,
} from "./evening";

const finding = (id: string, rang: number, more: Partial<Finding> = {}) =>
  ({
    id,
    rang,
    titre: id,
    detail: "",
    themes: [],
    tables: [],
    answered: false,
    version: 1,
    ...more,
  }) as unknown as Finding;

describe("findings in their order", () => {
  const all = [
    finding("c", 3),
    finding("a", 1, { answered: true }),
    finding("b", 2, { withdrawn: true }),
  ];

  it("withdrawn ones neither stand nor wait for an answer", () => {
    expect(standing(all).map((f) => f.id)).toEqual(["a", "c"]);
    expect(unanswered(all).map((f) => f.id)).toEqual(["c"]);
  });

  it("a new one comes last, after withdrawn ones too", () => {
    expect(nextRank(all)).toBe(4);
    expect(nextRank([])).toBe(1);
  });

  it("moving changes places with the next that stands, and stops at the ends", () => {
    expect(swapped(all, "c", -1)?.map((f) => f.id)).toEqual(["c", "a"]);
    expect(swapped(all, "c", 1)).toBeNull();
    expect(swapped(all, "a", -1)).toBeNull();
  });

  it("what is sent says the version that was seen", () => {
    expect(sentFinding(finding("a", 1, { version: 4, markers: ["m"] }))).toMatchObject({
      base: 4,
      markers: ["m"],
      remarks: [],
      withdrawn: false,
    });
  });

  it("answers are those that name the finding, oldest first", () => {
    const action = (id: string, created_at: string, findings: string[]) =>
      ({ id, created_at, findings }) as unknown as Action;
    const actions = [
      action("2", "2026-03-12T20:00:00Z", ["a"]),
      action("1", "2026-03-12T19:00:00Z", ["a", "c"]),
      action("3", "", ["c"]),
    ];
    expect(answersOf("a", actions).map((a) => a.id)).toEqual(["1", "2"]);
  });
});
