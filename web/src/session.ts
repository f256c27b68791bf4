import { get, remove, type Schemas } from "./api";
import { choosePurpose } from "./purpose";

export type Session = Schemas["Session"];

let asked: Promise<Session> | null = null;

/** Who uses this page; asked once. */
export function session(): Promise<Session> {
  asked ??= get("/api/v1/session").catch((error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** Ends the session and leaves for the page where one signs in. */
export async function signOut(): Promise<void> {
  choosePurpose("");
  const more = await remove("/api/v1/session");
  // An identity provider has a session of its own to end; it sends back here.
  location.assign(more?.suite ?? "/connexion");
}

/**
 * Where to go after signing in: the page that was asked for, if it is one of
 * ours, else the one where the role begins.
 */
export function afterSignIn(asked: string | null, home: string, origin: string): string {
  if (!asked?.startsWith("/")) return home;
  try {
    const target = new URL(asked, origin);
    return target.origin === origin ? target.pathname + target.search + target.hash : home;
  } catch {
    return home;
  }
}
