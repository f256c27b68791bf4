package memo_test

import (
	"sync"
	"testing"

	"quietude/geo/memo"
)

// Whatever is asked, by however many at once, the answer is the function's; what
// fits is made about once, and what does not takes no more room.
func TestTableAnswersLikeTheFunction(t *testing.T) {
	const entries = 1024
	square := func(n int) int { return n * n }
	for _, c := range []struct{ keys, mostMade int }{{entries / 8, entries / 8 * 11 / 10}, {entries * 8, 2 * entries * 8}} {
		table := memo.New[int, int](entries)
		before := table.Bytes(func(*int) int { return 0 })
		made := 0
		for range 2 {
			for key := range c.keys {
				got := table.Get(key, func(n int) int { made++; return square(n) })
				if *got != square(key) {
					t.Fatalf("Get(%d) = %d", key, *got)
				}
			}
		}
		if made < c.keys || made > c.mostMade {
			t.Errorf("%d keys in %d places: made %d, at most %d are expected", c.keys, entries, made, c.mostMade)
		}
		const entry = 16
		if held := table.Bytes(func(*int) int { return 0 }); held > before+entries*entry {
			t.Errorf("%d bytes for %d places", held-before, entries)
		}
	}
	table := memo.New[int, int](8)
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for key := range 2000 {
				if got := table.Get(key%50, square); *got != square(key%50) {
					t.Errorf("Get(%d) = %d", key%50, *got)
				}
			}
		})
	}
	asking.Wait()
}
