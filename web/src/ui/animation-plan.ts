import type { Atelier } from "../api";
import type { Room } from "../protocol";
import { betweenSteps } from "../state";

type Kind = Atelier["kind"];

/** The steps of an evening that are opened one after the other; 0 is before. */
export const steps: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/**
 * A réunion spécifique, with a copropriété or the residents of one place, has
 * fewer: no police slides, and the answers are read where they are given.
 */
const meetingSteps: readonly number[] = [1, 2, 4, 5];

export const stepsOf = (kind: Kind): readonly number[] =>
  kind === "reunion" ? meetingSteps : steps;

/** The step after another; null after the last. */
export function stepAfter(step: number, kind: Kind): number | null {
  return stepsOf(kind).find((one) => one > step) ?? null;
}

/** The step at which the tables draw. */
export const CARTOGRAPHY = 4;

/** Planned minutes of the steps 1 to 7: two hours, a third of them for drawing. */
export const defaultPlan: readonly number[] = [10, 25, 15, 35, 15, 15, 5];
/** The same of a réunion: an hour and a quarter, of the steps that it has. */
const meetingPlan: readonly number[] = [5, 25, 15, 25, 20, 15, 5];

export const MINUTES_MAX = 240;

/** The plan as the server keeps it, of all seven steps; the default where nobody has changed it. */
export function planOf(stored: readonly number[] | undefined, kind: Kind): readonly number[] {
  const usual = kind === "reunion" ? meetingPlan : defaultPlan;
  return usual.map((fallback, i) => stored?.[i] ?? fallback);
}

/** Minutes of the steps of a kind after one; 0 for all. */
export function minutesAfter(step: number, plan: readonly number[], kind: Kind): number {
  return stepsOf(kind)
    .filter((one) => one > step)
    .reduce((sum, one) => sum + (plan[one - 1] ?? 0), 0);
}

/** Whole minutes from 1 to 240, as the server takes them; null for anything else. */
export function asMinutes(typed: string): number | null {
  const minutes = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0;
  return minutes >= 1 && minutes <= MINUTES_MAX ? minutes : null;
}

/** The one thing to do now. */
export type Next =
  | { readonly kind: "step"; readonly step: number }
  | { readonly kind: "draw" }
  | { readonly kind: "freeze" }
  | { readonly kind: "closed" };

export function nextAction(
  room: Pick<Room, "state" | "step" | "step_at" | "tables">,
  kind: Kind,
): Next {
  if (room.state === "closed") return { kind: "closed" };
  if (
    room.step === CARTOGRAPHY &&
    !betweenSteps(room) &&
    room.tables.every((table) => !table.open)
  ) {
    return { kind: "draw" };
  }
  const step = stepAfter(room.step, kind);
  return step === null ? { kind: "freeze" } : { kind: "step", step };
}

/** The clock of the step in progress, milliseconds. */
export interface Clock {
  readonly elapsed: number;
  /** Negative once the time is up; null when no duration was set. */
  readonly left: number | null;
}

/** `now` is the server's clock; null when no step was opened or the room is closed. */
export function clockOf(
  room: Pick<Room, "state" | "step_at" | "step_minutes">,
  now: number,
): Clock | null {
  if (room.step_at === undefined || room.state === "closed") return null;
  const elapsed = Math.max(0, now - Date.parse(room.step_at));
  return {
    elapsed,
    left: room.step_minutes === undefined ? null : room.step_minutes * 60_000 - elapsed,
  };
}

/** Minutes to give a step so that it lasts `more` longer from now on: opening it again starts its clock. */
export function extended(clock: Clock, more: number): number {
  const left = Math.max(0, Math.ceil((clock.left ?? 0) / 60_000));
  return Math.min(MINUTES_MAX, left + more);
}

/** "12:05": minutes and seconds of a duration in milliseconds, without its sign. */
export function countdown(duration: number): string {
  const seconds = Math.floor(Math.abs(duration) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * When the evening ends, server clock: what is left of this step, then the steps
 * that follow as planned. Before the first step, from the hour of the invitation
 * (`start`) on.
 */
export function expectedEnd(
  room: Pick<Room, "state" | "step" | "step_at" | "step_minutes">,
  plan: readonly number[],
  kind: Kind,
  now: number,
  start: number,
): number {
  const left = Math.max(0, clockOf(room, now)?.left ?? 0);
  const rest = minutesAfter(room.step, plan, kind);
  return (room.state === "prepared" ? Math.max(now, start) : now) + left + rest * 60_000;
}
