/**
 * What a device keeps: operations on their way, seats at tables, and the last
 * state of each room, in IndexedDB; in memory when the browser refuses storage
 * (private mode, full disk), which the page then says before the first marker.
 */

import { type DBSchema, type IDBPDatabase, type OpenDBCallbacks, openDB } from "idb";
import type { Operation, Problem, Seat, Seq, Snapshot, Uuid } from "./protocol";
import type { Author } from "./state";

/**
 * waiting: to be sent; acknowledged: in the log, not yet in the stored room;
 * parked: refused, shown to its author; closed: the evening was over, kept.
 */
export type ItemStatus = "waiting" | "acknowledged" | "parked" | "closed";

/** One operation of one resident of this device. */
export interface OutboxItem {
  /** Order on this device; given by the storage. */
  readonly n: number;
  /** `seatKey` of the resident. */
  readonly seat: string;
  readonly op: Operation;
  readonly by: Author;
  readonly status: ItemStatus;
  /** Undo of an operation without a number yet: its base is that number. */
  readonly awaits?: Uuid;
  readonly seq?: Seq;
  readonly problem?: Problem;
}
export type NewItem = Omit<OutboxItem, "n">;

/** A resident of this device at a table. */
export interface StoredSeat extends Seat {
  readonly key: string;
  readonly code: string;
  /** Known to this device only: with it, joining again gives the same seat. */
  readonly secret: Uuid;
  /** Continues as a resident who sat down with another device. */
  readonly linked: boolean;
  /** When the resident last held the device, milliseconds. */
  readonly used: number;
}
/** The room as it stood at `snapshot.seq`, to start without a network. */
export interface StoredRoom {
  readonly seat: string;
  readonly snapshot: Snapshot;
}

/** Names a resident on this device: one atelier, one pseudonym. */
export function seatKey(atelier: Uuid, participant: Uuid): string {
  return `${atelier}/${participant}`;
}

/** What a change of the outbox of one seat writes. */
export interface Change {
  readonly add?: readonly NewItem[];
  readonly put?: readonly OutboxItem[];
  readonly remove?: readonly number[];
}

export interface Storage {
  /** False when a reload would lose everything. */
  readonly durable: boolean;
  items(): Promise<readonly OutboxItem[]>;
  /** Reads the items of a seat and writes the change as one step. */
  transact(seat: string, change: (items: readonly OutboxItem[]) => Change): Promise<void>;
  seats(): Promise<readonly StoredSeat[]>;
  putSeat(seat: StoredSeat): Promise<void>;
  room(seat: string): Promise<StoredRoom | undefined>;
  putRoom(room: StoredRoom): Promise<void>;
  /** Forgets a resident: the seat, its room and all its operations. */
  forget(seat: string): Promise<void>;
}

export class MemoryStorage implements Storage {
  readonly durable = false;
  readonly #items = new Map<number, OutboxItem>();
  readonly #seats = new Map<string, StoredSeat>();
  readonly #rooms = new Map<string, StoredRoom>();
  #next: number;

  /** Items are numbered from `first`, after those that another storage holds. */
  constructor(first = 1) {
    this.#next = first;
  }
  async items() {
    return [...this.#items.values()];
  }
  async transact(seat: string, change: (items: readonly OutboxItem[]) => Change) {
    const {
      add = [],
      put = [],
      remove = [],
    } = change([...this.#items.values()].filter((i) => i.seat === seat));
    for (const item of put) this.#items.set(item.n, item);
    for (const n of remove) this.#items.delete(n);
    for (const item of add) {
      this.#items.set(this.#next, { ...item, n: this.#next });
      this.#next++;
    }
  }
  async seats() {
    return [...this.#seats.values()];
  }
  async putSeat(seat: StoredSeat) {
    this.#seats.set(seat.key, seat);
  }
  async room(seat: string) {
    return this.#rooms.get(seat);
  }
  async putRoom(room: StoredRoom) {
    this.#rooms.set(room.seat, room);
  }
  async forget(seat: string) {
    for (const [n, item] of this.#items) if (item.seat === seat) this.#items.delete(n);
    this.#seats.delete(seat);
    this.#rooms.delete(seat);
  }
}

interface Schema extends DBSchema {
  outbox: { key: number; value: OutboxItem; indexes: { op: Uuid; seat: string } };
  seats: { key: string; value: StoredSeat };
  rooms: { key: string; value: StoredRoom };
}

export const DATABASE = "quietude-salle";
export const DATABASE_VERSION = 2;

class IndexedStorage implements Storage {
  readonly durable = true;
  readonly #db: IDBPDatabase<Schema>;
  constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }
  items() {
    return this.#db.getAll("outbox");
  }
  async transact(seat: string, change: (items: readonly OutboxItem[]) => Change) {
    // Only awaits of this transaction in here: it commits at the first other one.
    const tx = this.#db.transaction("outbox", "readwrite", { durability: "strict" });
    const { add = [], put = [], remove = [] } = change(await tx.store.index("seat").getAll(seat));
    const writes: Promise<unknown>[] = [
      ...put.map((item) => tx.store.put(item)),
      ...remove.map((n) => tx.store.delete(n)),
      // The key is absent so that the storage numbers the item.
      ...add.map((item) => tx.store.add(item as OutboxItem)),
    ];
    await Promise.all([...writes, tx.done]);
  }
  seats() {
    return this.#db.getAll("seats");
  }
  async putSeat(seat: StoredSeat) {
    await this.#db.put("seats", seat);
  }
  room(seat: string) {
    return this.#db.get("rooms", seat);
  }
  async putRoom(room: StoredRoom) {
    await this.#db.put("rooms", room);
  }
  async forget(seat: string) {
    const tx = this.#db.transaction(["outbox", "seats", "rooms"], "readwrite");
    const outbox = tx.objectStore("outbox");
    const items = await outbox.index("seat").getAllKeys(seat);
    await Promise.all([
      ...items.map((n) => outbox.delete(n)),
      tx.objectStore("seats").delete(seat),
      tx.objectStore("rooms").delete(seat),
      tx.done,
    ]);
  }
}

type Upgrade = NonNullable<OpenDBCallbacks<Schema>["upgrade"]>;

/**
 * Each step leads from one version to the next and runs once; what an older
 * version of the page left on the device is kept.
 */
const upgrade: Upgrade = (db, from, _to, tx) => {
  if (from < 1) {
    const outbox = db.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
    outbox.createIndex("op", "op.id", { unique: true });
    db.createObjectStore("seats", { keyPath: "key" });
  }
  if (from < 2) {
    tx.objectStore("outbox").createIndex("seat", "seat");
    db.createObjectStore("rooms", { keyPath: "seat" });
  }
};

/** Some private modes neither open nor refuse; milliseconds until we give up. */
const PATIENCE = 3_000;

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("storage does not answer")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Opens the device's storage and tries a write; memory when it is refused. */
export async function openStorage(): Promise<Storage> {
  try {
    const db = await within(openDB<Schema>(DATABASE, DATABASE_VERSION, { upgrade }), PATIENCE);
    // A newer version of the page in another tab must be able to upgrade.
    db.addEventListener("versionchange", () => db.close());
    const trial = db.transaction("seats", "readwrite");
    const probe = { key: "probe" } as StoredSeat;
    await within(
      Promise.all([trial.store.put(probe), trial.store.delete(probe.key), trial.done]),
      PATIENCE,
    );
    return new IndexedStorage(db);
  } catch {
    return new MemoryStorage();
  }
}
