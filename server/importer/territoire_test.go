package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// feature writes a Feature whose geometry has one ring, or what rings says.
func feature(code, nom, rings string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"nom":%q},"geometry":{"type":"Polygon","coordinates":[%s]}}`, code, nom, rings)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// box is the ring of a rectangle, degrees.
func box(west, south, east, north float64) string {
	return fmt.Sprintf("[[%[1]g,%[2]g],[%[3]g,%[2]g],[%[3]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[2]g]]", west, south, east, north)
}

var (
	north = box(5.90, 45.58, 5.92, 45.59)
	south = box(5.90, 45.57, 5.92, 45.58)
)

// noStore fails the test when something that must be refused reaches it.
type noStore struct{ *testing.T }

func (s noStore) Territoires(context.Context) ([]atelier.Territoire, error) {
	s.Error("the file was looked up")
	return nil, nil
}

func (s noStore) LoadTerritoire(context.Context, store.Reference) (store.LoadOutcome, error) {
	s.Error("the file was written")
	return store.LoadOutcome{}, nil
}

// TestQuartiersThatAreRefused goes through part B of the catalogue of bad
// input, as far as the file alone decides.
func TestQuartiersThatAreRefused(t *testing.T) {
	deep := strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 4000) + strings.Repeat(`]}`, 4000)
	for name, test := range map[string]struct {
		file string
		kind fault.Kind
		code string
		says []string
	}{
		"21 self-intersection": {collection(feature("CE", "Centre", north), feature("BOW", "Nœud", "[[5.90,45.58],[5.92,45.60],[5.92,45.58],[5.90,45.60],[5.90,45.58]]")),
			fault.Unprocessable, "contour_croise", []string{"Quartier n° 2", "« BOW »", "5.9100000, 45.5900000"}},
		"22 hole outside": {collection(feature("A", "a", north+","+box(5.95, 45.58, 5.96, 45.59))), fault.Unprocessable, "trou_hors_contour", []string{"n° 1", "« A »"}},
		"23 unclosed":     {collection(feature("A", "a", "[[5.90,45.58],[5.92,45.58],[5.92,45.59],[5.90,45.59]]")), fault.Unprocessable, "contour_ouvert", nil},
		"24 two points":   {collection(feature("A", "a", "[[5.90,45.58],[5.92,45.58]]")), fault.Unprocessable, "contour_trop_court", nil},
		"25 empty":        {collection(feature("A", "a", "")), fault.Unprocessable, "geometrie_vide", nil},
		"25 null":         {collection(`{"type":"Feature","properties":{"code":"A","nom":"a"},"geometry":null}`), fault.Unprocessable, "geometrie_vide", nil},
		"27 nested collections": {collection(`{"type":"Feature","properties":{"code":"A","nom":"a"},"geometry":` + deep + `}`),
			fault.Invalid, "", nil},
		"28 world":           {collection(feature("A", "a", box(-180, -90, 180, 90))), fault.Unprocessable, "hors_territoire", []string{"hors de la ville"}},
		"28 antimeridian":    {collection(feature("A", "a", box(-179.99, 45, 179.99, 45.01))), fault.Unprocessable, "hors_territoire", []string{"hors de la ville"}},
		"28 other country":   {collection(feature("A", "a", box(13.40, 52.50, 13.42, 52.51))), fault.Unprocessable, "hors_territoire", []string{"hors de la ville"}},
		"28 two cities":      {collection(feature("A", "a", north), feature("B", "b", box(2.30, 48.85, 2.32, 48.86))), fault.Unprocessable, "hors_territoire", []string{"n° 2", "« B »"}},
		"29 Lambert-93":      {collection(feature("A", "a", box(929000, 6500000, 930000, 6501000))), fault.Unprocessable, "lambert93", []string{"semblent être en Lambert-93"}},
		"30 crs":             {`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}},"features":[` + feature("A", "a", north) + `]}`, fault.Unprocessable, "systeme_refuse", []string{"EPSG::2154"}},
		"32 sliver":          {collection(feature("A", "a", box(5.90, 45.58, 5.9000001, 45.58001))), fault.Unprocessable, "surface_trop_petite", nil},
		"32 no hex centre":   {collection(feature("A", "a", box(5.90, 45.5803, 5.925, 45.58031))), fault.Unprocessable, "surface_sans_hexagone", []string{"« A »", "aucun hexagone"}},
		"33 NFC and NFD":     {collection(feature("A", "Prév\u00e9rt", north), feature("B", "Pre\u0301ve\u0301rt", south)), fault.Conflict, "nom_double", nil},
		"33 same code":       {collection(feature("A", "a", north), feature("A", "b", south)), fault.Conflict, "code_double", nil},
		"34 WKB":             {"\x01\x03\x00\x00\x00\xff\xff\xff\x7f", fault.Invalid, "texte_illisible", nil},
		"35 huge polygon":    {collection(feature("A", "a", box(-5, 42, 8, 51))), fault.Unprocessable, "hors_territoire", nil},
		"swapped axes":       {collection(feature("A", "a", box(45.58, 5.90, 45.59, 5.92))), fault.Invalid, "coordonnees_inversees", []string{"inversées"}},
		"3-D":                {collection(feature("A", "a", "[[5.9,45.58,1],[5.92,45.58,1],[5.92,45.59,1],[5.9,45.58,1]]")), fault.Invalid, "position_invalide", nil},
		"lower-case code":    {collection(feature("ce", "a", north)), fault.Unprocessable, "code_invalide", []string{"« ce »"}},
		"no code":            {collection(`{"type":"Feature","properties":{"nom":"a"},"geometry":{"type":"Polygon","coordinates":[` + north + `]}}`), fault.Invalid, "champ_absent", []string{"properties.code"}},
		"point":              {collection(`{"type":"Feature","properties":{"code":"A","nom":"a"},"geometry":{"type":"Point","coordinates":[5.9,45.58]}}`), fault.Invalid, "geometrie_refusee", nil},
		"null feature":       {collection("null"), fault.Invalid, "objet_nul", nil},
		"no feature":         {collection(), fault.Unprocessable, "collection_vide", nil},
		"not a collection":   {feature("A", "a", north), fault.Invalid, "geojson_attendu", nil},
		"cut short":          {collection(feature("A", "a", north))[:150], fault.Invalid, "json_illisible", nil},
		"control characters": {collection(`{"type":"Feature","properties":{"code":"A","nom":"a\u202eb"},"geometry":{"type":"Polygon","coordinates":[` + north + `]}}`), fault.Invalid, "texte_illisible", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, err := ImportTerritoire(t.Context(), noStore{t}, "73065", "Chambéry", Fuseau, strings.NewReader(test.file))
			f := fault.As(err)
			if f == nil || f.Kind != test.kind || test.code != "" && f.Code != test.code {
				t.Fatalf("got %+v (%v), want kind %d %s", f, err, test.kind, test.code)
			}
			for _, s := range test.says {
				if !strings.Contains(f.Detail, s) {
					t.Errorf("« %s » does not say %q", f.Detail, s)
				}
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("refused after %s", took)
			}
		})
	}
}

// manyVertices writes a file of one ring without end, as it is asked for.
type manyVertices struct {
	left int
	rest string
}

func (m *manyVertices) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if m.rest == "" {
			if m.left == 0 {
				return n, io.ErrUnexpectedEOF
			}
			m.left--
			m.rest = fmt.Sprintf("[5.9%07d,45.58],", m.left%10_000_000)
		}
		c := copy(p[n:], m.rest)
		m.rest = m.rest[c:]
		n += c
	}
	return n, nil
}

// TestMillionVertices: part B, 26. Refused in little memory, although the file
// goes on: what follows the limit is not read.
func TestMillionVertices(t *testing.T) {
	opening := strings.TrimSuffix(feature("A", "a", "["), "]}}")
	rest := &manyVertices{left: 1_000_000}
	file := io.MultiReader(strings.NewReader(`{"type":"FeatureCollection","features":[`+opening), rest)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ImportTerritoire(t.Context(), noStore{t}, "73065", "Chambéry", Fuseau, file)
	runtime.ReadMemStats(&after)
	if f := fault.As(err); f == nil || f.Kind != fault.TooLarge || f.Code != "trop_de_sommets" {
		t.Fatalf("got %v", err)
	}
	if rest.left == 0 {
		t.Error("the whole file was read")
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
		t.Errorf("%d MiB allocated", used>>20)
	}
}

// TestEveryReasonHasASentence: what geo can refuse in a file or a row is told.
func TestEveryReasonHasASentence(t *testing.T) {
	elsewhere := map[geo.Reason]bool{geo.UnknownKey: true, geo.TooLarge: true,
		geo.InvalidCell: true, geo.InvalidResolution: true, geo.RadiusTooLarge: true} // drawings and hexagons
	for _, r := range geo.AllReasons {
		if _, ok := refusals[r]; !ok && !elsewhere[r] {
			t.Errorf("no sentence for %s", r)
		}
	}
}

func importFile(t *testing.T, s Store, file string) (TerritoireReport, error) {
	t.Helper()
	return ImportTerritoire(t.Context(), s, "73255", "La Ravoire", Fuseau, strings.NewReader(file))
}

func TestOverlapsAreRefused(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := store.New(pool)
	// 0.001° of latitude over 0.02° of longitude: 111 m by 1 557 m.
	_, err := importFile(t, s, collection(feature("N", "Nord", box(5.90, 45.579, 5.92, 45.59)), feature("S", "Sud", south)))
	f := fault.As(err)
	if f == nil || f.Kind != fault.Conflict || f.Code != "quartiers_superposes" || !strings.Contains(f.Detail, "N et S sur 173") {
		t.Fatalf("got %v: %+v, want a conflict over some 173 000 m²", err, f)
	}
	if area, _ := f.Extra["aire_m2"].(float64); area < 172_000 || area > 175_000 {
		t.Errorf("area %v m²", f.Extra["aire_m2"])
	}
	expect(t, pool, "select count(*) from territoire", 0)
	// Half a metre along the whole border is how two drawings of it differ.
	if _, err := importFile(t, s, collection(feature("N", "Nord", box(5.90, 45.5799955, 5.92, 45.59)), feature("S", "Sud", south))); err != nil {
		t.Errorf("a sliver of 0.5 m is refused: %v", err)
	}
}

func expect(t *testing.T, pool *pgxpool.Pool, query string, want int, args ...any) {
	t.Helper()
	var got int
	if err := pool.QueryRow(t.Context(), query, args...).Scan(&got); err != nil || got != want {
		t.Errorf("%s: %d, want %d (%v)", query, got, want, err)
	}
}

func TestTerritoireIsReplaced(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := store.New(pool)
	file := collection(feature("N", "Pre\u0301 nord", north), feature("S", "Sud", south))
	report, err := importFile(t, s, file)
	if err != nil || !report.Created || report.Quartiers != 2 {
		t.Fatalf("first import: %+v, %v", report, err)
	}
	expect(t, pool, "select count(*) from quartier where nom = 'Pr\u00e9 nord' and nom_court = nom", 1)
	if report, err = importFile(t, s, file); err != nil || !report.Unchanged {
		t.Fatalf("same file again: %+v, %v", report, err)
	}
	for i, p := range []orb.Point{{5.91, 45.585}, {5.91, 45.5795}, {5.91, 45.575}} {
		if _, err := pool.Exec(t.Context(), `insert into signalement (territoire, id, quartier, geom, cell, theme, occurred_from, occurred_to, origin)
			values ('73255', gen_random_uuid(), $1, $2, 1, 'BRU', now(), now(), 'habitant')`, []string{"N", "S", "S"}[i], p); err != nil {
			t.Fatal(err)
		}
	}
	// The border moves south and names are exchanged: one signalement changes.
	moved := collection(feature("N", "Sud", box(5.90, 45.578, 5.92, 45.59)), feature("S", "Pr\u00e9 nord", box(5.90, 45.57, 5.92, 45.578)))
	if report, err = importFile(t, s, moved); err != nil || report.Unchanged || report.Signalements != 1 {
		t.Fatalf("new limits: %+v, %v", report, err)
	}
	expect(t, pool, "select count(*) from signalement where quartier = 'N'", 2)
	// A quartier in use may not vanish, and nothing of the file is kept.
	_, err = importFile(t, s, collection(feature("N", "Tout", box(5.90, 45.57, 5.92, 45.59))))
	if f := fault.As(err); f == nil || f.Kind != fault.Conflict || f.Code != "quartier_utilise" || !strings.Contains(f.Detail, "S (ateliers : 0, repères : 0, signalements : 1)") {
		t.Fatalf("vanishing quartier: %v", err)
	}
	expect(t, pool, "select count(*) from quartier where nom = 'Tout'", 0)
	// One that nothing refers to may.
	if _, err := pool.Exec(t.Context(), "delete from signalement where quartier = 'S'"); err != nil {
		t.Fatal(err)
	}
	if report, err = importFile(t, s, collection(feature("N", "Tout", box(5.90, 45.57, 5.92, 45.59)))); err != nil || len(report.Removed) != 1 {
		t.Fatalf("unused quartier: %+v, %v", report, err)
	}
}

func TestMarkersKeepAQuartier(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := store.New(pool)
	if _, err := importFile(t, s, collection(feature("N", "Nord", north))); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`insert into atelier (territoire, id, quartier, kind, titre, starts_at, closes_at) values ('73255', '018f0000-0000-7000-8000-000000000001', 'N', 'atelier', 'a', now(), now() + interval '1 hour')`,
		`insert into atelier_table (territoire, atelier, numero, code) values ('73255', '018f0000-0000-7000-8000-000000000001', 1, '22222222')`,
		`insert into participant (territoire, atelier, id, numero, rang) values ('73255', '018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002', 1, 1)`,
		`insert into marker (territoire, atelier, id, participant, numero, quartier, felt, geom, anchor, cell, added_seq, geometry_seq, existence_seq, seq)
		 select '73255', '018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000003', '018f0000-0000-7000-8000-000000000002', 1, 'N', 'safe', p, p, 1, 1, 1, 1, 1
		 from ST_SetSRID(ST_MakePoint(5.905, 45.585), 4326) p`,
	} {
		if _, err := pool.Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	_, err := importFile(t, s, collection(feature("N", "Nord", box(5.91, 45.58, 5.92, 45.59))))
	if f := fault.As(err); f == nil || f.Code != "reperes_hors_quartiers" {
		t.Fatalf("limits that leave a marker out: %v", err)
	}
	report, err := importFile(t, s, collection(feature("N", "Nord", box(5.91, 45.58, 5.92, 45.59)), feature("O", "Ouest", box(5.90, 45.58, 5.91, 45.59))))
	if err != nil || report.Markers != 1 {
		t.Fatalf("limits that move a marker: %+v, %v", report, err)
	}
	expect(t, pool, "select count(*) from marker where quartier = 'O'", 1)
}

func TestCommuneIsChecked(t *testing.T) {
	file := collection(feature("N", "Nord", north))
	for name, c := range map[string][3]string{
		"code":   {"7306", "Chambéry", Fuseau},
		"nom":    {"73065", "  ", Fuseau},
		"fuseau": {"73065", "Chambéry", "Europe/Chambéry"},
		"local":  {"73065", "Chambéry", "Local"},
	} {
		_, err := ImportTerritoire(t.Context(), noStore{t}, c[0], c[1], c[2], strings.NewReader(file))
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	failing := errors.New("disk gone")
	if _, err := ImportTerritoire(t.Context(), noStore{t}, "73065", "Chambéry", Fuseau, io.MultiReader(strings.NewReader(file[:40]), errReader{failing})); !errors.Is(err, failing) {
		t.Errorf("a failure to read became %v", err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }
