import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** A running `quietude serve` with its own data folder. */
export interface Quietude {
  /** "http://127.0.0.1:PORT" */
  readonly address: string;
  /** Data folder, where the demo writes demo.json. */
  readonly data: string;
  /** What it has printed since it started. */
  readonly said: () => string;
  /** Ends the program without warning, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data, after `kill`. */
  restart(): Promise<void>;
  /** Ends the program and leaves its data. */
  end(): Promise<void>;
  /** Ends the program and removes its data. */
  stop(): Promise<void>;
}

// An empty folder needs a cluster, a schema and the demo; a busy machine needs long.
const START_MS = 120_000;

/**
 * Starts the built program, with the demo or empty, on a free port of the loopback;
 * `environment` are settings that may need to know its address.
 */
export async function startQuietude(
  demo = true,
  environment: (address: string) => Readonly<Record<string, string>> = () => ({}),
): Promise<Quietude> {
  const data = await mkdtemp(join(tmpdir(), "quietude-e2e-"));
  const made = process.env.QUIETUDE_E2E_WORLD;
  // Node's own copy would make all of it ours; PostgreSQL keeps to folders of its account.
  if (demo && made) await promisify(execFile)("cp", ["-a", `${made}/.`, data]);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  let output = "";
  const keep = (chunk: string) => {
    output = (output + chunk).slice(-8000);
  };
  let child = await start(port, data, address, demo, environment(address), keep);
  return {
    address,
    data,
    said: () => output,
    async kill() {
      await end(child, "SIGKILL");
    },
    async restart() {
      child = await start(port, data, address, demo, environment(address), keep);
    },
    async end() {
      await end(child, "SIGTERM");
    },
    async stop() {
      await end(child, "SIGTERM");
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function start(
  port: number,
  data: string,
  address: string,
  demo: boolean,
  environment: Readonly<Record<string, string>>,
  say: (chunk: string) => void,
): Promise<ChildProcess> {
  const program = process.env.QUIETUDE_BIN ?? resolve(import.meta.dirname, "../../bin/quietude");
  const child = spawn(
    program,
    ["serve", "--listen", `127.0.0.1:${port}`, "--data", data, ...(demo ? ["--demo"] : [])],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } },
  );
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-8000);
    say(chunk.toString());
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exited = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`${program}: ${error.message}`)));
    child.once("exit", (code, signal) =>
      reject(new Error(`${program} ended before it was ready (${code ?? signal}):\n${output}`)),
    );
  });
  // Once it is ready, its end is awaited by `end` and is no failure.
  exited.catch(() => {});
  await Promise.race([ready(address, () => output), exited]);
  return child;
}

/** Waits until /readyz answers 200. */
async function ready(address: string, output: () => string): Promise<void> {
  const limit = AbortSignal.timeout(START_MS);
  while (!limit.aborted) {
    const response = await fetch(`${address}/readyz`, { signal: limit }).catch(() => null);
    if (response?.ok) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error(`no answer from ${address}/readyz within ${START_MS} ms:\n${output()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resume) => child.once("exit", resume));
  child.kill(signal);
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume));
  const address = server.address();
  await new Promise((resume) => server.close(resume));
  if (typeof address !== "object" || !address) throw new Error("no free port");
  return address.port;
}
