package hexgrid_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/hexgrid"
)

func TestInvalidCellHasNoShape(t *testing.T) {
	for _, c := range []hexgrid.Cell{0, -1, math.MaxInt64, 12345} {
		if ring := c.Boundary(); ring != nil {
			t.Errorf("cell %d has boundary %v", c, ring)
		}
		if at := c.Centre(); geo.CheckPosition(at) == nil {
			t.Errorf("cell %d has centre %v", c, at)
		}
		if n := c.Neighbours(); n != nil {
			t.Errorf("cell %d has neighbours %v", c, n)
		}
		_, err := c.Disk(1)
		wantReason(t, err, geo.InvalidCell)
		if p := c.Parent(0); p.Valid() {
			t.Errorf("cell %d has parent %v", c, p)
		}
	}
}

func TestDiskIsBounded(t *testing.T) {
	c := cellAt(t, chambery, 10)
	for _, k := range []int{-1, 11, 5000, math.MaxInt} {
		_, err := c.Disk(k)
		wantReason(t, err, geo.RadiusTooLarge)
	}
	for k := range 11 {
		disk, err := c.Disk(k)
		if err != nil || len(disk) != 3*k*(k+1)+1 {
			t.Errorf("Disk(%d) has %d cells, %v", k, len(disk), err)
		}
		if !slices.IsSorted(disk) || !slices.Contains(disk, c) {
			t.Errorf("Disk(%d) is unsorted or without its centre", k)
		}
	}
}

func TestNeighboursAreMutual(t *testing.T) {
	for _, c := range sampleCells(t, 500) {
		neighbours := c.Neighbours()
		if n := len(neighbours); n != 6 && n != 5 {
			t.Fatalf("%v has %d neighbours", c, n)
		}
		for _, n := range neighbours {
			if n == 0 || n == c || !slices.Contains(n.Neighbours(), c) {
				t.Fatalf("%v is a neighbour of %v but not the reverse", n, c)
			}
		}
	}
}

// signedArea is the shoelace sum in square degrees, positive when
// counter-clockwise.
func signedArea(ring orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		sum += (ring[i-1][0]-ring[0][0])*(ring[i][1]-ring[0][1]) - (ring[i][0]-ring[0][0])*(ring[i-1][1]-ring[0][1])
	}
	return sum / 2
}

func TestBoundaryIsARing(t *testing.T) {
	unwrapped := 0
	for _, c := range sampleCells(t, 20_000) {
		if c.Resolution() < 3 {
			continue // cells wide enough to hold a pole have no planar outline
		}
		ring := c.Boundary()
		if n := len(ring); n < 6 || n > 11 || ring[0] != ring[n-1] {
			t.Fatalf("%v has the outline %v", c, ring)
		}
		bound := ring.Bound()
		if bound.Max[1] > 88 || bound.Min[1] < -88 {
			continue
		}
		if signedArea(ring) <= 0 {
			t.Fatalf("%v is not counter-clockwise: %v", c, ring)
		}
		if bound.Max[0]-bound.Min[0] > 90 {
			t.Fatalf("%v is torn at the antimeridian: %v", c, ring)
		}
		if bound.Max[0] > 180 || bound.Min[0] < -180 {
			unwrapped++
		}
	}
	if unwrapped == 0 {
		t.Error("no cell on the antimeridian was tried")
	}
}

func BenchmarkBoundary(b *testing.B) {
	c := cellAt(b, chambery, hexgrid.Stored)
	for b.Loop() {
		c.Boundary()
	}
}
