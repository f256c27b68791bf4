package geomconv_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	"github.com/twpayne/go-geom/encoding/wkbcommon"
	"pgregory.net/rapid"

	"quietude/geo/geomconv"
)

// checkRoundTrip requires g to come back as the same type with the same bits.
func checkRoundTrip(t interface{ Fatalf(string, ...any) }, g orb.Geometry) {
	mid, err := geomconv.ToGeom(g)
	if err != nil {
		t.Fatalf("ToGeom(%#v): %v", g, err)
	}
	if mid.Layout() != geom.XY || mid.SRID() != 0 {
		t.Fatalf("ToGeom(%#v): layout %v and SRID %d, want XY and 0", g, mid.Layout(), mid.SRID())
	}
	back, err := geomconv.ToOrb(mid)
	if err != nil {
		t.Fatalf("ToOrb(ToGeom(%#v)): %v", g, err)
	}
	if got, want := bits(back), bits(g); got != want {
		t.Fatalf("round trip gave %s, want %s", got, want)
	}
}

// bits writes a geometry so that two texts are equal exactly when types,
// nesting and the bits of all coordinates are; nil and empty slices are alike.
func bits(g orb.Geometry) string {
	var write func(v reflect.Value) string
	write = func(v reflect.Value) string {
		switch v.Kind() {
		case reflect.Interface:
			return write(v.Elem())
		case reflect.Float64:
			return fmt.Sprintf("%016x", math.Float64bits(v.Float()))
		default:
			s := v.Type().Name() + "["
			for i := range v.Len() {
				s += write(v.Index(i)) + " "
			}
			return s + "]"
		}
	}
	return write(reflect.ValueOf(g))
}

func TestRoundTripOfAwkwardGeometries(t *testing.T) {
	for name, g := range awkward {
		t.Run(name, func(t *testing.T) { checkRoundTrip(t, g) })
	}
}

func TestRoundTripOfAnyGeometry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkRoundTrip(t, anyGeometry(3).Draw(t, "g")) })
}

// TestFlatCoordsKeepOrder pins the axis order on go-geom's side: x is longitude.
func TestFlatCoordsKeepOrder(t *testing.T) {
	got, err := geomconv.ToGeom(orb.Polygon{{{1, 2}, {3, 4}, {5, 6}, {1, 2}}, {{7, 8}}})
	if err != nil {
		t.Fatal(err)
	}
	want := geom.NewPolygonFlat(geom.XY, []float64{1, 2, 3, 4, 5, 6, 1, 2, 7, 8}, []int{8, 10})
	if !reflect.DeepEqual(got, geom.T(want)) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

func TestRingAndBoundBecomePolygons(t *testing.T) {
	for name, c := range map[string]struct{ in, want orb.Geometry }{
		"ring":        {square, orb.Polygon{square}},
		"nil ring":    {orb.Ring(nil), orb.Polygon{{}}},
		"bound":       {orb.Bound{Min: square[0], Max: square[2]}, orb.Polygon{square}},
		"empty bound": {orb.MultiPoint{}.Bound(), orb.Polygon{}},
	} {
		t.Run(name, func(t *testing.T) {
			mid, err := geomconv.ToGeom(c.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := geomconv.ToOrb(mid)
			if err != nil {
				t.Fatal(err)
			}
			if bits(got) != bits(c.want) {
				t.Errorf("got %v, want %v for %v", got, c.want, c.in)
			}
		})
	}
}

func TestLinearRingBecomesRing(t *testing.T) {
	got, err := geomconv.ToOrb(geom.NewLinearRingFlat(geom.XY, []float64{0, 0, 1, 0, 1, 1, 0, 0}))
	if want := (orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}); err != nil || bits(got) != bits(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestNil(t *testing.T) {
	if got, err := geomconv.ToGeom(nil); got != nil || err != nil {
		t.Errorf("ToGeom(nil): got %v, %v, want nil, nil", got, err)
	}
	for _, in := range []geom.T{nil, (*geom.Point)(nil), (*geom.Polygon)(nil), (*geom.GeometryCollection)(nil)} {
		if got, err := geomconv.ToOrb(in); got != nil || err != nil {
			t.Errorf("ToOrb(%T nil): got %v, %v, want nil, nil", in, got, err)
		}
	}
}

// TestEveryOrbTypeIsDecided goes through orb's own list, so that a type added
// upstream is noticed.
func TestEveryOrbTypeIsDecided(t *testing.T) {
	for _, g := range orb.AllGeometries {
		if _, err := geomconv.ToGeom(g); err != nil {
			t.Errorf("ToGeom(%#v): %v", g, err)
		}
	}
}

func TestThirdDimensionIsRefused(t *testing.T) {
	point := geom.NewPointFlat(geom.XYZ, []float64{5.9, 45.5, 270})
	for name, in := range map[string]geom.T{
		"point Z":            point,
		"point M":            geom.NewPointFlat(geom.XYM, []float64{5.9, 45.5, 1}),
		"point ZM":           geom.NewPointFlat(geom.XYZM, []float64{5.9, 45.5, 270, 1}),
		"empty point Z":      geom.NewPointEmpty(geom.XYZ),
		"multi-point Z":      geom.NewMultiPoint(geom.XYZ),
		"line Z":             geom.NewLineStringFlat(geom.XYZ, []float64{0, 0, 0, 1, 1, 1}),
		"lines Z":            geom.NewMultiLineString(geom.XYZ),
		"ring Z":             geom.NewLinearRing(geom.XYZ),
		"polygon Z":          geom.NewPolygon(geom.XYZ),
		"polygons Z":         geom.NewMultiPolygon(geom.XYZ),
		"collection of Z":    geom.NewGeometryCollection().MustPush(point),
		"empty collection Z": geom.NewGeometryCollection().MustSetLayout(geom.XYZ),
		"point, no layout":   geom.NewPointEmpty(geom.NoLayout),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := geomconv.ToOrb(in)
			var layout *geomconv.LayoutError
			if !errors.As(err, &layout) || layout.Layout != in.Layout() {
				t.Errorf("got %v, %v, want LayoutError %v", got, err, in.Layout())
			}
		})
	}
}

func TestEmptyPointIsRefused(t *testing.T) {
	alone := geom.NewPointEmpty(geom.XY)
	multi := geom.NewMultiPoint(geom.XY)
	for _, p := range []*geom.Point{geom.NewPointFlat(geom.XY, []float64{1, 2}), alone} {
		if err := multi.Push(p); err != nil {
			t.Fatal(err)
		}
	}
	for _, in := range []geom.T{alone, multi, geom.NewGeometryCollection().MustPush(alone)} {
		if got, err := geomconv.ToOrb(in); !errors.Is(err, geomconv.ErrEmptyPoint) {
			t.Errorf("ToOrb(%T): got %v, %v, want ErrEmptyPoint", in, got, err)
		}
	}
}

func TestUnsupportedIsRefused(t *testing.T) {
	var unsupported *geomconv.UnsupportedError
	nested := orb.Collection{orb.Collection{orb.Point{}, nil}}
	if got, err := geomconv.ToGeom(nested); !errors.As(err, &unsupported) {
		t.Errorf("ToGeom(nil in a collection): got %v, %v, want UnsupportedError", got, err)
	}
	type foreign struct{ *geom.Point }
	in := foreign{geom.NewPointFlat(geom.XY, []float64{1, 2})}
	if got, err := geomconv.ToOrb(in); !errors.As(err, &unsupported) {
		t.Errorf("ToOrb(foreign type): got %v, %v, want UnsupportedError", got, err)
	}
}

// TestBareCollection: a collection nobody gave a layout holds nothing to refuse.
func TestBareCollection(t *testing.T) {
	got, err := geomconv.ToOrb(geom.NewGeometryCollection())
	if err != nil || bits(got) != bits(orb.Collection{}) {
		t.Errorf("got %v, %v, want an empty collection", got, err)
	}
}

// TestWKBBombsAreRefused: without the limit each of these headers asks for up
// to 64 GiB, and the process is killed.
func TestWKBBombsAreRefused(t *testing.T) {
	for kind, name := range map[byte]string{
		2: "line", 3: "polygon", 4: "multi-point", 5: "multi-line", 6: "multi-polygon", 7: "collection",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ewkb.Unmarshal([]byte{1, kind, 0, 0, 0, 0, 0, 0, 0x80})
			var tooLarge wkbcommon.ErrGeometryTooLarge
			if !errors.As(err, &tooLarge) {
				t.Errorf("got %v, want ErrGeometryTooLarge", err)
			}
		})
	}
}
