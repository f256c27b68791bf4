package hexstat

import (
	"fmt"
	"slices"
	"testing"
)

// H3's own neighbour lists and our lattice agree, which also checks the IJ axes.
func TestLatticeIsThatOfH3(t *testing.T) {
	d := readDisk61(t)
	ours := AxialNeighbours(d.hexagons)
	for i := range ours {
		got, want := slices.Sorted(slices.Values(ours[i])), slices.Sorted(slices.Values(d.neighbours[i]))
		if !slices.Equal(got, want) {
			t.Errorf("hexagon %d: %v, H3 says %v", i, got, want)
		}
	}
}

func TestRotation(t *testing.T) {
	for _, a := range hexDisk(4) {
		if got := a.Rotate(6); got != a {
			t.Errorf("%v after a full turn: %v", a, got)
		}
		if got := a.Rotate(-1).Rotate(1); got != a {
			t.Errorf("%v there and back: %v", a, got)
		}
		for sixths := range 6 {
			if a.Rotate(sixths).Distance(Axial{}) != a.Distance(Axial{}) {
				t.Errorf("%v turned by %d is at another distance", a, sixths)
			}
			for _, b := range hexDisk(2) {
				if a.Distance(b) != a.Rotate(sixths).Distance(b.Rotate(sixths)) {
					t.Fatalf("%v–%v: turning by %d changes the distance", a, b, sixths)
				}
			}
		}
	}
	seen := map[Axial]bool{}
	for sixths := range 6 {
		seen[Axial{1, 0}.Rotate(sixths)] = true
	}
	if len(seen) != 6 {
		t.Errorf("six turns of a neighbour give %v", seen)
	}
}

// Shells on an open map are the rings: 1, 6, 12, 18; across a gap they do not jump.
func TestShells(t *testing.T) {
	disk := hexDisk(5)
	s := AxialNeighbours(disk).shells(3)
	centre := slices.Index(disk, Axial{})
	if got := s.until[centre]; !slices.Equal(got, []int32{1, 7, 19, 37}) {
		t.Errorf("shells %v", got)
	}
	for k, until := range s.until[centre] {
		for at := range until {
			if d := disk[s.order[centre][at]].Distance(Axial{}); int(d) > k {
				t.Errorf("distance %d inside radius %d", d, k)
			}
		}
	}
	split := AxialNeighbours([]Axial{{0, 0}, {1, 0}, {3, 0}}).shells(3)
	if got := split.until[0]; !slices.Equal(got, []int32{1, 2, 2, 2}) {
		t.Errorf("across a gap: %v", got)
	}
}

func TestComponents(t *testing.T) {
	nb := Neighbours{{1}, {0, 2}, {1, 3}, {2}, {5}, {4}}
	got := nb.Components([]bool{true, true, false, true, true, true})
	if want := [][]int32{{0, 1}, {3}, {4, 5}}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func ExampleNeighboursOf() {
	// Three cells in a row; what lies around them but is not listed is left out.
	around := func(c int) []int { return []int{c - 1, c, c + 1} }
	fmt.Println(NeighboursOf([]int{7, 8, 9}, around))
	// Output: [[1] [0 2] [1]]
}
