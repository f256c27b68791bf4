package store_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// manySignalements fill more blocks than one part of a load has.
const manySignalements = 20_000

// TestLoadEqualsReading compares the rows decoded by hand, in parts and side by
// side, with those of the plain reading, which tells of hidden ones too.
func TestLoadEqualsReading(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	s := store.New(pool)
	a := pgtest.Atelier(t, pool)
	at := pgtest.InQuartier(t, pgtest.Quartiers(t)["CE"], nil)
	const d = 0.001
	pgtest.Marker(t, pool, a)
	pgtest.Marker(t, pool, a, func(m *atelier.Marker) { m.Felt, m.Themes = atelier.Safe, []string{"BRU", "VOI"} })
	pgtest.Marker(t, pool, a, func(m *atelier.Marker) {
		m.Geometry = orb.Polygon{{{at[0] - d, at[1] - d}, {at[0] + d, at[1] - d}, {at[0], at[1] + d}, {at[0] - d, at[1] - d}}}
	})
	pgtest.Marker(t, pool, a, func(m *atelier.Marker) { m.Cells = []hexgrid.Cell{} })
	pgtest.Marker(t, pool, a, func(m *atelier.Marker) { m.Deleted = true })
	one := pgtest.Signalement(t, pool)
	if _, err := pool.Exec(ctx, `
		insert into signalement (territoire, id, quartier, geom, cell, theme, reporter, occurred_from, occurred_to, origin, hidden)
		select territoire, gen_random_uuid(), case when n % 3 > 0 then quartier end, geom, cell + n, (array['BRU', 'OCC', 'CIR'])[1 + n % 3],
			case when n % 2 = 0 then gen_random_uuid() end, occurred_from - n * interval '7 minutes 123456 microseconds', occurred_to, 'demo', n % 50 = 0
		from signalement, generate_series(1, $1) n where id = $2`, manySignalements, one.ID); err != nil {
		t.Fatal(err)
	}

	markers, signalements := map[uuid.UUID]store.CountedMarker{}, map[uuid.UUID]store.CountedSignalement{}
	batches, recent := 0, map[uuid.UUID]int64{}
	horizon, err := s.LoadCounted(ctx, pgtest.Chambery, store.CountedLoad{
		Markers: func(all []store.CountedMarker) error {
			for _, m := range all {
				m.Cells, m.Themes = slices.Clone(m.Cells), slices.Clone(m.Themes)
				markers[m.ID] = m
			}
			return nil
		},
		Signalements: func(all []store.CountedSignalement) error {
			batches++
			for _, s := range all {
				signalements[s.ID] = s
			}
			return nil
		},
		Recent: func(id uuid.UUID, version int64) { recent[id] = version },
	})
	if err != nil {
		t.Fatal(err)
	}
	if batches < manySignalements/1000 {
		t.Errorf("%d batches", batches)
	}
	// A transaction of another database may hold the horizon down to any of these rows.
	var written int
	if err := pool.QueryRow(ctx, `
		select (select count(*) from marker where version >= ($1::bigint)::text::xid8 and not (deleted or hidden))
		     + (select count(*) from signalement where version >= ($1::bigint)::text::xid8 and not hidden)`, horizon).Scan(&written); err != nil {
		t.Fatal(err)
	}
	if len(recent) != written {
		t.Errorf("%d recent rows, %d above the horizon", len(recent), written)
	}
	again, _, err := s.ReadCounted(ctx, pgtest.Chambery, store.Counted{Since: 1,
		Marker: func(want *store.CountedMarker) error {
			got, ok := markers[want.ID]
			delete(markers, want.ID)
			if want.Gone == ok {
				t.Errorf("marker %s: loaded %v, gone %v", want.ID, ok, want.Gone)
			}
			if len(want.Cells) == 1 { // which the loading leaves out
				want.Cells = nil
			}
			slices.Sort(got.Cells)
			slices.Sort(want.Cells)
			if !want.Gone && (got.Atelier != want.Atelier || got.Participant != want.Participant || got.Quartier != want.Quartier || got.Felt != want.Felt ||
				got.Cell != want.Cell || !slices.Equal(got.Cells, want.Cells) || !slices.Equal(got.Themes, want.Themes) || !got.StartsAt.Equal(want.StartsAt)) {
				t.Errorf("marker: got %+v, want %+v", got, *want)
			}
			return nil
		},
		Signalement: func(want *store.CountedSignalement) error {
			got, ok := signalements[want.ID]
			delete(signalements, want.ID)
			if want.Gone == ok {
				t.Errorf("signalement %s: loaded %v, gone %v", want.ID, ok, want.Gone)
			}
			if want.Gone {
				return nil
			}
			if !got.OccurredFrom.Equal(want.OccurredFrom) || !got.OccurredTo.Equal(want.OccurredTo) {
				t.Errorf("signalement: got %v to %v, want %v to %v", got.OccurredFrom, got.OccurredTo, want.OccurredFrom, want.OccurredTo)
			}
			got.OccurredFrom, got.OccurredTo, got.Version = want.OccurredFrom, want.OccurredTo, want.Version
			if !reflect.DeepEqual(got, *want) {
				t.Errorf("signalement: got %+v, want %+v", got, *want)
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(markers)+len(signalements) > 0 {
		t.Errorf("%d markers and %d signalements that are not there", len(markers), len(signalements))
	}
	if horizon <= 1 || again < horizon {
		t.Errorf("horizon %d, then %d", horizon, again)
	}
}

// TestLoadNamesRecentRows writes after an older transaction has begun: the row
// is loaded, and will be read again.
func TestLoadNamesRecentRows(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	older, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = older.Rollback(ctx) }()
	var first int64
	if err := older.QueryRow(ctx, `select pg_current_xact_id()::text::bigint`).Scan(&first); err != nil {
		t.Fatal(err)
	}
	written := pgtest.Signalement(t, pool)
	recent := map[uuid.UUID]int64{}
	var loaded []uuid.UUID
	horizon, err := store.New(pool).LoadCounted(ctx, pgtest.Chambery, store.CountedLoad{
		Markers: func([]store.CountedMarker) error { return nil },
		Signalements: func(all []store.CountedSignalement) error {
			for _, s := range all {
				loaded = append(loaded, s.ID)
			}
			return nil
		},
		Recent: func(id uuid.UUID, version int64) { recent[id] = version },
	})
	if err != nil {
		t.Fatal(err)
	}
	if horizon > first || recent[written.ID] <= first || !slices.Equal(loaded, []uuid.UUID{written.ID}) {
		t.Errorf("horizon %d with transaction %d open; recent %v, loaded %v", horizon, first, recent, loaded)
	}
}
