package export_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"quietude/server/export"
)

var table = export.Table{
	Name: "essai", Title: "=Essai", Columns: []export.Column{{Name: "libelle", Label: "Libellé"}, {Name: "nombre", Label: "Nombre"}, {Name: "part", Label: "Part (0 à 1)", About: "=de tout"}, {Name: "jour", Label: "Jour"}},
	Rows: [][]any{
		{`=HYPERLINK("http://x")`, -3, -0.25, time.Date(2026, 3, 12, 23, 0, 0, 0, time.FixedZone("", 3600))},
		{"+33", 0, math.NaN(), nil}, {"-1 place", nil, 1.5, nil}, {"@a", 1, math.Inf(1), nil}, {"\ta", 1, 2.0, nil}, {"é; \"b\"\nc", 2, 3.0, nil},
	},
	Context: export.Context{Source: "-source", Period: "2025", N: "n = 20", Caveat: "peu de monde", Made: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)},
}

// What would be run as a formula is text, what is a negative number stays one,
// and every line says what it rests on.
func TestCSV(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := export.CSV(&b, table); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tail := []string{"'-source", "2025", "n = 20", "peu de monde", "2026-03-20"}
	want := [][]string{
		{"libelle", "nombre", "part", "jour", "source", "periode", "n", "reserve", "etabli_le"},
		append([]string{`'=HYPERLINK("http://x")`, "-3", "-0.25", "2026-03-12"}, tail...),
		append([]string{"'+33", "0", "", ""}, tail...),
		append([]string{"'-1 place", "", "1.5", ""}, tail...),
		append([]string{"'@a", "1", "", ""}, tail...),
		append([]string{"'\ta", "1", "2", ""}, tail...),
		append([]string{"é; \"b\"\nc", "2", "3", ""}, tail...),
	}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("got  %q\nwant %q", rows, want)
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	other := table
	other.Name, other.Rows = "autre", nil
	var b bytes.Buffer
	if err := export.XLSX(&b, []export.Table{table, other}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !reflect.DeepEqual(got, []string{"essai", "autre", "colonnes"}) {
		t.Fatalf("sheets %q", got)
	}
	rows, err := f.GetRows("essai")
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "'=Essai" || rows[1][1] != "'-source" || rows[2][0] != "Période" || rows[5][1] != "20/03/2026" || rows[7][0] != "Libellé" {
		t.Errorf("head: %q", rows[:8])
	}
	if got := rows[8]; !reflect.DeepEqual(got, []string{`'=HYPERLINK("http://x")`, "-3", "-0.25", "12/03/2026"}) {
		t.Errorf("first row: %q", got)
	}
	if meaning, err := f.GetRows("colonnes"); err != nil || !reflect.DeepEqual(meaning[10], []string{"'=Essai", "Part (0 à 1)", "part", "'=de tout"}) {
		t.Errorf("what columns mean: %q (%v)", meaning, err)
	}
	for cell, want := range map[string]excelize.CellType{"B9": excelize.CellTypeUnset, "C9": excelize.CellTypeUnset, "A9": excelize.CellTypeInlineString} {
		if got, err := f.GetCellType("essai", cell); err != nil || got != want {
			t.Errorf("%s is of type %v, want %v (%v)", cell, got, want, err)
		}
		if formula, err := f.GetCellFormula("essai", cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q (%v)", cell, formula, err)
		}
	}
}

// TestColumnsAreExplained: no file leaves with a column that nobody explained, that
// stands there twice, or that hides what the numbers rest on.
func TestColumnsAreExplained(t *testing.T) {
	t.Parallel()
	machine := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	for _, c := range export.AllColumns() {
		if !machine.MatchString(c.Name) || c.Label == "" || strings.Contains(c.Label, "_") {
			t.Errorf("%+v", c)
		}
	}
	for _, names := range [][]string{{"mois", "inconnue"}, {"mois", "mois"}, {"mois", "source"}} {
		bad := export.Table{Name: "essai", Columns: export.Columns(names...)}
		if err := export.CSV(io.Discard, bad); err == nil {
			t.Errorf("%q leave as CSV", names)
		}
		if err := export.XLSX(io.Discard, []export.Table{bad}); err == nil {
			t.Errorf("%q leave as a workbook", names)
		}
	}
}

// TestColumnsAreInTheDocuments: the page for analysts has each column, with the words
// of the workbook.
func TestColumnsAreInTheDocuments(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/exports.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, c := range export.AllColumns() {
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", c.Name, c.Label, c.About)
	}
	if !strings.Contains(string(page), want.String()) {
		t.Errorf("docs/exports.md should have:\n%s", want.String())
	}
}
