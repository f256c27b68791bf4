/**
 * One resident in one room: draws through the outbox, sees the log with the own
 * operations on top, undoes. All tabs of the device work on the same storage;
 * a channel tells them of each other's changes.
 */

import { type Outbox, pendingOf } from "./outbox";
import type { Entry, MarkerState, Operation, Receipt, Seq, Uuid } from "./protocol";
import { optimisticSaid, type Said, silent } from "./remark";
import { Replica, toSnapshot } from "./replica";
import { inverse, optimistic } from "./state";
import type { OutboxItem, Storage, StoredSeat } from "./storage";
import { uuidV7 } from "./uuid";

/** What a drawing tool asks for; the room adds id, base and clock. */
export type Intention = Omit<Operation, "id" | "base" | "undo" | "at">;

/** Something the resident should know about an own operation. */
export type Notice =
  | { readonly kind: "over"; readonly marker: Uuid }
  | { readonly kind: "refused"; readonly item: OutboxItem };

interface Done {
  readonly op: Operation;
  readonly before: MarkerState | null;
}

/** Operations that can be taken back one after the other. */
const UNDO_DEPTH = 50;
/** The room is stored at most this often, milliseconds. */
const SAVE_EVERY = 1_000;
/**
 * And takes at most this part of the time: a phone copies a room of 1,000 markers for as
 * long as several frames last. What is not stored yet comes again from the log.
 */
const SAVE_SHARE = 1 / 50;

export class ResidentRoom {
  readonly seat: StoredSeat;
  readonly replica: Replica;
  items: readonly OutboxItem[] = [];
  readonly #outbox: Outbox;
  readonly #storage: Storage;
  readonly #listeners = new Set<() => void>();
  readonly #notices = new Set<(notice: Notice) => void>();
  readonly #done: Done[] = [];
  /** Numbers that own operations took, to tell own changes from others'. */
  readonly #numbers = new Map<Uuid, Seq>();
  #view: { state: unknown; items: unknown; markers: ReadonlyMap<Uuid, MarkerState> } | null = null;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #pause = SAVE_EVERY;
  #kept = false;
  #stops: (() => void)[] = [];

  private constructor(
    seat: StoredSeat,
    outbox: Outbox,
    storage: Storage,
    replica: (room: ResidentRoom) => Replica,
  ) {
    this.seat = seat;
    this.#outbox = outbox;
    this.#storage = storage;
    this.replica = replica(this);
  }

  /** Opens the room as the device remembers it; works without a network. */
  static async open(
    seat: StoredSeat,
    outbox: Outbox,
    storage: Storage,
    options: { token: () => string | null; onRefused?: (status: number) => void },
  ): Promise<ResidentRoom> {
    const saved = (await storage.room(seat.key).catch(() => undefined))?.snapshot;
    const room = new ResidentRoom(
      seat,
      outbox,
      storage,
      (self) =>
        new Replica({
          atelier: seat.table.atelier.id,
          reader: { participant: seat.participant, staff: false },
          onChange: () => self.#changed(),
          onEntry: (entry) => self.#logged(entry),
          ...(saved === undefined ? {} : { saved }),
          ...options,
        }),
    );
    room.items = await outbox.items(seat.key);
    room.#stops.push(outbox.onChange(() => void room.#reload()));
    return room;
  }

  start(): void {
    this.replica.start();
  }

  stop(): void {
    this.replica.stop();
    for (const stop of this.#stops) stop();
    this.#stops = [];
    void this.save();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#notices.add(listener);
    return () => this.#notices.delete(listener);
  }

  /** Every marker that this resident sees, own ones as drawn; deleted ones included. */
  get markers(): ReadonlyMap<Uuid, MarkerState> {
    const { state } = this.replica;
    if (this.#view?.state === state && this.#view.items === this.items) return this.#view.markers;
    const base = state ?? { seq: 0, room: emptyRoom, markers: new Map(), said: silent };
    const markers = optimistic(base, pendingOf(this.items, base.seq));
    this.#view = { state, items: this.items, markers };
    return markers;
  }

  /** What this resident hears in words, and own votes, own ones as written. */
  get said(): Said {
    const { state } = this.replica;
    return optimisticSaid(
      state?.said ?? silent,
      pendingOf(this.items, state?.seq ?? 0),
      state?.seq ?? 0,
    );
  }

  /** Own operations that the server has not confirmed and may still take. */
  get unsent(): number {
    return this.items.filter((i) => i.status === "waiting").length;
  }

  /** Own operations that were refused, the evening's end included. */
  get refused(): readonly OutboxItem[] {
    return this.items.filter((i) => i.status === "parked" || i.status === "closed");
  }

  /** Markers with an own change that is not in the log yet. */
  get pendingMarkers(): ReadonlySet<Uuid> {
    return new Set(
      this.items.flatMap((i) => (i.status === "waiting" && i.op.marker ? [i.op.marker] : [])),
    );
  }

  /** Remarks with an own change that is not in the log yet. */
  get pendingRemarks(): ReadonlySet<Uuid> {
    return new Set(
      this.items.flatMap((i) => (i.status === "waiting" && i.op.remark ? [i.op.remark] : [])),
    );
  }

  /** Draws: once this resolves, the operation is on the device and to be seen. */
  async write(intention: Intention): Promise<Operation> {
    const marker = this.markers.get(intention.marker ?? "") ?? null;
    const confirmed = this.replica.state?.markers.get(intention.marker ?? "");
    const op: Operation = {
      ...intention,
      id: uuidV7(),
      at: new Date().toISOString(),
      ...(confirmed === undefined ? {} : { base: confirmed.seq }),
    };
    await this.#outbox.add(this.seat.key, op, this.#author());
    if (op.marker !== undefined) this.#done.push({ op, before: marker });
    if (this.#done.length > UNDO_DEPTH) this.#done.shift();
    await this.#reload();
    return op;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  /** Takes the last own operation of this page back; returns what that was. */
  async undo(): Promise<Operation | null> {
    const last = this.#done.pop();
    if (last === undefined) return null;
    const number = this.#numbers.get(last.op.id);
    const op = inverse(last.before, last.op, uuidV7(), number);
    if (op === null) return null;
    const { id } = last.op;
    await this.#outbox.add(
      this.seat.key,
      op,
      this.#author(),
      number === undefined ? id : undefined,
    );
    await this.#reload();
    return last.op;
  }

  /** Forgets what could be undone about one marker, after its operation was refused. */
  #dropUndo(op: Uuid): void {
    const at = this.#done.findIndex((d) => d.op.id === op);
    if (at >= 0) this.#done.splice(at, 1);
  }

  /** The receipts of own operations, whichever tab received them. */
  received(receipts: readonly Receipt[]): void {
    for (const receipt of receipts) {
      const item = this.items.find((i) => i.op.id === receipt.op);
      if ("problem" in receipt) {
        this.#dropUndo(receipt.op);
        if (item !== undefined)
          this.#tell({ kind: "refused", item: { ...item, problem: receipt.problem } });
        continue;
      }
      this.#numbers.set(receipt.op, receipt.seq);
      const own = new Set(this.#numbers.values());
      if (receipt.over !== undefined && !own.has(receipt.over) && item?.op.marker !== undefined) {
        this.#tell({ kind: "over", marker: item.op.marker });
      }
    }
  }

  /** Keeps the room on the device, then lets go of what it now shows by itself. */
  async save(): Promise<void> {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    const { state } = this.replica;
    if (state === null) return;
    try {
      const began = performance.now();
      const stored = this.#storage.putRoom({ seat: this.seat.key, snapshot: toSnapshot(state) });
      this.#pause = Math.max(SAVE_EVERY, (performance.now() - began) / SAVE_SHARE);
      await stored;
      if (this.items.some((i) => i.status === "acknowledged" && (i.seq ?? 0) <= state.seq)) {
        await this.#outbox.forget(this.seat.key, state.seq);
      }
    } catch {
      // A full disk costs the offline view of the others, never own operations.
    }
  }

  #author() {
    return { author: this.seat.participant, table: this.seat.table.numero };
  }

  /** The log shows an own operation: as good as a receipt, and sometimes earlier. */
  #logged(entry: Entry): void {
    if (entry.id === undefined || entry.author !== this.seat.participant) return;
    this.#numbers.set(entry.id, entry.seq);
    if (this.items.some((i) => i.op.id === entry.id && i.status === "waiting")) {
      void this.#outbox.settle(this.seat.key, [{ op: entry.id, seq: entry.seq, again: true }]);
    }
  }

  async #reload(): Promise<void> {
    this.items = await this.#outbox.items(this.seat.key);
    this.#changed();
  }

  #changed(): void {
    if (this.#kept || this.replica.state === null) {
      this.#saving ??= setTimeout(() => void this.save(), this.#pause);
    } else {
      // The first state is kept at once: a page left within a second must open again without a network.
      this.#kept = true;
      void this.save();
    }
    for (const listener of this.#listeners) listener();
  }

  #tell(notice: Notice): void {
    for (const listener of this.#notices) listener(notice);
  }
}

const emptyRoom = { state: "open", step: 0, shared: false, tables: [] } as const;

/** What the tabs of a device tell each other. */
interface TabMessage {
  readonly kind: "outbox" | "receipts";
  readonly seat?: string;
  readonly receipts?: readonly Receipt[];
}

const CHANNEL = "quietude-salle";

/**
 * Joins the tabs of this device: a change of the outbox in one is a change in
 * all, receipts reach the tab that drew. Returns what to call on receipts.
 */
export function joinTabs(
  outbox: Outbox,
  onReceipts: (seat: string, receipts: readonly Receipt[]) => void,
  onChange: () => void,
): (seat: string, receipts: readonly Receipt[]) => void {
  if (typeof BroadcastChannel === "undefined") return onReceipts;
  const channel = new BroadcastChannel(CHANNEL);
  let echoing = false;
  outbox.onChange(() => {
    if (!echoing) channel.postMessage({ kind: "outbox" } satisfies TabMessage);
  });
  channel.onmessage = (event: MessageEvent<TabMessage>) => {
    const { kind, seat, receipts } = event.data;
    if (kind === "receipts" && seat !== undefined && receipts !== undefined)
      onReceipts(seat, receipts);
    if (kind === "outbox") {
      echoing = true;
      outbox.refresh();
      echoing = false;
      onChange();
    }
  };
  return (seat, receipts) => {
    channel.postMessage({ kind: "receipts", seat, receipts } satisfies TabMessage);
    onReceipts(seat, receipts);
  };
}
