import { address } from "../api";

const KEY = "quietude.staff";

/** The bearer token of the animateur on this device; null while there is none. */
export function staffToken(): string | null {
  try {
    return localStorage.getItem(KEY) || null;
  } catch {
    return null; // storage refused: the page asks without a token
  }
}

/** The token as an option of `get` and `post`. */
export function asStaff(): { token: string } | object {
  const token = staffToken();
  return token === null ? {} : { token };
}

/**
 * Fetches a file (QR code, PDF) with the token, which a link or an image cannot
 * carry. Rejects when the server does not give one.
 */
export async function staffFile(
  path: string,
  names: Readonly<Record<string, string | number>>,
): Promise<Blob> {
  const token = staffToken();
  const response = await fetch(address(path, names), {
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.blob();
}
