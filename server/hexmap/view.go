package hexmap

import (
	"math"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
)

// View is a territoire at one moment.
type View struct {
	*hexcube.Snapshot
	City    *City
	boot    string
	numbers *numbers
	people  int // bytes
	touched int64
	checked time.Time
}

// MemoryBytes is the memory that a territoire takes: the snapshot, and the
// identifiers of people, by which later rows find their numbers.
func (v *View) MemoryBytes() int { return v.Snapshot.MemoryBytes() + v.people }

// Filter is what a map may be asked for. Empty fields keep everything.
type Filter struct {
	Quartier string
	Felt     atelier.Felt
	Source   string // markers, signalements
	// Origins keeps the signalements that came from there: habitant, demo,
	// import:NAME.
	Origins []string
	Themes  []string
	// Hours of the week, in the time zone of the territoire. What has no known
	// hour, as markers, passes no condition on it.
	Hours    hexcube.HourSet
	From, To time.Time // From ≤ t < To
	Atelier  uuid.UUID
}

// noAtelier is the number of an atelier without any marker.
const noAtelier = math.MaxUint32

// Query is a filter in the numbers of this view; ok is false for a quartier
// that the territoire does not have.
func (v *View) Query(f Filter, resolution hexgrid.Resolution) (q hexcube.Query, ok bool) {
	q.Resolution = resolution
	if f.Quartier != "" {
		if q.Quartier = v.numbers.quartiers[f.Quartier]; q.Quartier == 0 {
			return q, false
		}
	}
	switch f.Felt {
	case atelier.Unsafe:
		q.Felt = hexcube.Unsafe
	case atelier.Safe:
		q.Felt = hexcube.Safe
	}
	switch f.Source {
	case "markers":
		q.Source = hexcube.Markers
	case "signalements":
		q.Source = hexcube.Signalements
	}
	q.Themes, q.Hours = themes(f.Themes...), f.Hours
	if f.Atelier != uuid.Nil {
		q.Atelier = noAtelier
		if number, ok := v.numbers.ateliers.Load(f.Atelier); ok {
			q.Atelier = number.(uint32)
		}
	}
	for _, name := range f.Origins {
		number, ok := v.numbers.origins.Load(name)
		if !ok {
			number = uint16(noOrigin)
		}
		q.Origins = append(q.Origins, number.(uint16))
	}
	if !f.From.IsZero() {
		q.From = inRange(f.From)
	}
	if !f.To.IsZero() {
		// A period that ends before the columns begin is an empty one, not an
		// open end.
		q.To = max(inRange(f.To), 1)
	}
	return q, true
}

// Tag says which data an answer to q was made from: equal tags, equal answers.
func (v *View) Tag(q hexcube.Query) (boot string, revision uint64) {
	return v.boot, uint64(v.ChangedAt(q))
}

// Boot names the reading from which the revisions of this view count.
func (v *View) Boot() string { return v.boot }
