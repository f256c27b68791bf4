import { afterEach, describe, expect, test, vi } from "vitest";
import { address, get, Problem, toProblem } from "./api";

afterEach(() => vi.unstubAllGlobals());

function answer(body: string, type: string, status = 200, headers: Record<string, string> = {}) {
  vi.stubGlobal(
    "fetch",
    async () => new Response(body, { status, headers: { "Content-Type": type, ...headers } }),
  );
}

async function failure(): Promise<Problem> {
  return get("/api/v1/territoires").then(
    () => {
      throw new Error("the call should have failed");
    },
    (error) => error,
  );
}

describe("address", () => {
  test("fills names, escapes them and leaves out what is empty", () => {
    expect(address("/q/{code}/h", { code: "A/B" }, { theme: "BRU", from: "", to: undefined })).toBe(
      "/q/A%2FB/h?theme=BRU",
    );
  });

  test("leaves {z}, {x} and {y} of tiles to the map", () => {
    expect(address("/tiles/h/{z}/{x}/{y}.mvt", {}, { resolution: 10 })).toBe(
      "/tiles/h/{z}/{x}/{y}.mvt?resolution=10",
    );
  });
});

describe("a call", () => {
  test("gives what the server said", async () => {
    answer('{"territoires":[]}', "application/json; charset=utf-8");
    expect(await get("/api/v1/territoires")).toEqual({ territoires: [] });
  });

  test("fails with the French sentence of the server", async () => {
    answer(
      '{"status":429,"code":"trop","title":"Trop","detail":"Attendez un peu.","field":"q"}',
      "application/problem+json",
      429,
      { "Retry-After": "7" },
    );
    const problem = await failure();
    expect(problem).toBeInstanceOf(Problem);
    expect(problem.message).toBe("Attendez un peu.");
    expect([
      problem.status,
      problem.code,
      problem.field,
      problem.retryAfter,
      problem.passing,
    ]).toEqual([429, "trop", "q", 7, true]);
  });

  test("does not take a captive portal for an answer", async () => {
    answer("<html>Connexion</html>", "text/html");
    const problem = await failure();
    expect([problem.code, problem.passing]).toEqual(["reponse_etrangere", true]);
  });

  test("does not take broken JSON for an answer", async () => {
    answer('{"territoires":[', "application/json");
    expect((await failure()).code).toBe("reponse_etrangere");
  });

  test("says so when nothing answers", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    const problem = await failure();
    expect([problem.status, problem.code]).toEqual([0, "hors_ligne"]);
    expect(problem.message).toMatch(/ne répond pas/);
  });
});

test("a body that is not a problem still gives a sentence", () => {
  for (const body of [null, 3, "x", [], { detail: 4 }]) {
    expect(toProblem(500, body).message).not.toBe("");
  }
});
