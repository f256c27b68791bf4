package hexcube

import (
	"math"
	"slices"

	"quietude/geo/hexgrid"
)

// cursor walks the segments of one shelf that lie in the scope of a query and
// counts the rows that match.
type cursor struct {
	plan  *plan
	shelf *shelf
	dead  []uint32
	runs  []run // runs[0] is the current one
	at    int   // the current segment

	// The window is the stretch of rows matched last.
	window      []uint64
	windowStart int // first row; a multiple of wordBits
	windowEnd   int
}

// windowWords is how far a cursor matches ahead, to spread the cost of starting
// over many small segments.
const windowWords = 4 * blockWords

const noCell hexgrid.Cell = math.MaxInt64

// cell is that of the current segment, noCell after the last one.
func (c *cursor) cell() hexgrid.Cell {
	if len(c.runs) == 0 {
		return noCell
	}
	return c.shelf.segments[c.at].cell
}

func (c *cursor) nextRun() {
	c.runs = c.runs[1:]
	if len(c.runs) > 0 {
		c.at = int(c.runs[0].first)
	}
}

// countTo adds the matching rows of the segments up to the cell last, and leaves
// the cursor on the segment after. As segments follow each other, their rows are
// one stretch, unless the period takes a part of each.
func (c *cursor) countTo(last hexgrid.Cell, t *tally) {
	segments := c.shelf.segments
	for c.cell() <= last {
		first, end := c.at, int(c.runs[0].end)
		if c.plan.anyTime() {
			for c.at++; c.at < end && segments[c.at].cell <= last; c.at++ {
			}
			c.count(int(segments[first].start), int(segments[c.at].start), t)
		} else {
			for ; c.at < end && segments[c.at].cell <= last; c.at++ {
				lo, hi := c.plan.narrow(c.shelf, int(segments[c.at].start), int(segments[c.at+1].start))
				c.count(lo, hi, t)
			}
		}
		if c.at == end {
			c.nextRun()
		}
	}
}

// count adds the matching rows lo ≤ row < hi to a tally, a window at a time.
func (c *cursor) count(lo, hi int, t *tally) {
	for lo < hi {
		end := min(hi, (wordOf(lo)+windowWords)*wordBits)
		c.countInWindow(lo, end, t)
		lo = end
	}
}

func (c *cursor) countInWindow(lo, hi int, t *tally) {
	c.cover(lo, hi)
	first, last := wordOf(lo), wordOf(hi-1)
	words := c.window[first-wordOf(c.windowStart):][:last-first+1]
	mask := maskFrom(lo)
	for i, word := range words {
		if i == len(words)-1 {
			mask &= maskTo(hi)
		}
		if matched := word & mask; matched != 0 {
			t.add(c.shelf, first+i, matched)
		}
		mask = ^uint64(0)
	}
}

// cover makes the window hold the rows lo ≤ row < hi, which are of one run and
// no more than fit.
func (c *cursor) cover(lo, hi int) {
	if lo >= c.windowStart && hi <= c.windowEnd {
		return
	}
	endOfRun := int(c.shelf.segments[c.runs[0].end].start)
	first := wordOf(lo)
	n := min(windowWords, wordsFor(endOfRun)-first)
	c.window = slices.Grow(c.window[:0], windowWords)[:n]
	c.windowStart, c.windowEnd = first*wordBits, (first+n)*wordBits
	c.plan.match(c.shelf, first, c.window)
	c.dropDead()
}

func (c *cursor) dropDead() {
	next, _ := slices.BinarySearch(c.dead, uint32(c.windowStart))
	for _, row := range c.dead[next:] {
		if int(row) >= c.windowEnd {
			return
		}
		clearBit(c.window, int(row)-c.windowStart)
	}
}
