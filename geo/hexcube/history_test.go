package hexcube_test

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
)

// An answer that differs has a later ChangedAt: a tag made of it is never stale.
func TestChangedAtMovesWithTheAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cube, err := hexcube.Build(drawRows(t, 60), 1)
		if err != nil {
			t.Fatal(err)
		}
		q := drawQuery(t)
		for revision := hexcube.Revision(2); revision < 8; revision++ {
			before := cube.Snapshot()
			changes := hexcube.Changes{Upserts: drawRows(t, 2), Deletes: []hexcube.ID{drawID(t)}}
			if err := cube.Apply(changes, revision); err != nil {
				t.Fatal(err)
			}
			was, err := before.Counts(q)
			if err != nil {
				t.Fatal(err)
			}
			is, err := cube.Snapshot().Counts(q)
			if err != nil {
				t.Fatal(err)
			}
			old, changed := before.ChangedAt(q), cube.Snapshot().ChangedAt(q)
			if changed < old || changed > revision {
				t.Fatalf("ChangedAt went from %d to %d at revision %d", old, changed, revision)
			}
			if !slices.Equal(was, is) && changed != revision {
				t.Fatalf("the answer to %+v changed at %d, ChangedAt says %d", q, revision, changed)
			}
		}
	})
}

// A change in Paris does not touch a tile of Chambéry, nor another quartier.
func TestChangedAtStaysElsewhere(t *testing.T) {
	chambery := someCells[0]
	paris, err := hexgrid.CellOf(orb.Point{2.3522, 48.8566}, hexgrid.Stored)
	if err != nil {
		t.Fatal(err)
	}
	cube, err := hexcube.Build([]hexcube.Row{{ID: hexcube.ID{1}, Cell: chambery, Quartier: 1}}, 10)
	if err != nil {
		t.Fatal(err)
	}
	change := hexcube.Changes{Upserts: []hexcube.Row{{ID: hexcube.ID{2}, Cell: paris, Quartier: 2}}}
	if err := cube.Apply(change, 11); err != nil {
		t.Fatal(err)
	}
	in := func(cell hexgrid.Cell) []hexcube.Range { return []hexcube.Range{{First: cell, Last: cell}} }
	for _, c := range []struct {
		name  string
		query hexcube.Query
		want  hexcube.Revision
	}{
		{"everywhere", hexcube.Query{}, 11},
		{"a tile of Paris", hexcube.Query{Resolution: 10, Ranges: in(paris)}, 11},
		{"a tile of Chambéry", hexcube.Query{Resolution: 10, Ranges: in(chambery)}, 10},
		{"the quartier of the change", hexcube.Query{Quartier: 2}, 11},
		{"another quartier", hexcube.Query{Quartier: 1}, 10},
		{"another quartier in Paris", hexcube.Query{Quartier: 1, Resolution: 10, Ranges: in(paris)}, 10},
		{"the quartier of the change in Chambéry", hexcube.Query{Quartier: 2, Resolution: 10, Ranges: in(chambery)}, 10},
	} {
		if got := cube.Snapshot().ChangedAt(c.query); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
	if err := cube.Apply(hexcube.Changes{Deletes: []hexcube.ID{{9}}}, 12); err != nil {
		t.Fatal(err)
	}
	if got := cube.Snapshot().ChangedAt(hexcube.Query{}); got != 11 {
		t.Errorf("removing nothing changed everything: got %d, want 11", got)
	}
}
