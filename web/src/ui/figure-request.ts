import { get } from "../api";

/** A figure while it is made: its share done, 0 to 1. */
interface Pending {
  readonly progress: number;
}

function isPending(value: unknown): value is Pending {
  return typeof value === "object" && value !== null && "progress" in value;
}

// The server holds each request for a moment itself, so this is only politeness.
const PAUSE_MS = 250;

/**
 * Asks until a figure is made. Ending the signal stops the asking, and with
 * nobody asking the server stops the work.
 */
export async function ask<T>(
  path: Parameters<typeof get>[0],
  options: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string | number>>;
    readonly signal: AbortSignal;
  },
  progress: (share: number) => void = () => {},
): Promise<T> {
  for (;;) {
    const answer: unknown = await get(path, options as Parameters<typeof get>[1]);
    if (!isPending(answer)) return answer as T;
    progress(answer.progress);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    options.signal.throwIfAborted();
  }
}
