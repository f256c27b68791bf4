package export_test

import (
	"bytes"
	"encoding/csv"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"quietude/server/export"
)

var table = export.Table{
	Name: "essai", Title: "=Essai", Columns: export.Columns("libellé", "nombre", "part", "jour"),
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
		{"libellé", "nombre", "part", "jour", "source", "periode", "n", "reserve", "etabli_le"},
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
	if got := f.GetSheetList(); !reflect.DeepEqual(got, []string{"essai", "autre"}) {
		t.Fatalf("sheets %q", got)
	}
	rows, err := f.GetRows("essai")
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "'=Essai" || rows[1][1] != "'-source" || rows[2][0] != "Période" || rows[5][1] != "20/03/2026" || rows[7][0] != "libellé" {
		t.Errorf("head: %q", rows[:8])
	}
	if got := rows[8]; !reflect.DeepEqual(got, []string{`'=HYPERLINK("http://x")`, "-3", "-0.25", "12/03/2026"}) {
		t.Errorf("first row: %q", got)
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
