package analysis

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/hexmap"
	"quietude/server/store"
)

// columns are the signalements of a territoire. A snapshot shares them with the
// writer, who only appends.
type columns struct {
	cell     []uint32 // index into cells
	day      []int32  // local days since 1970-01-01
	month    []int16  // months since January 1970, local
	theme    []uint8  // index into atelier.Themes
	quartier []uint16 // 1 + index into City.Areas, 0 in the surroundings
	moment   []uint32 // pattern
	person   []uint32 // 0 when anonymous
	origin   []uint16 // index into origins
}

// mark is a marker of an atelier.
type mark struct {
	id       uuid.UUID
	person   uint32
	atelier  uuid.UUID
	quartier uint16
	themes   uint16
	unsafe   bool
	day      int32
	cells    []uint32
}

// View is a territoire at one moment; it never changes.
type View struct {
	City *hexmap.City
	// Revision changes with the data.
	Revision string

	rows     columns
	dead     []uint64 // bitmap of rows that are no more
	alive    int
	marks    []mark
	cells    []hexgrid.Cell // at hexgrid.Stored
	patterns []pattern
	origins  []string
	people   int
	grounds  *grounds
	// firstMonth and lastMonth are the limits of rows.month.
	firstMonth, lastMonth int16
}

// Rows is the number of signalements.
func (v *View) Rows() int { return v.alive }

// writer makes columns from what the store reads. Use one goroutine.
type writer struct {
	city    *hexmap.City
	areas   map[string]uint16
	themes  map[string]uint8
	cells   []hexgrid.Cell
	cellAt  map[hexgrid.Cell]uint32
	persons map[uuid.UUID]uint32
	origins []string
	moments *moments
	ids     []uuid.UUID
	rows    columns
	// firstMonth and lastMonth are the limits of rows.month.
	firstMonth, lastMonth int16
}

func newWriter(city *hexmap.City) *writer {
	w := &writer{city: city, areas: map[string]uint16{}, themes: map[string]uint8{}, cellAt: map[hexgrid.Cell]uint32{},
		persons: map[uuid.UUID]uint32{}, moments: newMoments(city.Zone)}
	for i, q := range city.Areas {
		w.areas[q.Code] = uint16(i + 1)
	}
	for i, t := range atelier.Themes {
		w.themes[string(t)] = uint8(i)
	}
	return w
}

func (w *writer) cell(c hexgrid.Cell) uint32 {
	i, ok := w.cellAt[c]
	if !ok {
		i = uint32(len(w.cells))
		w.cellAt[c], w.cells = i, append(w.cells, c)
	}
	return i
}

// origin is among the few that a city has.
func (w *writer) origin(name string) uint16 {
	i := slices.Index(w.origins, name)
	if i < 0 {
		i = len(w.origins)
		w.origins = append(w.origins, name)
	}
	return uint16(i)
}

func (w *writer) person(id uuid.UUID) uint32 {
	if id == uuid.Nil {
		return 0
	}
	n, ok := w.persons[id]
	if !ok {
		n = uint32(len(w.persons) + 1)
		w.persons[id] = n
	}
	return n
}

// localDay is the number of days from 1970-01-01 to the day on the wall.
func localDay(local time.Time) int32 {
	_, offset := local.Zone()
	seconds := local.Unix() + int64(offset)
	day := seconds / 86400
	if seconds%86400 < 0 {
		day--
	}
	return int32(day)
}

func (w *writer) signalement(s *store.CountedSignalement) {
	local := s.OccurredFrom.In(w.city.Zone)
	r := &w.rows
	w.ids = append(w.ids, s.ID)
	r.cell = append(r.cell, w.cell(s.Cell))
	r.day = append(r.day, localDay(local))
	month := monthOf(local)
	if len(r.month) == 0 {
		w.firstMonth, w.lastMonth = month, month
	}
	w.firstMonth, w.lastMonth = min(w.firstMonth, month), max(w.lastMonth, month)
	r.month = append(r.month, month)
	r.theme = append(r.theme, w.themes[string(s.Theme)])
	r.quartier = append(r.quartier, w.areas[s.Quartier])
	r.moment = append(r.moment, w.moments.of(s.OccurredFrom, s.OccurredTo))
	r.person = append(r.person, w.person(s.Reporter))
	r.origin = append(r.origin, w.origin(s.Origin))
}

func monthOf(local time.Time) int16 { return int16(12*(local.Year()-1970) + int(local.Month()) - 1) }

func (w *writer) mark(m *store.CountedMarker) mark {
	out := mark{id: m.ID, person: w.person(m.Participant), atelier: m.Atelier, quartier: w.areas[m.Quartier],
		unsafe: m.Felt == atelier.Unsafe, day: localDay(m.StartsAt.In(w.city.Zone))}
	for _, t := range m.Themes {
		if i, ok := w.themes[t]; ok {
			out.themes |= 1 << i
		}
	}
	for _, c := range m.Cells {
		out.cells = append(out.cells, w.cell(c))
	}
	if at := w.cell(m.Cell); !slices.Contains(out.cells, at) {
		out.cells = append(out.cells, at)
	}
	return out
}
