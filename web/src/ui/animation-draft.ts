import type { Atelier, Schemas } from "../api";

/** An atelier as it is typed. */
export interface Draft {
  readonly quartier: string;
  readonly kind: Atelier["kind"];
  readonly titre: string;
  /** "2026-03-12" */
  readonly date: string;
  /** "18:30" */
  readonly time: string;
  readonly lieu: string;
  readonly tables: string;
  /** Minutes of the steps 1 to 7; null where nobody has planned any. */
  readonly plan: readonly number[] | null;
}

export const emptyDraft: Draft = {
  quartier: "",
  kind: "atelier",
  titre: "",
  date: "",
  time: "18:30",
  lieu: "",
  tables: "4",
  plan: null,
};

const TABLES_MAX = 20;

/** A field of the form, named as the server names it in a problem. */
export type Field = "quartier" | "kind" | "titre" | "starts_at" | "lieu" | "tables";
const fields: readonly Field[] = ["quartier", "kind", "titre", "starts_at", "lieu", "tables"];

/** The field that a problem of the server is about; null for the form as a whole. */
export function fieldOf(named: string | null): Field | null {
  const last = (named ?? "").split(/[./]/).at(-1);
  return fields.find((field) => field === last) ?? (last === "closes_at" ? "starts_at" : null);
}

/** The fields that cannot be sent as they are. */
export function missing(draft: Draft): readonly Field[] {
  const tables = Number(draft.tables);
  const wrong: Record<string, boolean> = {
    quartier: draft.quartier === "",
    titre: draft.titre.trim() === "",
    starts_at: !/^\d{4}-\d{2}-\d{2}$/.test(draft.date) || !/^\d{2}:\d{2}$/.test(draft.time),
    tables: !Number.isInteger(tables) || tables < 1 || tables > TABLES_MAX,
  };
  return fields.filter((field) => wrong[field]);
}

/** What is sent for a draft that misses nothing. */
export function toNewAtelier(draft: Draft, id: string, timeZone: string): Schemas["NewAtelier"] {
  return {
    id,
    quartier: draft.quartier,
    kind: draft.kind,
    titre: draft.titre.trim(),
    ...(draft.lieu.trim() === "" ? {} : { lieu: draft.lieu.trim() }),
    starts_at: instantOf(draft.date, draft.time, timeZone),
    tables: Number(draft.tables),
    ...(draft.plan === null ? {} : { plan: [...draft.plan] }),
  };
}

/** Takes over what recurs from one atelier to the next; title and date are new. */
export function copied(draft: Draft, from: Atelier, timeZone: string): Draft {
  return {
    ...draft,
    quartier: from.quartier,
    kind: from.kind,
    lieu: from.lieu,
    time: timeIn(Date.parse(from.starts_at), timeZone).slice(11),
    tables: String(from.tables.length),
    plan: from.plan ?? null,
  };
}

/** "2026-03-12 18:30" of an instant, in a time zone. */
function timeIn(instant: number, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", {
    dateStyle: "short",
    timeStyle: "short",
    timeZone,
  }).format(instant);
}

/**
 * The instant of a date and a time on the clocks of a time zone, RFC 3339. In
 * the hour that does not exist in spring, an hour later; in the one that occurs
 * twice in autumn, one of the two.
 */
export function instantOf(date: string, time: string, timeZone: string): string {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  let instant = wanted;
  // The second round corrects the offset when the first guess fell on the
  // other side of a change of the clocks.
  for (let round = 0; round < 2; round++) {
    const shown = Date.parse(`${timeIn(instant, timeZone).replace(" ", "T")}:00Z`);
    instant += wanted - shown;
  }
  return new Date(instant).toISOString();
}

/**
 * How far an evening is for whoever reads the list. One that nobody opened before its codes
 * ended was not held; one that was opened and left open is still to be closed, since only
 * that makes its compte rendu.
 */
export function stageOf(
  { state, closes_at }: Pick<Atelier, "state" | "closes_at">,
  now: number,
): Atelier["state"] | "missed" | "unclosed" {
  if (state === "closed" || Date.parse(closes_at) >= now) return state;
  return state === "open" ? "unclosed" : "missed";
}

/** Ateliers that are running or to come, the nearest first, and those that are over. */
export function sorted(
  ateliers: readonly Atelier[],
  now: number,
): { readonly current: readonly Atelier[]; readonly past: readonly Atelier[] } {
  const over = (one: Atelier) => ["closed", "missed"].includes(stageOf(one, now));
  const start = (one: Atelier) => Date.parse(one.starts_at);
  const rank = (one: Atelier) => (one.state === "open" ? 0 : 1);
  return {
    current: ateliers
      .filter((one) => !over(one))
      .sort((a, b) => rank(a) - rank(b) || start(a) - start(b)),
    past: ateliers.filter(over).sort((a, b) => start(b) - start(a)),
  };
}

/** The days from some months ago to today, both included, "2026-03-12". */
export function monthsBefore(months: number, today: Date): { from: string; to: string } {
  const start = new Date(today);
  start.setUTCMonth(start.getUTCMonth() - months);
  const day = (at: Date) => at.toISOString().slice(0, 10);
  return { from: day(start), to: day(today) };
}
