/**
 * Empties the outbox: one tab of the device sends, in order, per resident, and
 * a refusal of one operation never holds up the others. Sending again is always
 * safe, since an operation keeps its id; giving one up never is.
 */

import { Problem } from "./api";
import { isPassing, nextBatch, type Outbox } from "./outbox";
import {
  NotProtocol,
  type Operation,
  parseBatch,
  type Receipt,
  type Problem as RefusedBy,
} from "./protocol";
import type { StoredSeat } from "./storage";
import { backoff } from "./stream";

/** Why nothing goes out just now; null when all is well. */
export type Trouble = "network" | "portal" | "server" | "rate" | "seat";

/** What one request came to. */
export type Answer =
  | { readonly kind: "receipts"; readonly receipts: readonly Receipt[] }
  /** The whole request was refused for good. */
  | { readonly kind: "refused"; readonly problem: RefusedBy }
  | { readonly kind: "later"; readonly trouble: Trouble; readonly afterMs?: number };

function described(problem: Problem): RefusedBy {
  return {
    status: problem.status,
    code: problem.code,
    title: problem.code,
    detail: problem.message,
  };
}

/** Reads what a failed request means; anything unknown is a reason to try again. */
export function readFailure(error: unknown): Answer {
  if (error instanceof NotProtocol) return { kind: "later", trouble: "portal" };
  if (!(error instanceof Problem)) return { kind: "later", trouble: "network" };
  const afterMs = error.retryAfter === null ? {} : { afterMs: error.retryAfter * 1000 };
  if (error.status === 401) return { kind: "later", trouble: "seat" };
  if (error.status === 429) return { kind: "later", trouble: "rate", ...afterMs };
  // A page where JSON was due, whatever its status, is not our server speaking.
  if (error.code === "reponse_etrangere") return { kind: "later", trouble: "portal" };
  if (error.status === 0 || error.status === 408) return { kind: "later", trouble: "network" };
  if (error.status >= 500) return { kind: "later", trouble: "server", ...afterMs };
  return { kind: "refused", problem: described(error) };
}

export interface SenderOptions {
  readonly outbox: Outbox;
  readonly seats: () => Promise<readonly StoredSeat[]>;
  /** Posts a batch; resolves with the JSON of the answer, rejects with Problem. */
  readonly post: (seat: StoredSeat, ops: readonly Operation[]) => Promise<unknown>;
  /** The token is no longer accepted: sits down again with the secret; false when that is impossible. */
  readonly rejoin: (seat: StoredSeat) => Promise<boolean>;
  readonly onReceipts?: (seat: string, receipts: readonly Receipt[]) => void;
  readonly onTrouble?: (trouble: Trouble | null) => void;
  /** Absent outside secure contexts; then each tab sends, and the log keeps one. */
  readonly locks?: Pick<LockManager, "request"> | undefined;
  readonly random?: () => number;
}

const LOCK = "quietude-envoi";

export class Sender {
  readonly #options: SenderOptions;
  readonly #stop = new AbortController();
  /** Operations in one request, halved while a whole batch is refused. */
  readonly #sizes = new Map<string, number>();
  #wake: (() => void) | null = null;
  #kicked = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends until stopped; of several tabs one at a time does. */
  async start(): Promise<void> {
    const { locks } = this.#options;
    if (locks === undefined) return this.#run();
    try {
      await locks.request(LOCK, { signal: this.#stop.signal }, () => this.#run());
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  stop(): void {
    this.#stop.abort();
    this.kick();
  }

  /** Something new to send, or the network is back. */
  kick(): void {
    this.#kicked = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      this.#kicked = false;
      const { sent, trouble, afterMs } = await this.round();
      failures = trouble === null ? 0 : failures + 1;
      this.#options.onTrouble?.(trouble);
      if (sent && trouble === null) continue;
      const delay = trouble === null ? null : (afterMs ?? backoff(failures, this.#options.random));
      // A busy server decides when we come back; otherwise a new marker is a good moment to try.
      await this.#pause(delay, afterMs === undefined);
    }
  }

  #pause(ms: number | null, impatient: boolean): Promise<void> {
    if (this.#stop.signal.aborted || (impatient && this.#kicked)) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        if (!impatient && !this.#stop.signal.aborted) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One request for each resident who has something to send. */
  async round(): Promise<{ sent: boolean; trouble: Trouble | null; afterMs?: number }> {
    let sent = false;
    let trouble: Trouble | null = null;
    let afterMs: number | undefined;
    for (const seat of await this.#options.seats()) {
      const answer = await this.#send(seat);
      if (answer === null) continue;
      if (answer.kind !== "later") sent = true;
      else {
        trouble = answer.trouble;
        if (answer.afterMs !== undefined) afterMs = Math.max(afterMs ?? 0, answer.afterMs);
      }
    }
    return afterMs === undefined ? { sent, trouble } : { sent, trouble, afterMs };
  }

  async #send(seat: StoredSeat): Promise<Answer | null> {
    const { outbox } = this.#options;
    const size = this.#sizes.get(seat.key) ?? Number.POSITIVE_INFINITY;
    const batch = nextBatch(await outbox.items(seat.key)).slice(0, size);
    if (batch.length === 0) return null;
    const answer = await this.#ask(seat, batch);
    if (answer.kind === "receipts") {
      this.#sizes.delete(seat.key);
      await this.#settle(seat, answer.receipts);
      return this.#progress(batch, answer.receipts);
    }
    if (answer.kind === "refused") await this.#narrow(seat, batch, answer.problem);
    if (answer.kind === "later" && answer.trouble === "seat") await this.#options.rejoin(seat);
    return answer;
  }

  async #ask(seat: StoredSeat, batch: readonly Operation[]): Promise<Answer> {
    try {
      const value = await this.#options.post(seat, batch);
      const { receipts } = parseBatch(value, new Set(batch.map((op) => op.id)));
      return { kind: "receipts", receipts };
    } catch (error) {
      return readFailure(error);
    }
  }

  /** An answer that leaves everything in the queue is a reason to wait, not to hammer. */
  #progress(batch: readonly Operation[], receipts: readonly Receipt[]): Answer {
    const final = receipts.filter((r) => "seq" in r || !isPassing(r.problem));
    if (final.length > 0) return { kind: "receipts", receipts };
    const busy = receipts.some((r) => "problem" in r && r.problem.status === 429);
    return {
      kind: "later",
      trouble: busy ? "rate" : "server",
      ...(batch.length > 0 && busy ? { afterMs: 1000 } : {}),
    };
  }

  /** A refused batch is halved until the one operation at fault is alone, and parked. */
  async #narrow(seat: StoredSeat, batch: readonly Operation[], problem: RefusedBy): Promise<void> {
    if (batch.length === 1 || problem.code === "atelier_clos") {
      this.#sizes.delete(seat.key);
      await this.#settle(
        seat,
        batch.map((op) => ({ op: op.id, problem })),
      );
    } else {
      this.#sizes.set(seat.key, Math.ceil(batch.length / 2));
    }
  }

  async #settle(seat: StoredSeat, receipts: readonly Receipt[]): Promise<void> {
    await this.#options.outbox.settle(seat.key, receipts);
    this.#options.onReceipts?.(seat.key, receipts);
  }
}
