package geo_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"quietude/geo"
	"quietude/geo/geotest"
)

func drawPoint(t *rapid.T) orb.Point {
	return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
}

func TestSnapIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		snapped := geo.Snap(p)
		if again := geo.Snap(snapped); again != snapped {
			t.Fatalf("Snap(%v) = %v, then %v", p, snapped, again)
		}
		if math.Abs(snapped[0]-p[0]) > 0.51e-7 || math.Abs(snapped[1]-p[1]) > 0.51e-7 {
			t.Fatalf("Snap(%v) = %v: too far", p, snapped)
		}
		text, err := json.Marshal(snapped)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > len("[-179.1234567,-89.1234567]") {
			t.Fatalf("%s has more than seven decimals", text)
		}
		var back orb.Point
		if err := json.Unmarshal(text, &back); err != nil || back != snapped {
			t.Fatalf("%v came back from JSON as %v (%v)", snapped, back, err)
		}
	})
}

func TestSnapGeometryOfAwkward(t *testing.T) {
	for _, c := range geotest.Awkward() {
		if c.Reason == geo.NotANumber {
			continue // NaN differs from itself
		}
		once := geo.SnapGeometry(c.Geometry)
		if !orb.Equal(once, geo.SnapGeometry(once)) {
			t.Errorf("%s: snapping twice differs", c.Name)
		}
		if c.Reason == "" && check(once) != nil {
			t.Errorf("%s: snapped is refused: %v", c.Name, check(once))
		}
	}
	if z := geo.Snap(orb.Point{math.Copysign(0, -1), -1e-9}); math.Signbit(z[0]) || math.Signbit(z[1]) {
		t.Errorf("negative zero kept in %v", z)
	}
	line := orb.LineString{{5.123456789, 45}}
	if got := geo.SnapGeometry(line); !orb.Equal(got, line) {
		t.Errorf("a line became %v", got)
	}
}

func TestExtentOfChambery(t *testing.T) {
	commune := commune(t)
	e := geo.Surroundings(commune, 500)
	box := commune.Bound()
	west := geo.LengthMetres(orb.LineString{{e.Min[0], 45.58}, {box.Min[0], 45.58}})
	south := geo.LengthMetres(orb.LineString{{5.9, e.Min[1]}, {5.9, box.Min[1]}})
	if math.Abs(west-500) > 5 || math.Abs(south-500) > 5 {
		t.Errorf("margins are %.0f and %.0f m, want 500", west, south)
	}
	for name, test := range map[string]struct {
		g    orb.Geometry
		want geo.Reason
	}{
		"town hall":             {orb.Point{5.9203, 45.5655}, ""},
		"400 m west of it all":  {orb.Point{box.Min[0] - 0.005, 45.58}, ""},
		"corner":                {e.Max, ""},
		"600 m west of it all":  {orb.Point{box.Min[0] - 0.0077, 45.58}, geo.OutsideTerritoire},
		"Paris":                 {orb.Point{2.35, 48.85}, geo.OutsideTerritoire},
		"null island":           {orb.Point{0, 0}, geo.OutsideTerritoire},
		"swapped":               {orb.Point{45.5655, 5.9203}, geo.SwappedAxes},
		"Lambert-93":            {orb.Point{927_400, 6_500_300}, geo.Lambert93},
		"latitude 91":           {orb.Point{5.92, 91}, geo.OutOfRange},
		"NaN":                   {orb.Point{math.NaN(), 45.5}, geo.NotANumber},
		"zone half outside":     {orb.Polygon{geotest.Square(5.92, 45.56, 0.5)}, geo.OutsideTerritoire},
		"zone":                  {orb.Polygon{geotest.Square(5.92, 45.56, 0.01)}, ""},
		"parts, one far away":   {orb.MultiPolygon{{geotest.Square(5.92, 45.56, 0.01)}, {geotest.Square(2, 48, 0.01)}}, geo.OutsideTerritoire},
		"nothing":               {orb.Polygon{}, geo.MissingPosition},
		"type without meaning":  {orb.LineString{{5.92, 45.56}}, geo.MissingPosition},
		"swapped zone":          {orb.Polygon{geotest.Square(45.56, 5.90, 0.01)}, geo.SwappedAxes},
		"outside, swap as well": {orb.Point{45.5655, 7.9}, geo.OutsideTerritoire},
	} {
		if got := reasonOf(t, e.Check(test.g)); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestSurroundingsStayInTheWorld(t *testing.T) {
	e := geo.Surroundings(orb.MultiPolygon{{geotest.Square(179.9, 89.9, 0.1)}}, 5000)
	if e.Max != (orb.Point{180, 90}) || e.Min[0] < -180 {
		t.Errorf("got %v", e)
	}
}

func TestAnchorIsInside(t *testing.T) {
	for _, c := range geotest.Awkward() {
		anchor := geo.Anchor(c.Geometry)
		if c.Reason != "" {
			continue // it must not panic; what it says of nonsense has no meaning
		}
		switch g := c.Geometry.(type) {
		case orb.Point:
			if anchor != geo.Snap(g) {
				t.Errorf("%s: anchor %v", c.Name, anchor)
			}
		case orb.Polygon:
			if !planar.PolygonContains(g, anchor) {
				t.Errorf("%s: anchor %v is outside", c.Name, anchor)
			}
		case orb.MultiPolygon:
			if !planar.MultiPolygonContains(g, anchor) {
				t.Errorf("%s: anchor %v is outside", c.Name, anchor)
			}
		}
	}
	for _, g := range []orb.Geometry{nil, orb.Polygon{}, orb.MultiPolygon{}, orb.LineString{}} {
		if at := geo.Anchor(g); geo.CheckPosition(at) == nil {
			t.Errorf("%v has the anchor %v", g, at)
		}
	}
	square := orb.Polygon{geotest.Square(5.90, 45.56, 0.01)}
	if at := geo.Anchor(square); at != (orb.Point{5.905, 45.565}) {
		t.Errorf("anchor of a square is %v, want its middle", at)
	}
	two := orb.MultiPolygon{{geotest.Square(5.90, 45.56, 0.01)}, {geotest.Square(5.92, 45.56, 0.02)}}
	if at := geo.Anchor(two); at != (orb.Point{5.93, 45.57}) {
		t.Errorf("anchor of two parts is %v, want the middle of the larger", at)
	}
}

func TestAnchorOfStars(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := star(seeded(t), rapid.IntRange(5, 80).Draw(t, "vertices"))
		at := geo.Anchor(p)
		if at != geo.Snap(at) || !planar.PolygonContains(p, at) {
			t.Fatalf("anchor %v of %v", at, p)
		}
	})
}

func TestMeasures(t *testing.T) {
	square := orb.Polygon{geotest.Square(5.90, 45.56, 0.01)}
	// R² Δλ (sin φ₂ − sin φ₁) with R = 6 378 137 m.
	want := 6378137.0 * 6378137 * 0.01 * math.Pi / 180 * (math.Sin(45.57*math.Pi/180) - math.Sin(45.56*math.Pi/180))
	if got := geo.AreaSquareMetres(square); math.Abs(got-want) > 1 {
		t.Errorf("area %.1f m², want %.1f", got, want)
	}
	holed := orb.Polygon{square[0], geotest.Square(5.902, 45.562, 0.005)}
	if got := geo.AreaSquareMetres(holed) / want; math.Abs(got-0.75) > 0.001 {
		t.Errorf("with a hole of a quarter %.3f of the area is left", got)
	}
	if got := geo.LengthMetres(orb.LineString{{5.9, 45}, {5.9, 46}}); math.Abs(got-6378137*math.Pi/180) > 1 {
		t.Errorf("a degree of latitude measures %.0f m", got)
	}
}
