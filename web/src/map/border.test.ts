import { expect, test } from "vitest";
import { borderOf } from "./border";

const square = (x: number, y: number) => [
  [x, y],
  [x + 1, y],
  [x + 1, y + 1],
  [x, y + 1],
  [x, y],
];

test("the line around some polygons leaves out the sides between them", () => {
  expect(borderOf([square(0, 0)])).toHaveLength(4);
  expect(borderOf([square(0, 0), square(1, 0)])).toHaveLength(6);
  // A ring of eight around a hole: twelve sides outside, four inside.
  const around = [0, 1, 2].flatMap((x) =>
    [0, 1, 2].flatMap((y) => (x === 1 && y === 1 ? [] : [square(x, y)])),
  );
  expect(borderOf(around)).toHaveLength(16);
  expect(borderOf([])).toEqual([]);
});
