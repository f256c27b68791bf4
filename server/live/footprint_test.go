package live_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/atelier"
)

// TestFootprintFollows draws and redraws a point and a zone, alone and several times
// in one batch: the cells in the database are always those of the last geometry.
func TestFootprintFollows(t *testing.T) {
	t.Parallel()
	point := func(lon float64) string {
		return fmt.Sprintf(`{"type":"Point","coordinates":[%.4f,45.5601]}`, lon)
	}
	zone := func(lon float64) string {
		return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,45.5601],[%[2]v,45.5601],[%[2]v,45.5621],[%[1]v,45.5621],[%[1]v,45.5601]]]}`, lon, lon+0.003)
	}
	for name, c := range map[string]struct {
		kind  string
		shape func(lon float64) string
	}{"point": {"move", point}, "zone": {"reshape", zone}} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			who, marker := f.habitant(1), uuid.New()
			draw := func(kind string, lon float64) string {
				return fmt.Sprintf(`{"id":%q,"kind":%q,"marker":%q,"felt":"unsafe","geometry":%s}`, uuid.New(), kind, marker, c.shape(lon))
			}
			redraw := func(lon float64) string {
				return fmt.Sprintf(`{"id":%q,"kind":%q,"marker":%q,"geometry":%s}`, uuid.New(), c.kind, marker, c.shape(lon))
			}
			for i, batch := range [][]string{
				{draw("add", 5.905), redraw(5.907)}, {redraw(5.912)}, {redraw(5.9121)}, {redraw(5.914), redraw(5.905)},
				{redraw(5.906), redraw(5.905)}, {on("delete", marker)}, {on("restore", marker), redraw(5.913)},
			} {
				for _, r := range f.write(f.hub, who, batch...) {
					if r.Problem != nil {
						t.Fatalf("batch %d: %v", i, r.Problem)
					}
				}
				f.footprint(t, i, marker)
			}
		})
	}
}

func (f *fixture) footprint(t *testing.T, batch int, marker uuid.UUID) {
	t.Helper()
	_, markers, err := f.store.Snapshot(t.Context(), f.atelier.Territoire, f.atelier.ID)
	if err != nil || len(markers) != 1 {
		t.Fatalf("batch %d: %d markers, %v", batch, len(markers), err)
	}
	rows, err := f.store.Pool().Query(t.Context(), "select cell from marker_cell where marker = $1 order by cell", marker)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	_, _, cells, err := atelier.Footprint(markers[0].Geometry)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]int64, len(cells))
	for i, c := range cells {
		want[i] = int64(c)
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("batch %d: cells %v, want %v", batch, got, want)
	}
}
