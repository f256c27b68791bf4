/**
 * What a room says in words: remarks of the diagnostic and dots on findings, by
 * the rules of docs/protocol.md. `mergeRemark` and `MergeRemark` of
 * server/atelier answer the cases of server/live/testdata/remark.json alike.
 */

import type { Entry, Operation, RemarkState, Seq, Snapshot, Uuid } from "./protocol";
import type { Pending, Reader } from "./state";

export type RemarkRefusal = "apport_existe" | "apport_inconnu" | "apport_supprime";

/** What `mergeRemark` reads of an operation; an entry of the log has the same members. */
export type RemarkChange = Pick<
  Operation,
  "kind" | "remark" | "question" | "text" | "theme" | "geometry" | "about"
>;

export type MergedRemark = { readonly remark: RemarkState } | { readonly refusal: RemarkRefusal };

/** The content of a remark is one register: an edit replaces it whole. */
function content(change: RemarkChange) {
  const { question, text, theme, geometry, about } = change;
  return {
    question: question ?? "troubles",
    text: (text ?? "").trim(),
    ...(theme === undefined ? {} : { theme }),
    ...(geometry === undefined ? {} : { geometry }),
    ...(about === undefined ? {} : { about }),
  };
}

function without(remark: RemarkState) {
  const { theme: _, geometry: __, about: ___, ...rest } = remark;
  return rest;
}

/** The merge rules. `by` is the author; without one, the animateur typed for a table. */
export function mergeRemark(
  remark: RemarkState | null,
  change: RemarkChange,
  seq: Seq,
  by: { readonly author?: Uuid; readonly table: number },
): MergedRemark {
  if (change.kind === "remark_add") {
    if (remark !== null || change.remark === undefined) return { refusal: "apport_existe" };
    return {
      remark: {
        id: change.remark,
        ...(by.author === undefined ? {} : { author: by.author }),
        table: by.table,
        ...content(change),
        deleted: false,
        hidden: false,
        added_seq: seq,
        seq,
      },
    };
  }
  if (remark === null) return { refusal: "apport_inconnu" };
  switch (change.kind) {
    case "remark_edit":
      if (remark.deleted) return { refusal: "apport_supprime" };
      return { remark: { ...without(remark), ...content(change), seq } };
    case "remark_delete":
    case "remark_restore":
      return { remark: { ...remark, deleted: change.kind === "remark_delete", seq } };
    default:
      return { remark: { ...remark, hidden: change.kind === "remark_hide", seq } };
  }
}

/** Remarks by id, and dots by finding and resident, as a reader may see them. */
export interface Said {
  readonly remarks: ReadonlyMap<Uuid, RemarkState>;
  readonly votes: ReadonlyMap<Uuid, ReadonlyMap<Uuid, number>>;
  /** Number of the last entry that says: read the findings again. */
  readonly findingsSeq: Seq;
}

export const silent: Said = { remarks: new Map(), votes: new Map(), findingsSeq: 0 };

export function saidOf({ remarks, votes, seq }: Snapshot): Said {
  let said: Said = {
    remarks: new Map((remarks ?? []).map((remark) => [remark.id, remark])),
    votes: new Map(),
    findingsSeq: seq,
  };
  for (const { author, finding, dots } of votes ?? []) said = withVote(said, author, finding, dots);
  return said;
}

/** The votes of a state as a snapshot holds them. */
export function votesOf({ votes }: Said): NonNullable<Snapshot["votes"]> {
  return [...votes].flatMap(([finding, of]) =>
    [...of].flatMap(([author, dots]) => (dots > 0 ? [{ author, finding, dots }] : [])),
  );
}

function withVote(said: Said, author: Uuid, finding: Uuid, dots: number): Said {
  const of = new Map(said.votes.get(finding)).set(author, dots);
  return { ...said, votes: new Map(said.votes).set(finding, of) };
}

export function isSaid(kind: string): boolean {
  return kind.startsWith("remark_") || kind === "vote" || kind === "findings";
}

/** What is said after an entry, or null when this replica cannot tell. */
export function saidAfter(said: Said, entry: Entry, reader: Reader): Said | null {
  if (entry.kind === "findings") return { ...said, findingsSeq: entry.seq };
  if (entry.kind === "vote") {
    const { author, finding, dots } = entry;
    if (author === undefined || finding === undefined || dots === undefined) return null;
    return withVote(said, author, finding, dots);
  }
  const id = entry.remark;
  if (id === undefined) return null;
  const remarks = new Map(said.remarks);
  if (entry.said !== undefined) return { ...said, remarks: remarks.set(id, entry.said) };
  const old = remarks.get(id) ?? null;
  const away = entry.kind === "remark_hide" || entry.kind === "remark_delete";
  const own = reader.staff || (old?.author !== undefined && old.author === reader.participant);
  if (away && !own) {
    remarks.delete(id);
    return { ...said, remarks };
  }
  const by = {
    ...(entry.author === undefined ? {} : { author: entry.author }),
    table: entry.table ?? 0,
  };
  const merged = mergeRemark(
    old,
    { ...entry, kind: entry.kind as Operation["kind"] },
    entry.seq,
    by,
  );
  return "refusal" in merged ? null : { ...said, remarks: remarks.set(id, merged.remark) };
}

/** What the author sees: own operations on their way applied on top, in order. */
export function optimisticSaid(said: Said, pending: readonly Pending[], seq: Seq): Said {
  let now = said;
  pending.forEach(({ op, by }, i) => {
    if (op.kind === "vote" && op.finding !== undefined) {
      now = withVote(now, by.author, op.finding, op.dots ?? 0);
    }
    if (op.remark === undefined) return;
    const merged = mergeRemark(now.remarks.get(op.remark) ?? null, op, seq + 1 + i, by);
    if ("remark" in merged) {
      now = { ...now, remarks: new Map(now.remarks).set(op.remark, merged.remark) };
    }
  });
  return now;
}

/** Dots that a resident has given, by finding, among the findings that stand. */
export function dotsOf(said: Said, author: Uuid, standing: readonly Uuid[]): Map<Uuid, number> {
  const out = new Map<Uuid, number>();
  for (const finding of standing) {
    const dots = said.votes.get(finding)?.get(author) ?? 0;
    if (dots > 0) out.set(finding, dots);
  }
  return out;
}

/** All dots of a finding and how many residents gave at least one. */
export function scoreOf(said: Said, finding: Uuid): { dots: number; voters: number } {
  const given = [...(said.votes.get(finding)?.values() ?? [])].filter((dots) => dots > 0);
  return { dots: given.reduce((sum, dots) => sum + dots, 0), voters: given.length };
}

/** Number of the last entry that changes what the evening's book holds. */
export function newsSeq(said: Said): Seq {
  return Math.max(said.findingsSeq, ...[...said.remarks.values()].map((remark) => remark.seq));
}

/** Remarks that are read out: neither deleted nor hidden, oldest first. */
export function spoken(said: Said): RemarkState[] {
  return [...said.remarks.values()]
    .filter((remark) => !remark.deleted && !remark.hidden)
    .sort((a, b) => a.added_seq - b.added_seq);
}

/** Dots that one resident may give in an atelier (server/atelier.MaxDots). */
export const MAX_DOTS = 5;
/** Characters of a remark (server/atelier.RemarkLimit). */
export const REMARK_LIMIT = 200;
