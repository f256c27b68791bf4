package comparison

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/store"
)

// Measure is what is counted.
type Measure string

// The measures: residents of ateliers, or people who reported.
const (
	Unsafe  Measure = "unsafe"
	Safe    Measure = "safe"
	Reports Measure = "signalements"
)

// Ground is the list of hexagons of a quartier at one resolution: those that a
// position of the quartier can be counted in, and those that its zones reach.
type Ground struct {
	Resolution hexgrid.Resolution
	Cells      []hexgrid.Cell // sorted
	index      map[hexgrid.Cell]int32
}

// NewGround covers a quartier and what was said and reported of it.
func NewGround(area orb.MultiPolygon, r hexgrid.Resolution, data store.Compared) (*Ground, error) {
	cells, err := hexgrid.Reachable(area, r)
	if err != nil {
		return nil, err
	}
	for _, v := range data.Voices {
		for _, c := range v.Cells {
			cells = append(cells, c.Parent(r))
		}
	}
	for _, s := range data.Reports {
		cells = append(cells, s.Cell.Parent(r))
	}
	slices.Sort(cells)
	g := &Ground{Resolution: r, Cells: slices.Compact(cells), index: map[hexgrid.Cell]int32{}}
	for i, c := range g.Cells {
		g.index[c] = int32(i)
	}
	return g, nil
}

// Side is one of the things compared: an atelier, or a period From ≤ t < To.
type Side struct {
	Atelier  uuid.UUID
	From, To time.Time
}

// Sample is what a number of people said on one side.
type Sample struct {
	// People is n: participants, or distinct reporters.
	People int
	// Footprints hold, per person who said anything, the hexagons concerned, each once.
	Footprints [][]int32
	// Voices are distinct people per hexagon.
	Voices []int
	// Anonymous of the people are signalements without a known reporter.
	Anonymous int
	// Reports is the number of signalements, 0 for residents.
	Reports int
	// Evenings are the ateliers concerned; empty for signalements.
	Evenings []store.ComparedEvening
}

// Speakers is how many of the people said anything.
func (s Sample) Speakers() int { return len(s.Footprints) }

// Totals are the numbers of hexagons that each person named, 0 for a
// participant who named none.
func (s Sample) Totals() []float64 {
	out := make([]float64, max(s.People, len(s.Footprints)))
	for i, f := range s.Footprints {
		out[i] = float64(len(f))
	}
	return out
}

// includes tells whether an atelier is on a side.
func (s Side) includes(e store.ComparedEvening) bool {
	if s.Atelier != uuid.Nil {
		return e.ID == s.Atelier
	}
	return s.holds(e.StartsAt)
}

// holds tells whether a moment is in the period; without limits it is.
func (s Side) holds(t time.Time) bool {
	return (s.From.IsZero() || !t.Before(s.From)) && (s.To.IsZero() || t.Before(s.To))
}

// Take gathers what one side says of one measure.
func (g *Ground) Take(data store.Compared, side Side, m Measure) Sample {
	if m == Reports {
		return g.takeReports(data.Reports, side)
	}
	return g.takeVoices(data, side, func(v store.ComparedVoice) bool { return v.Felt == atelier.Felt(m) })
}

func (g *Ground) takeVoices(data store.Compared, side Side, counts func(store.ComparedVoice) bool) Sample {
	var s Sample
	of := map[uuid.UUID]bool{}
	for _, e := range data.Evenings {
		if side.includes(e) {
			s.Evenings = append(s.Evenings, e)
			s.People += e.Participants
			of[e.ID] = true
		}
	}
	var p people
	for _, v := range data.Voices {
		if of[v.Atelier] && counts(v) {
			p.add(v.Participant, g.indices(v.Cells))
		}
	}
	s.Footprints = p.footprints
	// Rows of participants may lag behind those of markers for a moment.
	s.People = max(s.People, len(s.Footprints))
	s.Voices = hexstat.Voices(s.Footprints, len(g.Cells))
	return s
}

func (g *Ground) takeReports(reports []store.ComparedReport, side Side) Sample {
	var s Sample
	var p people
	for _, r := range reports {
		if !side.holds(r.OccurredFrom) {
			continue
		}
		s.Reports++
		if r.Reporter == uuid.Nil {
			s.Anonymous++
		}
		p.add(r.Reporter, g.indices([]hexgrid.Cell{r.Cell}))
	}
	s.Footprints, s.People = p.footprints, len(p.footprints)
	s.Voices = hexstat.Voices(s.Footprints, len(g.Cells))
	return s
}

func (g *Ground) indices(cells []hexgrid.Cell) []int32 {
	out := make([]int32, 0, len(cells))
	for _, c := range cells {
		if i, ok := g.index[c.Parent(g.Resolution)]; ok {
			out = append(out, i)
		}
	}
	return out
}

// people gathers footprints by person, in the order of their first word; nobody
// (uuid.Nil) is somebody new each time.
type people struct {
	number     map[uuid.UUID]int
	footprints [][]int32
}

func (p *people) add(who uuid.UUID, cells []int32) {
	at, known := p.number[who]
	if !known || who == uuid.Nil {
		at = len(p.footprints)
		p.footprints = append(p.footprints, nil)
		if p.number == nil {
			p.number = map[uuid.UUID]int{}
		}
		p.number[who] = at
	}
	for _, c := range cells {
		if !slices.Contains(p.footprints[at], c) {
			p.footprints[at] = append(p.footprints[at], c)
		}
	}
}
