package hexcube_test

import (
	"maps"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
)

// world is the plain reference: all live rows by ID.
type world map[hexcube.ID][]hexcube.Row

func (w world) apply(changes hexcube.Changes) {
	for _, id := range changes.Deletes {
		delete(w, id)
	}
	for _, r := range changes.Upserts {
		delete(w, r.ID)
	}
	for _, r := range changes.Upserts {
		w[r.ID] = append(w[r.ID], r)
	}
}

// voice is one person in one hexagon for one felt.
type voice struct {
	cell   hexgrid.Cell
	felt   hexcube.Felt
	person uint32
}

// counts answers a query row by row, from the definitions.
func (w world) counts(q hexcube.Query) []hexcube.Count {
	counts := make(map[hexgrid.Cell]*hexcube.Count)
	heard := make(map[voice]bool)
	for _, rows := range w {
		for _, r := range rows {
			cell := r.Cell.Parent(q.Resolution)
			if !matches(q, r) || !inRanges(q, cell) {
				continue
			}
			c := counts[cell]
			if c == nil {
				c = &hexcube.Count{Cell: cell}
				counts[cell] = c
			}
			v := voice{cell, r.Felt, r.Contributor}
			newVoice := int32(0)
			if r.Contributor != 0 && !heard[v] {
				heard[v] = true
				newVoice = 1
			}
			anchor := int32(0)
			if r.Anchor {
				anchor = 1
			}
			switch r.Felt {
			case hexcube.FeltNone:
				c.Signalements++
				if q.Reporters {
					c.Reporters += newVoice
				}
			case hexcube.Unsafe:
				c.UnsafeMarkers += anchor
				c.Unsafe += newVoice
			case hexcube.Safe:
				c.SafeMarkers += anchor
				c.Safe += newVoice
			}
		}
	}
	answer := []hexcube.Count{}
	for _, cell := range slices.Sorted(maps.Keys(counts)) {
		if c := *counts[cell]; c != (hexcube.Count{Cell: cell}) {
			answer = append(answer, c)
		}
	}
	return answer
}

func matches(q hexcube.Query, r hexcube.Row) bool {
	signalement := r.Felt == hexcube.FeltNone
	switch {
	case q.Source == hexcube.Markers && signalement, q.Source == hexcube.Signalements && !signalement:
		return false
	case q.Felt != hexcube.FeltNone && q.Felt != r.Felt:
		return false
	case q.Themes != 0 && q.Themes&r.Themes == 0:
		return false
	case q.Hours != hexcube.HourSet{} && !q.Hours.Has(r.Hour):
		return false
	case q.Atelier != 0 && q.Atelier != r.Atelier:
		return false
	case q.Origins != nil && (!signalement || !slices.Contains(q.Origins, r.Origin)):
		return false
	case q.From > r.At || q.To != 0 && r.At >= q.To:
		return false
	case q.Quartier != 0 && q.Quartier != r.Quartier:
		return false
	}
	return true
}

// inRanges tells whether a hexagon has a cell in one of the ranges.
func inRanges(q hexcube.Query, cell hexgrid.Cell) bool {
	if q.Ranges == nil {
		return true
	}
	first, last := cell.DescendantRange(hexgrid.Stored)
	return slices.ContainsFunc(q.Ranges, func(r hexcube.Range) bool {
		return r.First <= last && r.Last >= first
	})
}

// The small world of the generators: few cells, people, quartiers and instants,
// so that everything collides.
var (
	someCells   = cellsAround(orb.Point{5.9178, 45.5646})
	someRegions = append(someCells, cellsAround(orb.Point{2.3522, 48.8566})...)
)

func cellsAround(at orb.Point) []hexgrid.Cell {
	var cells []hexgrid.Cell
	for i := range 8 {
		for j := range 8 {
			// About 25, 50, 100 … metres apart, to meet in parents of each resolution.
			p := orb.Point{at[0] + 0.0003*float64(int(1)<<i), at[1] + 0.0002*float64(int(1)<<j)}
			cell, err := hexgrid.CellOf(p, hexgrid.Stored)
			if err != nil {
				panic(err)
			}
			cells = append(cells, cell)
		}
	}
	return cells
}

// someOrigins share digits, and have some that no other has.
var someOrigins = []uint16{0, 1, 2, 3, 6, 512, math.MaxUint16}

func drawID(t *rapid.T) hexcube.ID {
	return hexcube.ID{15: byte(rapid.IntRange(0, 120).Draw(t, "id"))}
}

func drawHour(t *rapid.T) hexcube.Hour {
	return hexcube.Hour(rapid.IntRange(0, 168).Draw(t, "hour"))
}

// drawItem draws all the rows of one marker or signalement.
func drawItem(t *rapid.T) []hexcube.Row {
	r := hexcube.Row{
		ID:          drawID(t),
		At:          int64(rapid.IntRange(0, 30).Draw(t, "at")),
		Contributor: uint32(rapid.IntRange(0, 6).Draw(t, "contributor")),
		Quartier:    uint16(rapid.IntRange(0, 3).Draw(t, "quartier")),
		Themes:      hexcube.ThemeSet(rapid.IntRange(0, 1<<hexcube.Themes-1).Draw(t, "themes")),
		Felt:        hexcube.Felt(rapid.IntRange(0, 2).Draw(t, "felt")),
		Hour:        drawHour(t),
		Anchor:      true,
	}
	cells := rapid.SliceOfNDistinct(rapid.SampledFrom(someRegions), 1, 4, rapid.ID[hexgrid.Cell]).Draw(t, "cells")
	if r.Felt == hexcube.FeltNone {
		cells = cells[:1]
		r.Origin = rapid.SampledFrom(someOrigins).Draw(t, "origin")
	} else {
		r.Atelier = uint32(rapid.IntRange(0, 3).Draw(t, "atelier"))
	}
	var rows []hexcube.Row
	for _, cell := range cells {
		r.Cell = cell
		rows = append(rows, r)
		r.Anchor = false
	}
	return rows
}

// drawRows draws items with distinct IDs.
func drawRows(t *rapid.T, most int) []hexcube.Row {
	var rows []hexcube.Row
	seen := make(map[hexcube.ID]bool)
	for range rapid.IntRange(0, most).Draw(t, "items") {
		if item := drawItem(t); !seen[item[0].ID] {
			seen[item[0].ID] = true
			rows = append(rows, item...)
		}
	}
	return rows
}

func drawQuery(t *rapid.T) hexcube.Query {
	// Each condition is absent half of the time.
	maybe := func(name string) bool { return rapid.Bool().Draw(t, name) }
	q := hexcube.Query{
		Resolution: hexgrid.Resolution(rapid.IntRange(0, int(hexgrid.Stored)).Draw(t, "resolution")),
		Reporters:  maybe("reporters"),
	}
	if maybe("filtered") {
		q.Filter = drawFilter(t, maybe)
	}
	if maybe("in a quartier") {
		q.Quartier = uint16(rapid.IntRange(0, 4).Draw(t, "asked quartier"))
	}
	if maybe("in ranges") {
		q.Ranges = []hexcube.Range{}
		for range rapid.IntRange(0, 3).Draw(t, "ranges") {
			first, last := rapid.SampledFrom(someRegions).Draw(t, "first"), rapid.SampledFrom(someRegions).Draw(t, "last")
			q.Ranges = append(q.Ranges, hexcube.Range{First: min(first, last), Last: max(first, last)})
		}
	}
	return q
}

func drawFilter(t *rapid.T, maybe func(string) bool) hexcube.Filter {
	f := hexcube.Filter{
		Source: hexcube.Source(rapid.IntRange(0, 2).Draw(t, "source")),
		Felt:   hexcube.Felt(rapid.IntRange(0, 2).Draw(t, "asked felt")),
	}
	if maybe("by theme") {
		f.Themes = hexcube.ThemeSet(rapid.IntRange(0, 1<<hexcube.Themes-1).Draw(t, "asked themes"))
	}
	if maybe("by hour") {
		for range rapid.IntRange(0, 100).Draw(t, "hours") {
			f.Hours.Add(drawHour(t))
		}
	}
	if maybe("by atelier") {
		f.Atelier = uint32(rapid.IntRange(0, 4).Draw(t, "asked atelier"))
	}
	if rapid.IntRange(0, 3).Draw(t, "by origin") == 0 {
		f.Origins = rapid.SliceOfN(rapid.SampledFrom(append(someOrigins, 4, 1024)), 1, 3).Draw(t, "asked origins")
	}
	if maybe("by period") {
		f.From = int64(rapid.IntRange(0, 31).Draw(t, "from"))
		f.To = rapid.SampledFrom([]int64{0, f.From, f.From + 1, f.From + 10}).Draw(t, "to")
	}
	return f
}

func checkCounts(t *rapid.T, s *hexcube.Snapshot, w world) {
	q := drawQuery(t)
	got, err := s.Counts(q)
	if err != nil {
		t.Fatalf("Counts(%+v): %v", q, err)
	}
	if want := w.counts(q); !slices.Equal(got, want) {
		t.Fatalf("Counts(%+v)\n got %v\nwant %v", q, got, want)
	}
}

// Whatever has been loaded, changed, removed and merged, the cube answers like
// the definitions; and snapshots taken before a change still answer as before.
func TestCountsEqualTheDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t, 150)
		cube, err := hexcube.Build(rows, 0)
		if err != nil {
			t.Fatal(err)
		}
		now := make(world)
		now.apply(hexcube.Changes{Upserts: rows})
		checkCounts(t, cube.Snapshot(), now)

		for revision := range hexcube.Revision(rapid.IntRange(0, 12).Draw(t, "changes")) {
			before, snapshot := maps.Clone(now), cube.Snapshot()
			changes := hexcube.Changes{
				Upserts: drawRows(t, 12),
				Deletes: rapid.SliceOfN(rapid.Custom(drawID), 0, 6).Draw(t, "deletes"),
			}
			now.apply(changes)
			if err := cube.Apply(changes, revision+1); err != nil {
				t.Fatal(err)
			}
			if rapid.IntRange(0, 3).Draw(t, "merge") == 0 {
				cube.Merge()
			}
			checkCounts(t, cube.Snapshot(), now)
			checkCounts(t, snapshot, before)
		}
		n := 0
		for _, rows := range now {
			n += len(rows)
		}
		if got := cube.Snapshot().Rows(); got != n {
			t.Fatalf("got %d rows, want %d", got, n)
		}
	})
}

// A parent's reports are the sum of its children's; its voices are at least
// those of any child and at most all of them together.
func TestParentsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cube, err := hexcube.Build(drawRows(t, 150), 0)
		if err != nil {
			t.Fatal(err)
		}
		q := drawQuery(t)
		q.Resolution = max(q.Resolution, 1)
		q.Ranges = nil
		children, err := cube.Snapshot().Counts(q)
		if err != nil {
			t.Fatal(err)
		}
		q.Resolution--
		parents, err := cube.Snapshot().Counts(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parents {
			checkFamily(t, p, children)
		}
	})
}

func checkFamily(t *rapid.T, parent hexcube.Count, all []hexcube.Count) {
	var sum, most hexcube.Count
	for _, c := range all {
		if c.Cell.Parent(parent.Cell.Resolution()) != parent.Cell {
			continue
		}
		sum.UnsafeMarkers += c.UnsafeMarkers
		sum.SafeMarkers += c.SafeMarkers
		sum.Signalements += c.Signalements
		sum.Unsafe, most.Unsafe = sum.Unsafe+c.Unsafe, max(most.Unsafe, c.Unsafe)
		sum.Safe, most.Safe = sum.Safe+c.Safe, max(most.Safe, c.Safe)
		sum.Reporters, most.Reporters = sum.Reporters+c.Reporters, max(most.Reporters, c.Reporters)
	}
	if parent.UnsafeMarkers != sum.UnsafeMarkers || parent.SafeMarkers != sum.SafeMarkers || parent.Signalements != sum.Signalements {
		t.Fatalf("parent %+v, children add up to %+v", parent, sum)
	}
	between := func(low, n, high int32) bool { return low <= n && n <= high }
	if !between(most.Unsafe, parent.Unsafe, sum.Unsafe) || !between(most.Safe, parent.Safe, sum.Safe) || !between(most.Reporters, parent.Reporters, sum.Reporters) {
		t.Fatalf("parent %+v, children have from %+v to %+v", parent, most, sum)
	}
}

// Readers that run beside writers and merges see, in each snapshot, exactly one
// revision: the writer moves one marker about, which is always in one place.
func TestReadersSeeWholeRevisions(t *testing.T) {
	const revisions = 400
	marker := func(step int) hexcube.Row {
		return hexcube.Row{ID: hexcube.ID{1}, Cell: someCells[step%len(someCells)], At: int64(step), Contributor: 7, Felt: hexcube.Unsafe, Anchor: true}
	}
	cube, err := hexcube.Build([]hexcube.Row{marker(0)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for reader := range 4 {
		readers.Go(func() {
			for last := hexcube.Revision(0); ; {
				s := cube.Snapshot()
				if s.Revision() < last {
					t.Errorf("revision %d after %d", s.Revision(), last)
				}
				last = s.Revision()
				q := hexcube.Query{Resolution: hexgrid.Resolution(last % 12)}
				if reader%2 == 0 {
					q.From = int64(last) // a filter: scanned rather than taken from totals
				}
				counts, err := s.Counts(q)
				want := hexcube.Count{Cell: marker(int(last)).Cell.Parent(q.Resolution), Unsafe: 1, UnsafeMarkers: 1}
				if err != nil || len(counts) != 1 || counts[0] != want {
					t.Errorf("at revision %d got %v, %v, want %v", last, counts, err, want)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for step := 1; step <= revisions; step++ {
		if err := cube.Apply(hexcube.Changes{Upserts: []hexcube.Row{marker(step)}}, hexcube.Revision(step)); err != nil {
			t.Error(err)
		}
		if step%16 == 0 {
			cube.Merge()
		}
	}
	close(done)
	readers.Wait()
}
