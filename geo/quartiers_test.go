package geo_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/geo/geotest"
)

// allocated is how many bytes f takes from the heap in all, freed or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const squareJSON = `{"type":"Polygon","coordinates":[[[5.90,45.56],[5.91,45.56],[5.91,45.57],[5.90,45.57],[5.90,45.56]]]}`

// collection is a file of the given features.
func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// feature is one quartier of a file.
func feature(code, nom, geometry string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"nom":%q},"geometry":%s}`, code, nom, geometry)
}

func read(file string) ([]geo.QuartierFeature, error) {
	return geo.ReadQuartiers(strings.NewReader(file), geo.QuartierLimits{})
}

func TestReadQuartiersOfChambery(t *testing.T) {
	all := quartiers(t)
	codes := []string{}
	total := 0.0
	for _, q := range all {
		codes = append(codes, q.Code)
		total += geo.AreaSquareMetres(q.Shape)
		if q.Nom == "" || q.NomCourt == "" {
			t.Errorf("%s has the names %q and %q", q.Code, q.Nom, q.NomCourt)
		}
		if !orb.Equal(q.Shape, geo.SnapGeometry(q.Shape)) || geo.ValidateMultiPolygon(q.Shape) != nil {
			t.Errorf("%s is not as it is to be stored", q.Code)
		}
	}
	if got := strings.Join(codes, " "); got != "CE LA BE BO BI HC CV" {
		t.Errorf("got %s", got)
	}
	if commune := geo.AreaSquareMetres(commune(t)); total/commune < 0.9999 || total/commune > 1.0001 {
		t.Errorf("the quartiers have %.0f m², the commune %.0f m²", total, commune)
	}
}

func TestReadQuartiersReadsWhatOthersWrite(t *testing.T) {
	file := "\ufeff" + `{"features":[{"id":7,"bbox":[1,2,3,4],"geometry":{"bbox":[1,2,3,4],"coordinates":[[[[5.90,45.56],[5.91,45.56],[5.91,45.57],[5.90,45.57],[5.90,45.56]]]],"type":"MultiPolygon"},` +
		`"properties":{"NOM":"  Be\u0301gonias   du Lac ","x":{"y":[1,2,{"z":null}]},"Code":12,"nom_court":null},"type":"Feature"}],` +
		`"name":"export","xy_coordinate_resolution":1e-7,"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"type":"FeatureCollection"}`
	for name, r := range map[string]io.Reader{
		"at once":         strings.NewReader(file),
		"byte by byte":    iotest.OneByteReader(strings.NewReader(file)),
		"error with data": iotest.DataErrReader(strings.NewReader(file)),
	} {
		got, err := geo.ReadQuartiers(r, geo.QuartierLimits{})
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: got %v, %v", name, got, err)
		}
		if q := got[0]; q.Code != "12" || q.Nom != "Bégonias du Lac" || q.NomCourt != "" || len(q.Shape) != 1 {
			t.Errorf("%s: got %+v", name, q)
		}
	}
}

// badFiles are files that must be refused as a whole.
func badFiles() []struct {
	file    string
	want    geo.Reason
	feature int
	field   string
} {
	good := feature("A", "Un", squareJSON)
	polygon := func(coordinates string) string {
		return collection(good, feature("B", "Deux", `{"type":"Polygon","coordinates":`+coordinates+`}`))
	}
	crs := func(crs string) string {
		return `{"type":"FeatureCollection","crs":` + crs + `,"features":[` + good + `]}`
	}
	properties := func(properties string) string {
		return collection(`{"type":"Feature","properties":` + properties + `,"geometry":` + squareJSON + `}`)
	}
	return []struct {
		file    string
		want    geo.Reason
		feature int
		field   string
	}{
		{``, geo.InvalidJSON, 0, ""},
		{`null`, geo.WrongType, 0, ""},
		{`{}`, geo.WrongType, 0, "type"},
		{good, geo.WrongType, 0, "type"},
		{`{"type":"FeatureCollection"}`, geo.MissingKey, 0, "features"},
		{`{"type":"FeatureCollection","features":{}}`, geo.WrongType, 0, "features"},
		{collection(), geo.NoFeatures, 0, "features"},
		{collection(good) + "x", geo.InvalidJSON, 0, ""},
		{collection(good) + collection(good), geo.InvalidJSON, 0, ""},
		{collection(good)[:100], geo.InvalidJSON, 1, ""},
		{collection(good, "null"), geo.NullFeature, 2, "features"},
		{collection(good, "3"), geo.WrongType, 2, "features"},
		{collection(good, `{"type":"Feature","properties":{"code":"B","nom":"Deux"},"geometry":null}`), geo.EmptyGeometry, 2, "features.geometry"},
		{collection(good, `{"type":"Feature","properties":{"code":"B","nom":"Deux"}}`), geo.MissingKey, 2, "features.geometry"},
		{collection(good, `{"properties":{"code":"B","nom":"Deux"},"geometry":`+squareJSON+`}`), geo.WrongType, 2, "features.type"},
		{collection(feature("A", "Un", `{"type":"Point","coordinates":[5.9,45.5]}`)), geo.UnsupportedGeometry, 1, "features.geometry.type"},
		{polygon(`null`), geo.MissingPosition, 2, "features.geometry.coordinates"},
		{polygon(`[]`), geo.EmptyGeometry, 2, "features.geometry.coordinates"},
		{polygon(`[[]]`), geo.EmptyGeometry, 2, ""},
		{polygon(`[[[5.90,45.56],[5.91,45.56]]]`), geo.TooFewPoints, 2, ""},
		{polygon(`[[[5.90,45.56],[5.91,45.56],[5.91,45.57],[5.90,45.57]]]`), geo.UnclosedRing, 2, ""},
		{polygon(`[[[5.90,45.56],[5.91,45.57],[5.91,45.56],[5.90,45.57],[5.90,45.56]]]`), geo.SelfIntersection, 2, "features.geometry.coordinates"},
		{polygon(`[[[5.90,45.56,0],[5.91,45.56,0],[5.91,45.57,0],[5.90,45.56,0]]]`), geo.WrongDimension, 2, "features.geometry.coordinates[0][0]"},
		{polygon(`[[[929000,6500000],[930000,6500000],[930000,6501000],[929000,6500000]]]`), geo.Lambert93, 2, "features.geometry.coordinates[0][0]"},
		{polygon(`[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]`), geo.CrossesAntimeridian, 2, ""},
		{polygon(`[[[-5,42],[8,42],[8,51],[-5,51],[-5,42]]]`), geo.TooWide, 2, ""},
		{polygon(`[[[5.90,45.56],[5.91,45.56],[5.91,45.5600001],[5.90,45.56]]]`), geo.TooSmall, 2, ""},
		{collection(good, feature("A", "Deux", squareJSON)), geo.DuplicateCode, 2, "features.properties.code"},
		{collection(feature("A", "Bégonias", squareJSON), feature("B", "be\u0301gonias", squareJSON)), geo.DuplicateName, 2, "features.properties.nom"},
		{properties(`null`), geo.MissingKey, 1, "features.properties.code"},
		{properties(`[]`), geo.WrongType, 1, "features.properties"},
		{properties(`{"nom":"Un"}`), geo.MissingKey, 1, "features.properties.code"},
		{properties(`{"code":"A"}`), geo.MissingKey, 1, "features.properties.nom"},
		{properties(`{"code":"A","nom":" "}`), geo.MissingKey, 1, "features.properties.nom"},
		{properties(`{"code":"A","nom":12}`), geo.WrongType, 1, "features.properties.nom"},
		{properties(`{"code":null,"nom":"Un"}`), geo.MissingKey, 1, "features.properties.code"},
		{properties(`{"code":"../A","nom":"Un"}`), geo.InvalidCode, 1, "features.properties.code"},
		{properties(`{"code":1.5,"nom":"Un"}`), geo.InvalidCode, 1, "features.properties.code"},
		{properties(`{"code":"A","CODE":"B","nom":"Un"}`), geo.DuplicateKey, 1, "features.properties.code"},
		{properties(`{"code":"A","nom":"Un\u0000"}`), geo.InvalidText, 1, "features.properties.nom"},
		{properties(`{"code":"A","nom":"Un\u202edeux"}`), geo.InvalidText, 1, "features.properties.nom"},
		{properties(`{"code":"A","nom":"\ud800"}`), geo.InvalidText, 1, "features.properties.nom"},
		{properties(`{"code":"A","nom":"` + strings.Repeat("é", 121) + `"}`), geo.TextTooLong, 1, "features.properties.nom"},
		{properties(`{"code":"A","nom":"` + strings.Repeat("x", 1<<20) + `"}`), geo.TextTooLong, 1, ""},
		{properties("{\"code\":\"A\",\"nom\":\"Chamb\xe9ry\"}"), geo.InvalidText, 0, ""},
		{crs(`null`), geo.WrongCRS, 0, "crs"},
		{crs(`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}}`), geo.WrongCRS, 0, "crs"},
		{crs(`{"type":"link","properties":{"href":"http://example.com/crs"}}`), geo.WrongCRS, 0, "crs"},
		{"\xff\xfe{\x00}\x00", geo.InvalidText, 0, ""},
	}
}

func TestReadQuartiersRefuses(t *testing.T) {
	for _, test := range badFiles() {
		name := test.file[max(0, len(test.file)-150):]
		got, err := read(test.file)
		if got != nil {
			t.Errorf("%s: got %d quartiers", name, len(got))
		}
		if r := reasonOf(t, err); r != test.want {
			t.Errorf("%s: got %q, want %q", name, r, test.want)
			continue
		}
		var bad *geo.Invalid
		errors.As(err, &bad)
		// A fault of the text can be seen before its feature is reached.
		if bad.Feature != test.feature && test.want != geo.InvalidText && test.want != geo.TextTooLong {
			t.Errorf("%s: feature %d, want %d", name, bad.Feature, test.feature)
		}
		if test.field != "" && bad.Field != test.field {
			t.Errorf("%s: field %q, want %q", name, bad.Field, test.field)
		}
	}
}

func TestReadQuartiersPassesFailuresOfTheReader(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := geo.ReadQuartiers(io.MultiReader(strings.NewReader(collection(feature("A", "Un", squareJSON))[:80]), iotest.ErrReader(broken)), geo.QuartierLimits{})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

func TestReadQuartiersLimits(t *testing.T) {
	circle := string(geometryJSON(t, orb.Polygon{geotest.Circle(50)}))
	var features []string
	for i := range 10 {
		features = append(features, feature(fmt.Sprint("Q", i), fmt.Sprint("Quartier ", i), circle))
	}
	file := collection(features...)
	for name, test := range map[string]struct {
		limits geo.QuartierLimits
		want   geo.Reason
	}{
		"default":            {geo.QuartierLimits{}, ""},
		"nine features":      {geo.QuartierLimits{Features: 9}, geo.TooManyFeatures},
		"50 vertices":        {geo.QuartierLimits{Vertices: 50}, geo.TooManyVertices},
		"51 vertices":        {geo.QuartierLimits{Vertices: 51}, ""},
		"509 in all":         {geo.QuartierLimits{AllVertices: 509}, geo.TooManyVertices},
		"510 in all":         {geo.QuartierLimits{AllVertices: 510}, ""},
		"one byte less":      {geo.QuartierLimits{Bytes: int64(len(file)) - 1}, geo.FileTooLarge},
		"every byte":         {geo.QuartierLimits{Bytes: int64(len(file))}, ""},
		"a square kilometre": {geo.QuartierLimits{MinSquareMetres: 1e6}, geo.TooSmall},
		"a hectare":          {geo.QuartierLimits{MaxSquareMetres: 1e4}, geo.TooWide},
	} {
		_, err := geo.ReadQuartiers(strings.NewReader(file), test.limits)
		if got := reasonOf(t, err); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// Big files cost no more than what is kept of them.
func TestReadQuartiersIsBounded(t *testing.T) {
	million := `{"type":"Polygon","coordinates":[[` + strings.Repeat("[5.901,45.561],", 1_000_000) + `[5.9,45.56]]]}`
	spaces := strings.Repeat(" ", 31<<20)
	for name, test := range map[string]struct {
		file  string
		want  geo.Reason
		whole bool // read to its end, so that time depends on the machine
	}{
		"a million vertices":  {collection(feature("A", "Un", million)), geo.TooManyVertices, false},
		"31 MB of spaces":     {spaces + collection(feature("A", "Un", squareJSON)), "", true},
		"33 MB of spaces":     {spaces + spaces[:2<<20], geo.FileTooLarge, true},
		"20 MB of one string": {`{"type":"` + strings.Repeat("x", 20<<20), geo.TextTooLong, false},
		"20 MB of one number": {`{"type":` + strings.Repeat("1", 20<<20), geo.TextTooLong, false},
		"brackets":            {`{"x":` + strings.Repeat("[", 20<<20), geo.TooDeep, false},
		"a million null":      {collection(strings.Repeat("null,", 1_000_000)), geo.NullFeature, false},
		"a million keys":      {`{` + strings.Repeat(`"a":1,`, 1_000_000), geo.DuplicateKey, false},
	} {
		var err error
		start := time.Now()
		bytes := allocated(func() { _, err = read(test.file) })
		if got := reasonOf(t, err); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if took := time.Since(start); !test.whole && took > time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if bytes > 16<<20 {
			t.Errorf("%s: allocated %d bytes", name, bytes)
		}
	}
}

func FuzzReadQuartiers(f *testing.F) {
	if raw, err := os.ReadFile("../data/chambery/quartiers_chambery_topo.geojson"); err != nil {
		f.Fatal(err)
	} else {
		f.Add(raw)
	}
	f.Add([]byte(collection(feature("A", "Un", squareJSON))))
	for _, test := range badFiles() {
		if len(test.file) < 5000 {
			f.Add([]byte(test.file))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		quartiers, err := geo.ReadQuartiers(bytes.NewReader(raw), geo.QuartierLimits{})
		if err != nil {
			reasonOf(t, err)
			return
		}
		if len(quartiers) == 0 {
			t.Error("no quartier and no error")
		}
		var shapes []geo.QuartierShape
		for _, q := range quartiers {
			if q.Code == "" || q.Nom == "" {
				t.Errorf("a quartier without code or name: %+v", q)
			}
			shapes = append(shapes, geo.QuartierShape{Code: q.Code, Shape: q.Shape})
		}
		l, err := geo.NewLocator(shapes)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range quartiers {
			if code, ok := l.Locate(geo.Anchor(q.Shape)); !ok || code > q.Code {
				t.Errorf("the anchor of %s is in %q", q.Code, code)
			}
		}
	})
}
