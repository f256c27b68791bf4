package report

import (
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/go-pdf/fpdf"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/data"
)

// chambery are the maps of its quartiers, by name.
func chambery(t *testing.T) map[string]PaperMap {
	t.Helper()
	read := func(name string) []*geojson.Feature {
		text, err := fs.ReadFile(data.Chambery(), name)
		if err != nil {
			t.Fatal(err)
		}
		var all geojson.FeatureCollection
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatal(err)
		}
		return all.Features
	}
	var streets []PaperStreet
	for _, f := range read("voirie_chambery.geojson") {
		s := PaperStreet{Name: f.Properties.MustString("nom", ""), Main: f.Properties.MustString("domanialite", "") == "DEP"}
		switch g := f.Geometry.(type) {
		case orb.LineString:
			s.Lines = orb.MultiLineString{g}
		case orb.MultiLineString:
			s.Lines = g
		}
		streets = append(streets, s)
	}
	var landmarks []PaperLandmark
	for _, f := range read("reperes_chambery.geojson") {
		l := PaperLandmark{Name: f.Properties.MustString("nom", "")}
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			l.Areas = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			l.Areas = g
		}
		landmarks = append(landmarks, l)
	}
	out := map[string]PaperMap{}
	for _, f := range read("quartiers_chambery_topo.geojson") {
		m := PaperMap{Streets: streets, Landmarks: landmarks}
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			m.Outline = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			m.Outline = g
		}
		out[f.Properties.MustString("nom", "")] = m
	}
	return out
}

// TestNamesAreReadable: on the map of every quartier names are large enough for a
// table, lie on no other, and are whole; there are enough of them to know where one is.
func TestNamesAreReadable(t *testing.T) {
	t.Parallel()
	for quartier, m := range chambery(t) {
		pdf := fpdf.New("P", "mm", "A3", "")
		frame, _ := frameOf(m.Outline)
		c := paper{card{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}, frame}
		names := c.toponyms(m)
		if len(names) < 30 {
			t.Errorf("%s: only %d names", quartier, len(names))
		}
		sizes := map[float64]int{}
		for i, n := range names {
			sizes[n.size]++
			if n.size < 9 && n.lettering != alleyLetters || n.angle > 90 || n.angle <= -90 {
				t.Errorf("%s: %q has %v points and is turned by %v°", quartier, n.lines, n.size, n.angle)
			}
			for _, other := range names[:i] {
				if n.meets(other) {
					t.Errorf("%s: %q lies on %q", quartier, n.lines, other.lines)
				}
			}
			for _, p := range n.discs {
				if p.X < frame.left || p.X > frame.left+frame.width || p.Y < frame.top || p.Y > frame.top+frame.height {
					t.Errorf("%s: %q leaves the map", quartier, n.lines)
				}
			}
		}
		if sizes[mainLetters.size] < 2 || sizes[landmarkLetters.size] < 2 || sizes[streetLetters.size] < 20 {
			t.Errorf("%s: names by size %v", quartier, sizes)
		}
		t.Logf("%s: %v", quartier, sizes)
	}
}

func TestBalanced(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"Lycée Vaugelas": 1, "École Maternelle les Châtaigniers": 2, "Poste de Chambéry - le Biollay": 2,
		"Conservatoire à Rayonnement Régional de Chambéry-Pays de Savoie": 3} {
		lines := balanced(text, longestLine)
		if len(lines) > want+1 || len(lines) < want {
			t.Errorf("%q in %d lines: %q", text, len(lines), lines)
		}
		for _, line := range lines {
			if line == "" || line[0] == '-' {
				t.Errorf("%q: a line %q", text, line)
			}
		}
	}
}
