package store_test

import (
	"os"
	"strings"
	"testing"
)

// TestContactStaysApart: only the statements named contact_ enter the schema of
// contacts, and none of them gives a place or a theme.
func TestContactStaysApart(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("sql")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, e := range entries {
		raw, err := os.ReadFile("sql/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		text := comments.ReplaceAllString(string(raw), "")
		enters := strings.Contains(text, "contact.")
		if enters {
			found++
		}
		if enters && !strings.HasPrefix(e.Name(), "contact_") {
			t.Errorf("%s enters the schema of contacts", e.Name())
		}
		for _, word := range []string{"geom", "cell", "theme", "note"} {
			if enters && strings.Contains(text, word) {
				t.Errorf("%s joins contacts with %s", e.Name(), word)
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d statements were looked at", found)
	}
}
