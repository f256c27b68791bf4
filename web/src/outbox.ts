/**
 * Operations not yet in the log. An operation is here before anything is shown,
 * leaves only with its number in the log (docs/protocol.md, "Life of an
 * operation"), and keeps its order per resident. The rules are pure functions
 * over the items of one seat; the class writes what they say.
 */

import {
  NotProtocol,
  type Operation,
  type Problem,
  parseOperation,
  type Receipt,
  type Seq,
  type Uuid,
} from "./protocol";
import type { Author, Pending } from "./state";
import { type Change, MemoryStorage, type NewItem, type OutboxItem, type Storage } from "./storage";

/** Operations per request, and bytes of JSON (the server's limits are 200 and 256 KiB). */
const BATCH = 100;
const BATCH_BYTES = 200_000;

/** An undo whose target is no longer here becomes a plain change: it can still be sent. */
function plain(op: Operation): Operation {
  const { undo: _, ...rest } = op;
  return rest;
}

/** The next operations to send, in order; an undo waits for the number of what it undoes. */
export function nextBatch(items: readonly OutboxItem[]): readonly Operation[] {
  const waiting = items.filter((i) => i.status === "waiting");
  const batch: Operation[] = [];
  let bytes = 0;
  for (const item of waiting) {
    if (waiting.some((i) => i.op.id === item.awaits)) break;
    const op = item.awaits === undefined ? item.op : plain(item.op);
    bytes += JSON.stringify(op).length;
    if (batch.length === BATCH || (batch.length > 0 && bytes > BATCH_BYTES)) break;
    batch.push(op);
  }
  return batch;
}

/** A refusal that only means "not now": the operation stays in the queue. */
export function isPassing(problem: Problem): boolean {
  return problem.status === 429 || problem.status >= 500;
}

function acknowledged(item: OutboxItem, seq: Seq): OutboxItem {
  const { problem: _, ...rest } = item;
  return { ...rest, status: "acknowledged", seq };
}

function withBase<T extends NewItem>(item: T, base: Seq): Omit<T, "awaits"> {
  const { awaits: _, ...rest } = item;
  return { ...rest, op: { ...item.op, base } };
}

/** What the receipts of a batch do to the items of a seat. */
export function settled(items: readonly OutboxItem[], receipts: readonly Receipt[]): Change {
  const put = new Map<number, OutboxItem>();
  const remove: number[] = [];
  for (const receipt of receipts) {
    const item = items.find((i) => i.op.id === receipt.op);
    if (item === undefined || item.status === "acknowledged") continue;
    const undos = items.filter((i) => i.awaits === receipt.op);
    if ("seq" in receipt) {
      put.set(item.n, acknowledged(item, receipt.seq));
      for (const undo of undos) put.set(undo.n, withBase(undo, receipt.seq));
    } else if (!isPassing(receipt.problem)) {
      const status = receipt.problem.code === "atelier_clos" ? "closed" : "parked";
      put.set(item.n, { ...item, status, problem: receipt.problem });
      // What never happened needs no undoing.
      remove.push(...undos.map((undo) => undo.n));
    }
  }
  return { put: [...put.values()], remove };
}

/** The format of an exported outbox; older numbers stay readable. */
const FORMAT = "quietude-outbox";
const VERSION = 1;

/** An outbox as a file: enough to send it from another device as the same resident. */
export interface OutboxFile {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly atelier: Uuid;
  readonly code: string;
  readonly secret: Uuid;
  readonly exported_at: string;
  readonly operations: readonly { readonly op: Operation; readonly awaits?: Uuid }[];
}

/** Throws NotProtocol when the file is not an exported outbox. */
export function parseOutboxFile(text: string): OutboxFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotProtocol("file");
  }
  const file = value as Partial<Record<keyof OutboxFile, unknown>> | null;
  if (file?.format !== FORMAT || file.version !== VERSION || !Array.isArray(file.operations)) {
    throw new NotProtocol("file");
  }
  const { atelier, code, secret, exported_at } = file;
  if (![atelier, code, secret, exported_at].every((s) => typeof s === "string"))
    throw new NotProtocol("file");
  return {
    format: FORMAT,
    version: VERSION,
    atelier: atelier as string,
    code: code as string,
    secret: secret as string,
    exported_at: exported_at as string,
    operations: file.operations.map((item: { op?: unknown; awaits?: unknown } | null) => {
      const op = parseOperation(item?.op);
      return typeof item?.awaits === "string" ? { op, awaits: item.awaits } : { op };
    }),
  };
}

/** Order numbers of what the device could not store: after everything stored. */
const SPILLED = 2 ** 40;

export class Outbox {
  readonly #storage: Storage;
  /** Takes what the storage refuses (quota), so that a marker is never dropped silently. */
  readonly #spill = new MemoryStorage(SPILLED);
  #durable: boolean;
  readonly #listeners = new Set<() => void>();

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#durable = storage.durable;
  }

  /** False once something exists only in this page's memory. */
  get durable(): boolean {
    return this.#durable;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Another tab changed the storage. */
  refresh(): void {
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  async items(seat?: string): Promise<readonly OutboxItem[]> {
    const all = [...(await this.#storage.items()), ...(await this.#spill.items())];
    return all.filter((i) => seat === undefined || i.seat === seat).sort((a, b) => a.n - b.n);
  }

  /** Keeps an operation; `awaits` names the operation it undoes while that has no number. */
  async add(seat: string, op: Operation, by: Author, awaits?: Uuid): Promise<void> {
    const item: NewItem = {
      seat,
      op,
      by,
      status: "waiting",
      ...(awaits === undefined ? {} : { awaits }),
    };
    const change = (items: readonly OutboxItem[]): Change => {
      // The number may have come between the tap and this write.
      const base = items.find((i) => i.op.id === awaits)?.seq;
      return { add: [base === undefined ? item : withBase(item, base)] };
    };
    try {
      await this.#storage.transact(seat, change);
    } catch {
      this.#durable = false;
      await this.#spill.transact(seat, change);
    }
    this.#changed();
  }

  async #transact(seat: string, change: (items: readonly OutboxItem[]) => Change): Promise<void> {
    await this.#storage.transact(seat, change);
    await this.#spill.transact(seat, change);
    this.#changed();
  }

  settle(seat: string, receipts: readonly Receipt[]): Promise<void> {
    return this.#transact(seat, (items) => settled(items, receipts));
  }

  /** Drops what the stored room now shows by itself. */
  forget(seat: string, upTo: Seq): Promise<void> {
    return this.#transact(seat, (items) => ({
      remove: items
        .filter((i) => i.status === "acknowledged" && (i.seq ?? 0) <= upTo)
        .map((i) => i.n),
    }));
  }

  /** Queues a refused operation again. */
  retry(seat: string, op: Uuid): Promise<void> {
    return this.#transact(seat, (items) => ({
      put: items
        .filter((i) => i.op.id === op && i.status === "parked")
        .map(({ problem: _, ...i }) => ({ ...i, status: "waiting" })),
    }));
  }

  /** Gives a refused operation up, at the wish of its author. */
  discard(seat: string, op: Uuid): Promise<void> {
    return this.#transact(seat, (items) => ({
      remove: items.filter((i) => i.op.id === op && i.status !== "acknowledged").map((i) => i.n),
    }));
  }

  /** Everything of a resident that is not in the log, as the text of a file. */
  async exported(
    seat: string,
    from: { atelier: Uuid; code: string; secret: Uuid },
    now: Date,
  ): Promise<string> {
    const items = (await this.items(seat)).filter((i) => i.status !== "acknowledged");
    const file: OutboxFile = {
      format: FORMAT,
      version: VERSION,
      ...from,
      exported_at: now.toISOString(),
      operations: items.map(({ op, awaits }) => (awaits === undefined ? { op } : { op, awaits })),
    };
    return JSON.stringify(file, null, 1);
  }

  /** Takes the operations of a file that are not here yet; returns how many. */
  async import(seat: string, file: OutboxFile, by: Author): Promise<number> {
    let taken = 0;
    await this.#storage.transact(seat, (items) => {
      const known = new Set(items.map((i) => i.op.id));
      const add = file.operations
        .filter(({ op }) => !known.has(op.id))
        .map((item) => ({ seat, by, status: "waiting" as const, ...item }));
      taken = add.length;
      return { add };
    });
    this.#changed();
    return taken;
  }
}

/** Items that the optimistic view puts on top of a room at number `seq`. */
export function pendingOf(items: readonly OutboxItem[], seq: Seq): readonly Pending[] {
  return items
    .filter((i) => i.status === "waiting" || (i.status === "acknowledged" && (i.seq ?? 0) > seq))
    .map(({ op, by }) => ({ op, by }));
}
