import { expect, test } from "vitest";
import { borderOf } from "./border";

const square = (x: number, y: number) => [
  [x, y],
  [x + 1, y],
  [x + 1, y + 1],
  [x, y + 1],
  [x, y],
];

const lengths = (rings: Parameters<typeof borderOf>[0]) =>
  borderOf(rings).map((line) => {
    expect(line.at(-1)).toEqual(line[0]);
    return line.length - 1;
  });

test("the line around some polygons leaves out the sides between them", () => {
  expect(lengths([square(0, 0)])).toEqual([4]);
  expect(lengths([square(0, 0), square(1, 0)])).toEqual([6]);
  expect(lengths([square(0, 0), square(5, 0)])).toEqual([4, 4]);
  // A ring of eight around a hole: a line outside, another inside.
  const around = [0, 1, 2].flatMap((x) =>
    [0, 1, 2].flatMap((y) => (x === 1 && y === 1 ? [] : [square(x, y)])),
  );
  expect(lengths(around).sort()).toEqual([12, 4]);
  expect(borderOf([])).toEqual([]);
});
