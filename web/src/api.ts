import type { components, paths } from "./api-types";
import { text as words } from "./text/city";
import { problemSentence, problemWords } from "./text/problem";

export type Schemas = components["schemas"];
export type Territoire = Schemas["Territoire"];
export type Quartier = Schemas["QuartierCollection"]["features"][number];
export type Hexagone = Schemas["HexagoneCollection"]["features"][number];
export type Atelier = Schemas["Atelier"];
export type Theme = Schemas["Theme"];

/**
 * What went wrong with a call. `message` is a sentence for the person, in the language
 * of the page: in French the server's own `detail` when it gave one.
 */
export class Problem extends Error {
  constructor(
    /** HTTP status; 0 when nothing that came back was from our server. */
    readonly status: number,
    /** Stable code of the server; `hors_ligne` and `reponse_etrangere` are made here. */
    readonly code: string,
    detail: string,
    readonly field: string | null = null,
    /** Seconds to wait before another try, when the server says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
    this.name = "Problem";
  }

  /** Whether sending the same again later may succeed. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What a call reads: JSON where it is offered beside files. */
type Read<C> = C extends { "application/json": infer J }
  ? J
  : C extends { "application/geo+json": infer G }
    ? G
    : C[keyof C];
type Content<R> = R extends { content: infer C } ? Read<C> : never;
type Answer<O> = O extends { responses: infer R } ? Content<R[Extract<keyof R, 200 | 201>]> : never;
type Query<O> = O extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;
type Body<O> = O extends { requestBody: { content: { "application/json": infer B } } } ? B : never;
type With<M extends "get" | "post" | "put" | "delete"> = {
  [P in keyof paths]: paths[P] extends { [K in M]: infer O }
    ? O extends { responses: unknown }
      ? P
      : never
    : never;
}[keyof paths];

export interface CallOptions {
  /** Values for the {names} in the path. */
  readonly path?: Readonly<Record<string, string | number>>;
  readonly signal?: AbortSignal;
  readonly token?: string;
  /** Code of a signalement's receipt. */
  readonly receipt?: string;
  /** Why staff reads points or texts, for the access log. */
  readonly purpose?: Schemas["Finalite"];
}

/** Reads from the API; rejects with Problem, or with the AbortError of the signal. */
export function get<P extends With<"get">>(
  path: P,
  options: CallOptions & { readonly query?: Query<paths[P]["get"]> } = {},
): Promise<Answer<paths[P]["get"]>> {
  return call("GET", path, options, options.query) as Promise<Answer<paths[P]["get"]>>;
}

/** Writes to the API; same failures as `get`. */
export function post<P extends With<"post">>(
  path: P,
  body: Body<paths[P]["post"]>,
  options: CallOptions & { readonly query?: Query<paths[P]["post"]> } = {},
): Promise<Answer<paths[P]["post"]>> {
  return call("POST", path, options, options.query, body) as Promise<Answer<paths[P]["post"]>>;
}

/** Deletes through the API; what the server says of it, if anything. Same failures as `get`. */
export function remove<P extends With<"delete">>(
  path: P,
  options: CallOptions & { readonly query?: Query<paths[P]["delete"]> } = {},
): Promise<Answer<paths[P]["delete"]> | null> {
  return call("DELETE", path, options, options.query) as Promise<Answer<paths[P]["delete"]> | null>;
}

/** Writes what has that address to the API; same failures as `get`. */
export function put<P extends With<"put">>(
  path: P,
  body: Body<paths[P]["put"]>,
  options: CallOptions & { readonly query?: Query<paths[P]["put"]> } = {},
): Promise<Answer<paths[P]["put"]>> {
  return call("PUT", path, options, options.query, body) as Promise<Answer<paths[P]["put"]>>;
}

/** Fills the {names} of a path that are given and adds the query; empty values are left out. */
export function address(
  path: string,
  names: Readonly<Record<string, string | number>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = names[name];
    return value === undefined ? whole : encodeURIComponent(String(value));
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}

async function call(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  options: CallOptions,
  query: object | undefined,
  body?: unknown,
): Promise<unknown> {
  const headers: Record<string, string> = { Accept: "application/json, application/geo+json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (options.token) headers.Authorization = `Bearer ${options.token}`;
  if (options.receipt) headers.Recu = options.receipt;
  if (options.purpose) headers.Finalite = options.purpose;
  let response: Response;
  try {
    response = await fetch(address(path, options.path, { ...query }), {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw offline();
  }
  if (response.status === 204) return null;
  return read(response).catch((error: unknown) => {
    // Pages for the staff are read with a session: without one, sign in and come back. What
    // somebody has just written is not thrown away for that.
    if (
      error instanceof Problem &&
      error.code === "connexion_requise" &&
      method === "GET" &&
      !options.token
    ) {
      signInFirst();
    }
    if (error instanceof Problem && error.code === "second_facteur_requis" && method === "GET") {
      location.assign("/compte");
    }
    throw error;
  });
}

/** Goes to the page where one signs in, which comes back here. */
function signInFirst(): void {
  if (typeof location === "undefined" || location.pathname === "/connexion") return;
  location.assign(address("/connexion", {}, { retour: location.pathname + location.search }));
}

function offline(): Problem {
  return new Problem(0, "hors_ligne", words.api.offline);
}

async function read(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type") ?? "";
  // A captive portal answers 200 with a page of its own: only JSON counts.
  if (!/^application\/([\w.-]+\+)?json\b/.test(type)) throw foreign(response.status);
  let value: unknown;
  try {
    value = await response.json();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw foreign(response.status);
  }
  if (response.ok) return value;
  await problemWords;
  throw toProblem(response.status, value, Number(response.headers.get("Retry-After")) || null);
}

/** Reads a problem+json body; missing members get neutral words. */
export function toProblem(
  status: number,
  value: unknown,
  retryAfter: number | null = null,
): Problem {
  const body = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const text = (name: string) => (typeof body[name] === "string" ? (body[name] as string) : "");
  const code = text("code") || "erreur";
  return new Problem(
    status,
    code,
    problemSentence(code, text("detail") || words.api.refused),
    text("field") || null,
    retryAfter,
  );
}

function foreign(status: number): Problem {
  return new Problem(status >= 400 ? status : 0, "reponse_etrangere", words.api.foreign);
}
