package hexgrid

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"quietude/geo"
)

// MaxDiskRadius bounds Disk: 331 cells.
const MaxDiskRadius = 10

// Centre is the lon/lat of the middle of the cell; NaN, which nothing accepts
// as a position, for an invalid cell.
func (c Cell) Centre() orb.Point {
	if !c.Valid() {
		return orb.Point{math.NaN(), math.NaN()}
	}
	at, err := h3.Cell(c).LatLng()
	if err != nil {
		return orb.Point{math.NaN(), math.NaN()}
	}
	return orb.Point{at.Lng, at.Lat}
}

// Boundary is the outline of the cell: closed, counter-clockwise, lon/lat, six
// sides (five for a pentagon, some more where an edge of H3's icosahedron
// passes). A cell on the antimeridian is unwrapped around its first vertex,
// so that its longitudes may exceed ±180 and planar arithmetic still holds. A
// cell that contains a pole has no planar outline and is drawn without it.
// The boundary of an invalid cell is nil.
func (c Cell) Boundary() orb.Ring {
	if !c.Valid() {
		return nil
	}
	vertices, err := h3.Cell(c).Boundary()
	if err != nil || len(vertices) == 0 {
		return nil
	}
	ring := make(orb.Ring, 0, len(vertices)+1)
	for _, v := range vertices {
		ring = append(ring, orb.Point{unwrap(v.Lng, vertices[0].Lng), v.Lat})
	}
	return append(ring, ring[0])
}

// unwrap moves lng by whole turns to within 180 degrees of reference.
func unwrap(lng, reference float64) float64 {
	return lng - 360*math.Round((lng-reference)/360)
}

// Disk is c and all cells up to k steps away, sorted: 3k(k+1)+1 cells, fewer
// around a pentagon. It refuses InvalidCell and RadiusTooLarge.
func (c Cell) Disk(k int) ([]Cell, error) {
	if !c.Valid() {
		return nil, &geo.Invalid{Reason: geo.InvalidCell}
	}
	if k < 0 || k > MaxDiskRadius {
		return nil, &geo.Invalid{Reason: geo.RadiusTooLarge, Limit: MaxDiskRadius}
	}
	cells, err := h3.Cell(c).GridDisk(k)
	if err != nil {
		return nil, &geo.Invalid{Reason: geo.InvalidCell}
	}
	return sorted(cells), nil
}

// Neighbours are the six cells around c (five around a pentagon), sorted; none
// for an invalid cell.
func (c Cell) Neighbours() []Cell {
	disk, err := c.Disk(1)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(disk, func(other Cell) bool { return other == c })
}

// sorted drops H3's empty places and repetitions.
func sorted(cells []h3.Cell) []Cell {
	out := make([]Cell, 0, len(cells))
	for _, c := range cells {
		if c != 0 {
			out = append(out, Cell(c))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Outline is the union of cells of one resolution, each given once: their
// common sides are gone. The same cells in the same order give the same rings.
// It refuses what is no such list as geo.InvalidCell.
func Outline(cells []Cell) (orb.MultiPolygon, error) {
	list, seen := make([]h3.Cell, len(cells)), make(map[Cell]bool, len(cells))
	for i, c := range cells {
		if !c.Valid() || c.Resolution() != cells[0].Resolution() || seen[c] {
			return nil, &geo.Invalid{Reason: geo.InvalidCell}
		}
		list[i], seen[c] = h3.Cell(c), true
	}
	polygons, err := h3.CellsToMultiPolygon(list)
	if err != nil || len(polygons) == 0 {
		return nil, &geo.Invalid{Reason: geo.InvalidCell}
	}
	out := make(orb.MultiPolygon, len(polygons))
	for i, p := range polygons {
		out[i] = orb.Polygon{ringOf(p.GeoLoop)}
		for _, hole := range p.Holes {
			out[i] = append(out[i], ringOf(hole))
		}
	}
	return out, nil
}

// ringOf is a closed ring, longitude first.
func ringOf(loop h3.GeoLoop) orb.Ring {
	ring := make(orb.Ring, 0, len(loop)+1)
	for _, at := range loop {
		ring = append(ring, orb.Point{at.Lng, at.Lat})
	}
	return append(ring, ring[0])
}
