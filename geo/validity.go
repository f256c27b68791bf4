package geo

import (
	"slices"
	"strconv"

	"github.com/paulmach/orb"
)

// MaxVertices bounds the positions of one area, closing positions included.
const MaxVertices = 10_000

// ValidatePolygon refuses what PostGIS would call invalid (OGC Simple Feature
// Access 06-103r4, §6.1.11), and says where. Positions are lon/lat degrees.
// Repeated consecutive positions are tolerated, as is either orientation of
// the rings: see Normalise. All errors are *Invalid; the field they name is
// that of the GeoJSON geometry.
//
// 10,000 vertices take some milliseconds; a comb made on purpose, whose
// bounding boxes all overlap, less than two seconds.
func ValidatePolygon(p orb.Polygon) error {
	return validate(orb.MultiPolygon{p}, "coordinates", false)
}

// ValidateMultiPolygon is ValidatePolygon for several parts, which may touch
// one another in points but neither overlap nor share a stretch of border.
func ValidateMultiPolygon(mp orb.MultiPolygon) error {
	return validate(mp, "coordinates", true)
}

// validate names fields below path, with the number of the part when the
// coordinates have that level.
func validate(mp orb.MultiPolygon, path string, parts bool) error {
	if len(mp) == 0 {
		return &Invalid{Reason: EmptyGeometry, Field: path}
	}
	vertices := 0
	for _, p := range mp {
		for _, ring := range p {
			vertices += len(ring)
		}
	}
	if vertices > MaxVertices {
		return &Invalid{Reason: TooManyVertices, Field: path, Limit: MaxVertices}
	}
	for i, p := range mp {
		if err := checkRings(p, partPath(path, i, parts)); err != nil {
			return err
		}
	}
	touches, err := checkCrossings(mp)
	if err != nil {
		err.Field = path
		return err
	}
	for i, p := range mp {
		if err := checkHoles(p, partPath(path, i, parts)); err != nil {
			return err
		}
	}
	for _, check := range []func() *Invalid{
		func() *Invalid { return checkConnected(touches) },
		func() *Invalid { return checkParts(mp) },
	} {
		if err := check(); err != nil {
			err.Field = path
			return err
		}
	}
	return nil
}

func partPath(path string, part int, parts bool) string {
	if !parts {
		return path
	}
	return index(path, part)
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// checkRings looks at each ring alone, before any geometry is computed.
func checkRings(p orb.Polygon, path string) error {
	if len(p) == 0 || len(p[0]) == 0 {
		return &Invalid{Reason: EmptyGeometry, Field: path}
	}
	for i, ring := range p {
		for j, at := range ring {
			if err := checkPosition(at); err != nil {
				err.Field = index(index(path, i), j)
				return err
			}
		}
		if err := checkRing(ring); err != nil {
			err.Field = index(path, i)
			return err
		}
	}
	return nil
}

func checkRing(ring orb.Ring) *Invalid {
	if len(ring) == 0 {
		return invalid(EmptyGeometry)
	}
	if len(ring) < 4 {
		return invalidAt(TooFewPoints, ring[0])
	}
	if ring[0] != ring[len(ring)-1] {
		return invalidAt(UnclosedRing, ring[0])
	}
	bound := ring.Bound()
	if bound.Max[0]-bound.Min[0] > 180 {
		return invalidAt(CrossesAntimeridian, ring[0])
	}
	second := slices.IndexFunc(ring, func(p orb.Point) bool { return p != ring[0] })
	if second < 0 || !slices.ContainsFunc(ring, func(p orb.Point) bool { return turn(ring[0], ring[second], p) != 0 }) {
		return invalidAt(ZeroArea, ring[0])
	}
	return nil
}

// checkHoles wants each hole in the shell and in no other hole. No two rings
// cross when it runs, so one vertex off the other ring's border decides.
func checkHoles(p orb.Polygon, path string) error {
	for i, hole := range p[1:] {
		if ringInRing(hole, p[0]) != inside {
			return &Invalid{Reason: HoleOutsideShell, At: &hole[0], Field: index(path, i+1)}
		}
		for _, other := range p[1 : i+1] {
			if ringInRing(hole, other) == inside || ringInRing(other, hole) == inside {
				return &Invalid{Reason: NestedHoles, At: &hole[0], Field: index(path, i+1)}
			}
		}
	}
	return nil
}

// ringInRing places ring in relation to frame, which it does not cross.
func ringInRing(ring, frame orb.Ring) side {
	if !frame.Bound().Intersects(ring.Bound()) {
		return outside
	}
	for _, at := range ring {
		if where := ringSide(frame, at); where != border {
			return where
		}
	}
	// Every vertex touches the frame: the middle of an edge decides.
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		middle := orb.Point{a[0] + (b[0]-a[0])/2, a[1] + (b[1]-a[1])/2}
		if where := ringSide(frame, middle); where != border {
			return where
		}
	}
	return border
}

// checkConnected refuses rings of one part that touch so as to enclose a
// piece of the area: in the graph of rings and the points where they touch, a
// cycle cuts the interior in two. Groups are joined as in Kruskal's algorithm.
func checkConnected(touches []touch) *Invalid {
	type node struct {
		part, ring int // ring is -1 for a point
		at         orb.Point
	}
	parent := map[node]node{}
	root := func(n node) node {
		for {
			up, ok := parent[n]
			if !ok {
				return n
			}
			if above, ok := parent[up]; ok {
				parent[n] = above
			}
			n = up
		}
	}
	for _, t := range touches {
		ring, point := root(node{part: t.part, ring: t.ring}), root(node{t.part, -1, t.at})
		if ring == point {
			return invalidAt(DisconnectedInterior, t.at)
		}
		parent[point] = ring
	}
	return nil
}

// checkParts refuses a part inside another one; a part in the hole of another
// is right. Borders do not cross when it runs.
func checkParts(mp orb.MultiPolygon) *Invalid {
	for i, p := range mp {
		for _, q := range mp[:i] {
			if partInPart(p, q) || partInPart(q, p) {
				return invalidAt(OverlappingParts, p[0][0])
			}
		}
	}
	return nil
}

func partInPart(p, q orb.Polygon) bool {
	if ringInRing(p[0], q[0]) != inside {
		return false
	}
	for _, hole := range q[1:] {
		if where := ringInRing(p[0], hole); where == inside || where == border {
			return false
		}
	}
	return true
}
