/**
 * UUIDs made on the device. `crypto.randomUUID` exists only in secure contexts,
 * and a hall's laptop may serve plain HTTP; `getRandomValues` exists everywhere.
 */

function format(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

function stamp(bytes: Uint8Array, version: number): Uint8Array {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

/** A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits. */
export function uuidV7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Math.floor(now);
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  return format(stamp(bytes, 7));
}

/** A UUID of version 4: nothing but random bits, for secrets. */
export function uuidV4(): string {
  return format(stamp(crypto.getRandomValues(new Uint8Array(16)), 4));
}
