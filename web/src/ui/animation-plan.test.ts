import { describe, expect, test } from "vitest";
import type { Room } from "../protocol";
import {
  asMinutes,
  clockOf,
  countdown,
  defaultPlan,
  expectedEnd,
  extended,
  minutesAfter,
  nextAction,
  planOf,
  steps,
  stepsOf,
} from "./animation-plan";

const room = (over: Partial<Room>): Room => ({
  state: "open",
  step: 1,
  step_at: "2026-03-12T18:00:00Z",
  shared: false,
  tables: [{ numero: 1, open: true }],
  ...over,
});

describe("the next thing to do", () => {
  test("is the following step until the last one, then the freeze, then nothing", () => {
    expect(nextAction(room({ state: "prepared", step: 0 }), "atelier")).toEqual({
      kind: "step",
      step: 1,
    });
    expect(nextAction(room({ step: 3 }), "atelier")).toEqual({ kind: "step", step: 4 });
    expect(nextAction(room({ step: 7 }), "atelier")).toEqual({ kind: "freeze" });
    expect(nextAction(room({ step: 7, state: "closed" }), "atelier")).toEqual({ kind: "closed" });
  });

  test("is to let the tables draw when the cartography is open and none can", () => {
    const tables = [
      { numero: 1, open: false },
      { numero: 2, open: false },
    ];
    expect(nextAction(room({ step: 4, tables }), "atelier")).toEqual({ kind: "draw" });
    expect(nextAction(room({ step: 3, tables }), "atelier")).toEqual({ kind: "step", step: 4 });
    const one = [
      { numero: 1, open: false },
      { numero: 2, open: true },
    ];
    expect(nextAction(room({ step: 4, tables: one }), "atelier")).toEqual({
      kind: "step",
      step: 5,
    });
  });

  test("after a closed step is the following one, whatever the tables may do", () => {
    const { step_at: _, ...closed } = room({ step: 4, tables: [{ numero: 1, open: false }] });
    expect(nextAction(closed, "atelier")).toEqual({ kind: "step", step: 5 });
    expect(nextAction({ ...closed, step: 7 }, "atelier")).toEqual({ kind: "freeze" });
    expect(clockOf(closed, 0)).toBeNull();
    expect(expectedEnd(closed, defaultPlan, "atelier", 0, 0)).toBe((15 + 15 + 5) * 60_000);
  });
});

test("a réunion has fewer steps, in the same order, and ends with its answers", () => {
  const next = (step: number) => nextAction(room({ step }), "reunion");
  expect(next(0)).toEqual({ kind: "step", step: 1 });
  expect(next(2)).toEqual({ kind: "step", step: 4 });
  expect(next(5)).toEqual({ kind: "freeze" });
  expect(stepsOf("reunion").every((step) => steps.includes(step))).toBe(true);
  const plan = planOf([5, 10, 240, 20, 25, 240, 240], "reunion");
  expect(minutesAfter(0, plan, "reunion")).toBe(60);
  expect(minutesAfter(2, plan, "reunion")).toBe(45);
  expect(expectedEnd(room({ state: "prepared", step: 0 }), plan, "reunion", 0, 0)).toBe(
    60 * 60_000,
  );
});

describe("the plan of minutes", () => {
  test("has one duration per step; the default until somebody has changed it", () => {
    expect(defaultPlan).toHaveLength(steps.length);
    expect(planOf(undefined, "atelier")).toEqual(defaultPlan);
    expect(planOf([5, 10, 15, 20, 25, 30, 240], "atelier")).toEqual([5, 10, 15, 20, 25, 30, 240]);
  });

  test("takes whole minutes that the server takes", () => {
    expect(asMinutes("12.5")).toBeNull();
    expect(asMinutes(" 12 ")).toBe(12);
  });
});

describe("the clock of a step", () => {
  const at = Date.parse("2026-03-12T18:00:00Z");
  const open = room({ step: 4, step_at: "2026-03-12T18:00:00Z", step_minutes: 35 });

  test("counts what is left, then what is over", () => {
    expect(clockOf(open, at + 60_000)).toEqual({ elapsed: 60_000, left: 34 * 60_000 });
    expect(clockOf(open, at + 36 * 60_000)?.left).toBe(-60_000);
    expect(countdown(34 * 60_000 + 5_000)).toBe("34:05");
    expect(countdown(-61_000)).toBe("1:01");
  });

  test("knows no end without a duration, and stops with the freeze", () => {
    expect(clockOf(room({ step_at: "2026-03-12T18:00:00Z" }), at)).toEqual({
      elapsed: 0,
      left: null,
    });
    expect(clockOf({ ...open, state: "closed" }, at)).toBeNull();
    expect(clockOf({ state: "prepared" }, at)).toBeNull();
  });

  test("five minutes more are added to what is left", () => {
    expect(extended({ elapsed: 0, left: 90_000 }, 5)).toBe(7);
    expect(extended({ elapsed: 0, left: -90_000 }, 5)).toBe(5);
    expect(extended({ elapsed: 0, left: null }, 5)).toBe(5);
  });

  test("the evening ends after this step and those that follow", () => {
    expect(expectedEnd(open, defaultPlan, "atelier", at, at - 3_600_000)).toBe(
      at + (35 + 15 + 15 + 5) * 60_000,
    );
    const prepared = room({ state: "prepared", step: 0 });
    expect(expectedEnd(prepared, defaultPlan, "atelier", at, at + 1_000)).toBe(
      at + 1_000 + 120 * 60_000,
    );
    expect(expectedEnd(prepared, defaultPlan, "atelier", at, at - 1_000)).toBe(at + 120 * 60_000);
  });
});
