package hexcube

import (
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"unsafe"

	"quietude/geo/hexgrid"
)

// total is the unfiltered count of a hexagon, or of one quartier's rows in it.
// Its Reporters may be unknown.
type total struct {
	Count
	quartier uint16
	share    share
}

// share says for whom a total speaks. A hexagon whose rows all belong to one
// quartier has a single total, both whole and part; a hexagon that straddles
// quartiers has one whole and a part for each of them.
type share uint8

const (
	whole share = 1 << iota
	part
)

// unknown stands for the reporters of a hexagon that changed since the load.
// Telling its reporters apart again may take a visit to a million signalements,
// which is left to the queries that ask for them.
const unknown = -1

// counts tells whether the total answers for a quartier (0 is the territoire).
func (t *total) counts(quartier uint16) bool {
	if quartier == 0 {
		return t.share&whole != 0
	}
	return t.share&part != 0 && t.quartier == quartier
}

// table holds the totals of one resolution in order of cells. It starts as the
// table of an earlier snapshot and the hexagons that changed since, and is
// brought up to date when first asked for.
type table struct {
	resolution hexgrid.Resolution
	before     []total
	stale      []hexgrid.Cell // ascending

	once    sync.Once
	current atomic.Pointer[[]total]
}

// totals returns the up-to-date table over the given layers.
func (t *table) totals(layers []layer) []total {
	t.once.Do(func() {
		current := t.before
		if len(t.stale) > 0 {
			current = recount(t.before, t.stale, func(cell hexgrid.Cell, dst []total) []total {
				return appendTotals(dst, layers, Query{Resolution: t.resolution}, cell)
			})
		}
		t.current.Store(&current)
	})
	return *t.current.Load()
}

// after is the table once the given cells, at resolution hexgrid.Stored, have
// changed.
func (t *table) after(changed []hexgrid.Cell) *table {
	next := &table{resolution: t.resolution, before: t.before, stale: t.stale}
	if current := t.current.Load(); current != nil {
		next.before, next.stale = *current, nil
	}
	next.stale = slices.Clone(next.stale)
	for _, cell := range changed {
		next.stale = append(next.stale, cell.Parent(t.resolution))
	}
	slices.Sort(next.stale)
	next.stale = slices.Compact(next.stale)
	return next
}

// recount copies totals, with those of the stale hexagons counted anew.
func recount(totals []total, stale []hexgrid.Cell, count func(hexgrid.Cell, []total) []total) []total {
	recounted := make([]total, 0, len(totals)+len(stale))
	for _, cell := range stale {
		i := sort.Search(len(totals), func(i int) bool { return totals[i].Cell >= cell })
		recounted = append(recounted, totals[:i]...)
		recounted = count(cell, recounted)
		for i < len(totals) && totals[i].Cell == cell {
			i++
		}
		totals = totals[i:]
	}
	return append(recounted, totals...)
}

// appendTotals counts everything in one hexagon, and each quartier's part of it
// when there are several.
func appendTotals(dst []total, layers []layer, q Query, cell hexgrid.Cell) []total {
	count := func(quartier uint16, s share) {
		q.Quartier = quartier
		c := countHexagon(layers, &q, cell)
		if c.empty() {
			return
		}
		if !q.Reporters && c.Signalements > 0 {
			c.Reporters = unknown
		}
		dst = append(dst, total{Count: c, quartier: quartier, share: s})
	}
	quartiers := quartiersIn(layers, cell)
	if len(quartiers) == 1 {
		// Counted without the condition: quartier 0, for « none », cannot be asked.
		before := len(dst)
		count(0, whole|part)
		for i := range dst[before:] {
			dst[before+i].quartier = quartiers[0]
		}
		return dst
	}
	count(0, whole)
	for _, quartier := range quartiers {
		if quartier != 0 {
			count(quartier, part)
		}
	}
	return dst
}

// countHexagon scans one hexagon, of the query's resolution.
func countHexagon(layers []layer, q *Query, cell hexgrid.Cell) Count {
	first, last := cell.DescendantRange(hexgrid.Stored)
	sc := newScan(layers, q, []Range{{First: first, Last: last}})
	defer sc.close()
	count, _ := sc.next()
	return count
}

// quartiersIn lists the quartiers with rows in a hexagon.
func quartiersIn(layers []layer, cell hexgrid.Cell) []uint16 {
	first, last := cell.DescendantRange(hexgrid.Stored)
	r := Range{First: first, Last: last}
	var quartiers []uint16
	for i := range layers {
		for _, s := range layers[i].shelves {
			if s == nil {
				continue
			}
			inside := s.segmentsIn(r)
			for _, in := range s.segments[inside.first:inside.end] {
				if !slices.Contains(quartiers, in.quartier) {
					quartiers = append(quartiers, in.quartier)
				}
			}
		}
	}
	slices.Sort(quartiers)
	return quartiers
}

// newTables counts everything at each resolution, by so many workers.
func newTables(layers []layer, workers int) tables {
	cells := cellsOf(layers)
	var ts tables
	var finer []total
	for r := hexgrid.Stored; r >= 0; r-- {
		for i := range cells {
			cells[i] = cells[i].Parent(r)
		}
		cells = slices.Compact(cells)
		finer = countAll(cells, workers, func(cell hexgrid.Cell, dst []total) []total {
			if only := onlyChild(finer, cell); only != nil {
				return appendParent(dst, only, cell)
			}
			return appendTotals(dst, layers, Query{Resolution: r, Reporters: true}, cell)
		})
		ts[r] = &table{resolution: r, before: finer}
	}
	return ts
}

// countAll counts ordered hexagons. Workers take short stretches of them in
// turn, since some hexagons have a thousand times the rows of others.
func countAll(cells []hexgrid.Cell, workers int, count func(hexgrid.Cell, []total) []total) []total {
	const stretch = 64
	counted := make([][]total, (len(cells)+stretch-1)/stretch)
	var taken atomic.Int64
	var counting sync.WaitGroup
	for range min(workers, len(counted)) {
		counting.Go(func() {
			for i := int(taken.Add(1)) - 1; i < len(counted); i = int(taken.Add(1)) - 1 {
				for _, cell := range cells[i*stretch : min((i+1)*stretch, len(cells))] {
					counted[i] = count(cell, counted[i])
				}
			}
		})
	}
	counting.Wait()
	return slices.Concat(counted...)
}

// onlyChild returns the totals of the only child with any of a hexagon, nil if
// there are several.
func onlyChild(finer []total, cell hexgrid.Cell) []total {
	first, last := cell.DescendantRange(cell.Resolution() + 1)
	inside := finer[sort.Search(len(finer), func(i int) bool { return finer[i].Cell >= first }):]
	inside = inside[:sort.Search(len(inside), func(i int) bool { return inside[i].Cell > last })]
	if len(inside) == 0 || inside[0].Cell != inside[len(inside)-1].Cell {
		return nil
	}
	return inside
}

// appendParent appends the totals of a hexagon that has a single child: a city
// lies in one hexagon at the coarsest resolutions, and need be counted once.
func appendParent(dst, child []total, parent hexgrid.Cell) []total {
	for _, t := range child {
		t.Cell = parent
		dst = append(dst, t)
	}
	return dst
}

// tables are those of all resolutions up to hexgrid.Stored.
type tables [hexgrid.Stored + 1]*table

func (ts *tables) after(changed []hexgrid.Cell) tables {
	var next tables
	for r, t := range ts {
		next[r] = t.after(changed)
	}
	return next
}

func (ts *tables) bytes() int {
	n := 0
	for _, t := range ts {
		totals := t.before
		if current := t.current.Load(); current != nil {
			totals = *current
		}
		n += cap(totals)*int(unsafe.Sizeof(total{})) + 8*cap(t.stale)
	}
	return n
}

// cellsOf lists the cells with rows, in order.
func cellsOf(layers []layer) []hexgrid.Cell {
	var cells []hexgrid.Cell
	for i := range layers {
		for _, s := range layers[i].shelves {
			if s == nil {
				continue
			}
			for _, in := range s.segments[:len(s.segments)-1] {
				if n := len(cells); n == 0 || cells[n-1] != in.cell {
					cells = append(cells, in.cell)
				}
			}
		}
	}
	slices.Sort(cells)
	return slices.Compact(cells)
}
