import { expect, test } from "vitest";
import type { Entry, MarkerState, Snapshot } from "./protocol";
import { Replica } from "./replica";
import { hash } from "./state";

const author = "0199a000-0000-7000-8000-00000000000a";

function marker(id: string, lon: number): MarkerState {
  return {
    id,
    author,
    table: 1,
    felt: "unsafe",
    geometry: { type: "Point", coordinates: [lon, 45.5] },
    attributes: {},
    seq: 1,
    added_seq: 1,
    geometry_seq: 1,
    existence_seq: 1,
    attribute_seqs: { felt: 1 },
    deleted: false,
    hidden: false,
  };
}

async function room(seq: number, markers: readonly MarkerState[]): Promise<Snapshot> {
  return {
    seq,
    room: { state: "open", step: 4, shared: true, tables: [{ numero: 1, open: true }] },
    markers,
    remarks: [],
    votes: [],
    hash: (await hash(markers)) ?? "",
  };
}

function replicaOf(saved: Snapshot, theirs: Snapshot, log: readonly Entry[] = []): Replica {
  return new Replica({
    atelier: "0199a000-0000-7000-8000-000000000001",
    reader: { participant: author, staff: false },
    token: () => null,
    onChange: () => undefined,
    saved,
    snapshot: () => Promise.resolve(theirs),
    page: (after) =>
      Promise.resolve({ ops: log.filter((e) => e.seq > after), seq: log.at(-1)?.seq ?? 0 }),
  });
}

const one = marker("0199a000-0000-7000-8000-000000000002", 5.91);
const elsewhere = marker("0199a000-0000-7000-8000-000000000002", 5.92);

test("a replica that differs from the server at the same number takes the server's state", async () => {
  const replica = replicaOf(await room(7, [elsewhere]), await room(7, [one]));
  expect(await replica.check()).toBe(true);
  expect([...(replica.state?.markers.values() ?? [])]).toEqual([one]);
});

test("a replica that agrees, or is at another number, stays as it is", async () => {
  const agrees = replicaOf(await room(7, [one]), await room(7, [one]));
  const before = agrees.state;
  expect(await agrees.check()).toBe(false);
  expect(agrees.state).toBe(before);
  const ahead = replicaOf(await room(8, [elsewhere]), await room(7, [one]));
  expect(await ahead.check()).toBe(false);
  expect([...(ahead.state?.markers.values() ?? [])]).toEqual([elsewhere]);
});

test("a change of what may be seen is never kept by half", async () => {
  const saved = await room(7, [one]);
  const share: Entry = { seq: 8, kind: "share", shared: false, resync: true, at: "x" };
  const later: Entry = { seq: 9, kind: "noop", at: "x" };
  const replica = replicaOf(saved, saved, [share, later]);
  // As it comes, or found in the log because a later one came first.
  for (const entry of [share, later]) {
    await expect(replica.take({ kind: "op", entry })).rejects.toThrow("snapshot");
    expect(replica.state?.seq).toBe(7);
  }
  const anew = await room(9, [elsewhere]);
  await replica.take({ kind: "snapshot", snapshot: anew });
  expect(replica.state?.seq).toBe(9);
  expect([...(replica.state?.markers.values() ?? [])]).toEqual([elsewhere]);
});
