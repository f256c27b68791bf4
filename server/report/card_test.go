package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"quietude/server/atelier"
	"quietude/server/report"
)

func evening(t testing.TB) report.Evening {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return report.Evening{
		Atelier: atelier.Atelier{Titre: "Atelier de tranquillité publique – cœur de ville", Lieu: "Salle Garibaldi", Demo: true,
			StartsAt: time.Date(2026, 3, 12, 17, 30, 0, 0, time.UTC),
			Seats:    []atelier.Table{{Numero: 1, Code: "ABCD2345"}, {Numero: 2, Code: "WXYZ6789"}}},
		Quartier: "Chambéry Centre", Ville: "Chambéry", Zone: zone, BaseURL: "https://quietude.chambery.example"}
}

// TestTheDateIsSaidOnce: the title that the form proposes has the day in it.
func TestTheDateIsSaidOnce(t *testing.T) {
	t.Parallel()
	e := evening(t)
	for title, want := range map[string]string{
		"Atelier du centre":                            "jeudi 12 mars 2026, 18 h 30",
		"Atelier du centre, jeudi 12 mars 2026":        "18 h 30",
		"Suite de l’atelier du jeudi 5 février 2026":   "jeudi 12 mars 2026, 18 h 30",
		"Réunion du 12 mars 2026 (et non du 12 avril)": "jeudi 12 mars 2026, 18 h 30",
	} {
		if e.Titre = title; e.When() != want {
			t.Errorf("under %q: %q, want %q", title, e.When(), want)
		}
	}
}

func TestTableCards(t *testing.T) {
	t.Parallel()
	one, err := report.TableCards(evening(t))
	if err != nil {
		t.Fatal(err)
	}
	again, err := report.TableCards(evening(t))
	if err != nil || !bytes.Equal(one, again) {
		t.Errorf("the same atelier gives other bytes (%v)", err)
	}
	if !bytes.HasPrefix(one, []byte("%PDF-")) || bytes.Count(one, []byte("/Type /Page\n")) != 2 {
		t.Errorf("%d pages, want one for each table", bytes.Count(one, []byte("/Type /Page\n")))
	}
	if folder := os.Getenv("QUIETUDE_TEST_KEEP"); folder != "" {
		if err := os.WriteFile(folder+"/cartes.pdf", one, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestQRCode draws the image again from its path and compares it with the code
// module by module.
func TestQRCode(t *testing.T) {
	t.Parallel()
	const text = "https://quietude.chambery.example/a/ABCD2345"
	if got := report.TableAddress("https://quietude.chambery.example", "ABCD2345"); got != text {
		t.Errorf("address %q", got)
	}
	image, err := report.QRCode(text)
	if err != nil {
		t.Fatal(err)
	}
	want, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	dark := darkModules(t, image)
	for y := range want.Size {
		for x := range want.Size {
			if dark[[2]int{x + 4, y + 4}] != want.Black(x, y) {
				t.Fatalf("module %d,%d differs", x, y)
			}
			delete(dark, [2]int{x + 4, y + 4})
		}
	}
	if len(dark) > 0 {
		t.Errorf("%d dark modules in the quiet zone", len(dark))
	}
}

// darkModules reads the path of the image: MX YhWv1h-Wz for each run.
func darkModules(t testing.TB, image []byte) map[[2]int]bool {
	t.Helper()
	path := ""
	decoder := xml.NewDecoder(bytes.NewReader(image))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "path" {
			for _, a := range e.Attr {
				if a.Name.Local == "d" {
					path = a.Value
				}
			}
		}
	}
	dark := map[[2]int]bool{}
	for _, run := range strings.Split(strings.TrimPrefix(path, "M"), "M") {
		position, rest, _ := strings.Cut(run, "h")
		size, _, _ := strings.Cut(rest, "v")
		left, top, _ := strings.Cut(position, " ")
		x, y, width := number(t, left), number(t, top), number(t, size)
		for i := range width {
			dark[[2]int{x + i, y}] = true
		}
	}
	return dark
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
