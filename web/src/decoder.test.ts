import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseOutboxFile } from "./outbox";
import * as protocol from "./protocol";

const { NotProtocol } = protocol;

/** Every decoder of what comes from outside: a new `parse…` is tried the day it appears. */
const decoders = Object.entries(protocol).flatMap(([name, decode]) =>
  name.startsWith("parse") && typeof decode === "function"
    ? [[name, decode as (value: unknown, other: unknown) => unknown] as const]
    : [],
);

const uuid = (n: number) => `0199a000-0000-7000-9000-${n.toString(16).padStart(12, "0")}`;

const operations = fc.array(
  fc.oneof(
    fc.record({
      id: fc.nat(999).map(uuid),
      kind: fc.constantFrom("delete", "restore"),
      marker: fc.nat(999).map(uuid),
    }),
    fc.record({
      id: fc.nat(999).map(uuid),
      kind: fc.constant("add"),
      marker: fc.nat(999).map(uuid),
      felt: fc.constantFrom("unsafe", "safe"),
      geometry: fc.record({
        type: fc.constant("Point"),
        coordinates: fc.tuple(fc.constant(5.91), fc.double({ min: 45, max: 46, noNaN: true })),
      }),
      attributes: fc.record({ themes: fc.array(fc.string()), note: fc.string() }),
    }),
  ),
  { maxLength: 5 },
);

const file = operations.map((list) => ({
  format: "quietude-outbox",
  version: 1,
  atelier: uuid(1),
  code: "ABCD2345",
  secret: uuid(2),
  exported_at: "2026-03-12T19:00:00.000Z",
  operations: list.map((op) => ({ op })),
}));

/** Puts another value at one of the places of a JSON value. */
function damaged(value: unknown, at: number, other: unknown): unknown {
  let left = at;
  const walk = (one: unknown): unknown => {
    if (left-- === 0) return other;
    if (Array.isArray(one)) return one.map(walk);
    if (one === null || typeof one !== "object") return one;
    return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, walk(member)]));
  };
  return walk(value);
}

describe("decoders of what comes from outside", () => {
  it("are known", () => expect(decoders.length).toBeGreaterThan(10));

  it.each(decoders)("%s refuses or reads, whatever it is given", (_, decode) => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (value) => {
        try {
          decode(value, new Set([uuid(1)]));
        } catch (error) {
          expect(error).toBeInstanceOf(NotProtocol);
        }
      }),
    );
  });
});

describe("the file of an outbox", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(file, (written) => {
        expect(parseOutboxFile(JSON.stringify(written))).toEqual(
          JSON.parse(JSON.stringify(written)),
        );
      }),
    );
  });

  it("damaged at one place is refused, or read as something that is read again", () => {
    fc.assert(
      fc.property(file, fc.nat(60), fc.jsonValue({ maxDepth: 3 }), (written, at, other) => {
        const text = JSON.stringify(damaged(written, at, other));
        try {
          const read = parseOutboxFile(text);
          expect(parseOutboxFile(JSON.stringify(read))).toEqual(read);
        } catch (error) {
          expect(error).toBeInstanceOf(NotProtocol);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("cut or changed anywhere is refused, or read", () => {
    fc.assert(
      fc.property(file, fc.nat(), fc.string({ maxLength: 3 }), (written, at, other) => {
        const text = JSON.stringify(written);
        const cut = at % (text.length + 1);
        for (const one of [text.slice(0, cut), text.slice(0, cut) + other + text.slice(cut + 1)]) {
          try {
            parseOutboxFile(one);
          } catch (error) {
            expect(error).toBeInstanceOf(NotProtocol);
          }
        }
      }),
    );
  });
});
