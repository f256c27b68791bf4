/**
 * The live stream of a room: server-sent events read with `fetch`, so that the
 * token travels in a header. It resumes after the last number, notices a dead
 * line by itself, and comes back with growing, scattered delays so that twenty
 * phones do not return in the same second.
 */

import {
  type Entry,
  NotProtocol,
  type Presence,
  parseEntry,
  parsePresence,
  parseSnapshot,
  type Seq,
  type Snapshot,
  type Uuid,
} from "./protocol";

export interface ServerSentEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

/** Cuts a stream of text into events (WHATWG HTML, "server-sent events"). */
export class EventParser {
  #rest = "";
  #event = "";
  #id: string | null = null;
  #data: string[] = [];

  push(text: string): ServerSentEvent[] {
    this.#rest += text;
    const out: ServerSentEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.#rest);
      if (end === null) return out;
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      const event = this.#line(line);
      if (event !== null) out.push(event);
    }
  }

  #line(line: string): ServerSentEvent | null {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "id" && !value.includes("\0")) this.#id = value;
    if (field === "data") this.#data.push(value);
    return null;
  }

  #dispatch(): ServerSentEvent | null {
    const event = { event: this.#event || "message", id: this.#id, data: this.#data.join("\n") };
    const empty = this.#data.length === 0;
    this.#event = "";
    this.#id = null;
    this.#data = [];
    return empty ? null : event;
  }
}

export type RoomEvent =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "op"; readonly entry: Entry }
  | { readonly kind: "presence"; readonly presence: Presence }
  | { readonly kind: "end" };

function json(event: ServerSentEvent): unknown {
  try {
    return JSON.parse(event.data);
  } catch {
    throw new NotProtocol(event.event);
  }
}

/** Reads one event; null for kinds of a newer server. Throws NotProtocol. */
export function readEvent(event: ServerSentEvent): RoomEvent | null {
  switch (event.event) {
    case "snapshot":
      return { kind: "snapshot", snapshot: parseSnapshot(json(event)) };
    case "op":
      return { kind: "op", entry: parseEntry(json(event)) };
    case "presence":
      return { kind: "presence", presence: parsePresence(json(event)) };
    case "end":
      return { kind: "end" };
    default:
      return null;
  }
}

/** Milliseconds without any byte after which the line is dead (the server speaks every 15 s). */
export const SILENCE = 40_000;
const FIRST_DELAY = 500;
const LAST_DELAY = 20_000;

/** Delay before attempt `n` (from 0), milliseconds: doubling, half of it by chance. */
export function backoff(n: number, random: () => number = Math.random): number {
  const full = Math.min(LAST_DELAY, FIRST_DELAY * 2 ** Math.min(n, 10));
  return full / 2 + (full / 2) * random();
}

/** connecting: trying; live: reading; waiting: a pause before the next try; refused: the server said no. */
export type Link = "connecting" | "live" | "waiting" | "refused";

export interface FollowOptions {
  /** Address of the stream; `after` null asks for a snapshot first. */
  readonly url: (after: Seq | null) => string;
  readonly token: () => string | null;
  /** What this device is counted as. */
  readonly device?: Uuid;
  /** Last number applied; null to begin with a snapshot. */
  readonly after: () => Seq | null;
  /** Handles one event; a rejection starts again from a snapshot. */
  readonly onEvent: (event: RoomEvent) => Promise<void> | void;
  readonly onLink: (link: Link) => void;
  /** The token is not (or no longer) accepted, the atelier is unknown or over. */
  readonly onRefused?: (status: number) => void;
  readonly fetch?: typeof fetch;
  readonly random?: () => number;
}

export interface Following {
  /** Tries at once instead of waiting (the network is back, the page is seen again). */
  wake(): void;
  stop(): void;
}

/** Keeps one stream open until stopped. */
export function follow(options: FollowOptions): Following {
  const request = options.fetch ?? fetch.bind(globalThis);
  let stopped = false;
  let fresh = false;
  let failures = 0;
  let wakeUp: (() => void) | null = null;
  let line: AbortController | null = null;

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function read(body: ReadableStream<Uint8Array>, alive: () => void): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      for (const raw of parser.push(decoder.decode(value, { stream: true }))) {
        const event = readEvent(raw);
        if (event === null) continue;
        if (event.kind === "end") return;
        await options.onEvent(event);
        if (event.kind === "snapshot") fresh = false;
        failures = 0;
      }
    }
  }

  async function connect(): Promise<void> {
    const abort = new AbortController();
    line = abort;
    let watchdog = setTimeout(() => abort.abort(), SILENCE);
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE);
    };
    try {
      options.onLink("connecting");
      const after = fresh ? null : options.after();
      const token = options.token();
      const response = await request(options.url(after), {
        headers: {
          Accept: "text/event-stream",
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
          ...(options.device === undefined ? {} : { Appareil: options.device }),
        },
        cache: "no-store",
        signal: abort.signal,
      });
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        // A number that the server does not have: begin again.
        if (response.status === 400 && after !== null) fresh = true;
        else {
          options.onLink("refused");
          options.onRefused?.(response.status);
        }
        return;
      }
      const type = response.headers.get("Content-Type") ?? "";
      if (!response.ok || response.body === null || !type.startsWith("text/event-stream")) return;
      options.onLink("live");
      await read(response.body, alive);
    } catch (error) {
      if (!abort.signal.aborted && !(error instanceof TypeError)) fresh = true;
    } finally {
      clearTimeout(watchdog);
      abort.abort();
    }
  }

  void (async () => {
    while (!stopped) {
      const wasFresh = fresh;
      await connect();
      if (stopped) return;
      // A snapshot asked for by the server is not a failure, the first time.
      if (fresh && !wasFresh) continue;
      options.onLink("waiting");
      await pause(backoff(failures++, options.random));
    }
  })();

  return {
    wake() {
      failures = 0;
      wakeUp?.();
    },
    stop() {
      stopped = true;
      line?.abort();
      wakeUp?.();
    },
  };
}
