import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  backoff,
  EventParser,
  type FollowOptions,
  follow,
  type Link,
  type RoomEvent,
  readEvent,
  SILENCE,
} from "./stream";

const snapshot = {
  seq: 3,
  room: { state: "open", step: 4, shared: false, tables: [] },
  markers: [],
  hash: "",
};
const entry = (seq: number) => ({ seq, kind: "noop", at: "x" });
const frame = (event: string, data: unknown, id?: number) =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

describe("the parser of events", () => {
  it("reads fields, comments, several lines of data and every kind of line end", () => {
    const text =
      ': hello\r\nid: 7\r\nevent: op\r\ndata: {"a":\r\ndata: 1}\r\n\r\nevent:x\rdata:y\r\rdata\n\n: end\n\n';
    expect(new EventParser().push(text)).toEqual([
      { event: "op", id: "7", data: '{"a":\n1}' },
      { event: "x", id: null, data: "y" },
      { event: "message", id: null, data: "" },
    ]);
  });
  it("does not care where the network cuts", () => {
    const text = `: heartbeat\n\n${frame("snapshot", snapshot, 3)}${frame("op", entry(4), 4).replaceAll("\n", "\r\n")}${frame("presence", {})}`;
    const whole = new EventParser().push(text);
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
        const at = [0, ...cuts, text.length].sort((a, b) => a - b);
        const parser = new EventParser();
        const events = at.slice(1).flatMap((end, i) => parser.push(text.slice(at[i], end)));
        expect(events).toEqual(whole);
      }),
    );
  });
  it("drops an event that the end of the line cut off", () => {
    expect(new EventParser().push('event: op\ndata: {"seq":4}\n')).toEqual([]);
  });
  it("ignores kinds of a newer server, and refuses a broken one", () => {
    expect(readEvent({ event: "weather", id: null, data: "rain" })).toBeNull();
    expect(() => readEvent({ event: "op", id: "4", data: "<html>" })).toThrow();
  });
});

it("waits longer and longer, never all at once", () => {
  expect(backoff(0, () => 0)).toBe(250);
  expect(backoff(3, () => 1)).toBe(4_000);
  expect(backoff(50, () => 1)).toBe(20_000);
});

/** A server on the other side of `fetch`: each request is a line we may speak on. */
class FakeServer {
  readonly requests: {
    url: string;
    token: string | null;
    speak: (text: string) => void;
    hangUp: () => void;
  }[] = [];
  /** Answers of the next requests; a stream when there is none. */
  answers: (() => Response)[] = [];
  readonly fetch: typeof fetch = async (url, init) => {
    const canned = this.answers.shift();
    let control!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (c) => {
        control = c;
      },
    });
    init?.signal?.addEventListener("abort", () => {
      try {
        control.error(new DOMException("aborted", "AbortError"));
      } catch {
        /* already closed */
      }
    });
    this.requests.push({
      url: String(url),
      token: new Headers(init?.headers).get("Authorization"),
      speak: (text) => control.enqueue(new TextEncoder().encode(text)),
      hangUp: () => control.close(),
    });
    return canned?.() ?? new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  };
}

describe("following a room", () => {
  let server: FakeServer;
  let events: RoomEvent[];
  let links: Link[];
  let refused: number[];
  let last: number | null;
  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    events = [];
    links = [];
    refused = [];
    last = null;
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const start = (more: Partial<FollowOptions> = {}) =>
    follow({
      url: (after) => `/stream?after=${after ?? ""}`,
      token: () => "secret",
      after: () => last,
      onEvent: (event) => {
        events.push(event);
        if (event.kind === "snapshot") last = event.snapshot.seq;
        if (event.kind === "op") last = event.entry.seq;
      },
      onLink: (link) => links.push(link),
      onRefused: (status) => refused.push(status),
      fetch: server.fetch,
      random: () => 1,
      ...more,
    });

  it("begins with a snapshot and resumes after the last number", async () => {
    const line = start();
    await settle();
    expect(server.requests[0]).toMatchObject({ url: "/stream?after=", token: "Bearer secret" });
    server.requests[0]?.speak(frame("snapshot", snapshot, 3) + frame("op", entry(4), 4));
    await settle();
    expect(events.map((e) => e.kind)).toEqual(["snapshot", "op"]);
    server.requests[0]?.hangUp();
    await vi.advanceTimersByTimeAsync(500);
    expect(server.requests[1]?.url).toBe("/stream?after=4");
    expect(links).toEqual(["connecting", "live", "waiting", "connecting", "live"]);
    line.stop();
  });

  it("notices a line that is silent for forty seconds", async () => {
    const line = start();
    await settle();
    await vi.advanceTimersByTimeAsync(SILENCE - 1_000);
    server.requests[0]?.speak(": still here\n\n");
    await vi.advanceTimersByTimeAsync(SILENCE - 1_000);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000 + 500);
    expect(server.requests).toHaveLength(2);
    line.stop();
  });

  it("takes a page of a captive portal for no answer at all", async () => {
    server.answers = [() => new Response("<html>", { headers: { "Content-Type": "text/html" } })];
    const line = start();
    await settle();
    expect(links).toEqual(["connecting", "waiting"]);
    await vi.advanceTimersByTimeAsync(500);
    expect(links.at(-1)).toBe("live");
    expect(events).toEqual([]);
    line.stop();
  });

  it("waits longer after each failure, and tries at once when woken", async () => {
    server.answers = Array.from({ length: 4 }, () => () => new Response(null, { status: 503 }));
    const line = start();
    await settle();
    await vi.advanceTimersByTimeAsync(500);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.requests).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(server.requests).toHaveLength(3);
    line.wake();
    await settle();
    expect(server.requests).toHaveLength(4);
    line.stop();
  });

  it("takes a new snapshot when an event cannot be applied", async () => {
    last = 9;
    const line = start();
    await settle();
    expect(server.requests[0]?.url).toBe("/stream?after=9");
    server.requests[0]?.speak("event: op\ndata: nonsense\n\n");
    await settle();
    expect(server.requests[1]?.url).toBe("/stream?after=");
    server.requests[1]?.speak(frame("snapshot", snapshot, 3));
    await settle();
    expect(events.at(-1)).toEqual({ kind: "snapshot", snapshot });
    line.stop();
  });

  it("takes a snapshot in the middle of a line, and goes on from it", async () => {
    last = 2;
    const line = start();
    await settle();
    server.requests[0]?.speak(frame("snapshot", snapshot, 3) + frame("op", entry(4), 4));
    await settle();
    expect(server.requests).toHaveLength(1);
    expect(events.map((e) => e.kind)).toEqual(["snapshot", "op"]);
    line.stop();
  });

  it("asks for the snapshot again when the line falls before it came", async () => {
    last = 9;
    const line = start();
    await settle();
    server.requests[0]?.speak("event: op\ndata: nonsense\n\n");
    await settle();
    server.requests[1]?.hangUp();
    await vi.advanceTimersByTimeAsync(500);
    expect(server.requests[2]?.url).toBe("/stream?after=");
    server.requests[2]?.speak(frame("snapshot", snapshot, 3));
    await settle();
    server.requests[2]?.hangUp();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.requests[3]?.url).toBe("/stream?after=3");
    line.stop();
  });

  it("begins again when the server does not know the number", async () => {
    last = 900;
    server.answers = [() => new Response("{}", { status: 400 })];
    const line = start();
    await settle();
    expect(server.requests.map((r) => r.url)).toEqual(["/stream?after=900", "/stream?after="]);
    expect(refused).toEqual([]);
    line.stop();
  });

  it("says that the seat is refused", async () => {
    server.answers = [() => new Response("{}", { status: 401 })];
    const line = start();
    await settle();
    expect(refused).toEqual([401]);
    expect(links).toContain("refused");
    line.stop();
  });
});
