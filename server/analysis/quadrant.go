package analysis

import (
	"slices"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/hexmap"
)

// Quadrant says what is felt and what is reported in one hexagon, each compared
// with the mean of the hexagons that have anything.
type Quadrant string

// The quadrants. A hexagon with little of both is none of them.
const (
	FeltOnly     Quadrant = "felt"
	ReportedOnly Quadrant = "reported"
	FeltReported Quadrant = "both"
)

// Crossed is one hexagon of the comparison.
type Crossed struct {
	Hexagon
	Quadrant Quadrant // "" when neither is above its mean
	// Beyond is true where the difference between the two shares is beyond
	// chance (Fisher, Benjamini–Hochberg at 5 %).
	Beyond bool
}

// Crossing compares what residents say with what is reported.
type Crossing struct {
	Hexagons     []Crossed
	Signalements float64
	Voices       int
	// S is Andresen's index: 1 when the two patterns are the same everywhere.
	S         hexstat.Result[float64]
	Compared  int
	Differing int
}

// Cross puts felt insecurity (voices of ateliers) beside signalements, per
// hexagon: the quadrant by the two means, and method 6 for what is beyond chance.
// Counts of signalements are rounded for the test, which knows whole numbers.
func (v *View) Cross(f hexmap.Filter, resolution hexgrid.Resolution) Crossing {
	var out Crossing
	all := slices.DeleteFunc(v.Hexagons(f, resolution), func(h Hexagon) bool { return h.Unsafe == 0 && h.Signalements == 0 })
	reported, felt := make([]int, len(all)), make([]int, len(all))
	for i, h := range all {
		out.Signalements += h.Signalements
		out.Voices += h.Unsafe
		reported[i], felt[i] = int(h.Signalements+0.5), h.Unsafe
	}
	meanReported, meanFelt := out.Signalements/float64(max(len(all), 1)), float64(out.Voices)/float64(max(len(all), 1))
	pattern := hexstat.Similarity(reported, felt)
	out.S, out.Compared, out.Differing = pattern.S, pattern.Compared, pattern.Differing
	for i, h := range all {
		one := Crossed{Hexagon: h}
		switch isFelt, isReported := float64(h.Unsafe) > meanFelt, h.Signalements > meanReported; {
		case isFelt && isReported:
			one.Quadrant = FeltReported
		case isFelt:
			one.Quadrant = FeltOnly
		case isReported:
			one.Quadrant = ReportedOnly
		}
		if p, ok := pattern.Hexagons[i].Adjusted.Get(); ok && p <= hexstat.Alpha {
			one.Beyond = true
		}
		out.Hexagons = append(out.Hexagons, one)
	}
	return out
}
