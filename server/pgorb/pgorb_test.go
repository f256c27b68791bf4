package pgorb_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"

	"quietude/server/pgorb"
	"quietude/server/pgtest"
)

var (
	place     = orb.Point{5.9203, 45.5646}
	square    = orb.Ring{{5.90, 45.56}, {5.94, 45.56}, {5.94, 45.60}, {5.90, 45.60}, {5.90, 45.56}}
	courtyard = orb.Ring{{5.91, 45.57}, {5.91, 45.58}, {5.92, 45.58}, {5.92, 45.57}, {5.91, 45.57}}
	east      = orb.Ring{{5.94, 45.56}, {5.98, 45.56}, {5.98, 45.60}, {5.94, 45.60}, {5.94, 45.56}}
)

// shapes are what PostGIS and orb share, with their text.
var shapes = map[string]struct {
	g   orb.Geometry
	wkt string
}{
	"point":         {place, "POINT(5.9203 45.5646)"},
	"multi-point":   {orb.MultiPoint{{1, 2}, {3, 4}}, "MULTIPOINT(1 2,3 4)"},
	"line":          {orb.LineString{{1, 2}, {3, 4}}, "LINESTRING(1 2,3 4)"},
	"lines":         {orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}, "MULTILINESTRING((1 2,3 4),(5 6,7 8))"},
	"polygon":       {orb.Polygon{{{0, 0}, {3, 0}, {0, 3}, {0, 0}}, {{1, 1}, {1, 2}, {2, 1}, {1, 1}}}, "POLYGON((0 0,3 0,0 3,0 0),(1 1,1 2,2 1,1 1))"},
	"polygons":      {orb.MultiPolygon{{{{0, 0}, {1, 0}, {0, 1}, {0, 0}}}, {{{5, 5}, {6, 5}, {5, 6}, {5, 5}}}}, "MULTIPOLYGON(((0 0,1 0,0 1,0 0)),((5 5,6 5,5 6,5 5)))"},
	"collection":    {orb.Collection{orb.Point{1, 2}, orb.LineString{{1, 2}, {3, 4}}}, "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))"},
	"nested":        {orb.Collection{orb.Collection{orb.Point{1, 2}}}, "GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2)))"},
	"no points":     {orb.MultiPoint{}, "MULTIPOINT EMPTY"},
	"no line":       {orb.LineString{}, "LINESTRING EMPTY"},
	"no lines":      {orb.MultiLineString{}, "MULTILINESTRING EMPTY"},
	"no polygon":    {orb.Polygon{}, "POLYGON EMPTY"},
	"no polygons":   {orb.MultiPolygon{}, "MULTIPOLYGON EMPTY"},
	"no collection": {orb.Collection{}, "GEOMETRYCOLLECTION EMPTY"},
}

// formats are the two wire formats, as query results.
var formats = map[string]pgx.QueryResultFormats{
	"binary": {pgtype.BinaryFormatCode},
	"text":   {pgtype.TextFormatCode},
}

func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	if err := pgorb.Register(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestPostGISReadsWhatWeEncode asks PostGIS, not our decoder, what arrived.
func TestPostGISReadsWhatWeEncode(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	check := func(t *testing.T, param any, wkt string) {
		t.Helper()
		var got, want string
		err := conn.QueryRow(t.Context(), "SELECT ST_AsEWKT($1::geometry), ST_AsEWKT(ST_GeomFromText($2, 4326))", param, wkt).Scan(&got, &want)
		if err != nil || got != want {
			t.Errorf("%T: got %q, %v, want %q", param, got, err, want)
		}
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			check(t, shape.g, shape.wkt)
			check(t, &shape.g, shape.wkt)
			ptr := reflect.New(reflect.TypeOf(shape.g))
			ptr.Elem().Set(reflect.ValueOf(shape.g))
			check(t, ptr.Interface(), shape.wkt)
			text, err := conn.TypeMap().Encode(geometryOID(t, conn), pgtype.TextFormatCode, shape.g, nil)
			if err != nil {
				t.Fatal(err)
			}
			check(t, string(text), shape.wkt)
		})
	}
	t.Run("ring", func(t *testing.T) { check(t, orb.Ring{{0, 0}, {1, 0}, {0, 1}, {0, 0}}, "POLYGON((0 0,1 0,0 1,0 0))") })
	t.Run("bound", func(t *testing.T) {
		check(t, orb.Bound{Min: orb.Point{1, 2}, Max: orb.Point{3, 4}}, "POLYGON((1 2,3 2,3 4,1 4,1 2))")
	})
	t.Run("empty bound", func(t *testing.T) { check(t, orb.MultiPoint{}.Bound(), "POLYGON EMPTY") })
}

func geometryOID(t *testing.T, conn *pgx.Conn) uint32 {
	t.Helper()
	typ, ok := conn.TypeMap().TypeForName("geometry")
	if !ok {
		t.Fatal("geometry is not registered")
	}
	return typ.OID
}

// TestWeReadWhatPostGISWrites scans into the exact type, a pointer to it, the
// interface and any, in both formats and both kinds of column.
func TestWeReadWhatPostGISWrites(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	for format, results := range formats {
		for name, shape := range shapes {
			t.Run(format+"/"+name, func(t *testing.T) {
				var asInterface orb.Geometry
				var asAny any
				exact := reflect.New(reflect.TypeOf(shape.g))
				pointer := reflect.New(exact.Type())
				for _, target := range []any{exact.Interface(), pointer.Interface(), &asInterface, &asAny} {
					err := conn.QueryRow(t.Context(), "SELECT ST_GeomFromText($1, 4326)", results, shape.wkt).Scan(target)
					if err != nil {
						t.Fatalf("scan into %T: %v", target, err)
					}
				}
				for _, got := range []any{exact.Elem().Interface(), pointer.Elem().Elem().Interface(), asInterface, asAny} {
					if !reflect.DeepEqual(got, shape.g) {
						t.Errorf("got %#v, want %#v", got, shape.g)
					}
				}
			})
		}
	}
}

func TestGeographyIsTheSameToGo(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	var metres float64
	var back orb.Point
	err := conn.QueryRow(t.Context(), "SELECT ST_Distance($1::geography, $2::geography), $1::geography",
		place, orb.Point{5.9203, 45.5736}).Scan(&metres, &back)
	if err != nil || back != place || math.Abs(metres-1000) > 5 {
		t.Errorf("got %v m and %v, %v, want about 1000 m and %v", metres, back, err, place)
	}
}

func TestNull(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	var noPoint *orb.Point
	var noGeometry orb.Geometry
	for _, param := range []any{nil, noPoint, noGeometry, &noGeometry, &noPoint, orb.LineString(nil), (*orb.Polygon)(nil)} {
		var isNull bool
		if err := conn.QueryRow(t.Context(), "SELECT $1::geometry IS NULL", param).Scan(&isNull); err != nil || !isNull {
			t.Errorf("%T nil: NULL is %v, %v, want true", param, isNull, err)
		}
	}
	for format, results := range formats {
		point, polygon, geometry := &place, orb.Polygon{square}, orb.Geometry(place)
		for _, target := range []any{&point, &polygon, &geometry} {
			if err := conn.QueryRow(t.Context(), "SELECT NULL::geometry", results).Scan(target); err != nil {
				t.Errorf("%s: NULL into %T: %v", format, target, err)
			}
		}
		if point != nil || polygon != nil || geometry != nil {
			t.Errorf("%s: NULL left %v, %v, %v, want nils", format, point, polygon, geometry)
		}
		bare := place
		if err := conn.QueryRow(t.Context(), "SELECT NULL::geometry", results).Scan(&bare); err == nil || bare != place {
			t.Errorf("%s: NULL into *orb.Point: %v, now %v, want an error and no change", format, err, bare)
		}
	}
}

func TestArrays(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	for format, results := range formats {
		t.Run(format, func(t *testing.T) {
			t.Run("points", func(t *testing.T) { checkArray(t, conn, results, []orb.Point{place, {1, 2}}) })
			t.Run("one", func(t *testing.T) { checkArray(t, conn, results, []orb.Point{place}) })
			t.Run("none", func(t *testing.T) { checkArray(t, conn, results, []orb.Point{}) })
			t.Run("null", func(t *testing.T) { checkArray(t, conn, results, []orb.Point(nil)) })
			t.Run("with null", func(t *testing.T) { checkArray(t, conn, results, []*orb.Point{&place, nil, &place}) })
			// Slices of slices of equal lengths, which could be taken for
			// arrays of two dimensions.
			t.Run("lines", func(t *testing.T) {
				checkArray(t, conn, results, []orb.LineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}})
			})
			t.Run("polygons", func(t *testing.T) {
				checkArray(t, conn, results, []orb.Polygon{{square, courtyard}, {east, {}}}[:1])
			})
			t.Run("mixed", func(t *testing.T) {
				checkArray(t, conn, results, []orb.Geometry{place, orb.Polygon{square}, nil, orb.LineString{{1, 2}, {3, 4}}})
			})
		})
	}
}

func checkArray[T any](t *testing.T, conn *pgx.Conn, results pgx.QueryResultFormats, want []T) {
	t.Helper()
	var got []T
	var length *int
	formats := append(results, pgtype.BinaryFormatCode)
	err := conn.QueryRow(t.Context(), "SELECT $1::geometry[], cardinality($1::geometry[])", formats, want).Scan(&got, &length)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %#v, %v, want %#v", got, err, want)
	}
	if (length == nil) != (want == nil) || length != nil && *length != len(want) {
		t.Errorf("cardinality %v, want %d", length, len(want))
	}
}

// quartier is a row as a store would write it: a required geometry, an
// optional one, and any shape.
type quartier struct {
	ID     int64
	Area   orb.MultiPolygon
	Centre *orb.Point
	Access orb.Geometry
}

var quartiers = []quartier{
	{1, orb.MultiPolygon{{square, courtyard}}, &place, orb.LineString{{1, 2}, {3, 4}}},
	{2, orb.MultiPolygon{{square}, {east}}, nil, place},
	{3, orb.MultiPolygon{}, &place, nil},
}

const createQuartier = `CREATE TABLE codec_quartier (
	id bigint PRIMARY KEY,
	area geometry(MultiPolygon, 4326) NOT NULL,
	centre geometry(Point, 4326),
	access geometry)`

func TestCopyFromThenRowToStruct(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	if _, err := pool.Exec(t.Context(), createQuartier); err != nil {
		t.Fatal(err)
	}
	n, err := pool.CopyFrom(t.Context(), pgx.Identifier{"codec_quartier"}, []string{"id", "area", "centre", "access"},
		pgx.CopyFromSlice(len(quartiers), func(i int) ([]any, error) {
			q := quartiers[i]
			return []any{q.ID, q.Area, q.Centre, q.Access}, nil
		}))
	if err != nil || n != int64(len(quartiers)) {
		t.Fatalf("CopyFrom: %d rows, %v, want %d", n, err, len(quartiers))
	}
	for format, code := range map[string]int16{"binary": pgtype.BinaryFormatCode, "text": pgtype.TextFormatCode} {
		rows, err := pool.Query(t.Context(), "SELECT * FROM codec_quartier ORDER BY id", pgx.QueryResultFormats{code})
		if err != nil {
			t.Fatal(err)
		}
		got, err := pgx.CollectRows(rows, pgx.RowToStructByName[quartier])
		if err != nil || !reflect.DeepEqual(got, quartiers) {
			t.Errorf("%s: got %v, %v, want %v", format, got, err, quartiers)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	nan, inf := math.NaN(), math.Inf(1)
	for name, g := range map[string]orb.Geometry{
		"NaN point":      orb.Point{nan, nan},
		"NaN latitude":   orb.Point{5.9, nan},
		"infinite":       orb.Point{inf, 45.5},
		"minus infinite": orb.LineString{{5.9, 45.5}, {5.9, -inf}},
		"in a ring":      orb.MultiPolygon{{square, {{0, 0}, {nan, 1}, {1, 1}, {0, 0}}}},
		"in a collection": orb.Collection{place, orb.Collection{orb.MultiPoint{{0, 0},
			{0, inf}}}},
		"bound": orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{1, inf}},
	} {
		t.Run(name, func(t *testing.T) {
			var n int
			err := conn.QueryRow(t.Context(), "SELECT ST_NPoints($1::geometry)", g).Scan(&n)
			if !errors.Is(err, pgorb.ErrNotFinite) {
				t.Errorf("parameter: got %d, %v, want ErrNotFinite", n, err)
			}
			err = conn.QueryRow(t.Context(), "SELECT cardinality($1::geometry[])", []orb.Geometry{place, g}).Scan(&n)
			if !errors.Is(err, pgorb.ErrNotFinite) {
				t.Errorf("array: got %d, %v, want ErrNotFinite", n, err)
			}
		})
	}
}

// TestCopyFromRefusesNotFinite: one bad row, and none is stored.
func TestCopyFromRefusesNotFinite(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	if _, err := conn.Exec(t.Context(), "CREATE TABLE codec_point (p geometry)"); err != nil {
		t.Fatal(err)
	}
	_, err := conn.CopyFrom(t.Context(), pgx.Identifier{"codec_point"}, []string{"p"},
		pgx.CopyFromRows([][]any{{place}, {orb.Point{0, math.NaN()}}}))
	// The error comes back through the server, as text.
	if err == nil || !strings.Contains(err.Error(), pgorb.ErrNotFinite.Error()) {
		t.Errorf("got %v, want ErrNotFinite", err)
	}
	var n int
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM codec_point").Scan(&n); err != nil || n != 0 {
		t.Errorf("got %d rows, %v, want 0", n, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	for name, sql := range map[string]string{
		"Lambert-93":     "ST_SetSRID(ST_MakePoint(929000, 6500000), 2154)",
		"Web Mercator":   "ST_Transform(ST_SetSRID(ST_MakePoint(5.9, 45.5), 4326), 3857)",
		"height":         "ST_SetSRID(ST_MakePoint(5.9, 45.5, 270), 4326)",
		"measure":        "ST_SetSRID(ST_MakePointM(5.9, 45.5, 1), 4326)",
		"four":           "ST_SetSRID(ST_MakePoint(5.9, 45.5, 270, 1), 4326)",
		"height inside":  "ST_SetSRID(ST_Collect(ST_MakePoint(5.9, 45.5, 270)), 4326)",
		"empty point":    "'SRID=4326;POINT EMPTY'::geometry",
		"NaN":            "ST_SetSRID(ST_MakePoint('NaN', 45.5), 4326)",
		"infinity":       "ST_SetSRID(ST_MakePoint(5.9, '-Infinity'), 4326)",
		"NaN in a line":  "ST_SetSRID(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint(1, 'NaN')), 4326)",
		"curve":          "'SRID=4326;CIRCULARSTRING(0 0,1 1,2 0)'::geometry",
		"triangle":       "'SRID=4326;TRIANGLE((0 0,1 0,0 1,0 0))'::geometry",
		"million points": "ST_SetSRID(ST_MakeLine(ARRAY(SELECT ST_MakePoint(i / 1e6, 45) FROM generate_series(0, 1000000) i)), 4326)",
	} {
		for format, results := range formats {
			t.Run(name+"/"+format, func(t *testing.T) {
				before := orb.Geometry(place)
				got := before
				if err := conn.QueryRow(t.Context(), "SELECT "+sql, results).Scan(&got); err == nil || got != before {
					t.Errorf("got %v, %v, want an error and the target unchanged", got, err)
				}
			})
		}
	}
	var srid *pgorb.SRIDError
	var p orb.Point
	err := conn.QueryRow(t.Context(), "SELECT ST_SetSRID(ST_MakePoint(1, 2), 2154)").Scan(&p)
	if !errors.As(err, &srid) || srid.SRID != 2154 {
		t.Errorf("got %v, want SRIDError 2154", err)
	}
}

func TestUnknownSRIDIsRead(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	var got orb.Point
	if err := conn.QueryRow(t.Context(), "SELECT ST_MakePoint(5.9203, 45.5646)").Scan(&got); err != nil || got != place {
		t.Errorf("got %v, %v, want %v", got, err, place)
	}
}

func TestOtherTypeIsNotBent(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	for _, target := range []any{new(orb.LineString), new(orb.Polygon), new(orb.MultiPoint), new(orb.Collection)} {
		if err := conn.QueryRow(t.Context(), "SELECT $1::geometry", place).Scan(target); err == nil {
			t.Errorf("a point was scanned into %T: %v", target, target)
		}
	}
	for _, target := range []any{new(orb.Ring), new(orb.Bound), new(int), new([]float64)} {
		if err := conn.QueryRow(t.Context(), "SELECT $1::geometry", orb.Polygon{square}).Scan(target); err == nil {
			t.Errorf("a polygon was scanned into %T: %v", target, target)
		}
	}
	for _, param := range []any{42, 4.2, []float64{5.9, 45.5}, [2]float64{5.9, 45.5}, struct{}{}} {
		if _, err := conn.Exec(t.Context(), "SELECT $1::geometry", param); err == nil {
			t.Errorf("%T was encoded as a geometry", param)
		}
	}
}

// TestServerRefusalLeavesTheConnection: what only PostGIS can refuse comes back
// as its error, and the connection goes on.
func TestServerRefusalLeavesTheConnection(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	for name, g := range map[string]orb.Geometry{
		"unclosed ring":  orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
		"two-point ring": orb.Polygon{{{0, 0}, {0, 0}}},
		"one-point line": orb.LineString{{0, 0}},
	} {
		var pgErr *pgconn.PgError
		if _, err := conn.Exec(t.Context(), "SELECT $1::geometry", g); !errors.As(err, &pgErr) {
			t.Errorf("%s: got %v, want an error of the server", name, err)
		}
	}
	if err := conn.Ping(t.Context()); err != nil {
		t.Errorf("the connection is lost: %v", err)
	}
}

func TestRegisterFollowsTheSearchPath(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	for _, sql := range []string{
		"DROP EXTENSION postgis CASCADE",
		"CREATE SCHEMA carto",
		"CREATE EXTENSION postgis SCHEMA carto",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := pgorb.Register(t.Context(), conn); !errors.Is(err, pgorb.ErrNoPostGIS) {
		t.Errorf("outside the search_path: got %v, want ErrNoPostGIS", err)
	}
	if _, err := conn.Exec(t.Context(), "SET search_path = public, carto"); err != nil {
		t.Fatal(err)
	}
	if err := pgorb.Register(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	var got orb.Point
	if err := conn.QueryRow(t.Context(), "SELECT $1::geometry", place).Scan(&got); err != nil || got != place {
		t.Errorf("got %v, %v, want %v", got, err, place)
	}
}

func TestRegisterReportsALostConnection(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	conn.Close(t.Context())
	if err := pgorb.Register(t.Context(), conn); err == nil || errors.Is(err, pgorb.ErrNoPostGIS) {
		t.Errorf("got %v, want the error of the connection", err)
	}
}

// BenchmarkPointRoundTrip is the codec alone, without a server.
func BenchmarkPointRoundTrip(b *testing.B) { benchmarkRoundTrip(b, place) }

func BenchmarkPolygonRoundTrip(b *testing.B) {
	ring := make(orb.Ring, 1000)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(ring)-1))
		ring[i] = orb.Point{5.9 + cos/100, 45.5 + sin/100}
	}
	benchmarkRoundTrip(b, orb.Polygon{ring})
}

func benchmarkRoundTrip(b *testing.B, g orb.Geometry) {
	conn, err := pgx.Connect(b.Context(), pgtest.URL(b))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := pgorb.Register(b.Context(), conn); err != nil {
		b.Fatal(err)
	}
	typ, _ := conn.TypeMap().TypeForName("geometry")
	var buf []byte
	for b.Loop() {
		if buf, err = conn.TypeMap().Encode(typ.OID, pgtype.BinaryFormatCode, g, buf[:0]); err != nil {
			b.Fatal(err)
		}
		var back orb.Geometry
		if err := conn.TypeMap().Scan(typ.OID, pgtype.BinaryFormatCode, buf, &back); err != nil {
			b.Fatal(err)
		}
	}
}
