/**
 * A replica of one room, kept up to date by its stream: what a phone, the
 * animateur's laptop and the projector have in common.
 */

import { address, get } from "./api";
import {
  type Entry,
  type Presence,
  parseEntryPage,
  type Seq,
  type Snapshot,
  type Uuid,
} from "./protocol";
import { votesOf } from "./remark";
import { apply, fromSnapshot, type Reader, type RoomState } from "./state";
import { type Following, follow, type Link, type RoomEvent } from "./stream";

export interface ReplicaOptions {
  readonly atelier: Uuid;
  readonly reader: Reader;
  readonly token: () => string | null;
  /** What the device remembers of the room. */
  readonly saved?: Snapshot;
  readonly onChange: () => void;
  /** Each entry of the log, once, in order; not those inside a snapshot. */
  readonly onEntry?: (entry: Entry) => void;
  readonly onRefused?: (status: number) => void;
  readonly fetch?: typeof fetch;
  /** A page of the log after a number. */
  readonly page?: (after: Seq) => Promise<unknown>;
}

export class Replica {
  state: RoomState | null;
  presence: Presence | null = null;
  link: Link = "connecting";
  /** Server clock minus clock of the device, milliseconds. */
  clockAhead = 0;
  readonly #options: ReplicaOptions;
  #line: Following | null = null;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.state = options.saved === undefined ? null : fromSnapshot(options.saved);
  }

  start(): void {
    const { atelier, token, onRefused, fetch } = this.#options;
    this.#line = follow({
      url: (after) => address("/api/v1/ateliers/{id}/stream", { id: atelier }, { after }),
      token,
      after: () => this.state?.seq ?? null,
      onEvent: (event) => this.take(event),
      onLink: (link) => {
        this.link = link;
        if (link !== "live") this.presence = null;
        this.#options.onChange();
      },
      ...(onRefused === undefined ? {} : { onRefused }),
      ...(fetch === undefined ? {} : { fetch }),
    });
  }

  stop(): void {
    this.#line?.stop();
  }

  /** The network may be back, or the page is seen again. */
  wake(): void {
    this.#line?.wake();
  }

  /** Applies one event of the stream, asking for missing entries first. */
  async take(event: RoomEvent): Promise<void> {
    if (event.kind === "snapshot") this.#begin(event.snapshot);
    if (event.kind === "presence") this.presence = event.presence;
    if (event.kind === "op") await this.#follow(event.entry);
    this.#options.onChange();
  }

  #begin(snapshot: Snapshot): void {
    this.state = fromSnapshot(snapshot);
    if (snapshot.now !== undefined) this.clockAhead = Date.parse(snapshot.now) - Date.now();
  }

  async #follow(entry: Entry): Promise<void> {
    if (this.#apply(entry) !== "gap") return;
    while (this.state !== null && this.state.seq < entry.seq) {
      const page = parseEntryPage(await this.#page(this.state.seq));
      if (page.ops.length === 0) throw new Error("the log has no such entry");
      for (const missing of page.ops) this.#apply(missing);
    }
  }

  /** An entry that this replica cannot understand throws: the stream begins again. */
  #apply(entry: Entry): "applied" | "repeat" | "gap" {
    if (this.state === null) throw new Error("no snapshot yet");
    const { outcome, state } = apply(this.state, entry, this.#options.reader);
    if (outcome === "resync") throw new Error(`entry ${entry.seq} needs a snapshot`);
    this.state = state;
    if (outcome === "applied") this.#options.onEntry?.(entry);
    return outcome;
  }

  #page(after: Seq): Promise<unknown> {
    if (this.#options.page !== undefined) return this.#options.page(after);
    const token = this.#options.token();
    return get("/api/v1/ateliers/{id}/ops", {
      path: { id: this.#options.atelier },
      query: { after },
      ...(token === null ? {} : { token }),
    });
  }
}

/** The state of a replica as the device keeps it. */
export function toSnapshot(state: RoomState): Snapshot {
  return {
    seq: state.seq,
    room: state.room,
    markers: [...state.markers.values()],
    remarks: [...state.said.remarks.values()],
    votes: votesOf(state.said),
    hash: "",
  };
}
