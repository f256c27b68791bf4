package geomconv

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
)

// ToGeom converts g to its go-geom counterpart, layout XY, SRID unset.
//
// A nil interface gives nil; a nil slice gives the empty geometry of its type.
// Ring and Bound, which only orb has, become polygons; an empty Bound becomes
// the empty polygon. A nil inside a Collection is an *UnsupportedError.
func ToGeom(g orb.Geometry) (geom.T, error) {
	switch g := g.(type) {
	case nil:
		return nil, nil
	case orb.Point:
		return geom.NewPointFlat(geom.XY, []float64{g[0], g[1]}), nil
	case orb.MultiPoint:
		return geom.NewMultiPointFlat(geom.XY, flatten(nil, g)), nil
	case orb.LineString:
		return geom.NewLineStringFlat(geom.XY, flatten(nil, g)), nil
	case orb.MultiLineString:
		flat, ends := flattenParts(nil, g)
		return geom.NewMultiLineStringFlat(geom.XY, flat, ends), nil
	case orb.Ring:
		return ToGeom(orb.Polygon{g})
	case orb.Polygon:
		flat, ends := flattenParts(nil, g)
		return geom.NewPolygonFlat(geom.XY, flat, ends), nil
	case orb.MultiPolygon:
		return multiPolygonToGeom(g), nil
	case orb.Bound:
		if g.IsEmpty() {
			return geom.NewPolygon(geom.XY), nil
		}
		return ToGeom(g.ToPolygon())
	case orb.Collection:
		return collectionToGeom(g)
	default:
		return nil, &UnsupportedError{Type: fmt.Sprintf("%T", g)}
	}
}

func multiPolygonToGeom(mp orb.MultiPolygon) geom.T {
	var flat []float64
	endss := make([][]int, len(mp))
	for i, p := range mp {
		flat, endss[i] = flattenParts(flat, p)
	}
	return geom.NewMultiPolygonFlat(geom.XY, flat, endss)
}

func collectionToGeom(c orb.Collection) (geom.T, error) {
	gc := geom.NewGeometryCollection()
	for i, g := range c {
		if g == nil {
			return nil, &UnsupportedError{Type: "nil in orb.Collection"}
		}
		t, err := ToGeom(g)
		if err != nil {
			return nil, fmt.Errorf("member %d: %w", i, err)
		}
		if err := gc.Push(t); err != nil {
			return nil, fmt.Errorf("geomconv: member %d: %w", i, err)
		}
	}
	if len(c) == 0 {
		// Members give a collection its layout; without one, say it.
		if err := gc.SetLayout(geom.XY); err != nil {
			return nil, fmt.Errorf("geomconv: empty collection: %w", err)
		}
	}
	return gc, nil
}

// flatten appends x0, y0, x1, y1, … to dst.
func flatten[P ~[]orb.Point](dst []float64, points P) []float64 {
	for _, p := range points {
		dst = append(dst, p[0], p[1])
	}
	return dst
}

// flattenParts appends every part to dst; ends[i] is where part i stops in it.
func flattenParts[L ~[]P, P ~[]orb.Point](dst []float64, parts L) (flat []float64, ends []int) {
	ends = make([]int, len(parts))
	for i, part := range parts {
		dst = flatten(dst, part)
		ends[i] = len(dst)
	}
	return dst, ends
}
