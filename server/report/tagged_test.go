package report_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"quietude/server/report"
)

// document has one of every block, and is longer than a page.
func document() report.Document {
	grid := report.Grid{Caption: "Actions", Head: []string{"N°", "Action"}, Shares: []float64{0.2, 0.8}}
	for i := range 60 {
		grid.Rows = append(grid.Rows, []string{fmt.Sprint(i + 1), "Remplacer les lampadaires du passage"})
	}
	long := report.Paragraph(strings.Repeat("Une voix est une personne : qui a placé plusieurs repères au même endroit compte une fois. ", 60))
	return report.Document{Title: "Compte rendu – Atelier (essai)", Lines: []string{"Centre-ville, Chambéry"}, Demo: true,
		Made: time.Date(2026, 3, 12, 20, 0, 0, 0, time.UTC),
		Blocks: []report.Block{report.Heading{Level: 2, Text: "La carte"},
			report.Plan{Title: "Carte", Alt: "Carte du quartier : « 2 endroits ».", Map: paperMap()}, grid,
			report.Heading{Level: 2, Text: "Comment lire"}, report.Heading{Level: 3, Text: "À retenir"}, long, long,
			report.Bullets{"Un", "Deux", string(long)}}}
}

// objects of a PDF, each as its last section has it.
func objects(t *testing.T, pdf []byte) map[int]string {
	t.Helper()
	out := map[int]string{}
	at := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(pdf)
	if at == nil {
		t.Fatal("the file has no end")
	}
	for offset, _ := strconv.Atoi(string(at[1])); ; {
		lines := strings.Split(string(pdf[offset:]), "\n")
		if lines[0] != "xref" {
			t.Fatalf("no table at %d", offset)
		}
		i := 1
		for lines[i] != "trailer" {
			var first, n int
			if _, err := fmt.Sscan(lines[i], &first, &n); err != nil {
				t.Fatal(err)
			}
			for k := range n {
				if lines[i+1+k][17] != 'n' {
					continue
				}
				place, err := strconv.Atoi(lines[i+1+k][:10])
				if err != nil {
					t.Fatal(err)
				}
				head := fmt.Sprintf("%d 0 obj\n", first+k)
				if !bytes.HasPrefix(pdf[place:], []byte(head)) {
					t.Fatalf("object %d is not at %d", first+k, place)
				}
				if _, known := out[first+k]; !known { // the newest section is read first
					body, _, _ := bytes.Cut(pdf[place+len(head):], []byte("\nendobj"))
					out[first+k] = string(body)
				}
			}
			i += n + 1
		}
		before := regexp.MustCompile(`/Prev (\d+)`).FindStringSubmatch(strings.Join(lines[i:i+8], "\n"))
		if before == nil {
			return out
		}
		offset, _ = strconv.Atoi(before[1])
	}
}

// TestPDFHasStructure: what is drawn on a page is either an element of the
// structure or marked as nothing to be heard, elements are those of the document,
// and a map has its words.
func TestPDFHasStructure(t *testing.T) {
	t.Parallel()
	pdf, err := document().PDF()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := document().PDF(); err != nil || !bytes.Equal(pdf, again) {
		t.Errorf("the same document gives other bytes (%v)", err)
	}
	all := objects(t, pdf)
	roles, marked, pages, catalog := map[string]int{}, 0, 0, ""
	for id, body := range all {
		if role := regexp.MustCompile(`^<</Type /StructElem /S /(\w+)`).FindStringSubmatch(body); role != nil {
			roles[role[1]]++
			marked += strings.Count(body, "/MCR")
		}
		switch {
		case strings.Contains(body, "/Type /Catalog"):
			catalog = body
		case strings.HasPrefix(body, "<</Type /Page\n"):
			pages++
			if !strings.Contains(body, fmt.Sprintf("/StructParents %d", (id-3)/2)) {
				t.Errorf("page %d knows no structure: %s", id, body)
			}
			marked -= marksOf(t, all[id+1])
		}
	}
	if pages < 4 || marked != 0 {
		t.Errorf("%d pages; marks of the structure less those of the pages: %d", pages, marked)
	}
	for _, said := range []string{"/MarkInfo <</Marked true>>", "/StructTreeRoot", "/Lang (fr)", "/DisplayDocTitle true", "/Outlines"} {
		if !strings.Contains(catalog, said) {
			t.Errorf("the catalogue lacks %s: %s", said, catalog)
		}
	}
	for role, want := range map[string]int{"Document": 1, "H1": 1, "H2": 2, "H3": 1, "Figure": 1, "Table": 1, "Caption": 1, "TR": 61, "TH": 62, "TD": 60, "L": 1, "LI": 3, "P": 5} {
		if roles[role] != want {
			t.Errorf("%d %s, want %d", roles[role], role, want)
		}
	}
	alt := ""
	for _, unit := range "Carte du quartier : « 2" { // all in the first plane
		alt += fmt.Sprintf("%04X", unit)
	}
	if !strings.Contains(string(pdf), "/Alt <FEFF"+alt) {
		t.Error("the map has no words")
	}
	keep(t, "document.pdf", pdf)
}

// marksOf reads a page's content: marks open one at a time, and nothing is drawn
// outside of them.
func marksOf(t *testing.T, object string) (n int) {
	t.Helper()
	_, stream, _ := strings.Cut(object, "stream\n")
	z, err := zlib.NewReader(strings.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	open := false
	for _, line := range strings.Split(string(content), "\n") {
		switch {
		case strings.HasSuffix(line, " BDC"), strings.HasSuffix(line, " BMC"):
			if open {
				t.Fatalf("a mark in a mark: %s", line)
			}
			if open = true; strings.HasSuffix(line, " BDC") {
				if !strings.Contains(line, fmt.Sprintf("<</MCID %d>>", n)) {
					t.Fatalf("%s is not mark %d", line, n)
				}
				n++
			}
		case line == "EMC":
			if !open {
				t.Fatal("an end without its mark")
			}
			open = false
		case !open && (strings.Contains(line, " Tj") || strings.HasSuffix(line, " re f") || strings.HasSuffix(line, " S")):
			t.Fatalf("drawn outside the structure: %s", line)
		}
	}
	if open {
		t.Error("a mark does not end with its page")
	}
	return n
}
