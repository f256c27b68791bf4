package geomconv

import (
	"fmt"
	"reflect"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
)

// ToOrb converts t to its orb counterpart; the SRID of t is not looked at.
//
// nil, as an interface or as a pointer, gives nil. Empty geometries give empty
// non-nil slices. Errors: *LayoutError for anything but XY, ErrEmptyPoint for
// an empty point alone or inside a multi-point, *UnsupportedError for a type
// orb has not.
func ToOrb(t geom.T) (orb.Geometry, error) {
	if isNil(t) {
		return nil, nil
	}
	if l := t.Layout(); l != geom.XY && !isBareCollection(t) {
		return nil, &LayoutError{Layout: l}
	}
	switch t := t.(type) {
	case *geom.Point:
		return pointToOrb(t)
	case *geom.MultiPoint:
		return multiPointToOrb(t)
	case *geom.LineString:
		return unflatten[orb.LineString](t.FlatCoords()), nil
	case *geom.MultiLineString:
		return unflattenParts[orb.MultiLineString](t.FlatCoords(), 0, t.Ends()), nil
	case *geom.LinearRing:
		return unflatten[orb.Ring](t.FlatCoords()), nil
	case *geom.Polygon:
		return unflattenParts[orb.Polygon](t.FlatCoords(), 0, t.Ends()), nil
	case *geom.MultiPolygon:
		return multiPolygonToOrb(t), nil
	case *geom.GeometryCollection:
		return collectionToOrb(t)
	default:
		return nil, &UnsupportedError{Type: fmt.Sprintf("%T", t)}
	}
}

func isNil(t geom.T) bool {
	if t == nil {
		return true
	}
	v := reflect.ValueOf(t)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// isBareCollection tells a collection without members, which may have no
// layout at all: GEOMETRYCOLLECTION EMPTY made by hand.
func isBareCollection(t geom.T) bool {
	gc, ok := t.(*geom.GeometryCollection)
	return ok && gc.NumGeoms() == 0 && gc.Layout() == geom.NoLayout
}

func pointToOrb(p *geom.Point) (orb.Geometry, error) {
	if p.Empty() {
		return nil, ErrEmptyPoint
	}
	return orb.Point{p.X(), p.Y()}, nil
}

func multiPointToOrb(mp *geom.MultiPoint) (orb.Geometry, error) {
	points := unflatten[orb.MultiPoint](mp.FlatCoords())
	if len(points) != mp.NumPoints() {
		return nil, ErrEmptyPoint
	}
	return points, nil
}

func multiPolygonToOrb(mp *geom.MultiPolygon) orb.Geometry {
	polygons := make(orb.MultiPolygon, 0, mp.NumPolygons())
	start := 0
	for _, ends := range mp.Endss() {
		polygons = append(polygons, unflattenParts[orb.Polygon](mp.FlatCoords(), start, ends))
		if len(ends) > 0 {
			start = ends[len(ends)-1]
		}
	}
	return polygons
}

func collectionToOrb(gc *geom.GeometryCollection) (orb.Geometry, error) {
	c := make(orb.Collection, 0, gc.NumGeoms())
	for i, t := range gc.Geoms() {
		g, err := ToOrb(t)
		if err == nil && g == nil {
			err = &UnsupportedError{Type: "nil in geom.GeometryCollection"}
		}
		if err != nil {
			return nil, fmt.Errorf("member %d: %w", i, err)
		}
		c = append(c, g)
	}
	return c, nil
}

// unflatten reads x0, y0, x1, y1, …; the layout has been checked.
func unflatten[P ~[]orb.Point](flat []float64) P {
	points := make(P, len(flat)/2)
	for i := range points {
		points[i] = orb.Point{flat[2*i], flat[2*i+1]}
	}
	return points
}

// unflattenParts cuts flat[start:] where ends say so.
func unflattenParts[L ~[]P, P ~[]orb.Point](flat []float64, start int, ends []int) L {
	parts := make(L, len(ends))
	for i, end := range ends {
		parts[i] = unflatten[P](flat[start:end])
		start = end
	}
	return parts
}
