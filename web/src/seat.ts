/**
 * Sitting down at a table: a code, a secret made and kept by this device, and
 * the token that the server gives for both. Joining again with the same secret
 * gives the same seat, so a lost answer can simply be asked for again.
 */

import { get, post } from "./api";
import { parseSeat, parseTableView, type TableView, type Uuid } from "./protocol";
import { type Storage, type StoredSeat, seatKey } from "./storage";
import { uuidV4 } from "./uuid";

/** Letters and digits of a code as the server stores it: case, spaces and dashes do not matter. */
export function normalCode(typed: string): string {
  return typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
}

/** What the joining screen shows; rejects with Problem (404, 410) or NotProtocol. */
export async function lookTable(code: string): Promise<TableView> {
  return parseTableView(await get("/api/v1/tables/{code}", { path: { code } }));
}

async function sit(
  code: string,
  secret: Uuid,
  link: string | undefined,
  storage: Storage,
): Promise<StoredSeat> {
  const body = link === undefined ? { code, secret } : { code, secret, link };
  const seat = parseSeat(await post("/api/v1/join", body));
  const key = seatKey(seat.table.atelier.id, seat.participant);
  const stored: StoredSeat = {
    ...seat,
    key,
    code,
    secret,
    used: Date.now(),
    linked: link !== undefined,
  };
  await storage.putSeat(stored).catch(() => undefined);
  return stored;
}

/** Secrets whose answer never came, by code: the next try uses the same one. */
const asked = new Map<string, Uuid>();

/** A new resident of this device; `link` continues as a resident of another device. */
export async function join(code: string, storage: Storage, link?: string): Promise<StoredSeat> {
  const secret = asked.get(code) ?? uuidV4();
  asked.set(code, secret);
  const seat = await sit(code, secret, link, storage);
  asked.delete(code);
  return seat;
}

/** The resident of a code and a secret once more: for an outbox that came as a file. */
export function sitAgain(code: string, secret: Uuid, storage: Storage): Promise<StoredSeat> {
  return sit(code, secret, undefined, storage);
}

/**
 * The same seat with a new token. The secret of a linked device names nobody by
 * itself: such a seat is good as long as its token is.
 */
export async function rejoin(seat: StoredSeat, storage: Storage): Promise<StoredSeat> {
  return seat.linked ? seat : sitAgain(seat.code, seat.secret, storage);
}

/** The residents of this device at a table, the one who held it last first. */
export async function seatsAt(code: string, storage: Storage): Promise<readonly StoredSeat[]> {
  const seats = await storage.seats();
  return seats.filter((s) => s.code === code).sort((a, b) => b.used - a.used);
}

/** A code, valid ten minutes, with which a second device continues as this resident. */
export async function linkCode(seat: StoredSeat): Promise<{ link: string; expires_at: string }> {
  return post("/api/v1/ateliers/{id}/link", undefined as never, {
    path: { id: seat.table.atelier.id },
    token: seat.token,
  });
}
