/**
 * Messages of the live room (docs/protocol.md) and their parsers.
 *
 * A parser accepts exactly what the contract says and throws `NotProtocol` on
 * anything else: an HTML page of a captive portal, or JSON that merely looks
 * friendly, must never be taken for an answer of the server.
 *
 * Positions are GeoJSON: longitude first, degrees, WGS84, whole units of 1e-7.
 */

export type Uuid = string;
export type Seq = number;
/** [longitude, latitude] in degrees. */
export type Position = readonly [lon: number, lat: number];
export interface PointGeometry {
  readonly type: "Point";
  readonly coordinates: Position;
}
/** A zone: one closed ring, first position repeated at the end. */
export interface ZoneGeometry {
  readonly type: "Polygon";
  readonly coordinates: readonly [readonly Position[]];
}
export type Geometry = PointGeometry | ZoneGeometry;

export const FELTS = ["unsafe", "safe"] as const;
export type Felt = (typeof FELTS)[number];

/** Attributes that hold a list of codes. */
export const LISTS = ["themes", "reasons", "moments", "days", "approached"] as const;
/** Attributes that hold one code, one number, one boolean or one text. */
export const SCALARS = [
  "nature",
  "frequency",
  "since",
  "place",
  "severity",
  "avoids",
  "note",
] as const;
export const ATTRIBUTES = [...LISTS, ...SCALARS] as const;
export type AttributeName = (typeof ATTRIBUTES)[number];
export type AttributeValue = readonly string[] | string | number | boolean | null;
/** In an edit `null` and the empty list clear; in a state neither occurs. */
export type Attributes = Readonly<Partial<Record<AttributeName, AttributeValue>>>;

export const MARKER_KINDS = [
  "add",
  "move",
  "reshape",
  "edit",
  "delete",
  "restore",
  "hide",
  "unhide",
] as const;
export const ROOM_KINDS = [
  "step",
  "step_close",
  "table_open",
  "table_close",
  "share",
  "freeze",
] as const;
export const REMARK_KINDS = [
  "remark_add",
  "remark_edit",
  "remark_delete",
  "remark_restore",
  "remark_hide",
  "remark_unhide",
] as const;
/** Kinds of what is said in words; `findings` asks every reader to read the findings again. */
export const SAID_KINDS = [...REMARK_KINDS, "vote", "findings"] as const;
export const QUESTIONS = ["troubles", "causes", "solutions", "residents"] as const;
export type Question = (typeof QUESTIONS)[number];
export type SaidKind = (typeof SAID_KINDS)[number];
export type MarkerKind = (typeof MARKER_KINDS)[number];
export type RoomKind = (typeof ROOM_KINDS)[number];

/** What a device asks for. */
export interface Operation {
  readonly id: Uuid;
  readonly kind: MarkerKind | RoomKind | SaidKind;
  readonly marker?: Uuid;
  /** Number of the marker's last change that the author saw. */
  readonly base?: Seq;
  readonly undo?: boolean;
  /** Clock of the device, RFC 3339. */
  readonly at?: string;
  readonly geometry?: Geometry;
  readonly felt?: Felt;
  readonly attributes?: Attributes;
  readonly step?: number;
  readonly minutes?: number;
  readonly table?: number;
  readonly shared?: boolean;
  readonly remark?: Uuid;
  readonly question?: Question;
  readonly text?: string;
  readonly theme?: string;
  /** Marker that a remark speaks of. */
  readonly about?: Uuid;
  readonly finding?: Uuid;
  readonly dots?: number;
}

/** What a table answers to a question of the diagnostic. */
export interface RemarkState {
  readonly id: Uuid;
  /** Absent when the animateur typed it for a table. */
  readonly author?: Uuid;
  readonly table: number;
  readonly question: Question;
  readonly text: string;
  readonly theme?: string;
  readonly geometry?: Geometry;
  readonly about?: Uuid;
  readonly deleted: boolean;
  readonly hidden: boolean;
  readonly added_seq: Seq;
  readonly seq: Seq;
}

/** Dots of one resident on one finding. */
export interface Vote {
  readonly author: Uuid;
  readonly finding: Uuid;
  readonly dots: number;
}

/** One marker with the number of the last change of each of its registers. */
export interface MarkerState {
  readonly id: Uuid;
  readonly author: Uuid;
  readonly table: number;
  readonly felt: Felt;
  readonly geometry: Geometry;
  readonly attributes: Attributes;
  readonly seq: Seq;
  readonly added_seq: Seq;
  readonly geometry_seq: Seq;
  readonly existence_seq: Seq;
  readonly attribute_seqs: Readonly<Record<string, Seq>>;
  readonly deleted: boolean;
  readonly hidden: boolean;
}

/** One entry of the log as this reader may see it. */
export interface Entry {
  readonly seq: Seq;
  readonly kind: MarkerKind | RoomKind | SaidKind | "noop";
  readonly at: string;
  readonly id?: Uuid;
  readonly marker?: Uuid;
  readonly author?: Uuid;
  readonly table?: number;
  readonly undo?: boolean;
  readonly geometry?: Geometry;
  readonly felt?: Felt;
  readonly attributes?: Attributes;
  readonly state?: MarkerState;
  readonly step?: number;
  readonly minutes?: number;
  readonly shared?: boolean;
  readonly hash?: string;
  readonly remark?: Uuid;
  readonly question?: Question;
  readonly text?: string;
  readonly theme?: string;
  readonly about?: Uuid;
  readonly said?: RemarkState;
  readonly finding?: Uuid;
  readonly dots?: number;
  /** What this reader may see has changed, and no entry says how: take a snapshot instead. */
  readonly resync?: boolean;
}

export interface RoomTable {
  readonly numero: number;
  readonly open: boolean;
}
export interface Room {
  readonly state: "prepared" | "open" | "closed";
  /** The step that was opened last. */
  readonly step: number;
  /** When it was opened; absent before the first, and once it was closed. */
  readonly step_at?: string;
  readonly step_minutes?: number;
  readonly shared: boolean;
  readonly frozen_hash?: string;
  readonly tables: readonly RoomTable[];
}
export interface Snapshot {
  readonly seq: Seq;
  readonly room: Room;
  readonly markers: readonly MarkerState[];
  readonly remarks?: readonly RemarkState[];
  readonly votes?: readonly Vote[];
  readonly hash: string;
  readonly now?: string;
}
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** A French sentence for the person. */
  readonly detail: string;
  readonly field?: string;
}
export type Receipt =
  | { readonly op: Uuid; readonly seq: Seq; readonly again: boolean; readonly over?: Seq }
  | { readonly op: Uuid; readonly problem: Problem };
export interface Batch {
  readonly receipts: readonly Receipt[];
  readonly seq: Seq;
}
export interface EntryPage {
  readonly ops: readonly Entry[];
  readonly seq: Seq;
}
export interface Presence {
  readonly tables: readonly { readonly numero: number; readonly devices: number }[];
  readonly staff: number;
}
export interface Seat {
  readonly token: string;
  readonly participant: Uuid;
  readonly rang: number;
  readonly table: TableView;
}
export interface TableView {
  readonly numero: number;
  readonly open: boolean;
  readonly atelier: {
    readonly id: Uuid;
    readonly territoire: string;
    readonly quartier: string;
    readonly quartier_nom: string;
    readonly titre: string;
    readonly lieu?: string;
    readonly starts_at: string;
    readonly closes_at: string;
    readonly state: Room["state"];
    readonly demo: boolean;
  };
  readonly retention: { readonly text_months: number; readonly position_months: number };
}

/** Thrown by every parser: what came is not a message of this protocol. */
export class NotProtocol extends Error {
  constructor(where: string) {
    super(`not a message of the room: ${where}`);
    this.name = "NotProtocol";
  }
}

type Json = Record<string, unknown>;

function record(value: unknown, where: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new NotProtocol(where);
  return value as Json;
}
function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new NotProtocol(where);
  return value;
}
function text(value: unknown, where: string): string {
  if (typeof value !== "string") throw new NotProtocol(where);
  return value;
}
function flag(value: unknown, where: string): boolean {
  if (typeof value !== "boolean") throw new NotProtocol(where);
  return value;
}
function finite(value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new NotProtocol(where);
  return value;
}
function natural(value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new NotProtocol(where);
  return value;
}
function positive(value: unknown, where: string): Seq {
  const n = natural(value, where);
  if (n === 0) throw new NotProtocol(where);
  return n;
}
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
function uuid(value: unknown, where: string): Uuid {
  const s = text(value, where);
  if (!UUID.test(s)) throw new NotProtocol(where);
  return s;
}
function oneOf<T extends string>(known: readonly T[], value: unknown, where: string): T {
  const s = text(value, where);
  if (!(known as readonly string[]).includes(s)) throw new NotProtocol(where);
  return s as T;
}
/** Reads a member that may be absent; `undefined` leaves it out of the result. */
function optional<T>(
  value: unknown,
  read: (v: unknown, where: string) => T,
  where: string,
): T | undefined {
  return value === undefined ? undefined : read(value, where);
}
/** Removes the members that are undefined, so that equal messages are deeply equal. */
function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const out: Json = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) out[name] = member;
  return out as { [K in keyof T]: Exclude<T[K], undefined> };
}

function parsePosition(value: unknown, where: string): Position {
  const pair = list(value, where);
  if (pair.length !== 2) throw new NotProtocol(where);
  return [finite(pair[0], where), finite(pair[1], where)];
}

export function parseGeometry(value: unknown, where = "geometry"): Geometry {
  const g = record(value, where);
  if (g.type === "Point")
    return { type: "Point", coordinates: parsePosition(g.coordinates, where) };
  if (g.type !== "Polygon") throw new NotProtocol(where);
  const rings = list(g.coordinates, where);
  if (rings.length !== 1) throw new NotProtocol(where);
  const ring = list(rings[0], where).map((p) => parsePosition(p, where));
  if (ring.length < 4) throw new NotProtocol(where);
  return { type: "Polygon", coordinates: [ring] };
}

/** Unknown attribute names are dropped: a newer server may say more than we show. */
export function parseAttributes(value: unknown, where = "attributes"): Attributes {
  const given = record(value, where);
  const out: Partial<Record<AttributeName, AttributeValue>> = {};
  for (const name of LISTS) {
    const v = given[name];
    if (v === undefined) continue;
    out[name] =
      v === null ? null : list(v, `${where}.${name}`).map((s) => text(s, `${where}.${name}`));
  }
  for (const name of SCALARS) {
    const v = given[name];
    if (v === undefined) continue;
    if (v !== null && typeof v !== "string" && typeof v !== "number" && typeof v !== "boolean") {
      throw new NotProtocol(`${where}.${name}`);
    }
    out[name] = v;
  }
  return out;
}

export function parseMarkerState(value: unknown, where = "marker"): MarkerState {
  const m = record(value, where);
  const seqs: Record<string, Seq> = {};
  for (const [name, n] of Object.entries(record(m.attribute_seqs, `${where}.attribute_seqs`))) {
    seqs[name] = natural(n, `${where}.attribute_seqs`);
  }
  return {
    id: uuid(m.id, `${where}.id`),
    author: uuid(m.author, `${where}.author`),
    table: natural(m.table, `${where}.table`),
    felt: oneOf(FELTS, m.felt, `${where}.felt`),
    geometry: parseGeometry(m.geometry, `${where}.geometry`),
    attributes: parseAttributes(m.attributes, `${where}.attributes`),
    seq: natural(m.seq, `${where}.seq`),
    added_seq: natural(m.added_seq, `${where}.added_seq`),
    geometry_seq: natural(m.geometry_seq, `${where}.geometry_seq`),
    existence_seq: natural(m.existence_seq, `${where}.existence_seq`),
    attribute_seqs: seqs,
    deleted: flag(m.deleted, `${where}.deleted`),
    hidden: flag(m.hidden, `${where}.hidden`),
  };
}

export function parseRemarkState(value: unknown, where = "remark"): RemarkState {
  const r = record(value, where);
  return compact({
    id: uuid(r.id, `${where}.id`),
    author: optional(r.author, uuid, `${where}.author`),
    table: natural(r.table, `${where}.table`),
    question: oneOf(QUESTIONS, r.question, `${where}.question`),
    text: text(r.text, `${where}.text`),
    theme: optional(r.theme, text, `${where}.theme`),
    geometry: optional(r.geometry, parseGeometry, `${where}.geometry`),
    about: optional(r.about, uuid, `${where}.about`),
    deleted: flag(r.deleted, `${where}.deleted`),
    hidden: flag(r.hidden, `${where}.hidden`),
    added_seq: natural(r.added_seq, `${where}.added_seq`),
    seq: natural(r.seq, `${where}.seq`),
  }) as RemarkState;
}

function parseVote(value: unknown): Vote {
  const v = record(value, "vote");
  return {
    author: uuid(v.author, "vote.author"),
    finding: uuid(v.finding, "vote.finding"),
    dots: natural(v.dots, "vote.dots"),
  };
}

/** The members of an operation or an entry about what is said in words. */
function saidMembers(m: Json, where: string) {
  return {
    remark: optional(m.remark, uuid, `${where}.remark`),
    question: optional(m.question, (v, w) => oneOf(QUESTIONS, v, w), `${where}.question`),
    text: optional(m.text, text, `${where}.text`),
    theme: optional(m.theme, text, `${where}.theme`),
    about: optional(m.about, uuid, `${where}.about`),
    finding: optional(m.finding, uuid, `${where}.finding`),
    dots: optional(m.dots, natural, `${where}.dots`),
  };
}

const ENTRY_KINDS = ["noop", ...MARKER_KINDS, ...ROOM_KINDS, ...SAID_KINDS] as const;

export function parseEntry(value: unknown): Entry {
  const e = record(value, "entry");
  return compact({
    seq: positive(e.seq, "entry.seq"),
    kind: oneOf(ENTRY_KINDS, e.kind, "entry.kind"),
    at: text(e.at, "entry.at"),
    id: optional(e.id, uuid, "entry.id"),
    marker: optional(e.marker, uuid, "entry.marker"),
    author: optional(e.author, uuid, "entry.author"),
    table: optional(e.table, natural, "entry.table"),
    undo: optional(e.undo, flag, "entry.undo"),
    geometry: optional(e.geometry, parseGeometry, "entry.geometry"),
    felt: optional(e.felt, (v, w) => oneOf(FELTS, v, w), "entry.felt"),
    attributes: optional(e.attributes, parseAttributes, "entry.attributes"),
    state: optional(e.state, parseMarkerState, "entry.state"),
    step: optional(e.step, natural, "entry.step"),
    minutes: optional(e.minutes, natural, "entry.minutes"),
    shared: optional(e.shared, flag, "entry.shared"),
    hash: optional(e.hash, text, "entry.hash"),
    ...saidMembers(e, "entry"),
    said: optional(e.said, parseRemarkState, "entry.said"),
    resync: optional(e.resync, flag, "entry.resync"),
  }) as Entry;
}

/** A page of the log; its entries must follow each other without a gap. */
export function parseEntryPage(value: unknown): EntryPage {
  const page = record(value, "page");
  const ops = list(page.ops, "page.ops").map(parseEntry);
  for (let i = 1; i < ops.length; i++) {
    if (ops[i]?.seq !== (ops[i - 1]?.seq ?? 0) + 1) throw new NotProtocol("page.ops order");
  }
  return { ops, seq: natural(page.seq, "page.seq") };
}

const ROOM_STATES = ["prepared", "open", "closed"] as const;

function parseRoom(value: unknown): Room {
  const r = record(value, "room");
  return compact({
    state: oneOf(ROOM_STATES, r.state, "room.state"),
    step: natural(r.step, "room.step"),
    step_at: optional(r.step_at, text, "room.step_at"),
    step_minutes: optional(r.step_minutes, natural, "room.step_minutes"),
    shared: flag(r.shared, "room.shared"),
    frozen_hash: optional(r.frozen_hash, text, "room.frozen_hash"),
    tables: list(r.tables, "room.tables").map((t) => {
      const table = record(t, "room.tables");
      return {
        numero: natural(table.numero, "room.tables"),
        open: flag(table.open, "room.tables"),
      };
    }),
  }) as Room;
}

export function parseSnapshot(value: unknown): Snapshot {
  const s = record(value, "snapshot");
  return compact({
    seq: natural(s.seq, "snapshot.seq"),
    room: parseRoom(s.room),
    markers: list(s.markers, "snapshot.markers").map((m) => parseMarkerState(m)),
    remarks: optional(
      s.remarks,
      (v, w) => list(v, w).map((r) => parseRemarkState(r)),
      "snapshot.remarks",
    ),
    votes: optional(s.votes, (v, w) => list(v, w).map(parseVote), "snapshot.votes"),
    hash: text(s.hash, "snapshot.hash"),
    now: optional(s.now, text, "snapshot.now"),
  }) as Snapshot;
}

export function parseProblem(value: unknown): Problem {
  const p = record(value, "problem");
  return compact({
    status: natural(p.status, "problem.status"),
    code: text(p.code, "problem.code"),
    title: text(p.title, "problem.title"),
    detail: text(p.detail, "problem.detail"),
    field: optional(p.field, text, "problem.field"),
  }) as Problem;
}

function parseReceipt(value: unknown, sent: ReadonlySet<Uuid>): Receipt {
  const r = record(value, "receipt");
  const op = uuid(r.op, "receipt.op");
  if (!sent.has(op)) throw new NotProtocol("receipt of an operation that was not sent");
  if (r.problem !== undefined) return { op, problem: parseProblem(r.problem) };
  const receipt = { op, seq: positive(r.seq, "receipt.seq"), again: r.again === true };
  return r.over === undefined ? receipt : { ...receipt, over: natural(r.over, "receipt.over") };
}

/**
 * The answer to a batch. Only receipts of operations that were sent count, and
 * only with a number or a problem; one unreadable receipt voids the whole
 * answer, since sending again is always safe.
 */
export function parseBatch(value: unknown, sent: ReadonlySet<Uuid>): Batch {
  const b = record(value, "batch");
  return {
    receipts: list(b.receipts, "batch.receipts").map((r) => parseReceipt(r, sent)),
    seq: natural(b.seq, "batch.seq"),
  };
}

export function parsePresence(value: unknown): Presence {
  const p = record(value, "presence");
  return {
    tables: list(p.tables, "presence.tables").map((t) => {
      const table = record(t, "presence.tables");
      return {
        numero: natural(table.numero, "presence"),
        devices: natural(table.devices, "presence"),
      };
    }),
    staff: natural(p.staff, "presence.staff"),
  };
}

export function parseTableView(value: unknown): TableView {
  const t = record(value, "table");
  const a = record(t.atelier, "table.atelier");
  const r = record(t.retention, "table.retention");
  return {
    numero: natural(t.numero, "table.numero"),
    open: flag(t.open, "table.open"),
    atelier: compact({
      id: uuid(a.id, "table.atelier.id"),
      territoire: text(a.territoire, "table.atelier.territoire"),
      quartier: text(a.quartier, "table.atelier.quartier"),
      quartier_nom: text(a.quartier_nom, "table.atelier.quartier_nom"),
      titre: text(a.titre, "table.atelier.titre"),
      lieu: optional(a.lieu, text, "table.atelier.lieu"),
      starts_at: text(a.starts_at, "table.atelier.starts_at"),
      closes_at: text(a.closes_at, "table.atelier.closes_at"),
      state: oneOf(ROOM_STATES, a.state, "table.atelier.state"),
      demo: flag(a.demo, "table.atelier.demo"),
    }) as TableView["atelier"],
    retention: {
      text_months: natural(r.text_months, "table.retention"),
      position_months: natural(r.position_months, "table.retention"),
    },
  };
}

export function parseSeat(value: unknown): Seat {
  const s = record(value, "seat");
  const token = text(s.token, "seat.token");
  if (token === "") throw new NotProtocol("seat.token");
  return {
    token,
    participant: uuid(s.participant, "seat.participant"),
    rang: natural(s.rang, "seat.rang"),
    table: parseTableView(s.table),
  };
}

/** An operation read back from a file or from the device's own storage. */
export function parseOperation(value: unknown): Operation {
  const o = record(value, "operation");
  return compact({
    id: uuid(o.id, "operation.id"),
    kind: oneOf([...MARKER_KINDS, ...ROOM_KINDS, ...SAID_KINDS], o.kind, "operation.kind"),
    marker: optional(o.marker, uuid, "operation.marker"),
    base: optional(o.base, natural, "operation.base"),
    undo: optional(o.undo, flag, "operation.undo"),
    at: optional(o.at, text, "operation.at"),
    geometry: optional(o.geometry, parseGeometry, "operation.geometry"),
    felt: optional(o.felt, (v, w) => oneOf(FELTS, v, w), "operation.felt"),
    attributes: optional(o.attributes, parseAttributes, "operation.attributes"),
    step: optional(o.step, natural, "operation.step"),
    minutes: optional(o.minutes, natural, "operation.minutes"),
    table: optional(o.table, natural, "operation.table"),
    shared: optional(o.shared, flag, "operation.shared"),
    ...saidMembers(o, "operation"),
  }) as Operation;
}
