package hexcube

import (
	"testing"

	"pgregory.net/rapid"
)

// Round after round, the set agrees with a map, however many people there are and
// however far apart their numbers: as a hash set, as a bitmap, and where it turns
// from one into the other.
func TestPeopleAreCountedOnce(t *testing.T) {
	asBitmap, asSlots, turned := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var p people
		for range rapid.IntRange(1, 5).Draw(t, "rounds") {
			most := rapid.SampledFrom([]uint32{3, 100, 20_000, 1 << 31}).Draw(t, "most")
			p.restart(most)
			before := p.isBitmap
			seen := make(map[uint32]bool)
			n := rapid.SampledFrom([]int{0, 10, 100, 800}).Draw(t, "how many")
			met := rapid.SliceOfN(rapid.Uint32Range(0, most), n, n).Draw(t, "people")
			for _, person := range met[:len(met)/2] {
				isNew := person != 0 && !seen[person]
				if got := p.add(person); got != isNew {
					t.Fatalf("add(%d) = %v, want %v", person, got, isNew)
				}
				if isNew {
					seen[person] = true
				}
			}
			for rest := met[len(met)/2:]; len(rest) > 0; {
				word := rest[:min(wordBits, len(rest))]
				rest = rest[len(word):]
				rows := rapid.Uint64Range(0, 1<<len(word)-1).Draw(t, "rows")
				p.addRows(word, rows)
				for i, person := range word {
					if rows>>i&1 == 1 && person != 0 {
						seen[person] = true
					}
				}
			}
			if p.count != len(seen) {
				t.Fatalf("got %d people, want %d", p.count, len(seen))
			}
			for _, person := range append(met, 0, 1, most) {
				if p.has(person) != seen[person] {
					t.Fatalf("has(%d) = %v, want %v", person, p.has(person), seen[person])
				}
			}
			switch {
			case before:
				asBitmap++
			case p.isBitmap:
				turned++
			default:
				asSlots++
			}
		}
	})
	if asBitmap == 0 || asSlots == 0 || turned == 0 {
		t.Errorf("%d rounds as bitmap, %d as hash set, %d turned: each must be met", asBitmap, asSlots, turned)
	}
}

// The round is kept in 32 bits: people of four thousand million rounds ago do
// not come back.
func TestPeopleForgetWhenRoundsWrap(t *testing.T) {
	const most = 1 << 30 // too many for a bitmap
	var p people
	p.restart(most)
	p.add(7)
	p.round = 1<<32 - 1
	p.restart(most)
	if p.has(7) || !p.add(7) {
		t.Error("a person of another round is still there")
	}
}
