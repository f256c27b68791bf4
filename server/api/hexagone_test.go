package api

import (
	"testing"
	"time"
)

func TestReadPeriod(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct{ first, last, from, to, code string }{
		{"", "", "", "", ""},
		{"2026-03-29", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", ""}, // 23 hours
		{"2025-10-26", "2025-10-26", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z", ""}, // 25 hours
		{"2026-01-01", "", "2025-12-31T23:00:00Z", "", ""},
		{"", "2026-01-01", "", "2026-01-01T23:00:00Z", ""},
		{"1976-03-21", "", "1976-03-20T23:00:00Z", "", ""},
		{"1976-03-19", "", "", "", "periode_trop_longue"},
		{"2000-01-01", "2050-01-01", "1999-12-31T23:00:00Z", "2050-01-01T23:00:00Z", ""},
		{"2000-01-01", "2050-01-02", "", "", "periode_trop_longue"},
		{"2026-01-02", "2026-01-01", "", "", "periode_inversee"},
		{"2026-02-30", "", "", "", "date_invalide"},
		{"", "26-01-01", "", "", "date_invalide"},
	} {
		from, to, err := readPeriod(c.first, c.last, zone, now)
		code := ""
		if err != nil {
			code = ProblemOf(err).Code
		}
		if code != c.code || err == nil && (show(from) != c.from || show(to) != c.to) {
			t.Errorf("%s to %s: %s, %s, %q; want %s, %s, %q", c.first, c.last, show(from), show(to), code, c.from, c.to, c.code)
		}
	}
}

func show(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
