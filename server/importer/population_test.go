package importer_test

import (
	"strings"
	"testing"

	"quietude/server/fault"
	"quietude/server/importer"
	"quietude/server/pgtest"
	"quietude/server/store"
)

func TestImportPopulation(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	s := store.New(pool)
	load := func(text string) (importer.PopulationReport, error) {
		return importer.ImportPopulation(t.Context(), s, pgtest.Chambery, strings.NewReader(text))
	}
	file := "Territoire;Quartier;Année;Population;Source\n73065;CE;2022;12 345;Essai fictif\n73065;BE;2022;4321;Essai fictif\n"
	if r, err := load(file); err != nil || r != (importer.PopulationReport{Read: 2, Changed: 2}) {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err := load(file); err != nil || r != (importer.PopulationReport{Read: 2}) {
		t.Errorf("the same again: %+v, %v", r, err)
	}
	if r, err := load(strings.Replace(file, "4321", "4322", 1)); err != nil || r.Changed != 1 {
		t.Errorf("a correction: %+v, %v", r, err)
	}
	for name, c := range map[string]struct{ row, says string }{
		"another city":   {"69123;CE;2021;10;x", "n’est pas 73065"},
		"no quartier":    {"73065;ZZ;2021;10;x", "n’existe pas"},
		"year":           {"73065;CE;21;10;x", "année"},
		"nobody":         {"73065;CE;2021;0;x", "population"},
		"not a number":   {"73065;CE;2021;beaucoup;x", "population"},
		"without source": {"73065;CE;2021;10; ", "source manque"},
		"long source":    {"73065;CE;2021;10;" + strings.Repeat("é", 201), "200"},
		"short":          {"73065;CE;2021", "colonnes"},
		"twice":          {"73065;BE;2020;11;x", "déjà à la ligne 2"},
	} {
		_, err := load("territoire;quartier;annee;population;source\n73065;BE;2020;10;x\n" + c.row + "\n")
		if f := fault.As(err); f == nil || f.Kind != fault.Unprocessable || !strings.Contains(f.Detail, c.says) || !strings.Contains(f.Detail, "Ligne 3") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := load("quartier,population\nCE,3\n"); fault.As(err) == nil || fault.As(err).Code != "colonne_absente" {
		t.Errorf("columns missing: %v", err)
	}
	if _, err := load("territoire;quartier;annee;population;source\n"); fault.As(err) == nil || fault.As(err).Code != "fichier_vide" {
		t.Errorf("nothing: %v", err)
	}
	if got := pgtest.Count(t, pool, `select count(*) from population`); got != 2 {
		t.Errorf("%d figures after refused files, want 2", got)
	}
}
