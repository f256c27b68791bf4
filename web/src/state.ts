/**
 * The room as a value: the merge rules, the replica that follows the log, what
 * the author sees before the log answers, and undo. Pure; no clock, no I/O.
 *
 * Merge rules (docs/protocol.md gives them in full; the cases of
 * server/live/testdata/merge.json hold them together with Go):
 *  - the order of the log is the only order;
 *  - `add` makes a marker once; every other operation needs the marker;
 *  - geometry, felt and each attribute are registers: the last one wins;
 *  - after a delete, move, reshape and edit are refused, restore is possible;
 *  - an undo takes effect only if nothing that it changes has changed since.
 */

import {
  ATTRIBUTES,
  type AttributeName,
  type Attributes,
  type AttributeValue,
  type Entry,
  type Geometry,
  LISTS,
  type MarkerState,
  type Operation,
  type Position,
  ROOM_KINDS,
  type Room,
  type Seq,
  type Snapshot,
  type Uuid,
} from "./protocol";
import { isSaid, type Said, saidAfter, saidOf } from "./remark";

export type Refusal =
  | "marqueur_existe"
  | "marqueur_inconnu"
  | "marqueur_supprime"
  | "geometrie_autre"
  | "annulation_depassee";

/** Who writes: the pseudonym and the table; used by `add` only. */
export interface Author {
  readonly author: Uuid;
  readonly table: number;
}

/** The marker after the operation, or why the operation is refused. */
export type Merged =
  | { readonly marker: MarkerState; readonly over?: Seq }
  | { readonly refusal: Refusal };

/** What `merge` reads of an operation; an entry of the log has the same members. */
export type MarkerChange = Pick<
  Operation,
  "kind" | "marker" | "base" | "undo" | "geometry" | "felt" | "attributes"
>;

function isEmpty(value: AttributeValue | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Names of the registers that an edit (or an add) sets. */
function named(change: MarkerChange): string[] {
  const names: string[] = ATTRIBUTES.filter((name) => change.attributes?.[name] !== undefined);
  return change.felt === undefined ? names : ["felt", ...names];
}

function withAttributes(old: Attributes, given: Attributes | undefined): Attributes {
  const next: Partial<Record<AttributeName, AttributeValue>> = { ...old };
  for (const name of ATTRIBUTES) {
    const value = given?.[name];
    if (value === undefined) continue;
    if (isEmpty(value)) delete next[name];
    else next[name] = value;
  }
  return next;
}

function stamped(
  seqs: Readonly<Record<string, Seq>>,
  names: readonly string[],
  seq: Seq,
): Record<string, Seq> {
  const next = { ...seqs };
  for (const name of names) next[name] = seq;
  return next;
}

function added(change: MarkerChange, seq: Seq, by: Author): Merged {
  if (change.marker === undefined || change.geometry === undefined || change.felt === undefined) {
    return { refusal: "marqueur_inconnu" };
  }
  return {
    marker: {
      id: change.marker,
      author: by.author,
      table: by.table,
      felt: change.felt,
      geometry: change.geometry,
      attributes: withAttributes({}, change.attributes),
      seq,
      added_seq: seq,
      geometry_seq: seq,
      existence_seq: seq,
      attribute_seqs: stamped({}, named(change), seq),
      deleted: false,
      hidden: false,
    },
  };
}

/** Number of the last change of what the operation is about to change. */
function lastChange(marker: MarkerState, change: MarkerChange): Seq {
  switch (change.kind) {
    case "move":
    case "reshape":
      return marker.geometry_seq;
    case "delete":
    case "restore":
      return marker.existence_seq;
    case "edit":
      return Math.max(
        0,
        ...named(change).map((name) => marker.attribute_seqs[name] ?? marker.added_seq),
      );
    default:
      return 0;
  }
}

/** Does the operation replace something, or is it accepted without effect? */
function takesEffect(marker: MarkerState, change: MarkerChange): boolean {
  if (change.kind === "delete") return !marker.deleted;
  if (change.kind === "restore") return marker.deleted;
  return true;
}

function refused(marker: MarkerState, change: MarkerChange): Refusal | undefined {
  const reshapes = change.kind === "move" || change.kind === "reshape";
  if (marker.deleted && (reshapes || change.kind === "edit")) return "marqueur_supprime";
  if (reshapes && change.geometry?.type !== marker.geometry.type) return "geometrie_autre";
  if (change.kind === "reshape" && marker.geometry.type === "Point") return "geometrie_autre";
  const overtaken = change.base !== undefined && lastChange(marker, change) > change.base;
  return change.undo === true && overtaken && takesEffect(marker, change)
    ? "annulation_depassee"
    : undefined;
}

function changed(marker: MarkerState, change: MarkerChange, seq: Seq): MarkerState {
  switch (change.kind) {
    case "move":
    case "reshape":
      return { ...marker, geometry: change.geometry ?? marker.geometry, geometry_seq: seq, seq };
    case "edit":
      return {
        ...marker,
        felt: change.felt ?? marker.felt,
        attributes: withAttributes(marker.attributes, change.attributes),
        attribute_seqs: stamped(marker.attribute_seqs, named(change), seq),
        seq,
      };
    case "delete":
      return marker.deleted
        ? { ...marker, seq }
        : { ...marker, deleted: true, existence_seq: seq, seq };
    case "restore":
      return marker.deleted
        ? { ...marker, deleted: false, existence_seq: seq, seq }
        : { ...marker, seq };
    case "hide":
      return { ...marker, hidden: true, seq };
    case "unhide":
      return { ...marker, hidden: false, seq };
    default:
      return marker;
  }
}

/**
 * The merge rules. `marker` is the stored marker or null, `seq` the number that
 * the operation takes in the log, `by` its author.
 */
export function merge(
  marker: MarkerState | null,
  change: MarkerChange,
  seq: Seq,
  by: Author,
): Merged {
  if (change.kind === "add")
    return marker === null ? added(change, seq, by) : { refusal: "marqueur_existe" };
  if (marker === null) return { refusal: "marqueur_inconnu" };
  const refusal = refused(marker, change);
  if (refusal !== undefined) return { refusal };
  const next = changed(marker, change, seq);
  const last = lastChange(marker, change);
  if (change.base !== undefined && last > change.base && takesEffect(marker, change)) {
    return { marker: next, over: last };
  }
  return { marker: next };
}

/** Who reads: a resident sees less than the animateur (docs/protocol.md). */
export interface Reader {
  readonly participant: Uuid | null;
  readonly staff: boolean;
}

/** A replica of the room at number `seq`, as its reader may see it. */
export interface RoomState {
  readonly seq: Seq;
  readonly room: Room;
  readonly markers: ReadonlyMap<Uuid, MarkerState>;
  readonly said: Said;
}

export function fromSnapshot(snapshot: Snapshot): RoomState {
  return {
    seq: snapshot.seq,
    room: snapshot.room,
    markers: new Map(snapshot.markers.map((m) => [m.id, m])),
    said: saidOf(snapshot),
  };
}

/**
 * applied: the replica moved on; repeat: already known; gap: entries before
 * this one are missing, ask for them; resync: the entry speaks of something
 * this replica does not hold, or changes what its reader may see, take a snapshot.
 */
export type Applied =
  | { readonly outcome: "applied"; readonly state: RoomState }
  | { readonly outcome: "repeat" | "gap" | "resync"; readonly state: RoomState };

function withTable(room: Room, numero: number | undefined, open: boolean): Room {
  return { ...room, tables: room.tables.map((t) => (t.numero === numero ? { ...t, open } : t)) };
}

/** Whether the evening is between two steps: the last one was closed, the next is not open. */
export function betweenSteps(room: Pick<Room, "state" | "step_at">): boolean {
  return room.state === "open" && room.step_at === undefined;
}

/** The room after an entry that is not about a marker. */
function roomAfter(room: Room, entry: Entry): Room {
  switch (entry.kind) {
    case "step": {
      const { step_minutes: _, ...rest } = room;
      const next: Room = {
        ...rest,
        state: room.state === "prepared" ? "open" : room.state,
        step: entry.step ?? room.step,
        step_at: entry.at,
      };
      return entry.minutes === undefined ? next : { ...next, step_minutes: entry.minutes };
    }
    case "step_close": {
      // Only the step that is open: one opened meanwhile goes on.
      if (entry.step !== room.step) return room;
      const { step_at: _, step_minutes: __, ...rest } = room;
      return rest;
    }
    case "table_open":
      return withTable(room, entry.table, true);
    case "table_close":
      return withTable(room, entry.table, false);
    case "share":
      return { ...room, shared: entry.shared ?? room.shared };
    case "freeze":
      return entry.hash === undefined
        ? { ...room, state: "closed" }
        : { ...room, state: "closed", frozen_hash: entry.hash };
    default:
      return room;
  }
}

function sees(reader: Reader, marker: MarkerState): boolean {
  return reader.staff || marker.author === reader.participant;
}

/** The markers after an entry, or null when this replica cannot tell. */
function markersAfter(
  markers: ReadonlyMap<Uuid, MarkerState>,
  entry: Entry,
  reader: Reader,
): ReadonlyMap<Uuid, MarkerState> | null {
  const id = entry.state?.id ?? entry.marker;
  if (id === undefined) return markers;
  const old = markers.get(id) ?? null;
  if (entry.state !== undefined) return new Map(markers).set(id, entry.state);
  const away = entry.kind === "hide" || entry.kind === "delete";
  if (away && (old === null || !sees(reader, old))) {
    const next = new Map(markers);
    next.delete(id);
    return next;
  }
  const merged = merge(
    old,
    { ...entry, kind: entry.kind as Operation["kind"], undo: false },
    entry.seq,
    {
      author: entry.author ?? "",
      table: entry.table ?? 0,
    },
  );
  return "refusal" in merged ? null : new Map(markers).set(id, merged.marker);
}

const ROOM_ENTRIES: ReadonlySet<string> = new Set(ROOM_KINDS);

/** The replica after one entry of the log. */
export function apply(state: RoomState, entry: Entry, reader: Reader): Applied {
  if (entry.seq <= state.seq) return { outcome: "repeat", state };
  if (entry.seq > state.seq + 1) return { outcome: "gap", state };
  if (entry.resync === true) return { outcome: "resync", state };
  if (entry.kind === "noop") return { outcome: "applied", state: { ...state, seq: entry.seq } };
  if (ROOM_ENTRIES.has(entry.kind)) {
    return {
      outcome: "applied",
      state: { ...state, room: roomAfter(state.room, entry), seq: entry.seq },
    };
  }
  if (isSaid(entry.kind)) {
    const said = saidAfter(state.said, entry, reader);
    if (said === null) return { outcome: "resync", state };
    return { outcome: "applied", state: { ...state, said, seq: entry.seq } };
  }
  const markers = markersAfter(state.markers, entry, reader);
  if (markers === null) return { outcome: "resync", state };
  return { outcome: "applied", state: { ...state, markers, seq: entry.seq } };
}

/** An operation that the log has not shown to this replica yet. */
export interface Pending {
  readonly op: Operation;
  readonly by: Author;
}

/**
 * What the author sees: the confirmed markers with the own operations on their
 * way applied on top, in order. An operation that would be refused changes
 * nothing; an undo whose base is not known yet takes effect. The numbers given here are provisional and never leave the device.
 */
export function optimistic(
  state: RoomState,
  pending: readonly Pending[],
): ReadonlyMap<Uuid, MarkerState> {
  if (pending.length === 0) return state.markers;
  const markers = new Map(state.markers);
  pending.forEach(({ op, by }, i) => {
    if (op.marker === undefined) return;
    const merged = merge(markers.get(op.marker) ?? null, op, state.seq + 1 + i, by);
    if ("marker" in merged) markers.set(op.marker, merged.marker);
  });
  return markers;
}

function previous(before: MarkerState, op: Operation): Pick<Operation, "felt" | "attributes"> {
  const attributes: Partial<Record<AttributeName, AttributeValue>> = {};
  for (const name of ATTRIBUTES) {
    if (op.attributes?.[name] === undefined) continue;
    const isList = (LISTS as readonly string[]).includes(name);
    attributes[name] = before.attributes[name] ?? (isList ? [] : null);
  }
  return {
    ...(op.felt === undefined ? {} : { felt: before.felt }),
    ...(op.attributes === undefined ? {} : { attributes }),
  };
}

/**
 * The operation that takes `op` back, or null when there is nothing to take
 * back. `before` is the marker as it stood before `op`; `base` is the number of
 * `op` in the log, absent while it is not known (the outbox fills it in).
 */
export function inverse(
  before: MarkerState | null,
  op: Operation,
  id: Uuid,
  base?: Seq,
): Operation | null {
  if (op.marker === undefined) return null;
  const common = { id, marker: op.marker, undo: true, ...(base === undefined ? {} : { base }) };
  switch (op.kind) {
    case "add":
      return { ...common, kind: "delete" };
    case "delete":
      return before === null || before.deleted ? null : { ...common, kind: "restore" };
    case "restore":
      return before?.deleted === true ? { ...common, kind: "delete" } : null;
    case "move":
    case "reshape":
      return before === null ? null : { ...common, kind: op.kind, geometry: before.geometry };
    case "edit":
      return before === null ? null : { ...common, kind: "edit", ...previous(before, op) };
    default:
      return null;
  }
}

/** Degrees in whole units of 1e-7, half away from zero as in Go's math.Round. */
function units(degrees: number): number {
  return Math.sign(degrees) * Math.round(Math.abs(degrees) * 1e7);
}

/** A position as it will come back from the server: whole units of 1e-7 degree. */
export function snapped([lon, lat]: Position): Position {
  return [units(lon) / 1e7, units(lat) / 1e7];
}

function canonicalGeometry(geometry: Geometry): string {
  const write = ([lon, lat]: Position) => `${units(lon)},${units(lat)}`;
  return geometry.type === "Point"
    ? `P:${write(geometry.coordinates)}`
    : `Z:${geometry.coordinates[0].map(write).join(";")}`;
}

const UNRESERVED = /[A-Za-z0-9\-_.~]/;

function percentEncoded(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    const char = String.fromCharCode(byte);
    return UNRESERVED.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

function canonicalValue(name: AttributeName, value: AttributeValue): string {
  if (Array.isArray(value)) return [...value].sort().join(",");
  if (typeof value === "boolean") return value ? "1" : "0";
  return name === "note" ? percentEncoded(String(value)) : String(value);
}

function canonicalAttributes(attributes: Attributes): string {
  const fields = [...ATTRIBUTES].sort().flatMap((name) => {
    const value = attributes[name];
    return value === undefined || isEmpty(value) ? [] : [`${name}=${canonicalValue(name, value)}`];
  });
  return fields.length === 0 ? "-" : fields.join("&");
}

/** The canonical text of the markers that are not deleted (docs/protocol.md). */
export function canonicalText(markers: Iterable<MarkerState>): string {
  return [...markers]
    .filter((m) => !m.deleted)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((m) => {
      const fields = [m.id, m.table, m.author, m.felt, m.hidden ? 1 : 0];
      return `${fields.join(" ")} ${canonicalGeometry(m.geometry)} ${canonicalAttributes(m.attributes)}\n`;
    })
    .join("");
}

/**
 * SHA-256 of the canonical text, lower-case hexadecimal; null outside secure
 * contexts, where the browser offers no digest.
 */
export async function hash(markers: Iterable<MarkerState>): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return null;
  const digest = await subtle.digest("SHA-256", new TextEncoder().encode(canonicalText(markers)));
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}
