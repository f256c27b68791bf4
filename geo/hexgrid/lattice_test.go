package hexgrid_test

import (
	"testing"

	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
)

// On the lattice, beside is beside: the six neighbours of every cell of a disk
// are the six steps, and no two cells share a position.
func TestLatticeKeepsNeighbours(t *testing.T) {
	t.Parallel()
	centre, err := hexgrid.CellOf(orb.Point{5.9167, 45.5646}, 10)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := centre.Disk(10)
	if err != nil {
		t.Fatal(err)
	}
	at, err := hexgrid.Lattice(cells)
	if err != nil {
		t.Fatal(err)
	}
	position, taken := map[hexgrid.Cell]hexgrid.IJ{}, map[hexgrid.IJ]bool{}
	for i, c := range cells {
		if taken[at[i]] {
			t.Fatalf("two cells at %v", at[i])
		}
		position[c], taken[at[i]] = at[i], true
	}
	steps := map[hexgrid.IJ]bool{{1, 0}: true, {-1, 0}: true, {0, 1}: true, {0, -1}: true, {1, 1}: true, {-1, -1}: true}
	for _, c := range cells {
		for _, n := range c.Neighbours() {
			there, inside := position[n]
			if step := (hexgrid.IJ{I: there.I - position[c].I, J: there.J - position[c].J}); inside && !steps[step] {
				t.Errorf("%v and its neighbour %v are %v apart", c, n, step)
			}
		}
	}
}

func TestLatticeRefuses(t *testing.T) {
	t.Parallel()
	here, _ := hexgrid.CellOf(orb.Point{5.9167, 45.5646}, 10)
	there, _ := hexgrid.CellOf(orb.Point{-70, -33}, 10)
	if _, err := hexgrid.Lattice([]hexgrid.Cell{here, there}); err == nil {
		t.Error("two ends of the world share a lattice")
	}
	if got, err := hexgrid.Lattice(nil); err != nil || len(got) != 0 {
		t.Errorf("nothing: %v, %v", got, err)
	}
}
