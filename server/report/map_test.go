package report_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"quietude/server/report"
)

func paperMap() report.PaperMap {
	return report.PaperMap{
		Outline: orb.MultiPolygon{{{{5.90, 45.56}, {5.93, 45.56}, {5.93, 45.575}, {5.90, 45.575}, {5.90, 45.56}}}},
		Streets: []report.PaperStreet{
			{Name: "Avenue de la République", Main: true, Lines: orb.MultiLineString{{{5.90, 45.565}, {5.93, 45.566}}}},
			{Name: "Rue de l’Épée", Lines: orb.MultiLineString{{{5.915, 45.561}, {5.916, 45.574}}}},
			{Lines: orb.MultiLineString{{{5.905, 45.57}, {5.906, 45.57}}}}},
		Landmarks: []report.PaperLandmark{{Name: "École Jean-Jaurès", Areas: orb.MultiPolygon{{{{5.92, 45.57}, {5.921, 45.57}, {5.921, 45.571}, {5.92, 45.57}}}}}},
		Source:    "Données : ville de Chambéry",
	}
}

// TestTableMaps: one page per table, the same bytes for the same evening, and
// a box that holds the quartier.
func TestTableMaps(t *testing.T) {
	t.Parallel()
	one, err := report.TableMaps(evening(t), paperMap())
	if err != nil {
		t.Fatal(err)
	}
	again, err := report.TableMaps(evening(t), paperMap())
	if err != nil || !bytes.Equal(one, again) {
		t.Errorf("the same evening gives other bytes (%v)", err)
	}
	if n := bytes.Count(one, []byte("/Type /Page\n")); n != 2 {
		t.Errorf("%d pages, want one for each table", n)
	}
	outline := paperMap().Outline
	box := report.PaperBox(outline)
	if inside := outline.Bound(); !box.Contains(inside.Min) || !box.Contains(inside.Max) {
		t.Errorf("the box %v does not hold %v", box, inside)
	}
	keep(t, "plans.pdf", one)
}

func TestAttendance(t *testing.T) {
	t.Parallel()
	institutions := []report.Presence{{Institution: "Élus", Expected: 2}, {Institution: "Police nationale", Expected: 1}}
	one, err := report.Attendance(evening(t), institutions)
	if err != nil {
		t.Fatal(err)
	}
	again, err := report.Attendance(evening(t), institutions)
	if err != nil || !bytes.Equal(one, again) || !bytes.HasPrefix(one, []byte("%PDF-")) {
		t.Errorf("the same evening gives other bytes (%v)", err)
	}
	keep(t, "presence.pdf", one)
}

// keep leaves a file where QUIETUDE_TEST_KEEP names a folder, to be looked at.
func keep(t *testing.T, name string, body []byte) {
	t.Helper()
	if folder := os.Getenv("QUIETUDE_TEST_KEEP"); folder != "" {
		if err := os.WriteFile(folder+"/"+name, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
