import { type AddressInfo, createServer, type Socket } from "node:net";

/** A mail server of one test on the loopback: takes every message and keeps it. */
export interface Mailbox {
  /** "smtp://127.0.0.1:PORT" */
  readonly url: string;
  /** Waits until somebody has mail, and gives the text of the last message to them. */
  to(address: string): Promise<string>;
  close(): void;
}

/** RFC 5321 as far as a sender needs it: greeting, envelope, data, end. */
export async function startMailbox(): Promise<Mailbox> {
  const messages: { readonly to: string; readonly text: string }[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    serve(socket, (to, text) => {
      messages.push({ to, text });
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to: (address) =>
      new Promise((resolve) => {
        const look = () => {
          const found = messages.filter(({ to }) => to === address).at(-1);
          if (!found) return;
          waiting.delete(look);
          resolve(found.text);
        };
        waiting.add(look);
        look();
      }),
    close: () => void server.close(),
  };
}

function serve(socket: Socket, keep: (to: string, text: string) => void): void {
  let [rest, to] = ["", ""];
  let data: string[] | null = null;
  const say = (line: string) => socket.write(`${line}\r\n`);
  socket.setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (data !== null) {
        if (line === ".") {
          keep(to, decoded(data.join("\r\n")));
          data = null;
          say("250 kept");
        } else data.push(line.startsWith("..") ? line.slice(1) : line);
      } else if (/^RCPT TO:/i.test(line)) {
        to = /<(.*)>/.exec(line)?.[1] ?? "";
        say("250 ok");
      } else if (/^DATA/i.test(line)) {
        data = [];
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 bye");
        socket.end();
      } else say("250 ok");
    }
  });
  say("220 essai");
}

/** The body, which the program writes in base64. */
function decoded(message: string): string {
  const body = message.slice(message.indexOf("\r\n\r\n"));
  return Buffer.from(body, "base64").toString("utf8");
}
