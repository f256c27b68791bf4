package hexgrid

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"quietude/geo"
)

// MaxCoverCells bounds the cells that one area may need. It is estimated from
// the bounding box before H3 is called, because H3 allocates for the box and
// cannot be interrupted: France at resolution 15 asks for 31 TB.
const MaxCoverCells = 200_000

// Cover is the set of hexagons that a drawn area counts for, sorted, never
// empty: the cells whose centre lies in the area, as H3's polygonToCells
// finds them; when there is none, the one cell that contains the area's
// geo.Anchor, reached like any position as a parent of its Stored cell.
//
// A zone is covered once, at Stored; its coarser hexagons are the parents of
// those cells. Cover refuses what geo.ValidatePolygon refuses (H3 would fill a
// bow-tie without a word), InvalidResolution and TooLarge.
func Cover(area orb.Polygon, r Resolution) ([]Cell, error) {
	if err := checkArea(orb.MultiPolygon{area}, r); err != nil {
		return nil, err
	}
	found, err := h3.PolygonToCells(polygonOf(area), int(r))
	if err != nil {
		return nil, &geo.Invalid{Reason: geo.InvalidCell}
	}
	if cells := sorted(found); len(cells) > 0 {
		return cells, nil
	}
	c, err := anchorCell(area, r)
	if err != nil {
		return nil, err
	}
	return []Cell{c}, nil
}

func anchorCell(area orb.Geometry, r Resolution) (Cell, error) {
	c, err := CellOf(geo.Anchor(area), max(r, Stored))
	if err != nil {
		return 0, err
	}
	return c.Parent(r), nil
}

// Touching is the set of hexagons that have at least a point in common with
// the area, sorted, never empty. Cells and area are compared as planar lon/lat
// polygons, as PostGIS does with geometries. The centre rule of Cover would
// leave out the cells of a quartier's rim: 15 of the 40 of Bellevue at
// resolution 10. See Reachable for the list in which to count positions.
// It refuses what geo.ValidateMultiPolygon refuses, InvalidResolution and
// TooLarge.
func Touching(area orb.MultiPolygon, r Resolution) ([]Cell, error) {
	if err := checkArea(area, r); err != nil {
		return nil, err
	}
	var all []h3.Cell
	for _, part := range area {
		cells, err := h3.PolygonToCellsExperimental(polygonOf(part), int(r), h3.ContainmentOverlapping)
		if err != nil {
			return nil, &geo.Invalid{Reason: geo.InvalidCell}
		}
		all = append(all, cells...)
	}
	cells := sorted(all)
	if len(cells) == 0 {
		return nil, &geo.Invalid{Reason: geo.InvalidCell}
	}
	return cells, nil
}

// Reachable is the fixed list of cells of a quartier: the parents at r of the
// Stored cells that touch it, sorted. It is where a position of the area can
// be counted, which Touching(area, r) is not quite: the children of a cell
// reach beyond it, so a position may belong to a cell whose outline stays
// outside the quartier. r must be Stored or coarser, else InvalidResolution.
//
// H3 draws cell sides on the sphere and this comparison is planar: a position
// on the very border can be in a cell that misses the area by a millimetre.
// A caller that needs certainty adds the cells of its positions.
func Reachable(area orb.MultiPolygon, r Resolution) ([]Cell, error) {
	if !r.Valid() || r > Stored {
		return nil, &geo.Invalid{Reason: geo.InvalidResolution}
	}
	cells, err := Touching(area, Stored)
	if err != nil {
		return nil, err
	}
	// Parents of sorted cells come out sorted: descendants are contiguous.
	for i, c := range cells {
		cells[i] = c.Parent(r)
	}
	return slices.Compact(cells), nil
}

func checkArea(area orb.MultiPolygon, r Resolution) error {
	if !r.Valid() {
		return &geo.Invalid{Reason: geo.InvalidResolution}
	}
	if err := geo.ValidateMultiPolygon(area); err != nil {
		return err
	}
	estimate := 0.0
	for _, part := range area {
		estimate += cellsInBox(part.Bound(), r)
	}
	if estimate > MaxCoverCells {
		return &geo.Invalid{Reason: geo.TooLarge, Limit: MaxCoverCells}
	}
	return nil
}

// cellsInBox is about how many cells of resolution r a lon/lat box holds: its
// area on the sphere over the mean area of a cell.
func cellsInBox(box orb.Bound, r Resolution) float64 {
	const (
		radians           = math.Pi / 180
		earthSquareMetres = 4 * math.Pi * 6371007.180918475 * 6371007.180918475 // authalic radius, as in H3
	)
	share := (box.Max[0] - box.Min[0]) / 360 * (math.Sin(box.Max[1]*radians) - math.Sin(box.Min[1]*radians)) / 2
	mean, err := h3.HexagonAreaAvgM2(int(r))
	if err != nil {
		return math.Inf(1)
	}
	return share * earthSquareMetres / mean
}

// polygonOf drops the closing positions, which H3 closes by itself.
func polygonOf(p orb.Polygon) h3.GeoPolygon {
	polygon := h3.GeoPolygon{GeoLoop: loopOf(p[0])}
	for _, hole := range p[1:] {
		polygon.Holes = append(polygon.Holes, loopOf(hole))
	}
	return polygon
}

func loopOf(ring orb.Ring) h3.GeoLoop {
	loop := make(h3.GeoLoop, 0, len(ring)-1)
	for _, p := range ring[:len(ring)-1] {
		loop = append(loop, h3.LatLng{Lat: p[1], Lng: p[0]})
	}
	return loop
}
