package geo_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"quietude/geo"
	"quietude/geo/geotest"
)

// reasonOf is "" for nil and fails for other errors than *geo.Invalid.
func reasonOf(t interface {
	Helper()
	Fatalf(string, ...any)
}, err error) geo.Reason {
	t.Helper()
	if err == nil {
		return ""
	}
	var bad *geo.Invalid
	if !errors.As(err, &bad) {
		t.Fatalf("got %T (%v), want *geo.Invalid", err, err)
	}
	return bad.Reason
}

func check(g orb.Geometry) error {
	switch g := g.(type) {
	case orb.Point:
		return geo.CheckPosition(g)
	case orb.Polygon:
		return geo.ValidatePolygon(g)
	case orb.MultiPolygon:
		return geo.ValidateMultiPolygon(g)
	}
	panic("no such case")
}

func TestAwkward(t *testing.T) {
	for _, c := range geotest.Awkward() {
		if got := reasonOf(t, check(c.Geometry)); got != c.Reason {
			t.Errorf("%s: got %q, want %q", c.Name, got, c.Reason)
		}
	}
}

func TestSelfIntersectionSaysWhere(t *testing.T) {
	bowTie := orb.Polygon{{{5.90, 45.56}, {5.91, 45.57}, {5.91, 45.56}, {5.90, 45.57}, {5.90, 45.56}}}
	var bad *geo.Invalid
	if !errors.As(geo.ValidatePolygon(bowTie), &bad) || bad.At == nil {
		t.Fatal("no place given")
	}
	if d := planar.Distance(*bad.At, orb.Point{5.905, 45.565}); d > 1e-12 {
		t.Errorf("crossing at %v, want 5.905 45.565", *bad.At)
	}
	if bad.Field != "coordinates" {
		t.Errorf("field %q", bad.Field)
	}
}

func TestErrorsKeepPositionsAndTextsOutOfLogs(t *testing.T) {
	at := orb.Point{5.9, 45.5}
	e := &geo.Invalid{Reason: geo.WrongCRS, At: &at, Feature: 3, Field: "crs", Value: "secret", Limit: 4}
	if got, want := e.Error(), "geo: wrong_crs in feature 3 at crs (limit 4)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAllReasonsAreListedOnce(t *testing.T) {
	seen := map[geo.Reason]bool{}
	for _, r := range geo.AllReasons {
		if seen[r] || r == "" {
			t.Errorf("%q is listed twice or empty", r)
		}
		seen[r] = true
	}
	for _, r := range declaredReasons(t) {
		if !seen[r] {
			t.Errorf("%q is not in AllReasons", r)
		}
		delete(seen, r)
	}
	if len(seen) != 0 {
		t.Errorf("%v are listed and not declared", seen)
	}
}

// star is a valid star-shaped polygon around Chambéry's centre, of n vertices
// at random distances.
func star(random *rand.Rand, n int) orb.Polygon {
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		r := 0.002 + 0.008*random.Float64()
		ring = append(ring, geo.Snap(orb.Point{5.92 + r*math.Cos(a), 45.57 + r*math.Sin(a)}))
	}
	return orb.Polygon{append(ring, ring[0])}
}

func TestStarsAreValidAndSwapsAreNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.IntRange(5, 60).Draw(t, "vertices")
		p := star(random, n)
		if err := geo.ValidatePolygon(p); err != nil {
			t.Fatalf("a star is refused: %v", err)
		}
		// Exchanging two successive vertices folds the border over itself,
		// unless the two edges happen not to meet: brute force says which.
		i := rapid.IntRange(1, n-2).Draw(t, "swap")
		p[0][i], p[0][i+1] = p[0][i+1], p[0][i]
		got, want := reasonOf(t, geo.ValidatePolygon(p)), geo.Reason("")
		if foldsOver(p[0]) {
			want = geo.SelfIntersection
		}
		if got != want {
			t.Fatalf("got %q, want %q for %v", got, want, p)
		}
	})
}

// foldsOver compares every pair of edges in plain arithmetic, good enough for
// crossings well away from the vertices.
func foldsOver(ring orb.Ring) bool {
	n := len(ring) - 1
	for i := range n {
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			a, b, c, d := ring[i], ring[i+1], ring[j], ring[j+1]
			area := func(p, q, r orb.Point) float64 { return (q[0]-p[0])*(r[1]-p[1]) - (q[1]-p[1])*(r[0]-p[0]) }
			if area(a, b, c)*area(a, b, d) <= 0 && area(c, d, a)*area(c, d, b) <= 0 {
				return true
			}
		}
	}
	return false
}

func TestNormalise(t *testing.T) {
	for _, c := range geotest.Awkward() {
		p, ok := c.Geometry.(orb.Polygon)
		if !ok || c.Reason != "" {
			continue
		}
		before := p.Clone()
		normal := geo.Normalise(p)
		if !p.Equal(before) {
			t.Errorf("%s: the argument changed", c.Name)
		}
		for i, ring := range normal {
			want := orb.CCW
			if i > 0 {
				want = orb.CW
			}
			if ring.Orientation() != want {
				t.Errorf("%s: ring %d turns %v, want %v", c.Name, i, ring.Orientation(), want)
			}
			for j := 1; j < len(ring); j++ {
				if ring[j] == ring[j-1] {
					t.Errorf("%s: position %d is repeated", c.Name, j)
				}
			}
		}
		if err := geo.ValidatePolygon(normal); err != nil {
			t.Errorf("%s: normalised is refused: %v", c.Name, err)
		}
		if a, b := geo.AreaSquareMetres(p), geo.AreaSquareMetres(normal); math.Abs(a-b) > 1e-6*a {
			t.Errorf("%s: area went from %g to %g", c.Name, a, b)
		}
	}
}

// comb is valid and made to be slow: long parallel teeth at 45 degrees, whose
// bounding boxes all overlap.
func comb(teeth int) orb.Polygon {
	var ring orb.Ring
	for i := range teeth {
		shift := 0.02 * float64(i) / float64(teeth)
		gap := 0.002 / float64(teeth)
		foot := orb.Point{5.90 + shift, 45.58 - shift}
		ring = append(ring, foot, orb.Point{foot[0] + 0.02, foot[1] + 0.02},
			orb.Point{foot[0] + 0.02 + gap, foot[1] + 0.02 - gap}, orb.Point{foot[0] + gap, foot[1] - gap})
	}
	ring = append(ring, orb.Point{5.90, 45.55})
	return orb.Polygon{append(ring, ring[0])}
}

func TestTheWorstCombIsBounded(t *testing.T) {
	p := comb(2_499)
	start := time.Now()
	if err := geo.ValidatePolygon(p); err != nil {
		t.Fatalf("the comb is refused: %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func BenchmarkValidateCircle10000(b *testing.B) {
	p := orb.Polygon{geotest.Circle(9_999)}
	for b.Loop() {
		if err := geo.ValidatePolygon(p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidateComb10000(b *testing.B) {
	p := comb(2_499)
	for b.Loop() {
		if err := geo.ValidatePolygon(p); err != nil {
			b.Fatal(err)
		}
	}
}
