package hexcube

import (
	"fmt"
	"math"
	"time"

	"quietude/geo/hexgrid"
)

// ID names a marker or a signalement, as the database does (a UUID).
type ID [16]byte

// Felt says what a row expresses.
type Felt uint8

const (
	// FeltNone is a signalement; in a Filter it means any felt.
	FeltNone Felt = iota
	// Unsafe is a marker of a place that feels unsafe.
	Unsafe
	// Safe is a marker of a place that feels safe.
	Safe

	felts = 3
)

// Source chooses between what residents drew and what they reported.
type Source uint8

const (
	// AnySource keeps both.
	AnySource Source = iota
	// Markers keeps what was drawn in ateliers.
	Markers
	// Signalements keeps what was reported to the city.
	Signalements
)

// source of the rows that express f.
func (f Felt) source() Source {
	if f == FeltNone {
		return Signalements
	}
	return Markers
}

// Themes is the number of families of themes.
const Themes = 10

// ThemeSet is a set of families of themes: bit i is the family i, from 0 to
// Themes-1. Which family has which number is the caller's choice, as long as
// it never changes.
type ThemeSet uint16

const allThemes ThemeSet = 1<<Themes - 1

const (
	daysPerWeek = 7
	hoursPerDay = 24
)

// Hour is an hour of the week in the territoire's local time. The zero value
// is NoHour.
type Hour uint8

// NoHour is the hour of a row whose hour is unknown. No filter on hours
// matches it.
const NoHour Hour = 0

// HourOf makes an Hour from a weekday (Monday is 0, Sunday 6) and an hour of
// the day (0–23). Anything else gives NoHour.
func HourOf(day, hour int) Hour {
	if day < 0 || day >= daysPerWeek || hour < 0 || hour >= hoursPerDay {
		return NoHour
	}
	return Hour(1 + day*hoursPerDay + hour)
}

// HourAt is the hour of the week of t in t's own location.
func HourAt(t time.Time) Hour {
	monday := (int(t.Weekday()) + 6) % daysPerWeek
	return HourOf(monday, t.Hour())
}

// split returns the weekday (Monday is 0) and the hour of the day of a known
// hour.
func (h Hour) split() (day, hour int) {
	return int(h-1) / hoursPerDay, int(h-1) % hoursPerDay
}

// HourSet is a set of hours of the week: for each weekday from Monday, bit h is
// the hour h. As a filter, the empty set means no condition on the hour.
type HourSet [daysPerWeek]uint32

// Add puts h in the set. NoHour is ignored.
func (s *HourSet) Add(h Hour) {
	if h == NoHour {
		return
	}
	day, hour := h.split()
	s[day] |= 1 << hour
}

// Has tells whether h is in the set. NoHour never is.
func (s HourSet) Has(h Hour) bool {
	if h == NoHour {
		return false
	}
	day, hour := h.split()
	return s[day]>>hour&1 == 1
}

// Row is one signalement, or one cell of one marker's footprint. A marker
// placed as a point has one row; a zone has one for each cell that it covers,
// that differ by Cell and Anchor only: a filter takes all of them or none, and
// counting voices relies on it.
type Row struct {
	ID   ID
	Cell hexgrid.Cell // at resolution hexgrid.Stored
	At   int64        // when, in Unix seconds, from 1970 to 2106

	// Contributor is the number of the participant or reporter; 0 is
	// anonymous: counted as a report, never as a voice. Numbers have no large
	// gaps: whoever counts voices has one bit for each up to the largest.
	Contributor uint32
	// Atelier is the number of the atelier of a marker; 0 for a signalement.
	Atelier uint32
	// Origin is the number of where a signalement came from; 0 for a marker.
	// Small numbers take the least memory.
	Origin uint16
	// Quartier is the number of the one quartier to which the marker or
	// signalement belongs, whatever the cell straddles; 0 is none.
	Quartier uint16

	Themes ThemeSet
	Felt   Felt
	Hour   Hour
	// Anchor is true for exactly one row of each marker: there the marker is
	// counted. A signalement is always counted, whatever Anchor says.
	Anchor bool
}

// check says what makes a row impossible to store. The error is for
// programmers: rows come from the database, not from users.
func (r Row) check() error {
	switch {
	case r.Cell <= 0 || r.Cell.Resolution() != hexgrid.Stored:
		return fmt.Errorf("hexcube: cell %x is not at resolution %d", int64(r.Cell), hexgrid.Stored)
	case r.At < 0 || r.At > math.MaxUint32:
		return fmt.Errorf("hexcube: time %d is not between 1970 and 2106", r.At)
	case r.Felt >= felts:
		return fmt.Errorf("hexcube: felt %d is unknown", r.Felt)
	case r.Themes&^allThemes != 0:
		return fmt.Errorf("hexcube: theme set %b is unknown", r.Themes)
	case r.Hour > HourOf(daysPerWeek-1, hoursPerDay-1):
		return fmt.Errorf("hexcube: hour of week %d is unknown", r.Hour)
	case r.Felt == FeltNone && r.Atelier != 0:
		return fmt.Errorf("hexcube: a signalement has no atelier, not %d", r.Atelier)
	case r.Felt != FeltNone && r.Origin != 0:
		return fmt.Errorf("hexcube: a marker has no origin, not %d", r.Origin)
	}
	return nil
}
