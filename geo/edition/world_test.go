package edition

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
)

// chambery is a place in the town, lon/lat.
var chambery = orb.Point{5.9178, 45.5646}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// disk is the synthetic quartier: 3n(n+1)+1 hexagons around chambery.
func disk(r hexgrid.Resolution, radius int) []hexgrid.Cell {
	return must(must(hexgrid.CellOf(chambery, r)).Disk(radius))
}

func keyOf(seed uint64) Key {
	secret := make([]byte, MinKeyBytes)
	binary.BigEndian.PutUint64(secret, seed)
	return must(NewKey(secret))
}

func evenings(first, n int) Source {
	var s Source
	for i := range n {
		s.Ateliers = append(s.Ateliers, Evening{fmt.Sprintf("atelier-%02d", first+i), Day(fmt.Sprintf("2025-03-%02d", first+i+1))})
	}
	return s
}

func claim(source Source, spent ...Source) Claim {
	ledger := must(NewLedger("73065", "HC", spent))
	return must(ledger.Claim(source, "2025-12-31"))
}

// spot is a point voice: what a device sends, and what per-level indexing reads.
type spot struct {
	who  string
	felt Felt
	at   orb.Point
	slot int          // evening
	cell hexgrid.Cell // of at, stored
}

func newSpot(who string, felt Felt, at orb.Point, slot int) spot {
	return spot{who, felt, at, slot, must(hexgrid.CellOf(at, hexgrid.Stored))}
}

// ground is the list of the synthetic quartier of disk, at Fine.
func ground(r hexgrid.Resolution, radius int) []hexgrid.Cell {
	if r == Fine {
		return disk(Fine, radius)
	}
	var list []hexgrid.Cell
	for _, c := range disk(r, radius) {
		list = append(list, children(c)...)
	}
	return list
}

// children of a hexagon of 9, at 10.
func children(c hexgrid.Cell) []hexgrid.Cell {
	near := must(must(hexgrid.CellOf(c.Centre(), Fine)).Disk(3))
	return slices.DeleteFunc(near, func(child hexgrid.Cell) bool { return child.Parent(Broad) != c })
}

func voicesOf(spots []spot) []Voice {
	voices := make([]Voice, len(spots))
	for i, s := range spots {
		voices[i] = Voice{s.who, s.felt, []hexgrid.Cell{s.cell}}
	}
	return voices
}

// somewhere is a random position that is counted in the cell.
func somewhere(rng *rand.Rand, c hexgrid.Cell) orb.Point {
	box := c.Boundary().Bound()
	for {
		p := orb.Point{
			box.Min[0] + rng.Float64()*(box.Max[0]-box.Min[0]),
			box.Min[1] + rng.Float64()*(box.Max[1]-box.Min[1]),
		}
		if must(hexgrid.CellOf(p, hexgrid.Stored)).Parent(c.Resolution()) == c {
			return p
		}
	}
}

// request with the defaults that a test does not care about: one atelier at
// Broad, addresses unknown, k = 5.
func request(t testing.TB, change func(*Request)) Request {
	t.Helper()
	r := Request{
		Claim: claim(evenings(0, 1)), Resolution: Broad, Cells: ground(Broad, 2),
		Threshold: MinThreshold, Key: keyOf(1),
	}
	if change != nil {
		change(&r)
	}
	return r
}

func build(t testing.TB, r Request) Edition {
	t.Helper()
	e, err := Build(r)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return e
}

// crowd is n voices of n people in one hexagon.
func crowd(c hexgrid.Cell, felt Felt, n int, prefix string) []Voice {
	first, _ := c.DescendantRange(hexgrid.Stored)
	voices := make([]Voice, n)
	for i := range voices {
		voices[i] = Voice{fmt.Sprintf("%s%d", prefix, i), felt, []hexgrid.Cell{first}}
	}
	return voices
}

func shuffled[T any](rng *rand.Rand, list []T) []T {
	out := slices.Clone(list)
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
