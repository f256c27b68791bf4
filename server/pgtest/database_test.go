package pgtest

import (
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var plainIdentifier = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

func TestDatabaseNameTellsItsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		made := time.Unix(rapid.Int64Range(0, 1<<40).Draw(t, "seconds"), 0)
		test := rapid.String().Draw(t, "test")
		name := databaseName(test, made)
		if !plainIdentifier.MatchString(name) {
			t.Errorf("%q is not a plain identifier", name)
		}
		if got, ok := databaseTime(name); !ok || !got.Equal(made) {
			t.Errorf("databaseTime(%q): got %v, %v, want %v", name, got, ok, made)
		}
		if again := databaseName(test, made); again == name {
			t.Errorf("%q twice", name)
		}
	})
}

func TestForeignNamesHaveNoTime(t *testing.T) {
	for _, name := range []string{"postgres", "quietude", "quietude_test_", "quietude_test_x_1", templatePrefix + "123"} {
		if got, ok := databaseTime(name); ok {
			t.Errorf("databaseTime(%q): got %v, want none", name, got)
		}
	}
}
