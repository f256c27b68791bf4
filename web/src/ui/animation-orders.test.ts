import { expect, test, vi } from "vitest";
import { Problem } from "../api";
import type { Operation } from "../protocol";
import { type Order, Orders } from "./animation-orders";

/** A room that answers as told and remembers what it was sent. */
function room(...answers: ((ops: readonly Operation[]) => unknown)[]) {
  const batches: (readonly Operation[])[] = [];
  const refused: { order: Order; detail: string }[] = [];
  let seq = 0;
  const accept = (ops: readonly Operation[]) => {
    const receipts = ops.map(({ id }) => ({ op: id, seq: ++seq }));
    return { receipts, seq };
  };
  const orders = new Orders({
    post: async (ops) => {
      batches.push(ops);
      return (answers[batches.length - 1] ?? accept)(ops);
    },
    onChange: () => {},
    onRefused: (order, detail) => refused.push({ order, detail }),
    pause: async () => {},
  });
  return { orders, batches, refused };
}
const settled = (orders: Orders) => vi.waitFor(() => expect(orders.pending).toEqual([]));
const problem = (status: number) => ({ status, code: "x", title: "x", detail: "Non." });
const fail = (error: Error) => () => {
  throw error;
};

test("a request without an answer is sent again with the same id", async () => {
  const { orders, batches } = room(
    fail(new Problem(0, "hors_ligne", "")),
    fail(new Problem(503, "indisponible", "")),
    // A captive portal, then JSON that says nothing about what was sent.
    fail(new Problem(403, "reponse_etrangere", "")),
    () => ({ success: true }),
  );
  orders.send({ kind: "freeze" }, "Clore");
  expect(orders.waits("freeze")).toBe(true);
  await settled(orders);
  expect(batches).toHaveLength(5);
  expect(new Set(batches.flat().map(({ id }) => id)).size).toBe(1);
  expect(orders.failures).toBe(0);
});

test("a refusal is final and said once; the others go on", async () => {
  const { orders, batches, refused } = room(([first]) => ({
    receipts: [{ op: first?.id, problem: problem(409) }],
    seq: 0,
  }));
  orders.send({ kind: "table_open", table: 1 }, "Ouvrir la table 1");
  orders.send({ kind: "table_open", table: 2 }, "Ouvrir la table 2");
  await settled(orders);
  expect(refused.map(({ order, detail }) => [order.words, detail])).toEqual([
    ["Ouvrir la table 1", "Non."],
  ]);
  expect(batches.map((ops) => ops.map(({ table }) => table))).toEqual([[1], [2]]);
});

test("a receipt that says « later » leaves the request in place", async () => {
  const { orders, batches, refused } = room(([first]) => ({
    receipts: [{ op: first?.id, problem: problem(429) }],
    seq: 0,
  }));
  orders.send({ kind: "share", shared: true }, "Partager");
  await settled(orders);
  expect(batches).toHaveLength(2);
  expect(refused).toEqual([]);
});

test("a request that may not be made is dropped and said", async () => {
  const { orders, refused } = room(fail(new Problem(403, "reserve_animateur", "Réservé.")));
  orders.send({ kind: "freeze" }, "Clore");
  await settled(orders);
  expect(refused.map(({ detail }) => detail)).toEqual(["Réservé."]);
});

test("the same request that still waits is not asked twice", async () => {
  const { orders, batches } = room();
  orders.send({ kind: "step", step: 4, minutes: 35 }, "Étape 4");
  orders.send({ kind: "step", step: 4, minutes: 35 }, "Étape 4");
  orders.send({ kind: "hide", marker: "m" }, "Masquer");
  expect(orders.waits("hide", { marker: "n" })).toBe(false);
  await settled(orders);
  expect(batches.flat().map(({ kind }) => kind)).toEqual(["step", "hide"]);
});

test("what is given up is not sent again", async () => {
  const { orders, batches } = room(fail(new Problem(0, "hors_ligne", "")));
  orders.send({ kind: "freeze" }, "Clore");
  orders.drop();
  await settled(orders);
  await Promise.resolve();
  expect(batches.length).toBeLessThanOrEqual(1);
});
