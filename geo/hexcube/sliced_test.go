package hexcube

import (
	"math/rand/v2"
	"testing"
)

// Every set of weekdays, and a thousand sets of hours, choose the rows that they
// should.
func TestAmong(t *testing.T) {
	s := newShelf(FeltNone, 200)
	for row := range 200 {
		s.add(&Row{At: int64(row), Hour: Hour(row % 169)})
	}
	check := func(b sliced, set uint32) {
		dst := make([]uint64, wordsFor(s.len()))
		b.among(s, set, 0, dst)
		for row := range s.len() {
			if got, want := hasBit(dst, row), set>>b.read(s, row)&1 == 1; got != want {
				t.Fatalf("%+v, set %b, row %d with %d: got %v", b, set, row, b.read(s, row), got)
			}
		}
	}
	for set := range uint32(1 << (daysPerWeek + 1)) {
		check(weekdays, set)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		check(dayHours, random.Uint32()&(1<<hoursPerDay-1))
	}
	for first := range hoursPerDay {
		for end := first + 1; end <= hoursPerDay; end++ {
			check(dayHours, 1<<end-1<<first)
		}
	}
}
