package atelier_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
)

func unsafeAt(t *testing.T, author uuid.UUID, cells ...hexgrid.Cell) atelier.Marker {
	t.Helper()
	m := atelier.Marker{ID: uuid.New(), Author: author, Felt: atelier.Unsafe}
	for _, c := range cells {
		fine, err := hexgrid.CellOf(c.Centre(), hexgrid.Stored)
		if err != nil {
			t.Fatal(err)
		}
		m.Cells = append(m.Cells, fine)
	}
	return m
}

// TestClusters: three distinct people make a cluster, one person with ten
// markers does not; hexagons that touch are one; what a finding names, what is
// hidden, deleted or felt safe counts for nothing.
func TestClusters(t *testing.T) {
	t.Parallel()
	here, err := hexgrid.CellOf(orb.Point{5.918, 45.5665}, atelier.ClusterResolution)
	if err != nil {
		t.Fatal(err)
	}
	there, err := hexgrid.CellOf(orb.Point{5.935, 45.580}, atelier.ClusterResolution)
	if err != nil {
		t.Fatal(err)
	}
	beside := here.Neighbours()[0]
	people := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New()}
	var ms []atelier.Marker
	for range 10 {
		ms = append(ms, unsafeAt(t, people[0], there))
	}
	for _, p := range people[:3] {
		ms = append(ms, unsafeAt(t, p, here, beside))
	}
	ms = append(ms, unsafeAt(t, people[3], beside))
	for _, spoil := range []func(*atelier.Marker){
		func(m *atelier.Marker) { m.Deleted = true }, func(m *atelier.Marker) { m.Hidden = true }, func(m *atelier.Marker) { m.Felt = atelier.Safe },
	} {
		m := unsafeAt(t, uuid.New(), there)
		spoil(&m)
		ms = append(ms, m)
	}
	got := atelier.Clusters(ms, nil)
	if len(got) != 1 || got[0].Voices != 4 || len(got[0].Markers) != 4 || len(got[0].Cells) != 2 || got[0].At != beside.Centre() {
		t.Fatalf("clusters %+v, want one of 4 voices on two hexagons", got)
	}
	slices.Reverse(ms)
	if again := atelier.Clusters(ms, nil); len(again) != 1 || !slices.Equal(again[0].Markers, got[0].Markers) || !slices.Equal(again[0].Cells, got[0].Cells) {
		t.Errorf("in another order: %+v", again)
	}
	spoken := map[uuid.UUID]bool{got[0].Markers[0]: true, got[0].Markers[1]: true}
	if left := atelier.Clusters(ms, spoken); len(left) > 0 {
		t.Errorf("two of four are spoken of: %+v", left)
	}
	if none := atelier.Clusters(nil, nil); len(none) != 0 {
		t.Errorf("of nothing: %+v", none)
	}
}
