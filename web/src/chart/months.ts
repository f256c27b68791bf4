/** A series by month and the period chosen on it: pure, without a screen. */

export interface MonthPoint {
  /** "2026-03". */
  readonly month: string;
  readonly n: number;
  readonly interval: { readonly lo: number; readonly hi: number };
  /** A month that the period only touches. */
  readonly partial?: boolean;
}

type Column = (number | null)[];

/**
 * The columns of a chart: time, band, line, and the incomplete months, which have
 * neither band nor line.
 */
export function columnsOf(
  points: readonly MonthPoint[],
): [time: number[], hi: Column, lo: Column, n: Column, partial: Column] {
  const whole = (value: (point: MonthPoint) => number) =>
    points.map((point) => (point.partial ? null : value(point)));
  return [
    points.map((p) => middle(p.month)),
    whole((p) => p.interval.hi),
    whole((p) => p.interval.lo),
    whole((p) => p.n),
    points.map((p) => (p.partial ? p.n : null)),
  ];
}

/** "2026-03-01". */
export const firstDay = (month: string): string => `${month}-01`;

/** "2026-02-28". */
export function lastDay(month: string): string {
  const [year = 1970, index = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, index, 0)).toISOString().slice(0, 10);
}

/** Unix seconds of the middle of a month, for the axis. */
export function middle(month: string): number {
  return (
    (Date.parse(`${firstDay(month)}T00:00:00Z`) + Date.parse(`${lastDay(month)}T00:00:00Z`)) / 2000
  );
}

/** Where an axis has words, at most `most` of them: months that divide the year, so that each January is one. */
export function ticksOf(points: readonly MonthPoint[], most: number): number[] {
  const step = [1, 2, 3, 6].find((one) => points.length / one <= Math.max(1, most)) ?? 12;
  return points
    .filter(({ month }) => (Number(month.slice(5)) - 1) % step === 0)
    .map(({ month }) => middle(month));
}

/** The months that a period covers, as indices, both included; open ends reach the rim. */
export function indicesOf(
  points: readonly MonthPoint[],
  from: string,
  to: string,
): readonly [first: number, last: number] {
  const end = Math.max(0, points.length - 1);
  const first = from ? points.findIndex((p) => lastDay(p.month) >= from) : 0;
  let last = end;
  if (to) while (last > 0 && firstDay(points[last]?.month ?? "") > to) last--;
  const start = first < 0 ? end : first;
  return [start, Math.max(start, last)];
}

/** The period of two indices; the rim is an open end. */
export function periodOf(
  points: readonly MonthPoint[],
  first: number,
  last: number,
): { from: string; to: string } {
  const [a, b] = first <= last ? [first, last] : [last, first];
  return {
    from: a <= 0 ? "" : firstDay(points[a]?.month ?? ""),
    to: b >= points.length - 1 ? "" : lastDay(points[b]?.month ?? ""),
  };
}
