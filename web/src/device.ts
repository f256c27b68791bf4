/**
 * This device: its storage, its outbox, the one sender of its tabs, and the
 * browser's hints that the network may be back.
 */

import { post } from "./api";
import { Outbox } from "./outbox";
import type { Receipt } from "./protocol";
import { rejoin } from "./seat";
import { Sender, type Trouble } from "./sender";
import { openStorage, type Storage, type StoredSeat } from "./storage";
import { joinTabs } from "./sync";

/** Milliseconds after which a request counts as lost; it is sent again with the same ids. */
const REQUEST_TIMEOUT = 20_000;

export class Device {
  readonly storage: Storage;
  readonly outbox: Outbox;
  trouble: Trouble | null = null;
  readonly #sender: Sender;
  readonly #receipts = new Set<(seat: string, receipts: readonly Receipt[]) => void>();
  readonly #wakes = new Set<() => void>();
  readonly #changes = new Set<() => void>();

  private constructor(storage: Storage) {
    this.storage = storage;
    this.outbox = new Outbox(storage);
    const tell = joinTabs(
      this.outbox,
      (seat, receipts) => {
        for (const listener of this.#receipts) listener(seat, receipts);
      },
      () => this.#sender.kick(),
    );
    this.#sender = new Sender({
      outbox: this.outbox,
      seats: () => storage.seats(),
      post: (seat, ops) =>
        post(
          "/api/v1/ateliers/{id}/ops",
          { ops: ops as never },
          {
            path: { id: seat.table.atelier.id },
            token: seat.token,
            signal: AbortSignal.timeout(REQUEST_TIMEOUT),
          },
        ),
      rejoin: (seat) => this.#rejoin(seat),
      onReceipts: tell,
      onTrouble: (trouble) => {
        if (this.trouble === trouble) return;
        this.trouble = trouble;
        for (const listener of this.#changes) listener();
      },
      locks: navigator.locks,
    });
  }

  static async open(): Promise<Device> {
    const device = new Device(await openStorage());
    device.outbox.onChange(() => device.#sender.kick());
    void device.#sender.start();
    const wake = () => device.wake();
    window.addEventListener("online", wake);
    window.addEventListener("pageshow", wake);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") wake();
    });
    return device;
  }

  /** Tries at once whatever waits for the network. */
  wake(): void {
    this.#sender.kick();
    for (const listener of this.#wakes) listener();
  }

  onWake(listener: () => void): () => void {
    this.#wakes.add(listener);
    return () => this.#wakes.delete(listener);
  }

  /** The trouble with sending has changed. */
  onChange(listener: () => void): () => void {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  }

  onReceipts(listener: (seat: string, receipts: readonly Receipt[]) => void): () => void {
    this.#receipts.add(listener);
    return () => this.#receipts.delete(listener);
  }

  /** Asks for a new token; false when there is none to be had. */
  async #rejoin(seat: StoredSeat): Promise<boolean> {
    try {
      const again = await rejoin(seat, this.storage);
      return again.token !== seat.token;
    } catch {
      return false;
    }
  }
}
