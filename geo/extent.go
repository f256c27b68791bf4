package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Extent is a box of lon/lat degrees, Min south-west, Max north-east, borders
// included. It converts to and from orb.Bound.
type Extent orb.Bound

// metresPerDegree is one degree of latitude on a sphere of 40 000 km around;
// it errs by less than half a percent, which margins don't mind.
const metresPerDegree = 40_000_000 / 360.0

// Surroundings is the box of a territoire enlarged by a margin on each side:
// a position beyond it is refused, one inside it that is in no quartier is
// accepted without a quartier. mp must not be empty.
func Surroundings(mp orb.MultiPolygon, marginMetres float64) Extent {
	box := mp.Bound()
	up := marginMetres / metresPerDegree
	poleward := math.Max(math.Abs(box.Min[1]), math.Abs(box.Max[1]))
	across := math.Min(up/math.Cos(poleward*math.Pi/180), 360)
	return Extent{
		Min: Snap(orb.Point{math.Max(box.Min[0]-across, -180), math.Max(box.Min[1]-up, -90)}),
		Max: Snap(orb.Point{math.Min(box.Max[0]+across, 180), math.Min(box.Max[1]+up, 90)}),
	}
}

// Contains says that p is in the box; a NaN position never is.
func (e Extent) Contains(p orb.Point) bool {
	return p[0] >= e.Min[0] && p[0] <= e.Max[0] && p[1] >= e.Min[1] && p[1] <= e.Max[1]
}

// LooksSwapped says that p is outside e and that its latitude and longitude,
// exchanged, are inside.
func LooksSwapped(p orb.Point, e Extent) bool {
	return !e.Contains(p) && e.Contains(orb.Point{p[1], p[0]})
}

// Check accepts the positions of a Point, Polygon or MultiPolygon that all lie
// in the box, and otherwise tells the most helpful reason of the first that
// does not: NotANumber, Lambert93, SwappedAxes, OutOfRange or
// OutsideTerritoire; MissingPosition when there is none at all.
func (e Extent) Check(g orb.Geometry) error {
	positions := 0
	for p := range positionsOf(g) {
		positions++
		if e.Contains(p) {
			continue
		}
		if LooksSwapped(p, e) {
			return invalidAt(SwappedAxes, p)
		}
		if err := checkPosition(p); err != nil {
			return err
		}
		return invalidAt(OutsideTerritoire, p)
	}
	if positions == 0 {
		return invalid(MissingPosition)
	}
	return nil
}

// positionsOf yields each position of a Point, Polygon or MultiPolygon.
func positionsOf(g orb.Geometry) func(yield func(orb.Point) bool) {
	return func(yield func(orb.Point) bool) {
		var parts orb.MultiPolygon
		switch g := g.(type) {
		case orb.Point:
			yield(g)
			return
		case orb.Polygon:
			parts = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			parts = g
		}
		for _, p := range parts {
			for _, ring := range p {
				for _, at := range ring {
					if !yield(at) {
						return
					}
				}
			}
		}
	}
}
