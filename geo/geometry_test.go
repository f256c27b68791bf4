package geo_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/geo/geotest"
)

// badPoints are bodies that must never become a position.
var badPoints = []struct {
	body  string
	want  geo.Reason
	field string
}{
	{``, geo.InvalidJSON, ""},
	{`null`, geo.MissingPosition, ""},
	{`[]`, geo.WrongType, ""},
	{`"Point"`, geo.WrongType, ""},
	{`{}`, geo.MissingKey, "type"},
	{`{"type":"Point"}`, geo.MissingPosition, "coordinates"},
	{`{"coordinates":[5.9,45.5]}`, geo.MissingKey, "type"},
	{`{"type":"Point","coordinates":null}`, geo.MissingPosition, "coordinates"},
	{`{"type":"Point","coordinates":[]}`, geo.MissingPosition, "coordinates"},
	{`{"type":"Point","coordinates":[5.9]}`, geo.WrongDimension, "coordinates"},
	{`{"type":"Point","coordinates":[5.9,45.5,270]}`, geo.WrongDimension, "coordinates"},
	{`{"type":"Point","coordinates":[` + strings.Repeat("1,", 1999) + `1]}`, geo.WrongDimension, "coordinates"},
	{`{"type":"Point","coordinates":["5.9","45.5"]}`, geo.NotANumber, "coordinates[0]"},
	{`{"type":"Point","coordinates":[5.9,"45.5"]}`, geo.NotANumber, "coordinates[1]"},
	{`{"type":"Point","coordinates":[5.9,null]}`, geo.MissingPosition, "coordinates[1]"},
	{`{"type":"Point","coordinates":[true,45.5]}`, geo.NotANumber, "coordinates[0]"},
	{`{"type":"Point","coordinates":[{},45.5]}`, geo.WrongType, "coordinates[0]"},
	{`{"type":"Point","coordinates":[5.9,[45.5]]}`, geo.WrongType, "coordinates[1]"},
	{`{"type":"Point","coordinates":[[5.9,45.5]]}`, geo.WrongType, "coordinates"},
	{`{"type":"Point","coordinates":{"lon":5.9,"lat":45.5}}`, geo.WrongType, "coordinates"},
	{`{"type":"Point","coordinates":[5.9,1e999]}`, geo.NotANumber, "coordinates[1]"},
	{`{"type":"Point","coordinates":[5.9,NaN]}`, geo.InvalidJSON, "coordinates"},
	{`{"type":"Point","coordinates":[5.9,Infinity]}`, geo.InvalidJSON, "coordinates"},
	{`{"type":"Point","coordinates":[5,9,45,5]}`, geo.WrongDimension, "coordinates"},
	{`{"type":"Point","coordinates":[5.9,45.5,]}`, geo.InvalidJSON, "coordinates"},
	{`{"type":"Point","coordinates":[5.9,45.5]`, geo.InvalidJSON, ""},
	{`{"type":"Point","coordinates":[5.9,45.5]}}`, geo.InvalidJSON, ""},
	{`{"type":"Point","coordinates":[5.9,45.5]} {}`, geo.InvalidJSON, ""},
	{`{"type":"Point","coordinates":[5.9,91]}`, geo.OutOfRange, "coordinates"},
	{`{"type":"Point","coordinates":[181,45.5]}`, geo.OutOfRange, "coordinates"},
	{`{"type":"Point","coordinates":[929000,6500000]}`, geo.Lambert93, "coordinates"},
	{`{"type":"point","coordinates":[5.9,45.5]}`, geo.UnsupportedGeometry, "type"},
	{`{"type":"MultiPoint","coordinates":[[5.9,45.5]]}`, geo.UnsupportedGeometry, "type"},
	{`{"type":1,"coordinates":[5.9,45.5]}`, geo.WrongType, "type"},
	{`{"type":"Feature","geometry":{"type":"Point","coordinates":[5.9,45.5]}}`, geo.UnknownKey, "geometry"},
	{`{"type":"Point","coordinates":[5.9,45.5],"author_id":3}`, geo.UnknownKey, ""},
	{`{"type":"Point","coordinates":[5.9,45.5],"coordinates":[5.8,45.5]}`, geo.DuplicateKey, "coordinates"},
	{`{"type":"Point","coordinates":[5.9,45.5],"COORDINATES":[5.8,45.5]}`, geo.DuplicateKey, "coordinates"},
	{`{"TYPE":"Point","coordinates":[5.9,45.5]}`, geo.UnknownKey, "type"},
	{"{\"type\":\"Po\\u0000int\",\"coordinates\":[5.9,45.5]}", geo.InvalidText, "type"},
	{"{\"type\":\"Point\x00\",\"coordinates\":[5.9,45.5]}", geo.InvalidText, ""},
	{"{\"type\":\"Poi\xffnt\",\"coordinates\":[5.9,45.5]}", geo.InvalidText, ""},
	{`{"type":"GeometryCollection","geometries":[]}`, geo.UnsupportedGeometry, "type"},
	{`{"geometries":[{"type":"Point","coordinates":[5.9,45.5]}],"type":"GeometryCollection"}`, geo.UnsupportedGeometry, "geometries"},
	{`{"type":"Point","coordinates":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}`, geo.TooDeep, ""},
	{strings.Repeat("[", 1_000_000), geo.WrongType, ""},
	{`{"type":"` + strings.Repeat("x", 20_000) + `"}`, geo.TextTooLong, ""},
	{strings.Repeat(" ", geo.MaxDrawnBytes) + `{"type":"Point","coordinates":[5.9,45.5]}`, geo.FileTooLarge, ""},
}

func TestDecodePointIsStrict(t *testing.T) {
	for _, test := range badPoints {
		name := test.body[:min(len(test.body), 70)]
		p, err := geo.DecodePoint([]byte(test.body))
		if p != (orb.Point{}) {
			t.Errorf("%s: got %v", name, p)
		}
		if got := reasonOf(t, err); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
			continue
		}
		var bad *geo.Invalid
		if errors.As(err, &bad); test.field != "" && bad.Field != test.field {
			t.Errorf("%s: field %q, want %q", name, bad.Field, test.field)
		}
	}
}

func TestDecodePoint(t *testing.T) {
	for _, body := range []string{
		`{"type":"Point","coordinates":[5.92345674,45.5]}`,
		"\ufeff { \"coordinates\" : [ 5.92345674 , 4.55e1 ] , \"type\" : \"Point\" } \n",
	} {
		p, err := geo.DecodePoint([]byte(body))
		if err != nil || p != (orb.Point{5.9234567, 45.5}) {
			t.Errorf("%s: got %v, %v", body, p, err)
		}
	}
}

func geometryJSON(t testing.TB, g orb.Geometry) []byte {
	t.Helper()
	raw, err := json.Marshal(geojson.NewGeometry(g))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Every awkward shape that can be written as JSON and is small enough to be
// drawn is judged alike through the decoder.
func TestDecodeDrawnOfAwkward(t *testing.T) {
	tried := 0
	for _, c := range geotest.Awkward() {
		if c.Reason == geo.NotANumber {
			continue // JSON has no NaN
		}
		want := c.Reason
		switch g := c.Geometry.(type) {
		case orb.MultiPolygon:
			want = geo.UnsupportedGeometry
		case orb.Polygon:
			if g == nil {
				continue // written as null, a missing position
			}
			if len(g) > 0 && len(g[0]) > geo.MaxDrawnVertices {
				want = geo.TooManyVertices
			}
		}
		raw := geometryJSON(t, c.Geometry)
		if len(raw) > geo.MaxDrawnBytes {
			want = geo.TooManyVertices
		}
		g, err := geo.DecodeDrawn(raw)
		if got := reasonOf(t, err); got != want {
			t.Errorf("%s: got %q, want %q", c.Name, got, want)
		}
		if err == nil && (!orb.Equal(g, geo.SnapGeometry(g)) || check(g) != nil) {
			t.Errorf("%s: decoded as %v, not as it is to be stored", c.Name, g)
		}
		tried++
	}
	if tried < 40 {
		t.Errorf("only %d cases tried", tried)
	}
}

func TestDecodeDrawnCountsVertices(t *testing.T) {
	for vertices, want := range map[int]geo.Reason{200: "", 201: geo.TooManyVertices} {
		_, err := geo.DecodeDrawn(geometryJSON(t, orb.Polygon{geotest.Circle(vertices)}))
		if got := reasonOf(t, err); got != want {
			t.Errorf("%d distinct vertices: got %q, want %q", vertices, got, want)
		}
	}
	// Empty arrays are no positions, and are counted all the same.
	_, err := geo.DecodeDrawn([]byte(`{"type":"Polygon","coordinates":[` + strings.Repeat("[],", 5000) + `[]]}`))
	if got := reasonOf(t, err); got != geo.TooManyVertices {
		t.Errorf("5,001 empty rings: got %q", got)
	}
}

func TestDecodeDrawnNamesThePosition(t *testing.T) {
	for body, want := range map[string]string{
		`[[[5.90,45.56],[5.91,45.56],[5.91,"45.57"],[5.90,45.56]]]`: "coordinates[0][2][1]",
		`[[[5.90,45.56],[5.91,45.56],[5.91],[5.90,45.56]]]`:         "coordinates[0][2]",
		`[[[5.90,45.56],[5.91,95.56],[5.91,45],[5.90,45.56]]]`:      "coordinates[0][1]",
		`[[[5.90,45.56],[5.91,45.56],[5.91,45.57]]]`:                "coordinates[0]",
		`[[5.90,45.56],[5.91,45.56],[5.91,45.57],[5.90,45.56]]`:     "coordinates[0]",
		`[5.90,45.56]`: "coordinates",
	} {
		_, err := geo.DecodeDrawn([]byte(`{"type":"Polygon","coordinates":` + body + `}`))
		var bad *geo.Invalid
		if !errors.As(err, &bad) || bad.Field != want {
			t.Errorf("%s: got %v, want field %s", body, err, want)
		}
	}
}

// nestedCollections is the 180 KB body that costs orb 5.7 s and 810 MB.
func nestedCollections() []byte {
	const open, close = `{"type":"GeometryCollection","geometries":[`, `]}`
	return []byte(strings.Repeat(open, 4000) + strings.Repeat(close, 4000))
}

func TestNestedCollectionsAreRefusedAtOnce(t *testing.T) {
	raw := nestedCollections()
	inFile := fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"A","nom":"A"},"geometry":%s}]}`, raw)
	for name, decode := range map[string]func() error{
		"drawn": func() error { _, err := geo.DecodeDrawn(raw); return err },
		"file": func() error {
			_, err := geo.ReadQuartiers(strings.NewReader(inFile), geo.QuartierLimits{})
			return err
		},
		"file, foreign member": func() error {
			_, err := geo.ReadQuartiers(strings.NewReader(`{"x":`+string(raw)+`}`), geo.QuartierLimits{})
			return err
		},
	} {
		var err error
		start := time.Now()
		bytes := allocated(func() { err = decode() })
		if got := reasonOf(t, err); got != geo.UnsupportedGeometry && got != geo.TooDeep {
			t.Errorf("%s: got %q", name, got)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if bytes > 1<<20 {
			t.Errorf("%s: allocated %d bytes", name, bytes)
		}
	}
}

func FuzzDecodePoint(f *testing.F) {
	f.Add([]byte(`{"type":"Point","coordinates":[5.9,45.5]}`))
	for _, test := range badPoints {
		if len(test.body) < 5000 {
			f.Add([]byte(test.body))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := geo.DecodePoint(raw)
		if err != nil {
			reasonOf(t, err)
			return
		}
		if geo.CheckPosition(p) != nil || geo.Snap(p) != p {
			t.Errorf("%q gave %v", raw, p)
		}
		again, err := geo.DecodePoint(geometryJSON(t, p))
		if err != nil || again != p {
			t.Errorf("%v came back as %v, %v", p, again, err)
		}
	})
}

func FuzzDecodeDrawn(f *testing.F) {
	for _, c := range geotest.Awkward() {
		if c.Reason != geo.NotANumber {
			if raw := geometryJSON(f, c.Geometry); len(raw) < 5000 {
				f.Add(raw)
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := geo.DecodeDrawn(raw)
		if err != nil {
			reasonOf(t, err)
			return
		}
		if err := check(g); err != nil {
			t.Errorf("%q gave %v, which is refused: %v", raw, g, err)
		}
		again, err := geo.DecodeDrawn(geometryJSON(t, g))
		if err != nil || !orb.Equal(again, g) {
			t.Errorf("%v came back as %v, %v", g, again, err)
		}
		if at := geo.Anchor(g); geo.CheckPosition(at) != nil {
			t.Errorf("%v has the anchor %v", g, at)
		}
	})
}
