package report_test

import (
	"testing"

	"quietude/server/atelier"
	"quietude/server/report"
)

// TestEveryRetentionHasWords: a line of what is kept says, in both languages,
// what it is, and what becomes of it or why it stays.
func TestEveryRetentionHasWords(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"fr", "en"} {
		for i, r := range report.Retentions(language, atelier.Conservation{Text: 7, Position: 19, Contact: 1}) {
			line := atelier.Retentions[i]
			if r.What == "" || r.Then == "" || r.Tables == "" || (r.Time == "–") == line.Age.Ends() {
				t.Errorf("%s, %s: %+v", line.Key, language, r)
			}
		}
	}
}
