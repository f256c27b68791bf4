package hexstat

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestAoristic(t *testing.T) {
	file := oracle[struct {
		Events []struct {
			From_utc, To_utc string
			Cells            []struct {
				Weekday_mon1, Hour_local int
				Weight                   float64
			}
		}
		Total       [][]float64
		Grand_total float64
	}](t, "aoristic.json")
	zone, all := paris(t), Strip{}
	for _, e := range file.Events {
		from, err := time.Parse(time.DateTime, e.From_utc)
		if err != nil {
			t.Fatal(err)
		}
		to, err := time.Parse(time.DateTime, e.To_utc)
		if err != nil {
			t.Fatal(err)
		}
		var want Strip
		for _, c := range e.Cells {
			want[c.Weekday_mon1-1][c.Hour_local] = c.Weight
		}
		got := value(t, e.From_utc, Aoristic(from, to, zone))
		sameStrip(t, e.From_utc, got, want)
		near(t, e.From_utc+" sum", got.Total(), 1, 1e-12)
		all = all.Plus(got)
	}
	var want Strip
	for d := range want {
		copy(want[d][:], file.Total[d])
	}
	sameStrip(t, "total", all, want)
	near(t, "grand total", all.Total(), file.Grand_total, closedForm)
}

func sameStrip(t *testing.T, name string, got, want Strip) {
	t.Helper()
	for d := range want {
		for h := range want[d] {
			near(t, fmt.Sprintf("%s, day %d, hour %d", name, d, h), got[d][h], want[d][h], closedForm)
		}
	}
}

// Whole days around both changes of the clock: 23 and 25 hours.
func TestClockChanges(t *testing.T) {
	zone := paris(t)
	day := func(y int, m time.Month, d int) Strip {
		return value(t, "day", Aoristic(time.Date(y, m, d, 0, 0, 0, 0, zone), time.Date(y, m, d+1, 0, 0, 0, 0, zone), zone))
	}
	spring, autumn := day(2025, 3, 30), day(2025, 10, 26)
	near(t, "spring 1 h", spring[6][1], 1./23, 1e-12)
	near(t, "spring 2 h does not exist", spring[6][2], 0, 0)
	near(t, "autumn 1 h", autumn[6][1], 1./25, 1e-12)
	near(t, "autumn 2 h comes twice", autumn[6][2], 2./25, 1e-12)
}

// Each report sums to 1, and splitting an interval loses nothing.
func TestAoristicConserves(t *testing.T) {
	zone, rng := paris(t), rand.New(rand.NewPCG(1, 2))
	origin := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 300 {
		start := origin.Add(time.Duration(rng.Int64N(int64(365 * 24 * time.Hour))))
		length := time.Duration(1 + rng.Int64N(int64(40*24*time.Hour)))
		cut := time.Duration(1 + rng.Int64N(int64(length)))
		whole := value(t, "whole", Aoristic(start, start.Add(length), zone))
		near(t, "sum", whole.Total(), 1, 1e-9)
		first := value(t, "first part", Aoristic(start, start.Add(cut), zone))
		second := value(t, "second part", Aoristic(start.Add(cut), start.Add(length), zone))
		share := cut.Seconds() / length.Seconds()
		for d := range whole {
			for h := range whole[d] {
				near(t, "parts", share*first[d][h]+(1-share)*second[d][h], whole[d][h], 1e-9)
			}
		}
	}
}

func TestAoristicRefuses(t *testing.T) {
	now := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	refused(t, "backwards", Aoristic(now, now.Add(-time.Second), time.UTC), InvalidInput)
	refused(t, "two years", Aoristic(now, now.AddDate(2, 0, 0), time.UTC), InvalidInput)
	refused(t, "no clock", Aoristic(now, now, nil), InvalidInput)
}

func ExampleAoristic() {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	// The autumn night of the clock change, from 1:30 summer time to 3:00 winter time.
	strip, _ := Aoristic(time.Date(2025, 10, 25, 23, 30, 0, 0, time.UTC), time.Date(2025, 10, 26, 2, 0, 0, 0, time.UTC), zone).Get()
	fmt.Printf("Sunday 1 h %.1f, 2 h %.1f\n", strip[6][1], strip[6][2])
	// Output: Sunday 1 h 0.2, 2 h 0.8
}
