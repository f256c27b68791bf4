package hexcube

import (
	"testing"

	"pgregory.net/rapid"
)

// Round after round, the set agrees with a map, however many people there are.
func TestPeopleAreCountedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p people
		for range rapid.IntRange(1, 5).Draw(t, "rounds") {
			p.restart()
			most := rapid.SampledFrom([]uint32{3, 100, 100_000}).Draw(t, "most")
			seen := make(map[uint32]bool)
			for _, person := range rapid.SliceOfN(rapid.Uint32Range(0, most), 0, 800).Draw(t, "people") {
				isNew := person != 0 && !seen[person]
				if got := p.add(person); got != isNew {
					t.Fatalf("add(%d) = %v, want %v", person, got, isNew)
				}
				if isNew {
					seen[person] = true
				}
			}
			if p.count != len(seen) {
				t.Fatalf("got %d people, want %d", p.count, len(seen))
			}
			for person := range seen {
				if !p.has(person) {
					t.Fatalf("%d is lost", person)
				}
			}
		}
	})
}

// The round is kept in 32 bits: people of four thousand million rounds ago do
// not come back.
func TestPeopleForgetWhenRoundsWrap(t *testing.T) {
	var p people
	p.restart()
	p.add(7)
	p.round = 1<<32 - 1
	p.restart()
	if p.has(7) || !p.add(7) {
		t.Error("a person of another round is still there")
	}
}
