package hexcube

import (
	"math"
	"slices"
	"sync"

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

// tally is what was counted in one hexagon on the shelves of one felt.
type tally struct {
	reports int
	alone   int     // voices known to be distinct from all others
	voices  *people // the other voices; nil when voices are not asked for

	// Columns of the shelf, or none.
	speaksColumn, aloneColumn int
}

// add counts the rows of one word that match.
func (t *tally) add(s *shelf, word int, matched uint64) {
	if s.felt == FeltNone {
		t.reports += popcount(matched)
	} else {
		t.reports += popcount(matched & s.bitmaps[anchors][word])
	}
	if t.voices == nil {
		return
	}
	if t.speaksColumn != none {
		matched &= s.bitmaps[t.speaksColumn][word]
	}
	if t.aloneColumn != none {
		alone := s.bitmaps[t.aloneColumn][word]
		t.alone += popcount(matched & alone)
		matched &^= alone
	}
	if matched != 0 {
		t.voices.addRows(s.contributor[word*wordBits:], matched)
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

// scan counts hexagon after hexagon over all layers at once, so that a person
// with rows in several layers has one voice.
type scan struct {
	plan       plan
	resolution hexgrid.Resolution
	reporters  bool
	cursors    []cursor
	voices     [felts]people // of the hexagon at hand
}

// scans keeps the windows and tables of finished scans for the next ones.
var scans = sync.Pool{New: func() any { return new(scan) }}

func newScan(layers []layer, q *Query, ranges []Range) *scan {
	sc := scans.Get().(*scan)
	sc.plan = newPlan(q.Filter)
	sc.resolution, sc.reporters = q.Resolution, q.Reporters
	sc.cursors = sc.cursors[:0]
	for felt := range Felt(felts) {
		if !q.keeps(felt) {
			continue
		}
		for i := range layers {
			if s := layers[i].shelves[felt]; s != nil && !sc.plan.rulesOut(s) {
				sc.open(s, layers[i].dead[felt], s.scope(q.Quartier, ranges))
			}
		}
	}
	return sc
}

func (sc *scan) open(s *shelf, dead []uint32, runs []run) {
	if len(runs) == 0 {
		return
	}
	// A cursor of an earlier scan leaves its window to this one.
	n := len(sc.cursors)
	sc.cursors = slices.Grow(sc.cursors, 1)[:n+1]
	c := &sc.cursors[n]
	*c = cursor{
		plan: &sc.plan, shelf: s, dead: dead, runs: runs, at: int(runs[0].first),
		window: c.window, windowStart: -1, windowEnd: -1,
	}
}

// close gives the scan back. It must not be used afterwards.
func (sc *scan) close() {
	for i := range sc.cursors {
		sc.cursors[i] = cursor{window: sc.cursors[i].window}
	}
	scans.Put(sc)
}

// next counts the next hexagon. It is false after the last one. A hexagon where
// nothing matches is empty.
func (sc *scan) next() (Count, bool) {
	first := noCell
	for i := range sc.cursors {
		first = min(first, sc.cursors[i].cell())
	}
	if first == noCell {
		return Count{}, false
	}
	count := Count{Cell: first.Parent(sc.resolution)}
	_, last := count.Cell.DescendantRange(hexgrid.Stored)
	for i := 0; i < len(sc.cursors); {
		i = sc.countFelt(i, last, &count)
	}
	return count, true
}

// countFelt counts the rows up to the cell last on the shelves of one felt,
// which are next to each other from cursor i on. It returns the cursor after.
func (sc *scan) countFelt(i int, last hexgrid.Cell, count *Count) int {
	felt := sc.cursors[i].shelf.felt
	end, present, most := i, 0, uint32(0)
	for ; end < len(sc.cursors) && sc.cursors[end].shelf.felt == felt; end++ {
		if sc.cursors[end].cell() <= last {
			present++
			most = max(most, sc.cursors[end].shelf.most)
		}
	}
	if present == 0 {
		return end
	}
	t := sc.newTally(felt, present, most)
	for ; i < end; i++ {
		sc.cursors[i].countTo(last, &t)
	}
	t.result(felt, count)
	return end
}

// newTally begins a count over the given number of shelves of one felt, where no
// contributor has a number above most.
func (sc *scan) newTally(felt Felt, shelves int, most uint32) tally {
	t := tally{speaksColumn: speaksColumn(felt, sc.resolution), aloneColumn: aloneColumn(sc.resolution)}
	if shelves > 1 {
		// Who is alone on one shelf may not be on another.
		t.aloneColumn = none
	}
	if felt != FeltNone || sc.reporters {
		t.voices = &sc.voices[felt]
		t.voices.restart(most)
	}
	return t
}

func (t *tally) result(felt Felt, count *Count) {
	voices := t.alone
	if t.voices != nil {
		voices += t.voices.count
	}
	switch felt {
	case FeltNone:
		count.Signalements, count.Reporters = int32(t.reports), int32(voices)
	case Unsafe:
		count.UnsafeMarkers, count.Unsafe = int32(t.reports), int32(voices)
	case Safe:
		count.SafeMarkers, count.Safe = int32(t.reports), int32(voices)
	}
}
