package edition

import (
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"quietude/geo"
	"quietude/geo/hexgrid"
)

// drawAddresses favours the values around the rule.
func drawAddresses(t *rapid.T, cells []hexgrid.Cell) map[hexgrid.Cell]int {
	if rapid.Bool().Draw(t, "addresses unknown") {
		return nil
	}
	addresses := map[hexgrid.Cell]int{}
	one := rapid.SampledFrom([]int{0, 0, 0, 1, 2, 7, 8, 9, 30, 80, 80, 80})
	for _, c := range cells {
		addresses[c] = one.Draw(t, "addresses")
	}
	return addresses
}

func TestUnitsAreDisjointAndRespectAddresses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom([]hexgrid.Resolution{Broad, Fine}).Draw(t, "resolution")
		cells := disk(Fine, rapid.IntRange(0, 6).Draw(t, "radius"))
		addresses := drawAddresses(t, cells)
		units := mergePattern(cells, r, addresses)

		unitOf := map[hexgrid.Cell]hexgrid.Cell{}
		for _, u := range units {
			sum := 0
			for _, c := range u.members {
				if _, twice := unitOf[c]; twice || c.Parent(u.cell.Resolution()) != u.cell || !slices.Contains(cells, c) {
					t.Fatalf("%s is in two units, outside its unit or outside the list", c)
				}
				unitOf[c] = u.cell
				sum += addresses[c]
			}
			if addresses != nil && sum > 0 && sum < MinAddresses {
				t.Fatalf("unit %s has %d addresses", u.cell, sum)
			}
			if addresses == nil && u.cell.Resolution() != r {
				t.Fatalf("unit %s is merged without a reason", u.cell)
			}
		}
		// A parent takes everything of the list that it contains.
		for _, u := range units {
			for _, c := range cells {
				if c.Parent(u.cell.Resolution()) == u.cell && unitOf[c] != u.cell {
					t.Fatalf("%s lies in the unit %s but is counted in %s", c, u.cell, unitOf[c])
				}
			}
		}
		// What is withheld has too few addresses even at the coarsest level.
		for _, c := range cells {
			if _, counted := unitOf[c]; counted {
				continue
			}
			sum := 0
			for _, other := range cells {
				if other.Parent(hexgrid.Coarsest) == c.Parent(hexgrid.Coarsest) {
					sum += addresses[other]
				}
			}
			if sum == 0 || sum >= MinAddresses {
				t.Fatalf("%s is withheld although its res-%d hexagon has %d addresses", c, hexgrid.Coarsest, sum)
			}
		}
	})
}

// A hexagon without neighbours of 1 to 7 addresses under its parent is alone.
func TestMergingStaysWhereItIsNeeded(t *testing.T) {
	cells := disk(Fine, 4)
	addresses := map[hexgrid.Cell]int{}
	for _, c := range cells {
		addresses[c] = 20
	}
	few := cells[30]
	addresses[few] = 3
	units := mergePattern(cells, Fine, addresses)
	for _, u := range units {
		if merged := u.cell.Resolution() == Broad; merged != (u.cell == few.Parent(Broad)) {
			t.Errorf("unit %s of %d hexagons, few addresses in %s", u.cell, len(u.members), few.Parent(Broad))
		}
	}
	if len(units) == len(cells) {
		t.Error("a hexagon with 3 addresses stands alone")
	}
	// FAULTS 108 at the level of bytes: twenty people there appear in the parent only.
	r := request(t, func(r *Request) {
		r.Claim, r.Resolution, r.Cells, r.Addresses = claim(evenings(0, 3)), Fine, cells, addresses
		r.Voices = crowd(few, Unsafe, 20, "p")
	})
	if h := build(t, r).Hexagons(); len(h) != 1 || h[0].Cell() != few.Parent(Broad) || h[0].Unsafe().String() != "15+" {
		t.Errorf("published %v", h)
	}
	// Alone under its res-8 parent, with 3 addresses: withheld.
	r.Cells, r.Addresses = []hexgrid.Cell{few}, map[hexgrid.Cell]int{few: 3}
	if h := build(t, r).Hexagons(); len(h) != 0 {
		t.Errorf("three households are published: %v", h)
	}
}

// A person in several members of a merged unit counts once.
func TestMergedUnitCountsPeopleOnce(t *testing.T) {
	cells := disk(Fine, 1)
	parent := cells[0].Parent(Broad)
	cells = slices.DeleteFunc(cells, func(c hexgrid.Cell) bool { return c.Parent(Broad) != parent })
	addresses := map[hexgrid.Cell]int{}
	var voices []Voice
	for _, c := range cells {
		addresses[c] = 4
		voices = append(voices, crowd(c, Unsafe, 4, "same")...)
	}
	r := request(t, func(r *Request) {
		r.Claim, r.Resolution, r.Cells, r.Addresses, r.Voices = claim(evenings(0, 3)), Fine, cells, addresses, voices
	})
	if e := build(t, r); len(cells) < 2 || len(e.Hexagons()) != 0 {
		t.Errorf("four people in %d hexagons are published: %s", len(cells), e.Canonical())
	}
}

func reachable(t testing.TB) map[string][]hexgrid.Cell {
	t.Helper()
	file, err := os.Open("../../data/chambery/quartiers_chambery_topo.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	quartiers, err := geo.ReadQuartiers(file, geo.QuartierLimits{})
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string][]hexgrid.Cell{}
	for _, q := range quartiers {
		cells, err := hexgrid.Reachable(q.Shape, hexgrid.Stored)
		if err != nil {
			t.Fatal(err)
		}
		stored[q.Code] = cells
	}
	return stored
}

func TestPartitionOfChambery(t *testing.T) {
	stored := reachable(t)
	for _, owned := range []hexgrid.Resolution{Broad, Fine} {
		owner, whole := map[hexgrid.Cell]string{}, map[hexgrid.Cell]string{}
		for code, cells := range must(Partition(stored, owned)) {
			if !slices.IsSorted(cells) {
				t.Errorf("the list of %s is not sorted", code)
			}
			for _, c := range cells {
				if other, twice := owner[c]; twice {
					t.Errorf("%s belongs to %s and %s", c, code, other)
				}
				owner[c] = code
				if other, cut := whole[c.Parent(owned)]; cut && other != code {
					t.Errorf("%s is cut between %s and %s", c.Parent(owned), code, other)
				}
				whole[c.Parent(owned)] = code
			}
		}
		all, lost := 0, 0
		for code, cells := range stored {
			n := 0
			for _, c := range cells {
				switch owner[c.Parent(Fine)] {
				case "":
					t.Errorf("%s of %s belongs to nobody", c, code)
				case code:
				default:
					n++
				}
			}
			t.Logf("owned at %d: %.1f %% of %s lies in hexagons of other quartiers", owned, 100*float64(n)/float64(len(cells)), code)
			all, lost = all+len(cells), lost+n
		}
		t.Logf("owned at %d: %.1f %% of all quartiers", owned, 100*float64(lost)/float64(all))
	}
}

func TestPartitionTiesAndRefusals(t *testing.T) {
	a := disk(Broad, 0)[0]
	first, last := a.DescendantRange(hexgrid.Stored)
	for range 20 { // maps have no order
		lists := must(Partition(map[string][]hexgrid.Cell{"B": {first}, "A": {last}, "C": {last}}, Broad))
		if len(lists) != 1 || !slices.Equal(lists["A"], []hexgrid.Cell{first.Parent(Fine), last.Parent(Fine)}) {
			t.Fatalf("a tie gives %v", lists)
		}
	}
	for _, c := range []struct {
		stored map[string][]hexgrid.Cell
		r      hexgrid.Resolution
		want   Reason
	}{
		{map[string][]hexgrid.Cell{"A": {first}}, 11, WrongResolution},
		{map[string][]hexgrid.Cell{"A": {first}}, 8, WrongResolution},
		{map[string][]hexgrid.Cell{"A": {a}}, Broad, InvalidCells},
		{map[string][]hexgrid.Cell{"A": {first, first}}, Broad, InvalidCells},
		{map[string][]hexgrid.Cell{"A": nil}, Broad, InvalidCells},
		{map[string][]hexgrid.Cell{"a b": {first}}, Broad, InvalidCode},
	} {
		if _, err := Partition(c.stored, c.r); reasonOf(err) != c.want {
			t.Errorf("%v at %d: %v, want %s", c.stored, c.r, err, c.want)
		}
	}
}
