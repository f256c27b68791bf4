package importer

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// FuzzSignalements reads files in every shape: a refusal in words, or rows that
// keep the rules, counted as the report says.
func FuzzSignalements(f *testing.F) {
	square := orb.Polygon{{{5.90, 45.55}, {5.92, 45.55}, {5.92, 45.57}, {5.90, 45.57}, {5.90, 45.55}}}
	locator, err := geo.NewLocator([]geo.QuartierShape{{Code: "AA", Shape: orb.MultiPolygon{square}}})
	if err != nil {
		f.Fatal(err)
	}
	themes, _ := themesOf("csv")
	const head = "id;lon;lat;date;theme;subtheme\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(head + "1;5,91;45,56;2025-03-14 22:10;BRU;fête\n"))
	_ = z.Close()
	for _, seed := range []string{
		head + "1;5,91;45,56;2025-03-14 22:10;BRU;fête\n2;5,91;45,56;14/03/2025;PRO;\n",
		"\ufeffRéférence,Longitude,Latitude,Date,Thème\nn°1,5.91,45.56,2025-03-14,BRU\n",
		head + "1;5,91;45,56;2026-03-29 02:30;BRU;\"non fermé\n", head, "", "\x00a\x00;", "\xff\xfea\x00;\x00", "\x1f\x8b", packed.String(),
		"lat;lon;date;theme\n45.56;5.91;1900-01-01;XXX\n91;NaN;2025;BRU\n",
		strings.Replace(head, ";", "\t", -1) + "=1+1\t5.91\t45.56\t2025-03-14\tBRU\t=HYPERLINK(1)\n",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, file []byte, skip bool) {
		im := &run{options: Options{Format: "csv", MaxBytes: 1 << 20, Now: now, SkipErrors: skip}, themes: themes, zone: time.UTC,
			city:    atelier.Territoire{Code: "73065", Emprise: square.Bound()},
			locator: locator, origin: "import:csv"}
		added := 0
		totals, err := im.run(t.Context(), bytes.NewReader(file), func(all []atelier.Signalement) (int, error) {
			for _, s := range all {
				if geo.CheckPosition(s.Position) != nil || atelier.CheckTheme(s.Theme, "") != nil || s.OccurredTo.Before(s.OccurredFrom) ||
					!utf8.ValidString(s.Subtheme) || len([]rune(s.Subtheme)) > atelier.SubthemeLimit || strings.ContainsRune(s.Subtheme, 0) {
					t.Fatalf("%q gives %+v", file, s)
				}
			}
			added += len(all)
			return len(all), nil
		})
		if err != nil {
			if f := fault.As(err); f == nil || f.Code == "" || f.Detail == "" || !utf8.ValidString(f.Detail) {
				t.Fatalf("%q: a refusal without words: %v", file, err)
			}
			return
		}
		if totals.Read != im.report.Read || added+im.report.Bad != im.report.Read {
			t.Fatalf("%q: %d rows given, report %+v", file, added, im.report)
		}
	})
}
