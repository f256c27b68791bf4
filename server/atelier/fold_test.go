package atelier_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"quietude/server/atelier"
)

func TestFold(t *testing.T) {
	for name, want := range map[string]string{
		"Rue de l’Épée-d'Or":        "rue de l epee d or",
		"  Bœufs   (Place aux) ":    "boeufs place aux",
		"ÇA – 14e":                  "ca 14e",
		"e\u0301cole":               "ecole",
		"École":                     "ecole",
		"n° 12 bis":                 "n 12 bis",
		"":                          "",
		"--":                        "",
		"Chemin du Mâconnais, 2ème": "chemin du maconnais 2eme",
	} {
		if got := atelier.Fold(name); got != want {
			t.Errorf("Fold(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestFoldIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		folded := atelier.Fold(name)
		if again := atelier.Fold(folded); again != folded {
			t.Fatalf("Fold(%q) = %q, folded again %q", name, folded, again)
		}
		if other := atelier.Fold(norm.NFD.String(name)); other != folded {
			t.Fatalf("decomposed %q folds to %q, want %q", name, other, folded)
		}
	})
}
