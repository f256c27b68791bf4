package importer

import (
	"testing"

	"github.com/paulmach/orb"

	"quietude/server/pgtest"
	"quietude/server/store"
)

func TestLoadChambery(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool := pgtest.Pool(t)
	s := store.New(pool)
	created, err := LoadChambery(ctx, s)
	if err != nil || !created {
		t.Fatalf("first load: created %v, %v", created, err)
	}
	if created, err := LoadChambery(ctx, s); err != nil || created {
		t.Fatalf("second load: created %v, %v", created, err)
	}
	for table, want := range map[string]int{"territoire": 1, "quartier": 7, "voirie": 673, "voie": 782, "repere": 156} {
		var got int
		if err := pool.QueryRow(ctx, "select count(*) from "+table).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d rows, want %d (%v)", table, got, want, err)
		}
	}
	var invalid int
	var hectares float64
	if err := pool.QueryRow(ctx, `select count(*) filter (where not ST_IsValid(geom)), sum(ST_Area(geom::geography)) / 10000 from quartier`).
		Scan(&invalid, &hectares); err != nil || invalid != 0 || hectares < 2119 || hectares > 2120 {
		t.Errorf("quartiers: %d invalid, %.2f ha in all, want 2119.7 on the ellipsoid (%v)", invalid, hectares, err)
	}
	// « Rue Ronde » is the gazetteer's first line.
	places, err := s.SearchPlaces(ctx, Chambery, []string{"rue", "ronde"}, 3)
	if err != nil || len(places) == 0 || places[0].Nom != "Rue Ronde" || places[0].Position != (orb.Point{5.91068, 45.56874}) {
		t.Errorf("search « rue ronde »: %+v, %v", places, err)
	}
	var margin float64
	if err := pool.QueryRow(ctx, `select ST_Distance(ST_SetSRID(ST_MakePoint(ST_XMin(t.emprise), 45.58), 4326)::geography,
		ST_SetSRID(ST_MakePoint(ST_XMin(q.box), 45.58), 4326)::geography)
		from territoire t, (select ST_Extent(geom) as box from quartier) q`).Scan(&margin); err != nil || margin < 495 || margin > 505 {
		t.Errorf("surroundings are %.0f m wide, want 500 (%v)", margin, err)
	}
}
