/** Hours of the week as a brush chooses them: pure, without a screen. */

/** A rectangle of the week. Days from 1 (Monday) to 7, hours from 0 to 23, both ends included. */
export interface WeekBrush {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly firstHour: number;
  /** Smaller than `firstHour`: the hours pass over midnight (22 to 5). */
  readonly lastHour: number;
}

/** Seven days from Monday, 24 hours each. */
export type Week = readonly (readonly number[])[];

export interface WeekCell {
  /** 1 to 7. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

export function moved(cell: WeekCell, days: number, hours: number): WeekCell {
  return { day: clamp(cell.day + days, 1, 7), hour: clamp(cell.hour + hours, 0, 23) };
}

/** The rectangle between two corners. */
export function between(a: WeekCell, b: WeekCell): WeekBrush {
  return {
    firstDay: Math.min(a.day, b.day),
    lastDay: Math.max(a.day, b.day),
    firstHour: Math.min(a.hour, b.hour),
    lastHour: Math.max(a.hour, b.hour),
  };
}

export function holds(brush: WeekBrush, day: number, hour: number): boolean {
  if (day < brush.firstDay || day > brush.lastDay) return false;
  return brush.firstHour <= brush.lastHour
    ? hour >= brush.firstHour && hour <= brush.lastHour
    : hour >= brush.firstHour || hour <= brush.lastHour;
}

export function isWholeWeek(brush: WeekBrush): boolean {
  for (let day = 1; day <= 7; day++) {
    for (let hour = 0; hour < 24; hour++) if (!holds(brush, day, hour)) return false;
  }
  return true;
}

/** What the week holds inside a brush; all of it without one. */
export function totalOf(week: Week, brush: WeekBrush | null): number {
  let total = 0;
  week.forEach((hours, d) => {
    hours.forEach((value, hour) => {
      if (!brush || holds(brush, d + 1, hour)) total += value;
    });
  });
  return total;
}

const stretch = (first: number, last: number) => (first === last ? `${first}` : `${first}-${last}`);

/** "22-23,0-5": as the server reads hours. */
export function hoursText({ firstHour, lastHour }: WeekBrush): string {
  if (firstHour <= lastHour) return stretch(firstHour, lastHour);
  return `${stretch(firstHour, 23)},${stretch(0, lastHour)}`;
}

export function daysText({ firstDay, lastDay }: WeekBrush): string {
  return stretch(firstDay, lastDay);
}

/** "1-5.22-5": one word for the address bar. */
export function formatBrush(brush: WeekBrush | null): string {
  if (!brush) return "";
  return `${brush.firstDay}-${brush.lastDay}.${brush.firstHour}-${brush.lastHour}`;
}

/** Reads what `formatBrush` wrote; throws a RangeError for anything else. */
export function parseBrush(text: string): WeekBrush | null {
  const found = /^([1-7])-([1-7])\.(\d{1,2})-(\d{1,2})$/.exec(text);
  if (!found) throw new RangeError("not a brush");
  const [firstDay, lastDay, firstHour, lastHour] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (firstDay > lastDay || firstHour > 23 || lastHour > 23) throw new RangeError("not a brush");
  const brush = { firstDay, lastDay, firstHour, lastHour };
  return isWholeWeek(brush) ? null : brush;
}

/** Class of a value from 0 (nothing) to `count`, in equal steps up to the largest. */
export function stepOf(value: number, largest: number, count: number): number {
  if (value <= 0 || largest <= 0) return 0;
  return Math.min(count, Math.ceil((value / largest) * count));
}
