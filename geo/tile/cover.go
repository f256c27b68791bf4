package tile

import (
	"unsafe"

	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/geo/memo"
)

// resolutions of the hexagons shown at each zoom. From zoom 8 on a whole tile
// holds from 100 to 3,000 of them; a zoom deeper makes a tile four times
// smaller and a resolution finer makes a hexagon seven times smaller, hence
// three zooms for two resolutions. Below, a hexagon keeps a size of some
// units on the tile, so that it has an outline at all.
var resolutions = [...]hexgrid.Resolution{
	0: 3, 1: 3, 2: 3, 3: 4, 4: 4, 5: 5, 6: 6, 7: 6,
	8: 7, 9: 7, 10: 8, 11: 8, 12: 9, 13: 9, 14: 10, 15: 10, 16: hexgrid.Stored,
}

// ResolutionFor is the resolution of the hexagons shown at a zoom:
//
//	zoom         0–2  3–4  5  6–7  8–9  10–11  12–13  14–15  16–22
//	resolution     3    4  5    6    7      8      9     10     11
func ResolutionFor(zoom uint32) hexgrid.Resolution {
	return resolutions[min(zoom, uint32(len(resolutions)-1))]
}

// CellRange is all cells at resolution hexgrid.Stored from First to Last, both
// included, in H3 order. It is an alias so that it is the same type as that of
// the packages that look ranges up.
type CellRange = struct{ First, Last hexgrid.Cell }

// firstCovered is the zoom below which covers are not worked out: a tile has
// the size of a region, and all of a territoire is a few hundred hexagons.
const firstCovered = 8

// Coverer knows which hexagons a tile may show. It may be used by any number of
// goroutines.
type Coverer struct {
	covers *memo.Table[Coord, []CellRange]
}

// coversPerMegabyte allows for covers of 4 kB, the largest usual ones.
const coversPerMegabyte = 256

// NewCoverer returns a Coverer that keeps covers in about the given room.
func NewCoverer(megabytes int) *Coverer {
	return &Coverer{covers: memo.New[Coord, []CellRange](megabytes * coversPerMegabyte)}
}

// Ranges are the hexagons of ResolutionFor(c.Z) that touch the tile or its
// buffer, as ordered ranges of their descendants at resolution hexgrid.Stored,
// and perhaps some others next to them. nil means everywhere: at low zooms the
// encoder chooses among all. c must be valid. The ranges are shared: read only.
func (co *Coverer) Ranges(c Coord) []CellRange {
	if c.Z < firstCovered {
		return nil
	}
	return *co.covers.Get(c, cover)
}

// cover falls back to everywhere rather than leave a hexagon out.
func cover(c Coord) []CellRange {
	cells, err := hexgrid.Touching(boxes(c.BufferedBounds()), ResolutionFor(c.Z))
	if err != nil {
		return nil
	}
	ranges := make([]CellRange, 0, len(cells)/4+1)
	for i, cell := range cells {
		first, last := cell.DescendantRange(hexgrid.Stored)
		if i > 0 && follows(cell, cells[i-1]) {
			ranges[len(ranges)-1].Last = last
		} else {
			ranges = append(ranges, CellRange{First: first, Last: last})
		}
	}
	return append(make([]CellRange, 0, len(ranges)), ranges...)
}

// boxes cuts a bound in two where it passes the antimeridian.
func boxes(b orb.Bound) orb.MultiPolygon {
	west, east := b, b
	switch {
	case b.Min[0] < -180:
		west.Min[0] = -180
		east.Min[0], east.Max[0] = b.Min[0]+360, 180
	case b.Max[0] > 180:
		east.Max[0] = 180
		west.Min[0], west.Max[0] = -180, b.Max[0]-360
	default:
		return orb.MultiPolygon{b.ToPolygon()}
	}
	return orb.MultiPolygon{west.ToPolygon(), east.ToPolygon()}
}

// follows tells whether next comes right after cell, of the same resolution, in
// H3 order: as the next child of its parent, or as the first child of the next
// parent after the last one. Not seeing that one follows, as where a pentagon
// lacks a child, costs one range more.
func follows(next, cell hexgrid.Cell) bool {
	r := cell.Resolution()
	if r == 0 {
		return false
	}
	parent, nextParent := cell.Parent(r-1), next.Parent(r-1)
	first, last := parent.DescendantRange(r)
	if parent == nextParent {
		const childrenAfterFirst = 6
		return next-cell == (last-first)/childrenAfterFirst
	}
	firstOfNext, _ := nextParent.DescendantRange(r)
	return cell == last && next == firstOfNext && follows(nextParent, parent)
}

// MemoryBytes is the memory held by the covers kept.
func (co *Coverer) MemoryBytes() int {
	return co.covers.Bytes(func(ranges *[]CellRange) int { return cap(*ranges) * int(unsafe.Sizeof(CellRange{})) })
}
