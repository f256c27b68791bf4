/**
 * A replica of one room, kept up to date by its stream: what a phone, the
 * animateur's laptop and the projector have in common.
 */

import { address, get } from "./api";
import { countedAs } from "./counted";
import {
  type Entry,
  type Presence,
  parseEntryPage,
  parseSnapshot,
  type Seq,
  type Snapshot,
  type Uuid,
} from "./protocol";
import { votesOf } from "./remark";
import { apply, fromSnapshot, hash, type Reader, type RoomState } from "./state";
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
  /** The room as the server would show it to this reader now. */
  readonly snapshot?: () => Promise<unknown>;
}

/** A replica compares itself with the server this often, milliseconds. */
const CHECK_EVERY = 5 * 60_000;

export class Replica {
  state: RoomState | null;
  presence: Presence | null = null;
  link: Link = "connecting";
  /** Server clock minus clock of the device, milliseconds. */
  clockAhead = 0;
  readonly #options: ReplicaOptions;
  #line: Following | null = null;
  #checks: ReturnType<typeof setInterval> | undefined;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.state = options.saved === undefined ? null : fromSnapshot(options.saved);
  }

  start(): void {
    const { atelier, token, onRefused, fetch } = this.#options;
    // Scattered, so that twenty phones do not ask in the same second.
    this.#checks = setInterval(
      () => {
        if (this.link === "live") void this.check().catch(() => undefined);
      },
      CHECK_EVERY * (1 + Math.random() / 2),
    );
    this.#line = follow({
      url: (after) => address("/api/v1/ateliers/{id}/stream", { id: atelier }, { after }),
      token,
      device: countedAs(atelier),
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
    clearInterval(this.#checks);
    this.#line?.stop();
  }

  /**
   * Compares the state with the server's by its hash, and takes the server's
   * when they differ: a mistake of this page, or of the browser under it, must
   * not last an evening. Nothing can be said while the two are at different
   * numbers, or where the browser has no digest (plain http). True: it differed.
   */
  async check(): Promise<boolean> {
    const theirs = parseSnapshot(await this.#snapshot());
    const ours = this.state;
    if (ours === null || ours.seq !== theirs.seq) return false;
    const digest = await hash(ours.markers.values());
    if (digest === null || digest === theirs.hash || this.state !== ours) return false;
    this.#begin(theirs);
    this.#options.onChange();
    return true;
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
    // What is frozen is what everybody keeps.
    if (event.kind === "op" && event.entry.kind === "freeze") {
      void this.check().catch(() => undefined);
    }
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

  #snapshot(): Promise<unknown> {
    if (this.#options.snapshot !== undefined) return this.#options.snapshot();
    const token = this.#options.token();
    return get("/api/v1/ateliers/{id}/snapshot", {
      path: { id: this.#options.atelier },
      ...(token === null ? {} : { token }),
    });
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
