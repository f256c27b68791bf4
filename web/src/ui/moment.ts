/** Days and hours of the week as a person chooses them, and as the API asks for them. */

/** 1 is Monday, 7 Sunday, as in the API. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * From the beginning of an hour (0–23) to the end before another one (1–24). A
 * stretch that ends before it begins goes on after midnight: [22, 5].
 */
export type Hours = readonly [from: number, to: number];

/** Hours of a day; null when they are all of it. */
export function hours(from: number, to: number): Hours | null {
  if (!(Number.isInteger(from) && from >= 0 && from <= 23)) throw new RangeError("not an hour");
  if (!(Number.isInteger(to) && to >= 1 && to <= 24)) throw new RangeError("not an hour");
  return to - from === 24 || to === from ? null : [from, to];
}

/** The parameter `hours`: the API takes no stretch over midnight, but two of them. */
export function hoursParameter([from, to]: Hours): string {
  return from < to ? `${from}-${to - 1}` : `${from}-23,0-${to - 1}`;
}
