package hexgrid

import (
	"github.com/uber/h3-go/v4"

	"quietude/geo"
)

// IJ is a position on the hexagonal lattice of a neighbourhood: two axes 120°
// apart, so that the neighbours are (±1,0), (0,±1), (1,1) and (−1,−1). Unit:
// cells. Positions of different origins do not mix.
type IJ struct{ I, J int }

// Lattice gives the positions of cells of one resolution around the first of
// them. Beyond some hundred cells, or across one of the twelve pentagons of
// the globe (all of them at sea), H3 has no common lattice: InvalidCell.
func Lattice(cells []Cell) ([]IJ, error) {
	out := make([]IJ, len(cells))
	for i, c := range cells {
		at, err := h3.CellToLocalIJ(h3.Cell(cells[0]), h3.Cell(c))
		if err != nil {
			return nil, &geo.Invalid{Reason: geo.InvalidCell}
		}
		out[i] = IJ{at.I, at.J}
	}
	return out, nil
}
