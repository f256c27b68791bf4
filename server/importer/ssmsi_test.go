package importer

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"quietude/server/fault"
	"quietude/server/store"
)

// ssmsiFile is written by hand for this test; its values are fictional.
const ssmsiFile = "testdata/ssmsi_fictif.csv"

func readSSMSIFile(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile(ssmsiFile)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestSSMSI holds every trap of the format: CODGEO with a year, other communes,
// decimal commas, NA, withheld figures beside a number, a true zero.
func TestSSMSI(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	content := readSSMSIFile(t)
	report, err := ImportSSMSI(t.Context(), s, Chambery, "Exemple, données fictives", 0, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if want := (SSMSIReport{Read: 9, Kept: 7, Withheld: 2, Missing: 1, From: 2022, To: 2024}); report != want {
		t.Errorf("report %+v, want %+v", report, want)
	}
	found, err := s.Communales(t.Context(), Chambery)
	if err != nil {
		t.Fatal(err)
	}
	type figure struct {
		diffuse bool
		nombre  int // -1: none
		taux    float64
	}
	got := map[string]figure{}
	for _, f := range found {
		one := figure{f.Diffuse, -1, -1}
		if f.Nombre != nil {
			one.nombre = *f.Nombre
		}
		if f.Taux != nil {
			one.taux = *f.Taux
		}
		got[f.Indicateur+" "+string(rune('0'+f.Annee-2020))] = one
		if f.Source != "Exemple, données fictives" || f.Population == nil || *f.Population != 60000 || *f.PopulationAnnee != 2021 {
			t.Errorf("%s: source %q, population %v", f.Indicateur, f.Source, f.Population)
		}
	}
	for name, want := range map[string]figure{
		"Cambriolages de logement 2": {true, 240, 8.5},
		"Cambriolages de logement 3": {true, 1234, 7.25},
		"Cambriolages de logement 4": {true, 0, 0},
		"Vols de véhicule 2":         {false, -1, -1},
		"Vols de véhicule 3":         {false, -1, -1}, // ndiff beside a number: the number is not kept
		"Vols de véhicule 4":         {true, -1, -1},  // published, NA
		"Vols d'accessoires 4":       {true, 12, 0.2},
	} {
		if got[name] != want {
			t.Errorf("%s: %+v, want %+v", name, got[name], want)
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(content)
	_ = z.Close()
	if report, err = ImportSSMSI(t.Context(), s, Chambery, "", 0, &packed); err != nil || !report.Again {
		t.Errorf("the same file, compressed: again %v, %v", report.Again, err)
	}
	// A newer edition corrects a figure.
	newer := strings.Replace(string(content), `;240;`, `;241;`, 1)
	if _, err := ImportSSMSI(t.Context(), s, Chambery, "Exemple, édition suivante", 0, strings.NewReader(newer)); err != nil {
		t.Fatal(err)
	}
	var nombre, rows int
	if err := pool.QueryRow(t.Context(), `select max(nombre) filter (where annee = 2022 and nombre is not null), count(*) from statistique_communale`).Scan(&nombre, &rows); err != nil {
		t.Fatal(err)
	}
	if nombre != 241 || rows != 7 {
		t.Errorf("after the next edition: %d, %d rows", nombre, rows)
	}
}

func TestSSMSIRefuses(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	const header = "CODGEO_2025;annee;indicateur;unite_de_compte;nombre;taux_pour_mille;est_diffuse\n"
	for name, c := range map[string]struct{ file, code, says string }{
		"another table":   {"a;b\n1;2\n", "colonne_absente", "CODGEO"},
		"other communes":  {header + "01004;2024;X;Victime;1;1,0;diff\n", "commune_absente", "73065"},
		"unknown flag":    {header + "73065;2024;X;Victime;1;1,0;oui\n", "ligne_refusee", "Ligne 2"},
		"number":          {header + "73065;2024;X;Victime;env. 10;1,0;diff\n", "ligne_refusee", "n’est pas un nombre"},
		"negative":        {header + "73065;2024;X;Victime;-1;1,0;diff\n", "ligne_refusee", "n’est pas un nombre"},
		"half a victim":   {header + "73065;2024;X;Victime;1,5;1,0;diff\n", "ligne_refusee", "entier"},
		"year":            {header + "73065;MMXXIV;X;Victime;1;1,0;diff\n", "ligne_refusee", "année"},
		"twice":           {header + "73065;2024;X;Victime;1;1,0;diff\n73065;2024;X;Victime;2;1,0;diff\n", "ligne_refusee", "ligne 2"},
		"columns":         {header + "73065;2024;X;Victime;1;1,0\n", "ligne_refusee", "6 colonnes au lieu de 7"},
		"nothing":         {"", "fichier_vide", "vide"},
		"header only":     {header, "commune_absente", "0 lignes"},
		"a spreadsheet":   {"PK\x03\x04xxxx", "archive_refusee", "CSV"},
		"comma separated": {strings.ReplaceAll(header, ";", ",") + "73065,2024,X,Victime,1,\"1,5\",non\n", "ligne_refusee", "diff"},
	} {
		_, err := ImportSSMSI(t.Context(), s, Chambery, "", 0, strings.NewReader(c.file))
		if f := fault.As(err); f == nil || f.Code != c.code || !strings.Contains(f.Detail, c.says) {
			t.Errorf("%s: %v, want %s with %q", name, err, c.code, c.says)
		}
	}
	if _, err := ImportSSMSI(t.Context(), s, "99999", "", 0, strings.NewReader(header)); err == nil {
		t.Error("an unknown commune is imported")
	}
	var rows int
	if err := pool.QueryRow(t.Context(), `select count(*) from statistique_import`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d imports after refusals only, %v", rows, err)
	}
}

var _ CommunaleStore = (*store.Store)(nil)
