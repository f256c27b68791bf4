package hexstat

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the quartier and the footprint, a moved footprint has as many distinct
// hexagons as before, all inside; where nothing is cut it is the same shape.
func TestMovedFootprints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := hexDisk(4)
		hexagons := rapid.Permutation(all).Draw(t, "order")[:rapid.IntRange(1, len(all)).Draw(t, "hexagons")]
		addresses := make([]float64, len(hexagons))
		for i := range addresses {
			addresses[i] = float64(rapid.IntRange(0, 3).Draw(t, "addresses"))
		}
		addresses[0]++
		g, why := NewGround(hexagons, addresses)
		if why != "" {
			t.Fatalf("no ground: %s", why)
		}
		if !g.Neighbours().fits(g.Hexagons()) {
			t.Fatalf("neighbours %v of %d hexagons", g.Neighbours(), g.Hexagons())
		}
		indices := make([]int32, len(hexagons))
		for i := range indices {
			indices[i] = int32(i)
		}
		cells := rapid.Permutation(indices).Draw(t, "cells")[:rapid.IntRange(1, len(indices)).Draw(t, "size")]
		f, m := g.footprintOf(cells), newMover(g, rapid.Uint64().Draw(t, "seed"))
		placed := make([]int32, len(cells))
		for range 20 {
			m.drop(&f, placed, placeInside)
			sorted := slices.Sorted(slices.Values(placed))
			if sorted[0] < 0 || int(sorted[len(sorted)-1]) >= len(hexagons) || len(slices.Compact(sorted)) != len(cells) {
				t.Fatalf("%v became %v on %d hexagons", cells, placed, len(hexagons))
			}
		}
	})
}

// On a quartier so large that nothing is cut, all distances inside the footprint stay.
func TestMovedFootprintsAreRigid(t *testing.T) {
	all := hexDisk(9)
	addresses := make([]float64, len(all))
	for i, a := range all {
		addresses[i] = indicator(a.Distance(Axial{}) <= 3)
	}
	g := ground(t, all, addresses)
	var cells []int32
	for _, a := range []Axial{{0, 0}, {1, 0}, {2, -1}, {-2, 1}, {0, 3}} {
		cells = append(cells, int32(slices.Index(all, a)))
	}
	f, m, placed := g.footprintOf(cells), newMover(g, 1), make([]int32, len(cells))
	orientations := map[Axial]bool{}
	for range 500 {
		m.drop(&f, placed, placeInside)
		for i := range cells {
			for j := range cells {
				if all[cells[i]].Distance(all[cells[j]]) != all[placed[i]].Distance(all[placed[j]]) {
					t.Fatalf("%v became %v", cells, placed)
				}
			}
		}
		orientations[all[placed[1]].Sub(all[placed[0]])] = true
		if medoid := g.medoid(cells); g.weights[placed[medoid]] == 0 {
			t.Fatalf("a home without address, %v", all[placed[medoid]])
		}
	}
	if len(orientations) != 6 {
		t.Errorf("%d orientations", len(orientations))
	}
}

func TestHomesFollowAddresses(t *testing.T) {
	weights := []float64{5, 0, 1, 3, 0, 1}
	a, why := newAlias(weights)
	if why != "" {
		t.Fatal(why)
	}
	const draws = 200_000
	counts, rng := make([]float64, len(weights)), newRand(9)
	for range draws {
		counts[a.draw(rng)]++
	}
	for i, w := range weights {
		near(t, "share", counts[i]/draws, w/10, 0.005)
		if w == 0 && counts[i] > 0 {
			t.Errorf("hexagon %d has no address and %g homes", i, counts[i])
		}
	}
}

func TestGroundRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		hexagons  []Axial
		addresses []float64
		want      Reason
	}{
		"nothing":        {nil, nil, NoData},
		"twice":          {[]Axial{{0, 0}, {1, 0}, {0, 0}}, nil, InvalidInput},
		"no address":     {[]Axial{{0, 0}, {1, 0}}, []float64{0, 0}, NoPopulation},
		"negative":       {[]Axial{{0, 0}, {1, 0}}, []float64{1, -1}, InvalidInput},
		"unequal":        {[]Axial{{0, 0}, {1, 0}}, []float64{1}, InvalidInput},
		"worlds apart":   {[]Axial{{-1 << 31, 0}, {1<<31 - 1, 5}}, nil, InvalidInput},
		"a huge diamond": {[]Axial{{0, 0}, {100_000, 100_000}}, nil, InvalidInput},
	} {
		if g, why := NewGround(c.hexagons, c.addresses); why != c.want || g != nil {
			t.Errorf("%s: %v, reason %q, want %q", name, g, why, c.want)
		}
	}
}
