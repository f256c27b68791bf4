/** A position in pixels. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

export interface Stretch {
  readonly start: Pixel;
  readonly end: Pixel;
  /** Straight distance over distance along the line: 1 for a straight line. */
  readonly straightness: number;
}

/**
 * The stretch of the line, `length` pixels long along it, on which a name reads
 * best: the straightest, and among equals the one nearest to the middle.
 * Null when the line is shorter than that.
 */
export function straightest(line: readonly Pixel[], length: number): Stretch | null {
  const along = distances(line);
  const total = along[along.length - 1] ?? 0;
  if (line.length < 2 || total < length || length <= 0) return null;
  const spare = total - length;
  // An even number of steps tries the very middle too.
  const steps = 2 * Math.min(12, Math.max(1, Math.ceil(spare / 24)));
  let best: Stretch | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= steps; i++) {
    const from = (spare * i) / steps;
    const start = pointAt(line, along, from);
    const end = pointAt(line, along, from + length);
    const straightness = Math.hypot(end.x - start.x, end.y - start.y) / length;
    // A name off the middle by half the line costs as much as 2 % of a bend.
    const score = straightness - 0.02 * Math.abs(i / steps - 0.5) * 2;
    if (score > bestScore) {
      bestScore = score;
      best = { start, end, straightness };
    }
  }
  return best;
}

/** The point half-way along the line; null for an empty line. */
export function middle(line: readonly Pixel[]): Pixel | null {
  const along = distances(line);
  const total = along[along.length - 1];
  return total === undefined ? null : pointAt(line, along, total / 2);
}

export function lengthOf(line: readonly Pixel[]): number {
  return distances(line).at(-1) ?? 0;
}

/**
 * Joins pieces that meet end to end, as long as each goes on in about the same
 * direction: a street comes as one piece per block, each too short for its name.
 * Longest first.
 */
export function joined(pieces: readonly (readonly Pixel[])[]): Pixel[][] {
  const left = pieces.filter((piece) => piece.length > 1).map((piece) => [...piece]);
  const lines: Pixel[][] = [];
  for (let line = left.pop(); line; line = left.pop()) {
    for (let grown = true; grown; ) {
      grown = grow(line, left);
      line.reverse();
      grown = grow(line, left) || grown;
    }
    lines.push(line);
  }
  return lines.sort((a, b) => lengthOf(b) - lengthOf(a));
}

// Ends closer than this, in pixels, are the same crossing.
const SAME = 1.5;

/** Adds the piece of `left` that best continues the end of the line; false when none does. */
function grow(line: Pixel[], left: Pixel[][]): boolean {
  const end = line[line.length - 1] as Pixel;
  const before = line[line.length - 2] as Pixel;
  let best = -1;
  let bestTurn = Math.PI / 3;
  left.forEach((piece, i) => {
    for (const flipped of [false, true]) {
      const [first, second] = flipped
        ? [piece[piece.length - 1] as Pixel, piece[piece.length - 2] as Pixel]
        : [piece[0] as Pixel, piece[1] as Pixel];
      if (Math.hypot(first.x - end.x, first.y - end.y) > SAME) continue;
      const turn = angle(before, end, second);
      if (turn < bestTurn) {
        bestTurn = turn;
        best = i;
        if (flipped) piece.reverse();
      }
    }
  });
  const piece = best < 0 ? undefined : left.splice(best, 1)[0];
  if (!piece) return false;
  line.push(...piece.slice(1));
  return true;
}

/** How much one turns at b when walking from a to c, 0 to π. */
function angle(a: Pixel, b: Pixel, c: Pixel): number {
  const turn = Math.atan2(c.y - b.y, c.x - b.x) - Math.atan2(b.y - a.y, b.x - a.x);
  return Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
}

/** Left to right, so that the name is never upside down. */
export function readable(stretch: Stretch): Stretch {
  const { start, end, straightness } = stretch;
  return end.x < start.x ? { start: end, end: start, straightness } : stretch;
}

/** Shortest distance from a point to any of the lines; Infinity without lines. */
export function distanceToLines(point: Pixel, lines: readonly (readonly Pixel[])[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const a = line[i - 1] as Pixel;
      const b = line[i] as Pixel;
      const dx = b.x - a.x;
      const dy = b.y - a.y;
      const square = dx * dx + dy * dy;
      const t = square === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / square;
      const u = Math.max(0, Math.min(1, t));
      best = Math.min(best, Math.hypot(point.x - a.x - dx * u, point.y - a.y - dy * u));
    }
  }
  return best;
}

function distances(line: readonly Pixel[]): number[] {
  const along: number[] = [];
  let sum = 0;
  line.forEach((point, i) => {
    const before = line[i - 1];
    if (before) sum += Math.hypot(point.x - before.x, point.y - before.y);
    along.push(sum);
  });
  return along;
}

function pointAt(line: readonly Pixel[], along: readonly number[], at: number): Pixel {
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1] as Pixel;
    const b = line[i] as Pixel;
    const from = along[i - 1] as number;
    const to = along[i] as number;
    if (at <= to && to > from) {
      const t = Math.max(0, (at - from) / (to - from));
      return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
    }
  }
  return line[line.length - 1] ?? { x: 0, y: 0 };
}
