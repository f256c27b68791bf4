package importer

import (
	"strings"
	"time"
)

// period is when something happened, both ends included: equal when the moment
// is known.
type period struct{ from, to time.Time }

// Layouts of dates, as they are tried. Day before month, as in France.
var (
	zonedLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02T15:04:05Z0700"}
	wallLayouts  = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04",
		"02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006 15h04", "2/1/2006 15:04"}
	dayLayouts = []string{"2006-01-02", "02/01/2006", "2/1/2006", "02-01-2006", "02.01.2006", "20060102"}
)

// moments reads dates in the zone of a territoire. It remembers the layout that
// worked, since a file keeps to one.
type moments struct {
	zone   *time.Location
	layout string
	kind   momentKind
}

type momentKind int

const (
	zoned momentKind = iota
	wall
	day
)

// read gives the period that a text stands for: an instant; the hour that an
// ambiguous wall clock may mean when clocks go back; a whole local day when no
// hour is given. The reason is "" when it was read.
func (m *moments) read(text string) (p period, reason string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return period{}, "la date manque"
	}
	if m.layout != "" {
		if t, err := m.parse(m.layout, m.kind, text); err == nil {
			return m.period(t, m.kind)
		}
	}
	for kind, layouts := range [][]string{zonedLayouts, wallLayouts, dayLayouts} {
		for _, l := range layouts {
			if t, err := m.parse(l, momentKind(kind), text); err == nil {
				m.layout, m.kind = l, momentKind(kind)
				return m.period(t, m.kind)
			}
		}
	}
	return period{}, "la date « " + shown(text) + " » n’est pas comprise (par exemple 2025-03-30 ou 30/03/2025 14:05)"
}

// parse reads wall clocks as if in UTC: the zone is applied by period, which
// has to know what was written.
func (m *moments) parse(layout string, kind momentKind, text string) (time.Time, error) {
	if kind == zoned {
		return time.Parse(layout, text)
	}
	return time.ParseInLocation(layout, text, time.UTC)
}

func (m *moments) period(t time.Time, kind momentKind) (period, string) {
	switch kind {
	case zoned:
		return period{t.UTC(), t.UTC()}, ""
	case day:
		y, mo, d := t.Date()
		return period{startOfDay(y, mo, d, m.zone), startOfDay(y, mo, d+1, m.zone)}, ""
	}
	readings := m.readings(t)
	if len(readings) == 0 {
		return period{}, "cette heure n’existe pas ce jour-là (passage à l’heure d’été)"
	}
	return period{readings[0].UTC(), readings[len(readings)-1].UTC()}, ""
}

// readings are the instants at which clocks of the zone show t's date and hour:
// usually one, none in the hour that is skipped, two in the one that repeats.
func (m *moments) readings(t time.Time) []time.Time {
	var out []time.Time
	for _, probe := range []time.Time{t.Add(-24 * time.Hour), t.Add(24 * time.Hour)} {
		_, offset := probe.In(m.zone).Zone()
		at := t.Add(-time.Duration(offset) * time.Second)
		if _, actual := at.In(m.zone).Zone(); actual == offset && (len(out) == 0 || !out[0].Equal(at)) {
			out = append(out, at)
		}
	}
	if len(out) == 2 && out[1].Before(out[0]) {
		out[0], out[1] = out[1], out[0]
	}
	return out
}

// startOfDay is local midnight, or the first instant of a day that begins at
// one o'clock.
func startOfDay(y int, mo time.Month, d int, zone *time.Location) time.Time {
	return time.Date(y, mo, d, 0, 0, 0, 0, zone).UTC()
}

// oldestYear that a report may bear: before it, a date is a slip or a default.
const oldestYear = 1990

// checkPeriod refuses what cannot have been reported.
func checkPeriod(p period, now time.Time) string {
	switch {
	case p.to.Before(p.from):
		return "la fin précède le début"
	case p.from.After(now):
		return "la date est dans le futur"
	case p.from.Year() < oldestYear:
		return "la date est trop ancienne"
	}
	return ""
}
