package hexcube

import (
	"slices"
	"sync"

	"quietude/geo/hexgrid"
)

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
	end, present, most, areNeighbours := i, 0, uint32(0), sc.resolution >= neighbourhood
	for ; end < len(sc.cursors) && sc.cursors[end].shelf.felt == felt; end++ {
		if sc.cursors[end].cell() <= last {
			present++
			most = max(most, sc.cursors[end].shelf.most)
			areNeighbours = areNeighbours && sc.cursors[end].shelf.neighbours.numbers != nil
		}
	}
	if present == 0 {
		return end
	}
	t := sc.newTally(felt, present, most)
	t.asNeighbours = areNeighbours && present == 1
	for ; i < end; i++ {
		sc.cursors[i].countTo(last, &t)
	}
	t.result(felt, count)
	return end
}

// newTally begins a count over the given number of shelves of one felt, where no
// contributor has a number above most.
func (sc *scan) newTally(felt Felt, shelves int, most uint32) tally {
	t := tally{speaksColumn: speaksColumn(felt, sc.resolution), repeatsColumn: repeatsColumn(sc.resolution)}
	if shelves > 1 {
		// Who is met once on one shelf may be on another too.
		t.repeatsColumn = named
	}
	if felt != FeltNone || sc.reporters {
		t.voices = &sc.voices[felt]
		t.voices.restart(most)
	}
	return t
}
