import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Entry, type Operation, parseEntry, type RemarkState, type Room } from "./protocol";
import {
  dotsOf,
  type MergedRemark,
  mergeRemark,
  optimisticSaid,
  saidOf,
  scoreOf,
  silent,
  spoken,
  votesOf,
} from "./remark";
import { apply, type RoomState } from "./state";

interface Case {
  name: string;
  remark: RemarkState | null;
  op: Operation;
  author: string;
  table: number;
  seq: number;
  expect: MergedRemark;
}
const file = new URL("../../server/live/testdata/remark.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

describe("merge rules of remarks, golden cases", () => {
  it.each(cases)("$name", (c) => {
    expect(mergeRemark(c.remark, c.op, c.seq, { author: c.author, table: c.table })).toEqual(
      c.expect,
    );
  });
});

const me = "0199a000-0000-7000-8000-00000000000a";
const other = "0199a000-0000-7000-8000-00000000000b";
const one = "0199a000-0000-7000-8000-0000000000e1";
const finding = "0199a000-0000-7000-8000-0000000000f1";
const room: Room = { state: "open", step: 2, shared: false, tables: [{ numero: 1, open: true }] };
const start: RoomState = { seq: 0, room, markers: new Map(), said: silent };
const resident = { participant: me, staff: false };

function read(
  entries: readonly (Partial<Entry> & { readonly kind: Entry["kind"] })[],
  reader: { participant: string | null; staff: boolean } = resident,
): RoomState {
  let state = start;
  entries.forEach((entry, i) => {
    const full = parseEntry({ seq: i + 1, at: "2026-03-12T18:30:00Z", ...entry });
    const applied = apply(state, full, reader);
    expect(applied.outcome, JSON.stringify(entry)).toBe("applied");
    state = applied.state;
  });
  return state;
}

const said = (
  author: string | undefined,
  text: string,
): Partial<Entry> & { kind: "remark_add" } => ({
  kind: "remark_add",
  remark: one,
  question: "troubles",
  text,
  table: 1,
  ...(author === undefined ? {} : { author }),
});

describe("what a reader hears", () => {
  it("a neighbour's remark goes when it is hidden, the own one stays", () => {
    const hide = { kind: "remark_hide" as const, remark: one };
    expect(spoken(read([said(other, "Le hall")]).said)).toHaveLength(1);
    expect(read([said(other, "Le hall"), hide]).said.remarks.size).toBe(0);
    const own = read([said(me, "Le hall"), hide]).said;
    expect(own.remarks.get(one)?.hidden).toBe(true);
    expect(spoken(own)).toHaveLength(0);
  });

  it("what comes back is carried whole", () => {
    const back = mergeRemark(null, said(other, "Le hall") as Operation, 1, {
      author: other,
      table: 1,
    });
    if (!("remark" in back)) throw new Error("refused");
    const state = read([
      { kind: "remark_hide", remark: one },
      { kind: "remark_unhide", remark: one, said: back.remark },
    ]);
    expect(spoken(state.said).map((r) => r.text)).toEqual(["Le hall"]);
  });

  it("an edit of what this replica does not hold asks for a snapshot", () => {
    const edit = { ...said(other, "x"), kind: "remark_edit", seq: 1, at: "" } as Entry;
    expect(apply(start, edit, resident).outcome).toBe("resync");
  });

  it("a remark typed by the animateur has a table and no author", () => {
    const remark = read([said(undefined, "Sur papier")]).said.remarks.get(one);
    expect(remark).toMatchObject({ table: 1, text: "Sur papier" });
    expect(remark).not.toHaveProperty("author");
  });

  it("findings are to be read again after the entry that says so", () => {
    expect(read([said(me, "x"), { kind: "findings" }]).said.findingsSeq).toBe(2);
  });
});

describe("dots", () => {
  const vote = (author: string, dots: number) => ({ kind: "vote" as const, author, finding, dots });

  it("the last value of each resident counts, zero is no voter", () => {
    const { said: now } = read([vote(me, 3), vote(other, 1), vote(me, 2), vote(other, 0)], {
      participant: null,
      staff: true,
    });
    expect(scoreOf(now, finding)).toEqual({ dots: 2, voters: 1 });
    expect(votesOf(now)).toEqual([{ author: me, finding, dots: 2 }]);
    const again = saidOf({ seq: 4, room, markers: [], hash: "", votes: votesOf(now) });
    expect(scoreOf(again, finding)).toEqual({ dots: 2, voters: 1 });
  });

  it("only findings that stand hold dots", () => {
    const { said: now } = read([vote(me, 3)]);
    expect(dotsOf(now, me, [finding]).get(finding)).toBe(3);
    expect(dotsOf(now, me, []).size).toBe(0);
  });

  it("own votes and remarks are seen before the log has them", () => {
    const by = { author: me, table: 1 };
    const op = (more: Partial<Operation>) => ({ op: { id: one, ...more } as Operation, by });
    const now = optimisticSaid(
      silent,
      [
        op({ kind: "remark_add", remark: one, question: "causes", text: "Trop sombre" }),
        op({ kind: "remark_edit", remark: one, question: "causes", text: "Très sombre" }),
        op({ kind: "vote", finding, dots: 1 }),
      ],
      7,
    );
    expect(now.remarks.get(one)).toMatchObject({ text: "Très sombre", added_seq: 8, seq: 9 });
    expect(scoreOf(now, finding)).toEqual({ dots: 1, voters: 1 });
  });
});
