package hexmap_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/pgtest"
	"quietude/server/store"
)

func TestQuartierOf(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	places := hexmap.NewPlaces(store.New(pool))
	if _, err := places.City(ctx, ""); fault.KindOf(err) != fault.NotFound {
		t.Fatalf("no territoire: %v", err)
	}
	pgtest.Territoire(t, pool)
	if _, err := places.City(ctx, "75056"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("unknown territoire: %v", err)
	}
	for _, c := range []struct {
		at     orb.Point
		want   string
		reason geo.Reason
	}{
		{orb.Point{5.9178, 45.5646}, "CE", ""},
		{orb.Point{5.9430, 45.6170}, "", ""},
		{orb.Point{45.5646, 5.9178}, "", geo.SwappedAxes},
		{orb.Point{2.35, 48.85}, "", geo.OutsideTerritoire},
	} {
		got, err := places.QuartierOf(ctx, pgtest.Chambery, c.at)
		var invalid *geo.Invalid
		errors.As(err, &invalid)
		if got != c.want || (invalid == nil) != (c.reason == "") || invalid != nil && invalid.Reason != c.reason {
			t.Errorf("%v: %q, %v; want %q, %q", c.at, got, err, c.want, c.reason)
		}
	}
}

// TestPlacesFollow changes the quartiers under a node that knows them.
func TestPlacesFollow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	places := hexmap.NewPlaces(store.New(pool))
	before, err := places.City(ctx, "")
	if err != nil || before.Zone.String() != "Europe/Paris" || len(before.Areas) != 7 {
		t.Fatalf("%+v, %v", before, err)
	}
	if _, err := pool.Exec(ctx, `update quartier set nom = 'Le Centre' where code = 'CE'`); err != nil {
		t.Fatal(err)
	}
	deadline, again := time.Now().Add(time.Minute), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	for {
		city, err := places.City(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		if q, _ := city.Area("CE"); q.Nom == "Le Centre" && city.Revision != before.Revision {
			return
		}
		if <-again.C; time.Now().After(deadline) {
			t.Fatal("the new name is not seen")
		}
	}
}

// TestPlacesSurviveTheDatabase closes the pool under a node.
func TestPlacesSurviveTheDatabase(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	source := &failing{Store: store.New(pool)}
	places := hexmap.NewPlaces(source)
	if _, err := places.City(context.Background(), ""); err != nil {
		t.Fatal(err)
	}
	source.away = true
	deadline, again := time.Now().Add(time.Minute), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	for source.asked == 0 {
		if _, err := places.City(context.Background(), ""); err != nil {
			t.Fatalf("with the database away: %v", err)
		}
		if <-again.C; time.Now().After(deadline) {
			t.Fatal("the database was never asked again")
		}
	}
}

// failing is a store whose database goes away.
type failing struct {
	*store.Store
	away  bool
	asked int
}

func (f *failing) TerritoireRevisions(ctx context.Context) (map[string]string, error) {
	if f.away {
		f.asked++
		return nil, fault.New(fault.Unavailable, "base_indisponible", "Réessayez.")
	}
	return f.Store.TerritoireRevisions(ctx)
}
