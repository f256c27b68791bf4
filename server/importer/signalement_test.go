package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"quietude/server/fault"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// now is the clock of these tests.
var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func chambery(t *testing.T) (*store.Store, *pgxpool.Pool) {
	t.Helper()
	pool := pgtest.Pool(t)
	s := store.New(pool)
	if _, err := LoadChambery(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s, pool
}

func importCSV(t *testing.T, s SignalementStore, file string, change ...func(*Options)) (Report, error) {
	t.Helper()
	o := Options{Format: "csv", Now: now}
	for _, c := range change {
		c(&o)
	}
	return ImportSignalements(t.Context(), s, Chambery, o, strings.NewReader(file))
}

func skipping(o *Options) { o.SkipErrors = true }

// TestEncodingsAndDelimiters: part C, 39. One table, written in every way, is
// read alike.
func TestEncodingsAndDelimiters(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	rows := [][]string{
		{"Référence", "Longitude", "Latitude", "Date", "Thème", "Sous-thème"},
		{"n°1", "5.91068", "45.56874", "2025-03-14 22:10", "BRU", "fête « bruyante », l’été"},
		{"n°2", "5.92158", "45.56280", "14/03/2025", "Propreté, dépôts", "dépôt; sauvage | rue"},
	}
	table := func(comma string, decimal bool) string {
		var b strings.Builder
		for i, row := range rows {
			for j, f := range row {
				if i > 0 && decimal && (j == 1 || j == 2) {
					f = strings.Replace(f, ".", ",", 1)
				}
				if j > 0 {
					b.WriteString(comma)
				}
				b.WriteString(`"` + f + `"`)
			}
			b.WriteString("\r\n")
		}
		return b.String()
	}
	encode := func(text string, how func(string) (string, error)) string {
		out, err := how(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(table(";", true))); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	// The origin tells the variants apart: each is imported for itself.
	for i, v := range []struct {
		name, file, encoding, delimiter string
	}{
		{"UTF-8, comma", table(",", false), "UTF-8", ","},
		{"UTF-8, comma, decimal comma", table(",", true), "UTF-8", ","},
		{"byte order mark, semicolon", "\xef\xbb\xbf" + table(";", true), "UTF-8", ";"},
		{"tabulation", table("\t", false) + "\r\n", "UTF-8", "\t"},
		{"vertical bar", table("|", false) + "\n\n", "UTF-8", "|"},
		{"Windows-1252", encode(table(";", true), charmap.Windows1252.NewEncoder().String), "Windows-1252", ";"},
		{"UTF-16 LE", encode(table(";", true), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String), "UTF-16 LE", ";"},
		{"UTF-16 BE", encode(table("\t", true), unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String), "UTF-16 BE", "\t"},
		{"UTF-16 LE, no mark", encode(table(";", false), unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String), "UTF-16 LE", ";"},
		{"UTF-16 BE, no mark", encode(table(",", false), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String), "UTF-16 BE", ","},
		{"gzip", packed.String(), "UTF-8", ";"},
	} {
		origin := fmt.Sprintf("essai-%d", i)
		report, err := importCSV(t, s, v.file, func(o *Options) { o.Origin = origin })
		if err != nil {
			t.Errorf("%s: %v %+v", v.name, err, report.Errors)
			continue
		}
		if report.Again || report.Added != 2 || report.Encoding != v.encoding || report.Delimiter != v.delimiter {
			t.Errorf("%s: %+v", v.name, report)
		}
		expect(t, pool, `select count(*) from signalement where origin = $1 and (
			external_id = 'n°1' and subtheme = 'fête « bruyante », l’été' and theme = 'BRU' and quartier = 'CE' and occurred_from = '2025-03-14 21:10Z' and occurred_to = occurred_from
			  and ST_X(geom) = 5.91068 and ST_Y(geom) = 45.56874 or
			external_id = 'n°2' and subtheme = 'dépôt; sauvage | rue' and theme = 'PRO' and quartier = 'LA' and occurred_from = '2025-03-13 23:00Z' and occurred_to = '2025-03-14 23:00Z')`,
			2, "import:"+origin)
	}
}

const header = "id,lon,lat,date,theme\n"

func row(id int) string { return fmt.Sprintf("%d,5.91068,45.56874,2025-03-14 22:10,BRU\n", id) }

// TestBadRows: every refused row is named by its line and its reason, and one
// is enough for nothing to be written (part C, 41).
func TestBadRows(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	bad := []struct{ row, says string }{
		{"a,,45.5,2025-03-14,BRU", "la position manque"},
		{"a,NaN,45.5,2025-03-14,BRU", "n’est pas un nombre"},
		{"a,1e1,45.5,2025-03-14,BRU", "n’est pas un nombre"},
		{"a,5.9.1,45.5,2025-03-14,BRU", "n’est pas un nombre"},
		{"a,5.9,95,2025-03-14,BRU", "−90 à 90"},
		{"a,45.56874,5.91068,2025-03-14,BRU", "inversées"},
		{"a,929000,6500000,2025-03-14,BRU", "Lambert-93"},
		{"a,2.35,48.85,2025-03-14,BRU", "hors de la ville"},
		{"a,0,0,2025-03-14,BRU", "hors de la ville"},
		{"a,5.91068,45.56874,,BRU", "la date manque"},
		{"a,5.91068,45.56874,hier,BRU", "« hier »"},
		{"a,5.91068,45.56874,31/02/2025,BRU", "n’est pas comprise"},
		{"a,5.91068,45.56874,2025-03-30 02:30,BRU", "n’existe pas"},
		{"a,5.91068,45.56874,2027-01-01,BRU", "futur"},
		{"a,5.91068,45.56874,1900-01-01,BRU", "ancienne"},
		{"a,5.91068,45.56874,2025-03-14,", "le thème manque"},
		{"a,5.91068,45.56874,2025-03-14,Soucoupes", "« Soucoupes »"},
		{"a,5.91068,45.56874,2025-03-14", "4 colonnes au lieu de 5"},
		{"a,5.91068,45.56874,2025-03-14,BRU,x", "6 colonnes au lieu de 5"},
		{`a"b,5.91068,45.56874,2025-03-14,BRU`, "guillemet"},
		{strings.Repeat("x", 201) + ",5.91068,45.56874,2025-03-14,BRU", "identifiant"},
		{"é\xe9,5.91068,45.56874,2025-03-14,BRU", "illisible"},
		{"a\x00,5.91068,45.56874,2025-03-14,BRU", "illisible"},
		{"a\x1b[2J,5.91068,45.56874,2025-03-14,BRU", "identifiant est illisible"},
	}
	var file strings.Builder
	file.WriteString("id,lon,lat,date,thème\n") // decides for UTF-8
	file.WriteString(row(1))
	for _, b := range bad {
		file.WriteString(b.row + "\n")
	}
	file.WriteString(row(2))
	text := file.String()
	report, err := importCSV(t, s, text)
	if f := fault.As(err); f == nil || f.Kind != fault.Unprocessable || f.Code != "lignes_refusees" || report.Added != 0 {
		t.Fatalf("%v, %+v", err, report)
	}
	expect(t, pool, "select count(*) from signalement", 0)
	expect(t, pool, "select count(*) from signalement_import", 0)
	if report.Read != len(bad)+2 || report.Bad != len(bad) || len(report.Errors) != len(bad) {
		t.Fatalf("%d read, %d bad, %d listed; want %d, %d, %d", report.Read, report.Bad, len(report.Errors), len(bad)+2, len(bad), len(bad))
	}
	for i, b := range bad {
		e := report.Errors[i]
		if e.Line != i+3 || !strings.Contains(e.Reason, b.says) {
			t.Errorf("%q: line %d « %s », want line %d with %q", b.row, e.Line, e.Reason, i+3, b.says)
		}
	}
	if report.UnknownThemes["Soucoupes"] != 1 {
		t.Errorf("unknown themes: %v", report.UnknownThemes)
	}
	// Asked to, the import leaves them out.
	report, err = importCSV(t, s, text, skipping)
	if err != nil || report.Added != 2 || report.Bad != len(bad) {
		t.Errorf("skipping errors: %v, %+v", err, report)
	}
}

// TestOneBadRowLate: part C, 41, with a batch already written.
func TestOneBadRowLate(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	var file strings.Builder
	file.WriteString(header)
	for i := range 2*batchRows + 10 {
		file.WriteString(row(i))
	}
	good := file.String()
	report, err := importCSV(t, s, good+"x,y\n")
	if err == nil || report.Bad != 1 || report.Errors[0].Line != 2*batchRows+12 {
		t.Fatalf("%v, %+v", err, report)
	}
	expect(t, pool, "select count(*) from signalement", 0)
	calls := 0
	report, err = importCSV(t, s, good, func(o *Options) { o.Progress = func(p Progress) { calls++ } })
	if err != nil || report.Added != 2*batchRows+10 || calls != 2 {
		t.Fatalf("%v, %+v, %d calls of progress", err, report, calls)
	}
	expect(t, pool, "select count(*) from signalement where quartier = 'CE' and import is not null", 2*batchRows+10)
	expect(t, pool, "select count(*) from signalement_import where rows_read = rows_added and rows_read = $1", 1, 2*batchRows+10)
}

// TestSameFileTwice: part C, 42.
func TestSameFileTwice(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	file := header + row(1) + row(2)
	if report, err := importCSV(t, s, file); err != nil || report.Added != 2 {
		t.Fatalf("%v, %+v", err, report)
	}
	if report, err := importCSV(t, s, file); err != nil || !report.Again || report.Added != 0 || report.Known != 2 {
		t.Errorf("the same file: %v, %+v", err, report)
	}
	// Another file that repeats rows adds only what is new, once.
	if report, err := importCSV(t, s, file+row(3)+row(3)); err != nil || report.Again || report.Added != 1 || report.Known != 3 {
		t.Errorf("a longer file: %v, %+v", err, report)
	}
	// The same identifier of another origin is another signalement.
	if report, err := importCSV(t, s, file+row(4), func(o *Options) { o.Origin = "autre" }); err != nil || report.Added != 3 {
		t.Errorf("another origin: %v, %+v", err, report)
	}
	expect(t, pool, "select count(*) from signalement", 6)
}

// TestRowsWithoutIdentifier are told apart by what they say and how often.
func TestRowsWithoutIdentifier(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	const header, a, b = "lon,lat,date,theme\n", "5.91068,45.56874,2025-03-14,BRU\n", "5.91068,45.56874,2025-03-15,BRU\n"
	if report, err := importCSV(t, s, header+a+a+b); err != nil || report.Added != 3 {
		t.Fatalf("%v, %+v", err, report)
	}
	if report, err := importCSV(t, s, header+b+a+a+a); err != nil || report.Added != 1 || report.Known != 3 {
		t.Errorf("the rows in another order, and one more: %v, %+v", err, report)
	}
	expect(t, pool, "select count(*) from signalement", 4)
}

// TestFilesThatAreRefused as a whole, with nothing written.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	var broken bytes.Buffer
	z := gzip.NewWriter(&broken)
	if _, err := z.Write([]byte(header + strings.Repeat(row(1), 9000))); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		file string
		kind fault.Kind
		code string
		says string
	}{
		"empty":          {"", fault.Unprocessable, "fichier_vide", ""},
		"blank":          {"\n\n  \n", fault.Unprocessable, "fichier_vide", ""},
		"header only":    {header, fault.Unprocessable, "fichier_vide", "en-tête"},
		"no header":      {row(1) + row(2), fault.Unprocessable, "colonne_absente", "lon et lat"},
		"no date column": {"id,lon,lat,theme\n1,5.9,45.5,BRU\n", fault.Unprocessable, "colonne_absente", "date"},
		"ZIP":            {"PK\x03\x04 and so on", fault.UnsupportedMedia, "archive_refusee", ""},
		"binary":         {"SQLite format 3\x00\x10\x00\x01\x01\x00", fault.UnsupportedMedia, "fichier_binaire", ""},
		"cut gzip":       {broken.String()[:broken.Len()-100], fault.Invalid, "fichier_illisible", ""},
		"open quote":     {header + row(1) + "\"2,5.9,45.5,2025-03-14,BRU\n" + strings.Repeat(row(3), 40), fault.Unprocessable, "guillemet_ouvert", "Ligne 3"},
		"open quote, long": {header + row(1) + "\"2,5.9,45.5,2025-03-14,BRU\n" + strings.Repeat(row(3), 40_000),
			fault.Unprocessable, "guillemet_ouvert", ""},
	} {
		report, err := importCSV(t, s, test.file, skipping)
		if f := fault.As(err); f == nil || f.Kind != test.kind || f.Code != test.code || !strings.Contains(f.Detail, test.says) {
			t.Errorf("%s: %v, %+v", name, err, report)
		}
	}
	for name, change := range map[string]func(*Options){
		"unknown format": func(o *Options) { o.Format = "xlsx" },
		"bad origin":     func(o *Options) { o.Origin = "Ville de Chambéry" },
	} {
		if _, err := importCSV(t, s, header+row(1), change); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ImportSignalements(t.Context(), s, "75056", Options{Format: "csv"}, strings.NewReader(header+row(1))); fault.KindOf(err) != fault.NotFound {
		t.Errorf("unknown territoire: %v", err)
	}
	if _, err := importCSV(t, s, header+row(1), func(o *Options) { o.Mapping.Theme = "catégorie" }); fault.As(err) == nil || !strings.Contains(fault.As(err).Detail, "« catégorie »") {
		t.Errorf("a column that is named and absent: %v", err)
	}
	expect(t, pool, "select count(*) from signalement_import", 0)
}

// endless repeats a row for ever.
type endless struct {
	row  []byte
	at   int
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.row[e.at]
		e.at = (e.at + 1) % len(e.row)
	}
	e.read += len(p)
	return len(p), nil
}

// TestEndlessFile: part C, 40. The file ends at the limit, and memory is flat.
// It runs alone: the heap that it measures is everybody's.
func TestEndlessFile(t *testing.T) {
	s, pool := chambery(t)
	const limit = 48 << 20
	// A refused row: nothing reaches the database, everything is read.
	file := &endless{row: []byte("1,0,0,2025-03-14 22:10,BRU\n")}
	var peak uint64
	_, err := ImportSignalements(t.Context(), s, Chambery, Options{Format: "csv", Now: now, MaxBytes: limit, Progress: func(p Progress) {
		if p.Rows%(100*batchRows) == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}}, io.MultiReader(strings.NewReader(header), file))
	if f := fault.As(err); f == nil || f.Kind != fault.TooLarge || !strings.Contains(f.Detail, "48 Mio") {
		t.Fatalf("got %v", err)
	}
	if file.read > limit+1<<20 {
		t.Errorf("%d bytes were read beyond the limit", file.read-limit)
	}
	if peak == 0 || peak > 64<<20 {
		t.Errorf("%d MiB in use", peak>>20)
	}
	expect(t, pool, "select count(*) from signalement", 0)
}

// TestDansMaRue reads the layout of Paris over the streets of Chambéry.
func TestDansMaRue(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	var file strings.Builder
	file.WriteString("id_dmr,date,type,soustype,canal,intervenant,arrondissement,conseil_quartier,lon,lat\n")
	types := []string{"Objets abandonnés", `"Graffitis, tags, affiches et autocollants"`, "Propreté", `"Autos, motos, vélos, trottinettes..."`,
		"Voirie et espace public", "Mobiliers urbains", "Activités commerciales et professionnelles", `"Arbres, végétaux et animaux"`, "Éclairage / Électricité", "Eau"}
	for i, k := range types {
		fmt.Fprintf(&file, "A%d,2023-07-17,%s,\"%s\",Android,X,2,y,5.91068,45.56874\n", i, k, strings.Repeat("é", 119+i%2*2))
	}
	report, err := importCSV(t, s, file.String(), func(o *Options) { o.Format = "dansmarue" })
	if err != nil || report.Added != len(types) || report.Shortened != len(types)/2 {
		t.Fatalf("%v, %+v", err, report)
	}
	rows, err := pool.Query(t.Context(), "select theme from signalement where origin = 'import:dansmarue' order by external_id")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for rows.Next() {
		var theme string
		if err := rows.Scan(&theme); err != nil {
			t.Fatal(err)
		}
		got = append(got, theme)
	}
	if want := strings.Fields("PRO DEG PRO CIR CIR DEG OCC AMB AMB AMB"); !slices.Equal(got, want) {
		t.Errorf("themes %v, want %v", got, want)
	}
	report, err = importCSV(t, s, strings.ReplaceAll(file.String(), "Eau", "Météorites"), func(o *Options) { o.Format = "dansmarue" })
	if err == nil || report.UnknownThemes["Météorites"] != 1 {
		t.Errorf("unknown type: %v, %+v", err, report)
	}
}

func TestMappingByName(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	file := "geo_point_2d;quand;à quelle heure;jusqu'à;quoi\n\"45.56874, 5.91068\";14/03/2025;22:10;15/03/2025 01:00;Nuisances sonores\n"
	report, err := importCSV(t, s, file, func(o *Options) {
		o.Mapping = Mapping{Date: "Quand", Heure: "à quelle heure", DateFin: "jusqu'à", Theme: "QUOI"}
	})
	if err != nil || report.Added != 1 {
		t.Fatalf("%v, %+v", err, report)
	}
	expect(t, pool, "select count(*) from signalement where theme = 'BRU' and occurred_from = '2025-03-14 21:10Z' and occurred_to = '2025-03-15 00:00Z'", 1)
}

// TestSurroundings: outside every quartier is accepted up to 500 m.
func TestSurroundings(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	report, err := importCSV(t, s, header+"1,5.8650,45.5440,2025-03-14,BRU\n")
	if err != nil || report.Added != 1 || report.Outside != 1 {
		t.Fatalf("%v, %+v", err, report)
	}
	expect(t, pool, "select count(*) from signalement where quartier is null", 1)
}

// TestImportStopsWithItsCaller leaves nothing behind.
func TestImportStopsWithItsCaller(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	failing := errors.New("network gone")
	_, err := ImportSignalements(t.Context(), s, Chambery, Options{Format: "csv", Now: now}, io.MultiReader(strings.NewReader(header+row(1)), errReader{failing}))
	if !errors.Is(err, failing) || fault.KindOf(err) != fault.Invalid {
		t.Errorf("a failure to read became %v", err)
	}
	expect(t, pool, "select count(*) from signalement", 0)
}
