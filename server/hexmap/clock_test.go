package hexmap

import (
	"math/rand/v2"
	"testing"
	"time"

	"quietude/geo/hexcube"
)

// TestWeekClock compares with the library over a century, near every change of
// the clocks too, and in zones that have none.
func TestWeekClock(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"Europe/Paris", "UTC", "Indian/Reunion", "America/Cayenne", "Pacific/Noumea"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		clock := newWeekClock(zone)
		check := func(at time.Time) {
			t.Helper()
			if got, want := clock.hourAt(at), hexcube.HourAt(at.In(zone)); got != want {
				t.Fatalf("%s: hour %d at %v, want %d", name, got, at.In(zone), want)
			}
		}
		for range 20_000 {
			at := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(chance.Int64N(100*365*24*3600)) * time.Second)
			check(at)
			if _, end := at.In(zone).ZoneBounds(); !end.IsZero() {
				check(end.Add(-time.Second))
				check(end)
			}
		}
	}
}
