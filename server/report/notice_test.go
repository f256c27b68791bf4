package report_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"quietude/server/atelier"
	"quietude/server/report"
)

var update = flag.Bool("update", false, "rewrite docs/rgpd.md")

// TestRecordOfProcessing keeps docs/rgpd.md equal to what the program does with
// the settings it ships with; -update rewrites it.
func TestRecordOfProcessing(t *testing.T) {
	t.Parallel()
	const path = "../../docs/rgpd.md"
	want := report.Markdown("Registre et notice d’information (RGPD)",
		"Écrit par le programme d’après les durées qu’il applique par défaut (`go test ./server/report -run Record -update`), en\n"+
			"français parce qu’il s’adresse au ou à la délégué·e à la protection des données d’une ville, qui le confirme. Chaque commune\n"+
			"lit ses propres durées sur `/vie-privee`.",
		report.Record(report.Privacy{Commune: "…", Conservation: atelier.DefaultConservation}))
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the settings say; run with -update", path)
	}
}

// TestNoticeSaysTheSettings changes each setting and looks for it in both
// languages.
func TestNoticeSaysTheSettings(t *testing.T) {
	t.Parallel()
	p := report.Privacy{Commune: "Chambéry", Conservation: atelier.Conservation{Text: 7, Position: 19, Contact: 5}, DPO: "dpo@exemple.fr"}
	for _, language := range []string{"fr", "en"} {
		text := report.Markdown("", "", report.Notice(language, p))
		unit := map[string]string{"fr": " mois", "en": " months"}[language]
		for _, said := range []string{"7" + unit, "19" + unit, "5" + unit, "Chambéry", "dpo@exemple.fr"} {
			if !strings.Contains(text, said) {
				t.Errorf("%s: the notice does not say %q", language, said)
			}
		}
	}
	if fr, en := report.Notice("fr", p), report.Notice("en", p); len(fr) != len(en) {
		t.Errorf("%d sections in French, %d in English", len(fr), len(en))
	} else {
		for i := range fr {
			if len(fr[i].Table) != len(en[i].Table) || len(fr[i].Paragraphs) != len(en[i].Paragraphs) {
				t.Errorf("section %d differs between the languages", i)
			}
		}
	}
}
