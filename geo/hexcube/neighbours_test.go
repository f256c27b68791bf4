package hexcube_test

import (
	"encoding/binary"
	"testing"

	"quietude/geo/hexcube"
)

// More people who repeat themselves than there are local numbers live in one
// hexagon: each has one voice in every hexagon, whichever way they are told apart.
func TestCrowdedNeighbourhood(t *testing.T) {
	const people = 70_000
	rows := make([]hexcube.Row, 3*people)
	for i := range rows {
		r := hexcube.Row{Cell: someCells[0], At: int64(i), Contributor: uint32(i%people + 1), Themes: 1 << (i / people)}
		binary.BigEndian.PutUint64(r.ID[:], uint64(i))
		rows[i] = r
	}
	cube, err := hexcube.Build(rows, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []hexcube.Filter{{}, {Themes: 1}, {Themes: 1 | 4}, {To: people + 100}, {Themes: 2, From: people + 100}} {
		want, reporters := 0, map[uint32]bool{}
		for _, r := range rows {
			if matches(hexcube.Query{Filter: f}, r) {
				want++
				reporters[r.Contributor] = true
			}
		}
		for resolution := someCells[0].Resolution(); resolution >= 5; resolution-- {
			got, err := cube.Snapshot().Counts(hexcube.Query{Filter: f, Resolution: resolution, Reporters: true})
			if err != nil || len(got) != 1 || int(got[0].Signalements) != want || int(got[0].Reporters) != len(reporters) {
				t.Errorf("%+v at resolution %d: %+v, %v; want %d signalements of %d people", f, resolution, got, err, want, len(reporters))
			}
		}
	}
}
