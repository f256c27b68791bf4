package importer

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/store"
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

// sink takes what a decoder gives in place of the tables: the decoder is what is
// tried here.
type sink struct {
	population []store.Population
	communales []store.Communale
}

func (s *sink) Quartiers(context.Context, string) ([]atelier.Quartier, error) {
	return []atelier.Quartier{{Code: "CE"}, {Code: "HC"}}, nil
}

func (s *sink) Territoire(_ context.Context, code string) (atelier.Territoire, error) {
	return atelier.Territoire{Code: code}, nil
}

func (s *sink) ReplacePopulation(_ context.Context, _ string, all []store.Population) (int, error) {
	s.population = all
	return len(all), nil
}

func (s *sink) ImportCommunales(_ context.Context, f store.CommunaleFile) (bool, error) {
	s.communales = f.Figures
	return false, nil
}

// inWords holds a refusal to its form.
func inWords(t *testing.T, file []byte, err error) {
	t.Helper()
	if f := fault.As(err); f == nil || f.Code == "" || f.Detail == "" || !utf8.ValidString(f.Detail) {
		t.Fatalf("%q: a refusal without words: %v", file, err)
	}
}

// FuzzPopulation reads files of population figures: a refusal in words, or figures
// of known quartiers, each with its source.
func FuzzPopulation(f *testing.F) {
	const head = "territoire;quartier;annee;population;source\n"
	for _, seed := range []string{head + "73065;CE;2021;4210;Insee\n", head + "73065;CE;2021;4 210;Insee\n73065;CE;2021;1;Insee\n", head + "73065;ZZ;2021;1;\n",
		head + "73065;HC;-1;1e9;=1+1\n", "\ufeff" + head, "", "\x1f\x8b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		into := &sink{}
		report, err := ImportPopulation(t.Context(), into, "73065", bytes.NewReader(file))
		if err != nil {
			inWords(t, file, err)
			return
		}
		if report.Read != len(into.population) {
			t.Fatalf("%q: %d rows read, %d kept", file, report.Read, len(into.population))
		}
		for _, p := range into.population {
			if p.Quartier != "CE" && p.Quartier != "HC" || p.Habitants < 0 || strings.TrimSpace(p.Source) == "" || !utf8.ValidString(p.Source) {
				t.Fatalf("%q gives %+v", file, p)
			}
		}
	})
}

// FuzzSSMSI reads files of recorded figures: what is withheld never has a number.
func FuzzSSMSI(f *testing.F) {
	f.Add(readSSMSISeed(f))
	for _, seed := range []string{"", "CODGEO_2024;annee;indicateur;nombre;taux_pour_mille;est_diffuse\n73065;2024;Cambriolages;NA;NA;ndiff\n", "\x1f\x8b\x08"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		into := &sink{}
		_, err := ImportSSMSI(t.Context(), into, "73065", "Exemple", 1<<20, bytes.NewReader(file))
		if err != nil {
			inWords(t, file, err)
			return
		}
		for _, one := range into.communales {
			if !one.Diffuse && one.Nombre != nil || one.Nombre != nil && *one.Nombre < 0 || !utf8.ValidString(one.Indicateur) {
				t.Fatalf("%q gives %+v", file, one)
			}
		}
	})
}

func readSSMSISeed(f *testing.F) []byte {
	f.Helper()
	content, err := os.ReadFile(ssmsiFile)
	if err != nil {
		f.Fatal(err)
	}
	return content
}
