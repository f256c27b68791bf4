package atelier_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// TestTextLimits gives each text its longest length, counted in characters and
// not in bytes, then one character more.
func TestTextLimits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 12, 17, 0, 0, 0, time.UTC)
	evening := func(change func(*atelier.Atelier, string)) func(string) error {
		return func(text string) error {
			a := atelier.Atelier{ID: uuid.New(), Titre: "Atelier", StartsAt: now, ClosesAt: now.Add(time.Hour)}
			change(&a, text)
			return a.Check(now)
		}
	}
	report := func(change func(*atelier.Signalement, string)) func(string) error {
		return func(text string) error {
			s := atelier.Signalement{Theme: "BRU", OccurredFrom: now, OccurredTo: now}
			change(&s, text)
			return s.Check(now)
		}
	}
	for field, c := range map[string]struct {
		limit int
		check func(string) error
	}{
		"titre":    {atelier.TitreLimit, evening(func(a *atelier.Atelier, s string) { a.Titre = s })},
		"lieu":     {atelier.TitreLimit, evening(func(a *atelier.Atelier, s string) { a.Lieu = s })},
		"note":     {atelier.NoteLimit, report(func(n *atelier.Signalement, s string) { n.Note = s })},
		"subtheme": {atelier.SubthemeLimit, report(func(n *atelier.Signalement, s string) { n.Subtheme = s })},
	} {
		longest := strings.Repeat("é", c.limit)
		if err := c.check(longest); err != nil {
			t.Errorf("%s of %d characters: %v", field, c.limit, err)
		}
		if f := fault.As(c.check(longest + "é")); f == nil || f.Code != "texte_trop_long" || f.Field != field {
			t.Errorf("%s of %d characters: got %v, want texte_trop_long", field, c.limit+1, f)
		}
		if f := fault.As(c.check("a\u202eb")); f == nil || f.Code != "texte_illisible" {
			t.Errorf("%s with a direction override: got %v, want texte_illisible", field, f)
		}
	}
}
