package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quietude/server/report"
)

func sheetOf(places int) report.PatrolSheet {
	day := time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)
	s := report.PatrolSheet{Ville: "Chambéry", Quartier: "Bellevue", From: day.AddDate(0, -3, 0), To: day, PrintedOn: day, Demo: true,
		Streets: []orb.MultiLineString{{{{5.91, 45.56}, {5.93, 45.57}}}}, Limits: []orb.MultiPolygon{{{{{5.9, 45.55}, {5.94, 45.55}, {5.94, 45.58}, {5.9, 45.55}}}}}}
	for i := range places {
		west := 5.91 + float64(i)/1000
		s.Places = append(s.Places, report.PatrolPlace{Name: "Rue de l’Église", Origin: report.PatrolAtelier, N: 9, Of: 20, P: 0.004, Low: 0.26, High: 0.66,
			From: day, To: day, Titre: "Atelier de Bellevue", Band: &report.PatrolBand{FirstDay: 1, LastDay: 5, From: 22, To: 26, N: 12, Of: 30},
			Hexagons: []orb.Ring{{{west, 45.56}, {west + 0.001, 45.56}, {west + 0.001, 45.561}, {west, 45.56}}}})
	}
	return s
}

// TestPatrolPages: ten places at the most, on as many pages as they need, the
// same bytes for the same sheet.
func TestPatrolPages(t *testing.T) {
	t.Parallel()
	pages := func(places int) int {
		body, err := report.Patrol(sheetOf(places))
		if err != nil {
			t.Fatal(err)
		}
		again, err := report.Patrol(sheetOf(places))
		if err != nil || !bytes.Equal(body, again) {
			t.Errorf("%d places: another PDF the second time, %v", places, err)
		}
		return bytes.Count(body, []byte("/Type /Page\n"))
	}
	none, two, ten, many := pages(0), pages(2), pages(10), pages(30)
	if none != 1 || two != 1 || ten < 2 || many != ten {
		t.Errorf("pages of 0, 2, 10, 30 places: %d, %d, %d, %d", none, two, ten, many)
	}
}

func TestPatrolSentences(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	base := report.PatrolPlace{N: 9, Of: 20, People: 7, Expected: 3.4, P: 0.001, Low: 0.26, High: 0.66, From: day, To: day.AddDate(0, 0, 30), Titre: "Atelier"}
	for origin, want := range map[report.PatrolOrigin][]string{
		report.PatrolAtelier:       {"9 habitants sur 20 ne se sentent pas en sécurité", "entre 5 et 13 sur 20", "du 1er mars 2026 au 31 mars 2026", "une fois sur 1 000"},
		report.PatrolConcentration: {"9 signalements", "7 personnes ou envois anonymes", "aurait 3", "se trompe parfois"},
		report.PatrolRise:          {"Hausse : 9 signalements", "pour 3 attendus"},
		report.PatrolChosen:        {"Lieu choisi", "Aucun test"},
	} {
		p := base
		p.Origin = origin
		text := strings.Join(p.Lines(), " ")
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q lacks %q", origin, text, part)
			}
		}
	}
	one := base
	one.Origin, one.N, one.P = report.PatrolAtelier, 1, 0.04
	if text := strings.Join(one.Lines(), " "); !strings.Contains(text, "1 habitant sur 20 ne se sent pas") || !strings.Contains(text, "environ 4 fois sur 100") {
		t.Error(text)
	}
	if base.When() != "Pas de moment qui se détache : trop peu de signalements ont une heure." || base.Where() != "Lieu sans nom de rue proche" {
		t.Error(base.When(), base.Where())
	}
	base.Band = &report.PatrolBand{FirstDay: 6, LastDay: 7, From: 20, To: 24, N: 5, Of: 11}
	if base.When() != "Surtout de 20 h à minuit, samedi et dimanche (5 signalements sur 11 dont l’heure est connue)." {
		t.Error(base.When())
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	for street, want := range map[string]string{"Rue Bonivard": "Près de la rue Bonivard", "Avenue des Landiers": "Près de l’avenue des Landiers",
		"Chemin de Chiron": "Près du chemin de Chiron", "Éperon": "Près d’Éperon", "Champ de Mars": "Près de Champ de Mars"} {
		if got := report.Near(street); got != want {
			t.Errorf("%s: %q, want %q", street, got, want)
		}
	}
}
