package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// TestAtelierIDIsTakenOnce: a room is found by its id alone, so a territoire
// may not take one that another has, nor may trying disturb the first room.
func TestAtelierIDIsTakenOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	const other = `
		insert into territoire (territoire, nom, emprise) values ('73008', 'Aix-les-Bains', ST_MakeEnvelope(5.8, 45.6, 6.0, 45.8, 4326));
		insert into quartier (territoire, code, nom, nom_court, geom)
		values ('73008', 'CE', 'Centre', 'Centre', ST_Multi(ST_MakeEnvelope(5.9, 45.68, 5.92, 45.7, 4326)))`
	if _, err := pool.Exec(ctx, other); err != nil {
		t.Fatal(err)
	}
	s := store.New(pool)
	evening := atelier.Atelier{Territoire: pgtest.Chambery, ID: uuid.New(), Quartier: "CE", Kind: "atelier", Titre: "Le premier",
		StartsAt: time.Now(), ClosesAt: time.Now().Add(time.Hour)}
	if _, created, err := s.AddAtelier(ctx, evening, 2); err != nil || !created {
		t.Fatalf("created %v, %v", created, err)
	}
	if stored, created, err := s.AddAtelier(ctx, evening, 2); err != nil || created || stored.Titre != evening.Titre || len(stored.Seats) != 2 {
		t.Errorf("the same again: created %v, %+v, %v", created, stored, err)
	}
	elsewhere := evening
	elsewhere.Territoire, elsewhere.Titre = "73008", "Le second"
	if _, created, err := s.AddAtelier(ctx, elsewhere, 2); fault.KindOf(err) != fault.Conflict || created {
		t.Errorf("another territoire's id: created %v, %v, want a conflict", created, err)
	}
	if found, err := s.Atelier(ctx, evening.ID); err != nil || found.Titre != evening.Titre {
		t.Errorf("the first room is now %+v, %v", found, err)
	}
}

// TestLastNumbers asks for rooms of which one is named with a territoire that
// is not its own.
func TestLastNumbers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	one, two := pgtest.Atelier(t, pool), pgtest.Atelier(t, pool)
	if _, err := pool.Exec(ctx, `update atelier set seq = 7 where id = $1`, one.ID); err != nil {
		t.Fatal(err)
	}
	last, err := store.New(pool).LastNumbers(ctx, map[uuid.UUID]string{one.ID: one.Territoire, two.ID: "75056"})
	if err != nil || len(last) != 1 || last[one.ID] != 7 {
		t.Errorf("got %v, %v; want 7 for the first room alone", last, err)
	}
}
