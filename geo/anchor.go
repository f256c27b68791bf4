package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Anchor is the position that stands for a geometry: itself for a point, a
// point of the interior for an area. It is the same for the same geometry,
// on every machine, and is snapped.
//
// For an area it is the centroid when the centroid is inside, otherwise the
// middle of the widest inner stretch of one horizontal line: the line halfway
// between the two neighbouring vertex latitudes that surround the middle of
// the area's height. Among several parts the largest counts, the first of
// equals. An area narrower than the stored grid (11 mm) keeps its unsnapped
// point, so that the anchor is inside all the same.
//
// g must be valid; an empty one or another type gives a NaN position, which
// CheckPosition refuses.
func Anchor(g orb.Geometry) orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return Snap(g)
	case orb.Polygon:
		return polygonAnchor(g)
	case orb.MultiPolygon:
		return polygonAnchor(largestPart(g))
	}
	return orb.Point{math.NaN(), math.NaN()}
}

func largestPart(mp orb.MultiPolygon) orb.Polygon {
	var largest orb.Polygon
	area := 0.0
	for _, p := range mp {
		if a := planar.Area(p); largest == nil || a > area {
			largest, area = p, a
		}
	}
	return largest
}

func polygonAnchor(p orb.Polygon) orb.Point {
	if len(p) == 0 || len(p[0]) < 4 {
		return orb.Point{math.NaN(), math.NaN()}
	}
	centroid, _ := planar.CentroidArea(p)
	for _, candidate := range []orb.Point{Snap(centroid), centroid} {
		if polygonSide(p, candidate) == inside {
			return candidate
		}
	}
	at := widestStretch(p)
	if snapped := Snap(at); polygonSide(p, snapped) == inside {
		return snapped
	}
	return at
}

// widestStretch is the middle of the widest inner interval of the scan line.
func widestStretch(p orb.Polygon) orb.Point {
	y := scanLatitude(p)
	var crossings []float64
	for _, ring := range p {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > y) != (b[1] > y) {
				crossings = append(crossings, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(crossings)
	at, width := p[0][0], -1.0
	for i := 1; i < len(crossings); i += 2 {
		if w := crossings[i] - crossings[i-1]; w > width {
			at, width = orb.Point{crossings[i-1] + w/2, y}, w
		}
	}
	return at
}

// scanLatitude avoids every vertex, so that each edge is crossed or missed
// without a special case.
func scanLatitude(p orb.Polygon) float64 {
	bound := p.Bound()
	below, above := bound.Min[1], bound.Max[1]
	middle := below + (above-below)/2
	for _, ring := range p {
		for _, at := range ring {
			if at[1] <= middle {
				below = math.Max(below, at[1])
			} else {
				above = math.Min(above, at[1])
			}
		}
	}
	return below + (above-below)/2
}
