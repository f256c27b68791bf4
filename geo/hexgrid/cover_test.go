package hexgrid_test

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
	"quietude/geo/hexgrid"
)

func quartiers(t testing.TB) map[string]orb.Polygon {
	t.Helper()
	raw, err := os.ReadFile("../../data/chambery/quartiers_chambery_topo.geojson")
	if err != nil {
		t.Fatal(err)
	}
	collection, err := geojson.UnmarshalFeatureCollection(raw)
	if err != nil {
		t.Fatal(err)
	}
	shapes := map[string]orb.Polygon{}
	for _, feature := range collection.Features {
		shapes[feature.Properties.MustString("code")] = feature.Geometry.(orb.Polygon)
	}
	if len(shapes) != 7 {
		t.Fatalf("got %d quartiers, want 7", len(shapes))
	}
	return shapes
}

func box(west, south, east, north float64) orb.Polygon {
	return orb.Polygon{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}
}

func TestBellevueTouchesFortyCells(t *testing.T) {
	bellevue := quartiers(t)["BE"]
	touching, err := hexgrid.Touching(orb.MultiPolygon{bellevue}, 10)
	if err != nil {
		t.Fatal(err)
	}
	centred, err := hexgrid.Cover(bellevue, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(touching) != 40 || len(centred) != 25 {
		t.Errorf("%d cells touch Bellevue and %d have their centre in it, want 40 and 25", len(touching), len(centred))
	}
	for _, c := range centred {
		if !slices.Contains(touching, c) {
			t.Errorf("%v has its centre in Bellevue and does not touch it", c)
		}
	}
}

// touches is the definition, for one cell: a vertex of one in the other, or
// two edges that cross.
func touches(c hexgrid.Cell, area orb.Polygon) bool {
	ring := c.Boundary()
	for _, p := range ring {
		if planar.PolygonContains(area, p) {
			return true
		}
	}
	for _, border := range area {
		for i := 1; i < len(border); i++ {
			if planar.RingContains(ring, border[i]) {
				return true
			}
			for j := 1; j < len(ring); j++ {
				if crosses(border[i-1], border[i], ring[j-1], ring[j]) {
					return true
				}
			}
		}
	}
	return false
}

func crosses(a, b, c, d orb.Point) bool {
	side := func(p, q, r orb.Point) bool { return (q[0]-p[0])*(r[1]-p[1])-(q[1]-p[1])*(r[0]-p[0]) > 0 }
	return side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

// neighbourhood is every cell in and around the area's box.
func neighbourhood(t *testing.T, area orb.Polygon, r hexgrid.Resolution) []hexgrid.Cell {
	t.Helper()
	bound := area.Bound().Pad(0.02)
	cells, err := hexgrid.Cover(box(bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]), r)
	if err != nil {
		t.Fatal(err)
	}
	return cells
}

func TestTouchingIsTheDefinition(t *testing.T) {
	areas := quartiers(t)
	areas["square with a courtyard"] = append(box(5.90, 45.56, 5.92, 45.575), slices.Clone(box(5.905, 45.563, 5.915, 45.572)[0]))
	for name, area := range areas {
		for r := hexgrid.Resolution(8); r <= 10; r++ {
			got, err := hexgrid.Touching(orb.MultiPolygon{area}, r)
			if err != nil {
				t.Fatal(err)
			}
			var want []hexgrid.Cell
			for _, c := range neighbourhood(t, area, r) {
				if touches(c, area) {
					want = append(want, c)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s at %d: %d cells, want %d", name, r, len(got), len(want))
			}
		}
	}
}

func TestReachableHoldsEveryPosition(t *testing.T) {
	random := rand.New(rand.NewPCG(73065, 4))
	for code, area := range quartiers(t) {
		reachable := map[hexgrid.Resolution][]hexgrid.Cell{}
		for r := hexgrid.Coarsest; r <= hexgrid.Stored; r++ {
			cells, err := hexgrid.Reachable(orb.MultiPolygon{area}, r)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.IsSorted(cells) || len(slices.Compact(slices.Clone(cells))) != len(cells) {
				t.Errorf("%s at %d: not sorted or not unique", code, r)
			}
			reachable[r] = cells
		}
		bound := area.Bound()
		for range 5000 {
			p := orb.Point{
				bound.Min[0] + random.Float64()*(bound.Max[0]-bound.Min[0]),
				bound.Min[1] + random.Float64()*(bound.Max[1]-bound.Min[1]),
			}
			if !planar.PolygonContains(area, p) {
				continue
			}
			c := cellAt(t, p, hexgrid.Stored)
			for r, cells := range reachable {
				if _, found := slices.BinarySearch(cells, c.Parent(r)); !found {
					t.Fatalf("%s: %v is counted in %v, which is not reachable at %d", code, p, c.Parent(r), r)
				}
			}
		}
	}
	_, err := hexgrid.Reachable(orb.MultiPolygon{quartiers(t)["BE"]}, 12)
	wantReason(t, err, geo.InvalidResolution)
}

func TestCoverHasTheCentresInTheArea(t *testing.T) {
	for code, area := range quartiers(t) {
		for r := hexgrid.Coarsest; r <= 10; r++ {
			got, err := hexgrid.Cover(area, r)
			if err != nil {
				t.Fatal(err)
			}
			var want []hexgrid.Cell
			for _, c := range neighbourhood(t, area, r) {
				if planar.PolygonContains(area, c.Centre()) {
					want = append(want, c)
				}
			}
			if want == nil {
				want = []hexgrid.Cell{cellAt(t, geo.Anchor(area), hexgrid.Stored).Parent(r)}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s at %d: %d cells, want %d", code, r, len(got), len(want))
			}
		}
	}
}

func TestCoverOfASmallZoneIsTheCellOfItsAnchor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(5.88, 5.94).Draw(t, "lon"), rapid.Float64Range(45.55, 45.61).Draw(t, "lat")
		width := rapid.Float64Range(1e-6, 4e-4).Draw(t, "width")
		zone := box(lon, lat, lon+width, lat+width/2)
		for r := hexgrid.Coarsest; r <= hexgrid.Stored; r++ {
			cells, err := hexgrid.Cover(zone, r)
			if err != nil || len(cells) == 0 || !slices.IsSorted(cells) {
				t.Fatalf("Cover at %d = %v, %v", r, cells, err)
			}
			if planar.PolygonContains(zone, cells[0].Centre()) {
				continue
			}
			anchor, err := hexgrid.CellOf(geo.Anchor(zone), hexgrid.Stored)
			if err != nil || !slices.Equal(cells, []hexgrid.Cell{anchor.Parent(r)}) {
				t.Fatalf("Cover at %d = %v, want %v", r, cells, anchor.Parent(r))
			}
		}
	})
}

func TestTouchingOfASmallZoneIsNeverEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(-179, 179).Draw(t, "lon"), rapid.Float64Range(-80, 80).Draw(t, "lat")
		width := rapid.Float64Range(1e-6, 1e-3).Draw(t, "width")
		zone := box(lon, lat, lon+width, lat+width)
		r := hexgrid.Resolution(rapid.IntRange(0, 12).Draw(t, "resolution"))
		cells, err := hexgrid.Touching(orb.MultiPolygon{zone}, r)
		if err != nil || len(cells) == 0 {
			t.Fatalf("Touching(%v, %d) = %v, %v", zone, r, cells, err)
		}
	})
}

func TestAreasThatWouldHurtAreRefusedBeforeH3(t *testing.T) {
	france := box(-5, 42, 8, 51)
	many := make(orb.Ring, 0, 10_002)
	for i := range 10_001 {
		a := 2 * math.Pi * float64(i) / 10_001
		many = append(many, orb.Point{5.9 + 0.01*math.Cos(a), 45.56 + 0.01*math.Sin(a)})
	}
	many = append(many, many[0])
	for name, test := range map[string]struct {
		area orb.Polygon
		r    hexgrid.Resolution
		want geo.Reason
	}{
		"France at 15":    {france, 15, geo.TooLarge},
		"the world at 9":  {box(-90, -80, 90, 80), 9, geo.TooLarge},
		"wrapped world":   {box(-180, -90, 180, 90), 5, geo.CrossesAntimeridian},
		"10,002 vertices": {orb.Polygon{many}, 11, geo.TooManyVertices},
		"bow-tie":         {orb.Polygon{{{5.90, 45.56}, {5.92, 45.57}, {5.92, 45.56}, {5.90, 45.57}, {5.90, 45.56}}}, 10, geo.SelfIntersection},
		"two points":      {orb.Polygon{{{5.90, 45.56}, {5.92, 45.57}}}, 10, geo.TooFewPoints},
		"NaN":             {orb.Polygon{{{5.90, 45.56}, {5.92, math.NaN()}, {5.92, 45.56}, {5.90, 45.56}}}, 10, geo.NotANumber},
		"no ring":         {orb.Polygon{}, 10, geo.EmptyGeometry},
		"nil":             {nil, 10, geo.EmptyGeometry},
		"empty ring":      {orb.Polygon{{}}, 10, geo.EmptyGeometry},
		"resolution 16":   {box(5.90, 45.56, 5.92, 45.57), 16, geo.InvalidResolution},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := hexgrid.Cover(test.area, test.r)
			wantReason(t, err, test.want)
			_, err = hexgrid.Touching(orb.MultiPolygon{test.area}, test.r)
			wantReason(t, err, test.want)
		})
	}
	_, err := hexgrid.Touching(nil, 10)
	wantReason(t, err, geo.EmptyGeometry)
}

func BenchmarkCoverZone(b *testing.B) {
	zone := box(5.910, 45.560, 5.914, 45.563)
	for b.Loop() {
		if _, err := hexgrid.Cover(zone, hexgrid.Stored); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTouchingQuartier(b *testing.B) {
	bellevue := orb.MultiPolygon{quartiers(b)["BE"]}
	for b.Loop() {
		if _, err := hexgrid.Touching(bellevue, hexgrid.Stored); err != nil {
			b.Fatal(err)
		}
	}
}
