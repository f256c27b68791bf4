package edition

import (
	"cmp"
	"slices"

	"quietude/geo/hexgrid"
)

// Sum is what a coarser zoom shows of the published hexagons inside a cell.
type Sum struct {
	Cell hexgrid.Cell
	// Hexagons is the number of published hexagons in it.
	Hexagons int
	// Unsafe and Safe add up the lower bounds of their classes: at least so
	// many voices. Someone who marked two hexagons counts in both.
	Unsafe, Safe int
}

// Zoom sums the published hexagons by their parents of resolution r, from
// hexgrid.Coarsest to that of the edition, sorted by cell. It reads nothing
// but what is published, so it tells nothing more; totals are the same at
// every zoom. A merged hexagon coarser than r stays itself. Other resolutions
// are refused as WrongResolution.
func (e Edition) Zoom(r hexgrid.Resolution) ([]Sum, error) {
	if r < hexgrid.Coarsest || r > e.resolution {
		return nil, refuse(WrongResolution)
	}
	var out []Sum
	for _, h := range e.hexagons {
		cell := h.cell.Parent(min(r, h.cell.Resolution()))
		i, found := slices.BinarySearchFunc(out, cell, func(s Sum, c hexgrid.Cell) int { return cmp.Compare(s.Cell, c) })
		if !found {
			out = slices.Insert(out, i, Sum{Cell: cell})
		}
		out[i].Hexagons++
		out[i].Unsafe += h.Unsafe().AtLeast()
		out[i].Safe += h.Safe().AtLeast()
	}
	return out, nil
}
