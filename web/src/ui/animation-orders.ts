/**
 * What the animateur asks of the room, until the log has it: each request has
 * its UUID from the start and is sent again with it until the server answers,
 * so that a lost answer never does a thing twice.
 */
import { Problem } from "../api";
import { type Operation, parseBatch, type Problem as Refusal, type Uuid } from "../protocol";
import { backoff } from "../stream";
import { problemSentence } from "../text/problem";
import { uuidV7 } from "../uuid";

/** An operation of the animateur, before it has its UUID. */
export type Change = Omit<Operation, "id" | "at">;

export interface Order {
  readonly op: Operation;
  /** The request in words, for when it does not leave or is refused. */
  readonly words: string;
}

export interface OrdersOptions {
  /** Sends a batch and gives the body of the answer; rejects with `Problem`. */
  readonly post: (ops: readonly Operation[]) => Promise<unknown>;
  readonly onChange: () => void;
  /** The server has said no, in words for the person. */
  readonly onRefused: (order: Order, detail: string) => void;
  /** Waits before another try; `wake` ends it early. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

// As many as the contract lets through in one batch.
const BATCH = 200;

const again = (refusal: Refusal) => refusal.status === 429 || refusal.status >= 500;

export class Orders {
  /** Not yet acknowledged, oldest first. */
  #pending: readonly Order[] = [];
  /** Tries that failed since the last answer. */
  failures = 0;
  readonly #options: OrdersOptions;
  #running = false;
  #stopped = false;
  #wakeUp: (() => void) | null = null;

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  get pending(): readonly Order[] {
    return this.#pending;
  }

  /** Whether a request of this kind waits, about this table or marker when one is named. */
  waits(kind: Change["kind"], about: { table?: number; marker?: Uuid } = {}): boolean {
    return this.#pending.some(
      ({ op }) =>
        op.kind === kind &&
        (about.table === undefined || op.table === about.table) &&
        (about.marker === undefined || op.marker === about.marker),
    );
  }

  /** Asks for a change; the same one that still waits is not asked twice. */
  send(change: Change, words: string): void {
    const same = (op: Operation) =>
      JSON.stringify({ ...op, id: "" }) === JSON.stringify({ ...change, id: "" });
    if (this.#pending.some(({ op }) => same(op))) return;
    this.#pending = [...this.#pending, { op: { ...change, id: uuidV7() }, words }];
    this.#options.onChange();
    void this.#run();
  }

  /** Gives up what has not been acknowledged. */
  drop(): void {
    this.#pending = [];
    this.#options.onChange();
    this.wake();
  }

  /** Tries at once: the network may be back. */
  wake(): void {
    this.#wakeUp?.();
  }

  stop(): void {
    this.#stopped = true;
    this.wake();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#pending.length > 0 && !this.#stopped) {
      const done = await this.#try();
      this.failures = done ? 0 : this.failures + 1;
      this.#options.onChange();
      if (!done) await this.#pause(backoff(this.failures - 1));
    }
    this.#running = false;
  }

  /** One batch; false when something is left to be sent again. */
  async #try(): Promise<boolean> {
    const batch = this.#pending.slice(0, BATCH);
    const sent = new Set(batch.map(({ op }) => op.id));
    try {
      const { receipts } = parseBatch(await this.#options.post(batch.map(({ op }) => op)), sent);
      const refused = new Map(
        receipts.flatMap((r) => ("problem" in r ? [[r.op, r.problem] as const] : [])),
      );
      const answered = receipts.filter((r) => !("problem" in r && again(r.problem)));
      this.#settle(batch, new Set(answered.map((r) => r.op)), (id) => {
        const problem = refused.get(id);
        return problem && problemSentence(problem.code, problem.detail);
      });
      return answered.length === batch.length;
    } catch (error) {
      // What is not an answer of the room is no answer: the same ids go again.
      if (!(error instanceof Problem) || error.passing || error.code === "reponse_etrangere") {
        return false;
      }
      this.#settle(batch, sent, () => error.message);
      return true;
    }
  }

  #settle(
    batch: readonly Order[],
    answered: ReadonlySet<Uuid>,
    refusal: (id: Uuid) => string | undefined,
  ): void {
    this.#pending = this.#pending.filter(({ op }) => !answered.has(op.id));
    for (const order of batch) {
      const detail = answered.has(order.op.id) ? refusal(order.op.id) : undefined;
      if (detail !== undefined) this.#options.onRefused(order, detail);
    }
  }

  #pause(milliseconds: number): Promise<void> {
    if (this.#options.pause) return this.#options.pause(milliseconds);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
