import { formatDay } from "../text/format";

/** An evening as it is announced. */
export interface Meeting {
  readonly quartier: string;
  readonly titre: string;
  readonly lieu: string;
  readonly starts_at: string;
  readonly closes_at: string;
}

/**
 * Those that have begun today and those that are to come, in their order. The announced
 * end of an evening is when its codes stop working, which may be the next morning: what
 * began on another day is no longer a place to go to.
 */
export function meetingsOf(
  all: readonly Meeting[],
  now: number,
  timeZone: string | undefined,
): { readonly begun: readonly Meeting[]; readonly coming: readonly Meeting[] } {
  const day = (at: number) => formatDay(new Date(at).toISOString(), timeZone);
  const begun = ({ starts_at, closes_at }: Meeting) =>
    Date.parse(starts_at) <= now &&
    Date.parse(closes_at) > now &&
    day(Date.parse(starts_at)) === day(now);
  return {
    begun: all.filter(begun),
    coming: all.filter(({ starts_at }) => Date.parse(starts_at) > now),
  };
}
