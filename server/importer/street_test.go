package importer

import (
	"strings"
	"testing"

	"quietude/data"
)

func TestStreetName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"All De L'Imprimerie":         "Allée de l'Imprimerie",
		"All D'Oncieux":               "Allée d'Oncieux",
		"Rpt Du Cdt Verlet Hanus":     "Rond-point du Commandant Verlet Hanus",
		"Imp Sur R Dessaix":           "Impasse sur Rue Dessaix",
		"Che Rural Dit Des Vignes":    "Chemin Rural dit des Vignes",
		"Pl De La Tour Du Prince":     "Place de la Tour du Prince",
		"R Charles Et Jo Dancet":      "Rue Charles et Jo Dancet",
		"Rue de la République":        "Rue de la République",
		"Le Rocher Blanc":             "Le Rocher Blanc",
		"Pas Emile Et Andree Rinaudo": "Passage Emile et Andree Rinaudo",
		"R":                           "R",
	} {
		if got := streetName(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// No street of Chambéry begins with an abbreviation.
func TestStreetsAreWrittenOut(t *testing.T) {
	t.Parallel()
	streets, err := readVoies(data.Chambery())
	if err != nil || len(streets) == 0 {
		t.Fatal(len(streets), err)
	}
	for _, s := range streets {
		if first, _, _ := strings.Cut(s.Nom, " "); streetKinds[first] != "" {
			t.Errorf("%q", s.Nom)
		}
	}
}
