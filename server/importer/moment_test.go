package importer

import (
	"testing"
	"time"
)

func TestMoments(t *testing.T) {
	paris, err := time.LoadLocation(Fuseau)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][2]string{
		"2025-03-14T22:10:00Z":      {"2025-03-14T22:10:00Z", "2025-03-14T22:10:00Z"},
		"2025-03-14T22:10:00+01:00": {"2025-03-14T21:10:00Z", "2025-03-14T21:10:00Z"},
		"2025-03-14 22:10":          {"2025-03-14T21:10:00Z", "2025-03-14T21:10:00Z"},
		"14/07/2025 22:10":          {"2025-07-14T20:10:00Z", "2025-07-14T20:10:00Z"},
		"1/7/2025":                  {"2025-06-30T22:00:00Z", "2025-07-01T22:00:00Z"},
		"2025-03-14":                {"2025-03-13T23:00:00Z", "2025-03-14T23:00:00Z"},
		// The days when clocks change have 23 and 25 hours.
		"2025-03-30": {"2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"},
		"2025-10-26": {"2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z"},
		// 02:30 comes twice: it is the hour between the two.
		"2025-10-26 02:30": {"2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"},
		"2025-10-26 03:00": {"2025-10-26T02:00:00Z", "2025-10-26T02:00:00Z"},
		"2025-10-26 01:59": {"2025-10-25T23:59:00Z", "2025-10-25T23:59:00Z"},
	} {
		m := moments{zone: paris}
		for range 2 { // the second time by the layout that worked
			p, reason := m.read(text)
			if reason != "" || p.from.Format(time.RFC3339) != want[0] || p.to.Format(time.RFC3339) != want[1] {
				t.Errorf("%s: %s to %s (%s), want %v", text, p.from, p.to, reason, want)
			}
		}
	}
	m := moments{zone: paris}
	for _, text := range []string{"", "hier", "2025-13-01", "31/04/2025", "2025-03-30 02:30", "03/30/2025", "99"} {
		if p, reason := m.read(text); reason == "" {
			t.Errorf("%q is read as %s", text, p.from)
		}
	}
}

// TestReadingsOfAYear: every wall-clock minute of a year is read as the
// instants that show it, and every instant is found.
func TestReadingsOfAYear(t *testing.T) {
	paris, err := time.LoadLocation(Fuseau)
	if err != nil {
		t.Fatal(err)
	}
	m := moments{zone: paris}
	wall := func(at time.Time) time.Time {
		l := at.In(paris)
		return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
	}
	start := time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC)
	twice := 0
	for at := start; at.Before(start.AddDate(1, 0, 2)); at = at.Add(5 * time.Minute) {
		readings := m.readings(wall(at))
		found := false
		for _, r := range readings {
			found = found || r.Equal(at)
			if !wall(r).Equal(wall(at)) {
				t.Fatalf("%s is read as %s, whose clock shows another time", wall(at), r)
			}
		}
		if !found {
			t.Fatalf("%s is not among its readings %v", at, readings)
		}
		twice += len(readings) - 1
	}
	if twice != 24 { // two hours of five minutes, each instant counted
		t.Errorf("%d instants share their clock, want 24", twice)
	}
}
