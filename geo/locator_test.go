package geo_test

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"quietude/geo"
	"quietude/geo/geotest"
)

func seeded(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 73065))
}

func quartiers(t testing.TB) []geo.QuartierFeature {
	t.Helper()
	file, err := os.Open("../data/chambery/quartiers_chambery_topo.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	features, err := geo.ReadQuartiers(file, geo.QuartierLimits{})
	if err != nil {
		t.Fatal(err)
	}
	return features
}

func shapes(t testing.TB) []geo.QuartierShape {
	t.Helper()
	var all []geo.QuartierShape
	for _, q := range quartiers(t) {
		all = append(all, geo.QuartierShape{Code: q.Code, Shape: q.Shape})
	}
	return all
}

// commune is the union of the quartiers.
func commune(t testing.TB) orb.MultiPolygon {
	t.Helper()
	raw, err := os.ReadFile("../data/chambery/commune_73065.geojson")
	if err != nil {
		t.Fatal(err)
	}
	collection, err := geojson.UnmarshalFeatureCollection(raw)
	if err != nil {
		t.Fatal(err)
	}
	switch g := collection.Features[0].Geometry.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	t.Fatal("the commune has no area")
	return nil
}

func locator(t testing.TB, shapes []geo.QuartierShape) *geo.Locator {
	t.Helper()
	l, err := geo.NewLocator(shapes)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// claims are the codes of the quartiers that cover p or come within 1e-9
// degree of it, in byte order, by the plainest computation.
func claims(shapes []geo.QuartierShape, p orb.Point) []string {
	var codes []string
	for _, q := range shapes {
		covered := planar.MultiPolygonContains(q.Shape, p)
		for _, polygon := range q.Shape {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					covered = covered || segmentDistance(p, ring[i-1], ring[i]) <= 1e-9
				}
			}
		}
		if covered {
			codes = append(codes, q.Code)
		}
	}
	slices.Sort(codes)
	return codes
}

func segmentDistance(p, a, b orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	if dx == 0 && dy == 0 {
		return math.Hypot(p[0]-a[0], p[1]-a[1])
	}
	r := ((p[0]-a[0])*dx + (p[1]-a[1])*dy) / (dx*dx + dy*dy)
	r = math.Max(0, math.Min(1, r))
	return math.Hypot(p[0]-a[0]-r*dx, p[1]-a[1]-r*dy)
}

// borderPoints are the vertices of all quartiers, the middles of their edges
// as computed and as stored, and points a hair to each side.
func borderPoints(shapes []geo.QuartierShape) []orb.Point {
	var points []orb.Point
	for _, q := range shapes {
		for _, polygon := range q.Shape {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					a, b := ring[i-1], ring[i]
					middle := orb.Point{a[0] + (b[0]-a[0])/2, a[1] + (b[1]-a[1])/2}
					points = append(points, a, middle, geo.Snap(middle))
					for _, hair := range []float64{1e-7, 3e-9, 5e-10, 1e-15} {
						points = append(points, orb.Point{middle[0] + hair, middle[1]}, orb.Point{a[0], a[1] - hair})
					}
				}
			}
		}
	}
	return points
}

func TestEveryBorderPointIsInTheFirstQuartierThatClaimsIt(t *testing.T) {
	all := shapes(t)
	l := locator(t, all)
	shared, tried := 0, borderPoints(all)
	for _, p := range tried {
		codes := claims(all, p)
		got, ok := l.Locate(p)
		if ok != (len(codes) > 0) || ok && got != codes[0] {
			t.Fatalf("%v is located in %q, claimed by %v", p, got, codes)
		}
		if len(codes) > 1 {
			shared++
		}
	}
	if shared < 500 {
		t.Errorf("only %d of %d points are on shared borders", shared, len(tried))
	}
}

func TestVerticesAndMiddlesAreInExactlyOneQuartier(t *testing.T) {
	all := shapes(t)
	l := locator(t, all)
	for _, q := range all {
		for _, ring := range q.Shape[0] {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				for _, p := range []orb.Point{a, {a[0] + (b[0]-a[0])/2, a[1] + (b[1]-a[1])/2}} {
					if code, ok := l.Locate(p); !ok || code > q.Code {
						t.Errorf("%v on the border of %s is in %q", p, q.Code, code)
					}
				}
			}
		}
	}
}

func TestRandomPointsAgreeWithThePlainRule(t *testing.T) {
	all := shapes(t)
	l := locator(t, all)
	random := rand.New(rand.NewPCG(73065, 5))
	found := map[string]int{}
	for range 20_000 {
		p := geo.Snap(orb.Point{5.86 + 0.09*random.Float64(), 45.54 + 0.08*random.Float64()})
		want := ""
		if codes := claims(all, p); len(codes) > 0 {
			want = codes[0]
		}
		got, _ := l.Locate(p)
		if got != want {
			t.Fatalf("%v is in %q, want %q", p, got, want)
		}
		found[got]++
	}
	if len(found) != 8 {
		t.Errorf("found %v, want seven quartiers and the outside", found)
	}
}

func TestInsideTheCommuneIsInAQuartier(t *testing.T) {
	l := locator(t, shapes(t))
	area := commune(t)
	random := rand.New(rand.NewPCG(73065, 6))
	in, out := 0, 0
	for range 50_000 {
		p := geo.Snap(orb.Point{5.86 + 0.09*random.Float64(), 45.54 + 0.08*random.Float64()})
		inside := planar.MultiPolygonContains(area, p)
		if code, ok := l.Locate(p); ok != inside {
			t.Fatalf("%v: in the commune %v, in quartier %q", p, inside, code)
		}
		if inside {
			in++
		} else {
			out++
		}
	}
	if in < 10_000 || out < 10_000 {
		t.Errorf("%d points in, %d out: too few to say anything", in, out)
	}
}

func TestLocatorIsAnyOrderOfQuartiers(t *testing.T) {
	all := shapes(t)
	points := borderPoints(all)
	want := locator(t, all)
	slices.Reverse(all)
	got := locator(t, all)
	for _, p := range points {
		a, _ := want.Locate(p)
		if b, _ := got.Locate(p); a != b {
			t.Fatalf("%v is in %q or %q by the order of the list", p, a, b)
		}
	}
}

func TestLocatorOfAwkwardShapes(t *testing.T) {
	for _, c := range geotest.Awkward() {
		var shape orb.MultiPolygon
		switch g := c.Geometry.(type) {
		case orb.Polygon:
			shape = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			shape = g
		default:
			continue
		}
		l, err := geo.NewLocator([]geo.QuartierShape{{Code: "A", Shape: shape}})
		if got := reasonOf(t, err); got != c.Reason {
			t.Errorf("%s: got %q, want %q", c.Name, got, c.Reason)
		}
		if err != nil {
			continue
		}
		if code, ok := l.Locate(geo.Anchor(c.Geometry)); !ok || code != "A" {
			t.Errorf("%s: its anchor is in %q", c.Name, code)
		}
	}
	square := orb.MultiPolygon{{geotest.Square(5.90, 45.56, 0.01), geotest.Hole(5.902, 45.562, 0.006)}}
	l := locator(t, []geo.QuartierShape{{Code: "A", Shape: square}})
	for p, want := range map[orb.Point]bool{
		{5.905, 45.565}: false, {5.902, 45.565}: true, {5.901, 45.565}: true, {5.91, 45.57}: true,
		{5.91 + 5e-10, 45.57}: true, {5.91 + 2e-9, 45.57}: false, {5.905, 45.562 + 5e-10}: true,
		{math.NaN(), 45.565}: false, {5.905, math.NaN()}: false, {math.Inf(1), 45.565}: false, {5.905, -1e300}: false,
	} {
		if _, got := l.Locate(p); got != want {
			t.Errorf("%v in the square with a courtyard: %v, want %v", p, got, want)
		}
	}
}

func TestNewLocatorRefusesCodes(t *testing.T) {
	square := orb.MultiPolygon{{geotest.Square(5.90, 45.56, 0.01)}}
	_, err := geo.NewLocator([]geo.QuartierShape{{"A", square}, {"A", square}})
	if got := reasonOf(t, err); got != geo.DuplicateCode {
		t.Errorf("got %q, want duplicate_code", got)
	}
	_, err = geo.NewLocator([]geo.QuartierShape{{"", square}})
	if got := reasonOf(t, err); got != geo.MissingKey {
		t.Errorf("got %q, want missing_key", got)
	}
	empty := locator(t, nil)
	if code, ok := empty.Locate(orb.Point{0, 0}); ok {
		t.Errorf("no quartier located a point in %q", code)
	}
}

func BenchmarkLocate(b *testing.B) {
	l := locator(b, shapes(b))
	random := rand.New(rand.NewPCG(73065, 7))
	points := make([]orb.Point, 4096)
	for i := range points {
		points[i] = geo.Snap(orb.Point{5.86 + 0.09*random.Float64(), 45.54 + 0.08*random.Float64()})
	}
	for i := 0; b.Loop(); i++ {
		l.Locate(points[i%len(points)])
	}
}
