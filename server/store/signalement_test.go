package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/pgtest"
	"quietude/server/store"
)

func sample(t testing.TB) atelier.Signalement {
	t.Helper()
	at := time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC)
	s := atelier.Signalement{Territoire: pgtest.Chambery, ID: uuid.Must(uuid.NewV7()), Quartier: "CE", Theme: "OCC",
		Position: pgtest.InQuartier(t, pgtest.Quartiers(t)["CE"], nil), OccurredFrom: at, OccurredTo: at, Origin: "habitant"}
	var err error
	if s.Cell, err = hexgrid.CellOf(s.Position, hexgrid.Stored); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAddSignalementOnce sends one signalement from many places at once.
func TestAddSignalementOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t, pgtest.MaxConns(8))
	pgtest.Territoire(t, pool)
	s, n := store.New(pool), sample(t)
	var wg sync.WaitGroup
	created := make(chan bool, 16)
	for range cap(created) {
		wg.Go(func() {
			_, first, err := s.AddSignalement(ctx, n, []byte("same"))
			if err != nil {
				t.Error(err)
			}
			created <- first
		})
	}
	wg.Wait()
	close(created)
	firsts := 0
	for first := range created {
		if first {
			firsts++
		}
	}
	if rows := pgtest.Count(t, pool, `select count(*) from signalement`); firsts != 1 || rows != 1 {
		t.Errorf("created %d times, %d rows; want once", firsts, rows)
	}
	if _, _, err := s.AddSignalement(ctx, n, []byte("other")); fault.KindOf(err) != fault.Conflict {
		t.Errorf("other content: %v, want a conflict", err)
	}
}

// TestSignalementsPages walks a list of equal times page by page while newer
// ones arrive, and meets each one of the beginning once.
func TestSignalementsPages(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	want := map[uuid.UUID]bool{}
	for i := range 23 {
		s := pgtest.Signalement(t, pool, func(s *atelier.Signalement) { s.ReceivedAt = s.ReceivedAt.Add(time.Duration(i/5) * time.Second) })
		want[s.ID] = true
	}
	s := store.New(pool)
	f := store.SignalementFilter{Limit: 4}
	for {
		page, err := s.Signalements(ctx, pgtest.Chambery, f)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, l := range page {
			if !want[l.ID] {
				t.Fatalf("%s is listed twice, or arrived later", l.ID)
			}
			delete(want, l.ID)
		}
		last := page[len(page)-1]
		f.BeforeAt, f.BeforeID = last.ReceivedAt, last.ID
		pgtest.Signalement(t, pool, func(s *atelier.Signalement) { s.ReceivedAt = s.ReceivedAt.Add(time.Hour) })
	}
	if len(want) > 0 {
		t.Errorf("%d signalements were never listed", len(want))
	}
}

// TestHiddenSignalementsAreNotListed hides one of two.
func TestHiddenSignalementsAreNotListed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	seen, hidden := pgtest.Signalement(t, pool), pgtest.Signalement(t, pool)
	if _, err := pool.Exec(ctx, `update signalement set hidden = true where id = $1`, hidden.ID); err != nil {
		t.Fatal(err)
	}
	all, err := store.New(pool).Signalements(ctx, pgtest.Chambery, store.SignalementFilter{Limit: 10})
	if err != nil || len(all) != 1 || all[0].ID != seen.ID {
		t.Errorf("%v, %v; want %s alone", all, err, seen.ID)
	}
}
