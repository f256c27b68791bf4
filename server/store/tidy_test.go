package store_test

import (
	"testing"

	"github.com/google/uuid"

	"quietude/server/pgtest"
	"quietude/server/store"
)

// TestTidyKeepsWhatIsInUse has one old and one new row of each kind.
func TestTidyKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	a := pgtest.Atelier(t, pool)
	s := store.New(pool)
	p, err := s.AddParticipant(ctx, a, 1, uuid.New())
	if err != nil {
		t.Fatal(err)
	}
	for _, age := range []string{"old", "new"} {
		if err := s.Take(ctx, store.Bucket{Key: age, Burst: 30, PerSecond: 0.2}); err != nil {
			t.Fatal(err)
		}
		if err := s.BeatPresence(ctx, a.Territoire, a.ID, uuid.New(), []store.Connected{{Table: 1, Device: uuid.New()}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddLink(ctx, a, p.ID, age); err != nil {
			t.Fatal(err)
		}
		if age == "new" {
			break
		}
		for _, sql := range []string{
			`update rate_bucket set updated_at = now() - interval '2 hours'`,
			`update presence set seen_at = now() - interval '2 hours'`,
			`update participant_link set expires_at = now() - interval '1 second'`,
		} {
			if _, err := pool.Exec(ctx, sql); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 { // nothing is left to do the second time
		if err := s.Tidy(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for table, sql := range map[string]string{
		"rate_bucket":      `select count(*) from rate_bucket where key = 'new'`,
		"presence":         `select count(*) from presence where seen_at > now() - interval '1 hour'`,
		"participant_link": `select count(*) from participant_link where code = 'new'`,
	} {
		if kept, all := pgtest.Count(t, pool, sql), pgtest.Count(t, pool, `select count(*) from `+table); kept != 1 || all != 1 {
			t.Errorf("%s: %d rows, %d of them in use; want 1 and 1", table, all, kept)
		}
	}
}
