package hexcube

import (
	"testing"

	"pgregory.net/rapid"
)

// Round after round, whoever is met is counted once, however many they are among
// how many there are.
func TestPeopleAreCountedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p people
		for range rapid.IntRange(1, 5).Draw(t, "rounds") {
			most := rapid.SampledFrom([]uint32{3, 100, 20_000, 1 << 20}).Draw(t, "most")
			p.restart(most)
			seen := make(map[uint32]bool)
			n := rapid.SampledFrom([]int{0, 10, 100, 800}).Draw(t, "how many")
			met := rapid.SliceOfN(rapid.Uint32Range(1, most), n, n).Draw(t, "people")
			for _, person := range met[:n/2] {
				if got := p.add(person); got == seen[person] {
					t.Fatalf("add(%d) = %v, want %v", person, got, !got)
				}
				seen[person] = true
			}
			for rest := met[n/2:]; len(rest) > 0; {
				word := rest[:min(wordBits, len(rest))]
				rest = rest[len(word):]
				rows := rapid.Uint64Range(0, 1<<len(word)-1).Draw(t, "rows")
				p.addRows(word, rows)
				for i, person := range word {
					if rows>>i&1 == 1 {
						seen[person] = true
					}
				}
			}
			if p.count() != len(seen) {
				t.Fatalf("got %d people, want %d", p.count(), len(seen))
			}
			for _, person := range append(met, 1, most) {
				if p.has(person) != seen[person] {
					t.Fatalf("has(%d) = %v, want %v", person, p.has(person), seen[person])
				}
			}
		}
	})
}
