package hexcube_test

import (
	"slices"
	"testing"

	"quietude/geo/hexcube"
	"quietude/geo/hexcube/hexcubetest"
	"quietude/geo/hexgrid"
)

// somewhatLargeCity has hexagons with hundreds of people, and spans many words
// of the bitmaps.
func somewhatLargeCity(t *testing.T, rows int) ([]hexcube.Row, world) {
	t.Helper()
	var all []hexcube.Row
	w := make(world)
	for r := range (hexcubetest.City{Rows: rows, Seed: 5}).All() {
		all = append(all, r)
		w[r.ID] = append(w[r.ID], r)
	}
	return all, w
}

func checkSame(t *testing.T, s *hexcube.Snapshot, w world, q hexcube.Query) {
	t.Helper()
	got, err := s.Counts(q)
	if err != nil {
		t.Fatalf("Counts(%+v): %v", q, err)
	}
	if want := w.counts(q); !slices.Equal(got, want) {
		t.Errorf("Counts(%+v): got %d hexagons unlike the %d of the definitions", q, len(got), len(want))
	}
}

// The property tests collide in a small world; here are the filters of the
// benchmarks in a city.
func TestCityEqualsTheDefinitions(t *testing.T) {
	rows, w := somewhatLargeCity(t, 30_000)
	cube, err := hexcube.Build(rows, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range filters {
		for _, r := range []hexgrid.Resolution{0, 6, 8, 9, 10, 11} {
			q := f.query
			q.Resolution, q.Reporters = r, true
			checkSame(t, cube.Snapshot(), w, q)
		}
	}
}

// Changes that arrive while a merge reads the layers are not lost by it.
func TestChangesDuringMerges(t *testing.T) {
	rows, w := somewhatLargeCity(t, 20_000)
	cube, err := hexcube.Build(rows, 1)
	if err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				cube.Merge()
			}
		}
	}()
	for step := range 300 {
		moved, gone := rows[step*50], rows[step*50+25]
		moved.Cell = someCells[step%len(someCells)]
		changes := hexcube.Changes{Upserts: []hexcube.Row{moved}, Deletes: []hexcube.ID{gone.ID}}
		w.apply(changes)
		if err := cube.Apply(changes, hexcube.Revision(step+2)); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	<-stopped
	for _, q := range []hexcube.Query{{Resolution: 11}, {Resolution: 8}, {Resolution: 10, Filter: hexcube.Filter{Themes: 3}, Reporters: true}} {
		checkSame(t, cube.Snapshot(), w, q)
	}
}

// A cube that only ever receives changes, and never a Merge, still merges by
// itself, and stays exact.
func TestManyChangesWithoutLoad(t *testing.T) {
	rows, w := somewhatLargeCity(t, 45_000)
	cube, err := hexcube.Build(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for step, rest := 1, rows; len(rest) > 0; step++ {
		n := min(997, len(rest))
		// A marker must not be cut in two.
		for n < len(rest) && rest[n].ID == rest[n-1].ID {
			n++
		}
		if err := cube.Apply(hexcube.Changes{Upserts: rest[:n]}, hexcube.Revision(step)); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	checkSame(t, cube.Snapshot(), w, hexcube.Query{Resolution: 10, Reporters: true})
	checkSame(t, cube.Snapshot(), w, hexcube.Query{Resolution: 9, Filter: hexcube.Filter{Hours: evening()}})
}

// Memory is stated with each build: at most 39 bytes a row when a cell has a
// handful of rows, as in ten years of a city.
func TestMemoryPerRow(t *testing.T) {
	rows := rowsOf(1_000_000)
	cube, err := hexcube.Build(rows, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := float64(cube.Snapshot().MemoryBytes()) / float64(len(rows)); got > 39 {
		t.Errorf("got %.2f bytes a row, want at most 39", got)
	}
}
