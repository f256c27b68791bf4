package hexgrid_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"quietude/geo/hexgrid"
)

// TestOutline: the union of a disk covers what its cells cover, without inner
// sides; a ring of cells has a hole; two far cells are two polygons.
func TestOutline(t *testing.T) {
	t.Parallel()
	middle, err := hexgrid.CellOf(orb.Point{5.92, 45.57}, 10)
	if err != nil {
		t.Fatal(err)
	}
	disk, err := middle.Disk(1)
	if err != nil {
		t.Fatal(err)
	}
	far, err := hexgrid.CellOf(orb.Point{5.95, 45.60}, 10)
	if err != nil {
		t.Fatal(err)
	}
	ring := []hexgrid.Cell{}
	for _, c := range disk {
		if c != middle {
			ring = append(ring, c)
		}
	}
	for name, c := range map[string]struct {
		cells                    []hexgrid.Cell
		polygons, rings, corners int
	}{
		"one cell": {[]hexgrid.Cell{middle}, 1, 1, 7},
		"a disk":   {disk, 1, 1, 19},
		"a ring":   {ring, 1, 2, 19},
		"two far":  {[]hexgrid.Cell{middle, far}, 2, 1, 7},
	} {
		shape, err := hexgrid.Outline(c.cells)
		if err != nil || len(shape) != c.polygons || len(shape[0]) != c.rings || len(shape[0][0]) != c.corners {
			t.Errorf("%s: %v, %v", name, shape, err)
			continue
		}
		want, got := 0.0, math.Abs(planar.Area(shape))
		for _, cell := range c.cells {
			want += math.Abs(planar.Area(cell.Boundary()))
		}
		if math.Abs(got-want) > 1e-6*want {
			t.Errorf("%s: area %g, want %g", name, got, want)
		}
	}
	coarse := middle.Parent(9)
	for name, cells := range map[string][]hexgrid.Cell{"none": nil, "invalid": {0}, "two resolutions": {middle, coarse}, "twice": {middle, middle}} {
		if shape, err := hexgrid.Outline(cells); err == nil {
			t.Errorf("%s: %v", name, shape)
		}
	}
}
