/** Axes of the small charts: pure, without a screen. */

export interface Scale {
  /** Value to position. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** About `count` round steps that cover [0, top] or [low, top]. */
export function roundTicks(low: number, top: number, count = 5): readonly number[] {
  if (!(top > low)) return [low];
  const rough = (top - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  // Multiples, not sums: adding 0.1 ten times is not 1.
  for (let i = Math.ceil(low / step - 1e-9); i * step <= top * (1 + 1e-9); i++) {
    ticks.push(Number((i * step).toPrecision(12)));
  }
  return ticks;
}

/** A linear axis from `low` to `top` over pixels `from` to `to`. */
export function linear(low: number, top: number, from: number, to: number, count = 5): Scale {
  const span = top > low ? top - low : 1;
  return {
    at: (value) => from + ((value - low) / span) * (to - from),
    ticks: roundTicks(low, top, count),
  };
}

/**
 * An axis of ratios: twice as much and half as much lie at the same distance
 * from 1. Values outside stay on the rim, as an unbounded limit does.
 */
export function ratios(low: number, top: number, from: number, to: number): Scale {
  const [a, b] = [Math.log(low), Math.log(top)];
  return {
    at: (value) => {
      const inside = Math.min(top, Math.max(low, value));
      return from + ((Math.log(inside) - a) / (b - a)) * (to - from);
    },
    ticks: [0.1, 0.25, 0.5, 1, 2, 4, 10].filter((tick) => tick >= low && tick <= top),
  };
}
