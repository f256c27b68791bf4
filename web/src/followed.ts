/** The ateliers that this device follows: their codes open answers and nothing else. */

const KEY = "quietude.followed";

export interface FollowedAtelier {
  readonly code: string;
  readonly titre: string;
}

/** What is kept; empty when nothing is, or when the browser refuses storage. */
export function followed(): readonly FollowedAtelier[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isFollowed) : [];
  } catch {
    return [];
  }
}

function isFollowed(value: unknown): value is FollowedAtelier {
  const { code, titre } = (value ?? {}) as Record<string, unknown>;
  return typeof code === "string" && /^[0-9A-Z]{16}$/.test(code) && typeof titre === "string";
}

/** Keeps one, the newest first. */
export function rememberFollowed(code: string, titre: string): void {
  write([{ code, titre }, ...followed().filter((one) => one.code !== code)]);
}

export function forgetFollowed(code: string): void {
  write(followed().filter((one) => one.code !== code));
}

function write(all: readonly FollowedAtelier[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Storage refused: the page works, the link has to be kept instead.
  }
}
