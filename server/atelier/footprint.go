package atelier

import (
	"slices"

	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexgrid"
)

// Footprint says where on the grid a drawn geometry counts: its anchor (the
// point itself, or a deterministic point inside the zone), the anchor's cell,
// and all cells in which its author has a voice, at resolution 11, sorted. A
// zone covers the cells whose centre lies in it; the anchor's cell is always
// part of them, so that a marker is counted where it has a voice.
func Footprint(g orb.Geometry) (anchor orb.Point, cell hexgrid.Cell, cells []hexgrid.Cell, err error) {
	anchor = geo.Anchor(g)
	if cell, err = hexgrid.CellOf(anchor, hexgrid.Stored); err != nil {
		return anchor, 0, nil, err
	}
	if zone, ok := g.(orb.Polygon); ok {
		if cells, err = hexgrid.Cover(zone, hexgrid.Stored); err != nil {
			return anchor, 0, nil, err
		}
	}
	if i, found := slices.BinarySearch(cells, cell); !found {
		cells = slices.Insert(cells, i, cell)
	}
	return anchor, cell, cells, nil
}
