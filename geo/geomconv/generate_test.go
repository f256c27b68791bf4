package geomconv_test

import (
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// anyGeometry draws one of the seven types, valid or not, with any float64 as
// a coordinate; collections nest at most depth deep.
func anyGeometry(depth int) *rapid.Generator[orb.Geometry] {
	kinds := []*rapid.Generator[orb.Geometry]{
		asGeometry(anyPoint()),
		asGeometry(manyOf[orb.MultiPoint](anyPoint())),
		asGeometry(anyLine()),
		asGeometry(manyOf[orb.MultiLineString](anyLine())),
		asGeometry(anyPolygon()),
		asGeometry(manyOf[orb.MultiPolygon](anyPolygon())),
	}
	if depth > 0 {
		kinds = append(kinds, asGeometry(rapid.Deferred(func() *rapid.Generator[orb.Collection] {
			return manyOf[orb.Collection](anyGeometry(depth - 1))
		})))
	}
	return rapid.OneOf(kinds...)
}

func anyPoint() *rapid.Generator[orb.Point] {
	return rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{rapid.Float64().Draw(t, "lon"), rapid.Float64().Draw(t, "lat")}
	})
}

func anyLine() *rapid.Generator[orb.LineString] { return manyOf[orb.LineString](anyPoint()) }

func anyPolygon() *rapid.Generator[orb.Polygon] {
	return manyOf[orb.Polygon](manyOf[orb.Ring](anyPoint()))
}

func manyOf[S ~[]E, E any](element *rapid.Generator[E]) *rapid.Generator[S] {
	return rapid.Map(rapid.SliceOfN(element, 0, 5), func(s []E) S { return S(s) })
}

func asGeometry[T orb.Geometry](g *rapid.Generator[T]) *rapid.Generator[orb.Geometry] {
	return rapid.Map(g, func(v T) orb.Geometry { return v })
}
