package geomconv_test

import (
	"math"

	"github.com/paulmach/orb"
)

var (
	square     = orb.Ring{{5.90, 45.56}, {5.94, 45.56}, {5.94, 45.60}, {5.90, 45.60}, {5.90, 45.56}}
	courtyard  = orb.Ring{{5.91, 45.57}, {5.91, 45.58}, {5.92, 45.58}, {5.92, 45.57}, {5.91, 45.57}}
	neighbour  = orb.Ring{{5.94, 45.56}, {5.98, 45.56}, {5.98, 45.60}, {5.94, 45.60}, {5.94, 45.56}}
	bowTie     = orb.Ring{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}
	sliver     = orb.Ring{{5.9, 45.5}, {5.95, 45.5}, {5.95, math.Nextafter(45.5, 46)}, {5.9, 45.5}}
	duplicates = orb.LineString{{5.9, 45.5}, {5.9, 45.5}, {5.9, 45.5}}
)

// awkward lists once every shape that has to survive the two conversions,
// whether or not it is valid.
var awkward = map[string]orb.Geometry{
	"point":                     orb.Point{5.9203, 45.5646},
	"point at origin":           orb.Point{0, 0},
	"point at negative zero":    orb.Point{math.Copysign(0, -1), math.Copysign(0, -1)},
	"point outside France":      orb.Point{-179.9999, -89.9999},
	"point outside the world":   orb.Point{929000, 6500000},
	"point at smallest float":   orb.Point{math.SmallestNonzeroFloat64, math.MaxFloat64},
	"multi-point":               orb.MultiPoint{{5.9, 45.5}, {5.9, 45.5}},
	"multi-point of one":        orb.MultiPoint{{5.9, 45.5}},
	"multi-point, empty":        orb.MultiPoint{},
	"multi-point, nil":          orb.MultiPoint(nil),
	"line":                      orb.LineString{{5.9, 45.5}, {5.91, 45.51}},
	"line of one point":         orb.LineString{{5.9, 45.5}},
	"line, duplicate vertices":  duplicates,
	"line, empty":               orb.LineString{},
	"line, nil":                 orb.LineString(nil),
	"lines":                     orb.MultiLineString{duplicates, {{0, 0}, {1, 1}}},
	"lines, an empty one":       orb.MultiLineString{{}, duplicates, {}},
	"lines, empty":              orb.MultiLineString{},
	"lines, nil":                orb.MultiLineString(nil),
	"polygon":                   orb.Polygon{square},
	"polygon with a hole":       orb.Polygon{square, courtyard},
	"polygon, bow-tie":          orb.Polygon{bowTie},
	"polygon, sliver":           orb.Polygon{sliver},
	"polygon, unclosed ring":    orb.Polygon{{{0, 0}, {1, 0}, {1, 1}}},
	"polygon, empty ring":       orb.Polygon{{}},
	"polygon, empty inner ring": orb.Polygon{square, {}},
	"polygon, empty":            orb.Polygon{},
	"polygon, nil":              orb.Polygon(nil),
	"polygons, shared border":   orb.MultiPolygon{{square}, {neighbour}},
	"polygons, hole in second":  orb.MultiPolygon{{neighbour}, {square, courtyard}},
	"polygons, first empty":     orb.MultiPolygon{{}, {square}},
	"polygons, middle empty":    orb.MultiPolygon{{square}, {}, {neighbour}},
	"polygons, one empty ring":  orb.MultiPolygon{{square}, {{}}},
	"polygons, only empty":      orb.MultiPolygon{{}, {}},
	"polygons, empty":           orb.MultiPolygon{},
	"polygons, nil":             orb.MultiPolygon(nil),
	"collection":                orb.Collection{orb.Point{5.9, 45.5}, orb.Polygon{square, courtyard}},
	"collection of empties":     orb.Collection{orb.LineString{}, orb.Polygon{}, orb.MultiPolygon{}},
	"collection in collection":  orb.Collection{orb.Collection{orb.Point{1, 2}}, orb.Collection{}},
	"collection, empty":         orb.Collection{},
	"collection, nil":           orb.Collection(nil),
}
