package tile_test

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quietude/geo/hexgrid"
	"quietude/geo/tile"
)

func inRanges(cell hexgrid.Cell, ranges []tile.CellRange) bool {
	first, last := cell.DescendantRange(hexgrid.Stored)
	return slices.ContainsFunc(ranges, func(r tile.CellRange) bool { return r.First <= first && last <= r.Last })
}

// Whatever can be drawn on a tile is in its ranges: the cells of positions all
// over the tile and its buffer, and their neighbours as far as they touch it.
func TestRangesCoverTheTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := tileAt(rapid.SampledFrom(somewhere).Draw(t, "at"), rapid.Uint32Range(8, tile.MaxZoom).Draw(t, "z"))
		c.X = (c.X + 1<<c.Z + rapid.Uint32Range(0, 2).Draw(t, "aside") - 1) % (1 << c.Z)
		ranges, box := coverer.Ranges(c), c.BufferedBounds()
		share := rapid.Float64Range(0, 1)
		for range 20 {
			p := orb.Point{
				box.Min[0] + share.Draw(t, "east")*(box.Max[0]-box.Min[0]),
				box.Min[1] + share.Draw(t, "north")*(box.Max[1]-box.Min[1]),
			}
			cell, err := hexgrid.CellOf(wrap(p), tile.ResolutionFor(c.Z))
			if err != nil {
				t.Fatal(err)
			}
			disk, err := cell.Disk(1)
			if err != nil {
				t.Fatal(err)
			}
			for _, near := range disk {
				if (near == cell || touches(near, box)) && !inRanges(near, ranges) {
					t.Fatalf("%v: %v, at %v, is not in the ranges", c, near, p)
				}
			}
		}
	})
}

func wrap(p orb.Point) orb.Point {
	switch {
	case p[0] < -180:
		p[0] += 360
	case p[0] > 180:
		p[0] -= 360
	}
	return p
}

// touches tells whether a vertex of the cell lies in the box, at any turn.
func touches(cell hexgrid.Cell, box orb.Bound) bool {
	return slices.ContainsFunc(cell.Boundary(), func(p orb.Point) bool {
		return box.Contains(p) || box.Contains(orb.Point{p[0] - 360, p[1]}) || box.Contains(orb.Point{p[0] + 360, p[1]})
	})
}

// Ranges are in order, apart, and hold nothing but hexagons of the tile's
// resolution, whole.
func TestRangesAreOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := tileAt(rapid.SampledFrom(somewhere).Draw(t, "at"), rapid.Uint32Range(8, tile.MaxZoom).Draw(t, "z"))
		r := tile.ResolutionFor(c.Z)
		last := hexgrid.Cell(0)
		for _, have := range coverer.Ranges(c) {
			first, _ := have.First.Parent(r).DescendantRange(hexgrid.Stored)
			_, end := have.Last.Parent(r).DescendantRange(hexgrid.Stored)
			if have.First <= last || have.First != first || have.Last != end {
				t.Fatalf("%v: range %v after %v", c, have, last)
			}
			last = have.Last
		}
	})
}

// Joining neighbours into ranges adds no hexagon: of all those around, the ranges
// hold exactly the ones that touch the buffered tile.
func TestRangesHoldNothingElse(t *testing.T) {
	for _, at := range []orb.Point{chambery, pentagon, greenwich} {
		for z := uint32(8); z <= 18; z++ {
			c, r := tileAt(at, z), tile.ResolutionFor(z)
			touching, err := hexgrid.Touching(orb.MultiPolygon{c.BufferedBounds().ToPolygon()}, r)
			if err != nil {
				t.Fatal(err)
			}
			ranges := coverer.Ranges(c)
			for _, cell := range relatives(touching, r) {
				if _, want := slices.BinarySearch(touching, cell); inRanges(cell, ranges) != want {
					t.Fatalf("%v: %v is in the ranges: %v, want %v", c, cell, !want, want)
				}
			}
		}
	}
}

// relatives are all cells that share an ancestor three resolutions up with one
// of some cells of resolution r.
func relatives(cells []hexgrid.Cell, r hexgrid.Resolution) []hexgrid.Cell {
	first, last := cells[0].Parent(r - 1).DescendantRange(r)
	step := (last - first) / 6 // from a child to the next
	var all []hexgrid.Cell
	for i, cell := range cells {
		if i > 0 && cell.Parent(r-3) == cells[i-1].Parent(r-3) {
			continue
		}
		first, last := cell.Parent(r - 3).DescendantRange(r)
		for relative := first; relative <= last; relative += step {
			if relative.Valid() { // a digit of 7 is not
				all = append(all, relative)
			}
		}
	}
	return all
}

// At low zooms a tile may show any hexagon.
func TestLowZoomsTakeEverything(t *testing.T) {
	for z := range uint32(8) {
		if got := coverer.Ranges(tileAt(chambery, z)); got != nil {
			t.Errorf("zoom %d: got %d ranges", z, len(got))
		}
	}
}

func TestResolutionsGoWithZooms(t *testing.T) {
	want := []hexgrid.Resolution{3, 3, 3, 4, 4, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 11, 11, 11, 11, 11}
	for z, r := range want {
		if got := tile.ResolutionFor(uint32(z)); got != r {
			t.Errorf("zoom %d: got %d, want %d", z, got, r)
		}
	}
}

func BenchmarkCover(b *testing.B) {
	for _, z := range []uint32{8, 10, 12, 14, 16} {
		b.Run(tileAt(chambery, z).String(), func(b *testing.B) {
			c, n := tileAt(chambery, z), 0
			for b.Loop() {
				n = len(tile.NewCoverer(1).Ranges(c))
			}
			b.ReportMetric(float64(n), "ranges")
		})
	}
}
