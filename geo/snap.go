package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// snapsPerDegree is the grid of stored coordinates: 1e-7 degree, about 11 mm
// of latitude. A snapped number is the float64 nearest to a decimal of seven
// digits, so that JSON, SQL and Go hold the same bits.
const snapsPerDegree = 1e7

// Snap moves p to the nearest stored position. It is idempotent; NaN stays NaN.
func Snap(p orb.Point) orb.Point {
	return orb.Point{snap(p[0]), snap(p[1])}
}

func snap(degrees float64) float64 {
	// + 0 turns a negative zero into the zero that JSON and SQL print.
	return math.Round(degrees*snapsPerDegree)/snapsPerDegree + 0
}

// SnapGeometry returns a copy of a Point, Polygon or MultiPolygon on the
// stored grid. Snapping can close a gap narrower than 11 mm: validate
// after it, not before. Other types are returned unchanged.
func SnapGeometry(g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return Snap(g)
	case orb.Polygon:
		return SnapPolygon(g)
	case orb.MultiPolygon:
		return SnapMultiPolygon(g)
	}
	return g
}

// SnapPolygon is SnapGeometry for one polygon.
func SnapPolygon(p orb.Polygon) orb.Polygon {
	snapped := make(orb.Polygon, len(p))
	for i, ring := range p {
		snapped[i] = make(orb.Ring, len(ring))
		for j, at := range ring {
			snapped[i][j] = Snap(at)
		}
	}
	return snapped
}

// SnapMultiPolygon is SnapGeometry for several polygons.
func SnapMultiPolygon(mp orb.MultiPolygon) orb.MultiPolygon {
	snapped := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		snapped[i] = SnapPolygon(p)
	}
	return snapped
}
