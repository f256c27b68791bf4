package geo

import (
	"slices"

	"github.com/paulmach/orb"
)

// Normalise returns a copy with the shell counter-clockwise and the holes
// clockwise (RFC 7946 §3.1.6), without repeated consecutive positions.
func Normalise(p orb.Polygon) orb.Polygon {
	normal := make(orb.Polygon, len(p))
	for i, ring := range p {
		wanted := orb.CCW
		if i > 0 {
			wanted = orb.CW
		}
		normal[i] = slices.Compact(slices.Clone(ring))
		if o := normal[i].Orientation(); o != 0 && o != wanted {
			normal[i].Reverse()
		}
	}
	return normal
}

// NormaliseMultiPolygon is Normalise for each part.
func NormaliseMultiPolygon(mp orb.MultiPolygon) orb.MultiPolygon {
	normal := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		normal[i] = Normalise(p)
	}
	return normal
}
