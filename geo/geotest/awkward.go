// Package geotest is for tests only: geometries that have broken programs
// before, listed once, so that each function can be tried on all of them.
package geotest

import (
	"math"

	"github.com/paulmach/orb"

	"quietude/geo"
)

// Case is one geometry of Chambéry's size, lon/lat degrees.
type Case struct {
	Name     string
	Geometry orb.Geometry
	// Reason is why geo refuses it; "" when it is valid.
	Reason geo.Reason
}

// Square is a closed counter-clockwise square, its south-west corner at
// west, south.
func Square(west, south, degrees float64) orb.Ring {
	east, north := west+degrees, south+degrees
	return orb.Ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
}

// Hole is Square the other way round.
func Hole(west, south, degrees float64) orb.Ring {
	ring := Square(west, south, degrees)
	ring.Reverse()
	return ring
}

// Circle is a closed counter-clockwise ring of the given number of distinct
// vertices, about 0.01 degree wide.
func Circle(vertices int) orb.Ring {
	ring := make(orb.Ring, 0, vertices+1)
	for i := range vertices {
		a := 2 * math.Pi * float64(i) / float64(vertices)
		ring = append(ring, orb.Point{5.91 + 0.005*math.Cos(a), 45.57 + 0.005*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// Awkward lists every kind of geometry that needs thought. Each call makes
// fresh values.
func Awkward() []Case {
	return append(awkwardPoints(), append(awkwardPolygons(), awkwardParts()...)...)
}

func awkwardPoints() []Case {
	return []Case{
		{"point", orb.Point{5.91, 45.57}, ""},
		{"point of too many decimals", orb.Point{5.912345678901234, 45.571234567890123}, ""},
		{"south-west of Greenwich", orb.Point{-61.5, -21.1}, ""},
		{"null island", orb.Point{0, 0}, ""},
		{"negative zero", orb.Point{math.Copysign(0, -1), 45.57}, ""},
		{"corner of the world", orb.Point{-180, -90}, ""},
		{"NaN", orb.Point{math.NaN(), 45.57}, geo.NotANumber},
		{"infinite", orb.Point{5.91, math.Inf(1)}, geo.NotANumber},
		{"north of the pole", orb.Point{5.91, 90.0000001}, geo.OutOfRange},
		{"Lambert-93", orb.Point{929_000, 6_500_000}, geo.Lambert93},
		{"Lambert-93, northing first", orb.Point{6_500_000, 929_000}, geo.Lambert93},
	}
}

func awkwardPolygons() []Case {
	shell := func() orb.Ring { return Square(5.90, 45.56, 0.01) }
	clockwise := shell()
	clockwise.Reverse()
	doubled := orb.Ring{{5.90, 45.56}, {5.90, 45.56}, {5.91, 45.56}, {5.91, 45.57}, {5.91, 45.57}, {5.91, 45.57}, {5.90, 45.56}, {5.90, 45.56}}
	return []Case{
		{"square", orb.Polygon{shell()}, ""},
		{"clockwise", orb.Polygon{clockwise}, ""},
		{"hole", orb.Polygon{shell(), Hole(5.903, 45.563, 0.002)}, ""},
		{"hole turning like its shell", orb.Polygon{shell(), Square(5.903, 45.563, 0.002)}, ""},
		{"hole that touches the shell once", orb.Polygon{shell(), {{5.90, 45.565}, {5.902, 45.566}, {5.902, 45.564}, {5.90, 45.565}}}, ""},
		{"duplicate vertices", orb.Polygon{doubled}, ""},
		{"vertex in the middle of a side", orb.Polygon{{{5.90, 45.56}, {5.905, 45.56}, {5.91, 45.56}, {5.91, 45.57}, {5.90, 45.57}, {5.90, 45.56}}}, ""},
		{"crescent, centroid outside", orb.Polygon{{{5.90, 45.56}, {5.91, 45.56}, {5.91, 45.57}, {5.90, 45.57}, {5.90, 45.569}, {5.909, 45.569}, {5.909, 45.561}, {5.90, 45.561}, {5.90, 45.56}}}, ""},
		{"sliver", orb.Polygon{{{5.90, 45.56}, {5.91, 45.56}, {5.91, 45.5600001}, {5.90, 45.56}}}, ""},
		{"one snap wide", orb.Polygon{{{5.90, 45.56}, {5.9000001, 45.56}, {5.90, 45.5600001}, {5.90, 45.56}}}, ""},
		{"circle of 10,000 positions", orb.Polygon{Circle(9_999)}, ""},

		{"nil polygon", orb.Polygon(nil), geo.EmptyGeometry},
		{"empty ring", orb.Polygon{{}}, geo.EmptyGeometry},
		{"empty hole", orb.Polygon{shell(), {}}, geo.EmptyGeometry},
		{"two points", orb.Polygon{{{5.90, 45.56}, {5.91, 45.57}}}, geo.TooFewPoints},
		{"there and back", orb.Polygon{{{5.90, 45.56}, {5.91, 45.57}, {5.90, 45.56}}}, geo.TooFewPoints},
		{"unclosed", orb.Polygon{shell()[:4]}, geo.UnclosedRing},
		{"on one line", orb.Polygon{{{5.90, 45.56}, {5.91, 45.56}, {5.92, 45.56}, {5.90, 45.56}}}, geo.ZeroArea},
		{"one point four times", orb.Polygon{{{5.90, 45.56}, {5.90, 45.56}, {5.90, 45.56}, {5.90, 45.56}}}, geo.ZeroArea},
		{"bow-tie", orb.Polygon{{{5.90, 45.56}, {5.91, 45.57}, {5.91, 45.56}, {5.90, 45.57}, {5.90, 45.56}}}, geo.SelfIntersection},
		{"eight that touches in a vertex", orb.Polygon{{{5.90, 45.56}, {5.905, 45.565}, {5.91, 45.56}, {5.91, 45.57}, {5.905, 45.565}, {5.90, 45.57}, {5.90, 45.56}}}, geo.SelfIntersection},
		{"spike", orb.Polygon{{{5.90, 45.56}, {5.91, 45.56}, {5.91, 45.58}, {5.91, 45.57}, {5.90, 45.57}, {5.90, 45.56}}}, geo.SelfIntersection},
		{"drawn twice over", orb.Polygon{append(shell(), shell()[1:]...)}, geo.SelfIntersection},
		{"hole outside", orb.Polygon{shell(), Hole(5.92, 45.563, 0.002)}, geo.HoleOutsideShell},
		{"hole around the shell", orb.Polygon{shell(), Hole(5.89, 45.55, 0.03)}, geo.HoleOutsideShell},
		{"hole across the shell", orb.Polygon{shell(), Hole(5.909, 45.563, 0.002)}, geo.CrossingRings},
		{"hole that leaves through a vertex of the shell", orb.Polygon{shell(), {{5.905, 45.565}, {5.909, 45.565}, {5.911, 45.575}, {5.905, 45.565}}}, geo.CrossingRings},
		{"hole along the shell", orb.Polygon{shell(), Hole(5.90, 45.563, 0.002)}, geo.CrossingRings},
		{"hole equal to the shell", orb.Polygon{shell(), clockwise}, geo.CrossingRings},
		{"hole in a hole", orb.Polygon{shell(), Hole(5.902, 45.562, 0.006), Hole(5.904, 45.564, 0.002)}, geo.NestedHoles},
		{"hole that cuts the area in two", orb.Polygon{shell(), {{5.90, 45.565}, {5.905, 45.566}, {5.91, 45.565}, {5.905, 45.564}, {5.90, 45.565}}}, geo.DisconnectedInterior},
		{"NaN vertex", orb.Polygon{{{5.90, 45.56}, {5.91, math.NaN()}, {5.91, 45.57}, {5.90, 45.56}}}, geo.NotANumber},
		{"Lambert-93 square", orb.Polygon{Square(929_000, 6_500_000, 1000)}, geo.Lambert93},
		{"whole world", orb.Polygon{{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}, {-180, -90}}}, geo.CrossesAntimeridian},
		{"circle of 10,001 positions", orb.Polygon{Circle(10_000)}, geo.TooManyVertices},
	}
}

func awkwardParts() []Case {
	one := func() orb.Polygon { return orb.Polygon{Square(5.90, 45.56, 0.01)} }
	return []Case{
		{"one part", orb.MultiPolygon{one()}, ""},
		{"two parts", orb.MultiPolygon{one(), {Square(5.92, 45.56, 0.01)}}, ""},
		{"two parts that touch in a point", orb.MultiPolygon{one(), {Square(5.91, 45.57, 0.01)}}, ""},
		{"part in the hole of a part", orb.MultiPolygon{{Square(5.90, 45.56, 0.01), Hole(5.902, 45.562, 0.006)}, {Square(5.904, 45.564, 0.002)}}, ""},

		{"no part", orb.MultiPolygon{}, geo.EmptyGeometry},
		{"empty part", orb.MultiPolygon{one(), {}}, geo.EmptyGeometry},
		{"parts with a shared border", orb.MultiPolygon{one(), {Square(5.91, 45.56, 0.01)}}, geo.OverlappingParts},
		{"overlapping parts", orb.MultiPolygon{one(), {Square(5.905, 45.565, 0.01)}}, geo.OverlappingParts},
		{"parts that cross in vertices", orb.MultiPolygon{one(), {{{5.895, 45.555}, {5.90, 45.56}, {5.905, 45.565}, {5.895, 45.565}, {5.895, 45.555}}}}, geo.OverlappingParts},
		{"part inside a part", orb.MultiPolygon{one(), {Square(5.904, 45.564, 0.002)}}, geo.OverlappingParts},
		{"the same part twice", orb.MultiPolygon{one(), one()}, geo.OverlappingParts},
	}
}
