package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// segment is one edge with its place in the multipolygon. Repeated positions
// give no edge, so order and count are those of the distinct positions.
type segment struct {
	a, b       orb.Point
	before     orb.Point // the vertex before a
	after      orb.Point // the vertex after b
	minX, maxX float64
	part, ring int
	order      int // place in its ring
	count      int // edges of its ring
}

func segments(mp orb.MultiPolygon) []segment {
	var all []segment
	for i, p := range mp {
		for j, ring := range p {
			first := len(all)
			for k := 1; k < len(ring); k++ {
				a, b := ring[k-1], ring[k]
				if a == b {
					continue
				}
				all = append(all, segment{
					a: a, b: b, minX: math.Min(a[0], b[0]), maxX: math.Max(a[0], b[0]),
					part: i, ring: j, order: len(all) - first,
				})
			}
			joinEnds(all[first:])
		}
	}
	return all
}

// joinEnds tells the edges of one ring their number and their neighbours.
func joinEnds(ring []segment) {
	n := len(ring)
	for i := range ring {
		ring[i].count = n
		ring[i].before = ring[(i+n-1)%n].a
		ring[i].after = ring[(i+1)%n].b
	}
}

// touch says that a ring meets another ring of its part in a point.
type touch struct {
	part, ring int
	at         orb.Point
}

// checkCrossings compares the edges whose bounding boxes meet, west to east,
// and stops at the first pair that may not meet. It returns, each once, the
// points where rings of one part touch.
func checkCrossings(mp orb.MultiPolygon) ([]touch, *Invalid) {
	edges := segments(mp)
	slices.SortStableFunc(edges, func(s, t segment) int { return cmp.Compare(s.minX, t.minX) })
	var touches []touch
	seen := map[touch]bool{}
	for i := range edges {
		s := &edges[i]
		low, high := math.Min(s.a[1], s.b[1]), math.Max(s.a[1], s.b[1])
		for j := i + 1; j < len(edges) && edges[j].minX <= s.maxX; j++ {
			t := &edges[j]
			if (t.a[1] > high && t.b[1] > high) || (t.a[1] < low && t.b[1] < low) {
				continue
			}
			kind, at := meet(s, t)
			if kind == apart || kind == atPoint && consecutive(s, t) {
				continue
			}
			if s.part == t.part && s.ring == t.ring {
				return nil, invalidAt(SelfIntersection, at)
			}
			if kind != atPoint || passThrough(s, t, at) {
				return nil, invalidAt(crossingReason(s, t), at)
			}
			for _, ring := range []int{s.ring, t.ring} {
				if met := (touch{s.part, ring, at}); s.part == t.part && !seen[met] {
					seen[met] = true
					touches = append(touches, met)
				}
			}
		}
	}
	return touches, nil
}

func crossingReason(s, t *segment) Reason {
	if s.part != t.part {
		return OverlappingParts
	}
	return CrossingRings
}

// consecutive edges of a ring share a position by construction.
func consecutive(s, t *segment) bool {
	if s.part != t.part || s.ring != t.ring {
		return false
	}
	d := s.order - t.order
	return d == 1 || d == -1 || d == s.count-1 || d == 1-s.count
}

// passThrough says that the rings of two edges, which meet in a vertex of one
// of them, change sides there: the vertices before and after it on one ring
// are on different sides of the other.
func passThrough(s, t *segment, at orb.Point) bool {
	before, after := t.around(at)
	return s.leftOf(at, before) != s.leftOf(at, after)
}

// around is where the ring comes from and goes to at one of its points.
func (s *segment) around(at orb.Point) (before, after orb.Point) {
	switch at {
	case s.a:
		return s.before, s.b
	case s.b:
		return s.a, s.after
	}
	return s.a, s.b
}

// leftOf says that a direction, from a point of the ring towards p, leads to
// the left of the ring.
func (s *segment) leftOf(at, p orb.Point) bool {
	before, after := s.around(at)
	left1, left2 := turn(before, at, p) > 0, turn(at, after, p) > 0
	if turn(before, at, after) > 0 {
		return left1 && left2
	}
	return left1 || left2
}

type meeting int

const (
	apart   meeting = iota
	atPoint         // one common point, which ends at least one of the two edges
	crossed         // each passes through the other
	along           // a common stretch
)

// meet tells how two edges meet, exactly; the coordinates of a crossing are
// rounded to float64, those of the other meetings are an end of an edge.
func meet(s, t *segment) (meeting, orb.Point) {
	t1, t2 := turn(s.a, s.b, t.a), turn(s.a, s.b, t.b)
	if t1*t2 > 0 {
		return apart, orb.Point{}
	}
	s1, s2 := turn(t.a, t.b, s.a), turn(t.a, t.b, s.b)
	if s1*s2 > 0 {
		return apart, orb.Point{}
	}
	if t1 == 0 && t2 == 0 {
		return meetOnLine(s, t)
	}
	switch {
	case t1 == 0:
		return atPoint, t.a
	case t2 == 0:
		return atPoint, t.b
	case s1 == 0:
		return atPoint, s.a
	case s2 == 0:
		return atPoint, s.b
	}
	return crossed, crossing(s, t)
}

// meetOnLine is meet for two edges on one line.
func meetOnLine(s, t *segment) (meeting, orb.Point) {
	var common []orb.Point
	add := func(p orb.Point) {
		if !slices.Contains(common, p) {
			common = append(common, p)
		}
	}
	for _, p := range []orb.Point{t.a, t.b} {
		if within(p, s.a, s.b) {
			add(p)
		}
	}
	for _, p := range []orb.Point{s.a, s.b} {
		if within(p, t.a, t.b) {
			add(p)
		}
	}
	switch len(common) {
	case 0:
		return apart, orb.Point{}
	case 1:
		return atPoint, common[0]
	}
	return along, common[0]
}

func crossing(s, t *segment) orb.Point {
	dx, dy := s.b[0]-s.a[0], s.b[1]-s.a[1]
	ex, ey := t.b[0]-t.a[0], t.b[1]-t.a[1]
	f := ((t.a[0]-s.a[0])*ey - (t.a[1]-s.a[1])*ex) / (dx*ey - dy*ex)
	return orb.Point{s.a[0] + f*dx, s.a[1] + f*dy}
}
