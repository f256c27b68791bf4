package analysis

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"time"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/atelier"
	"quietude/server/hexmap"
)

// Month is the signalements of one month.
type Month struct {
	Month time.Time // its first day, local midnight
	// Count is the aoristic number; Interval the exact Poisson interval at 95 %
	// of the rounded one.
	Count    float64
	Interval hexstat.Interval
}

// Family is the signalements of one family of themes.
type Family struct {
	Theme atelier.Theme
	Count float64
}

// Counts is what a filter keeps. Each figure follows all parts of the filter
// but its own: the strip ignores the hours, the months the period, the themes
// the themes, the origins the origins, so that one sees what else one could choose.
type Counts struct {
	// N is the number of signalements that the whole filter keeps; People the
	// distinct reporters among them, Anonymous the reports that name none.
	N                 float64
	People, Anonymous int
	// Unsure is how many of them have no hour known to within one clock hour.
	Unsure float64
	// First and Last are the days of the first and the last signalement of the
	// territoire under the filter's quartier, whatever else it says; zero
	// without any.
	First, Last time.Time

	Strip  hexstat.Strip
	Months []Month // without holes, from the first to the last month with any
	Themes []Family
	// Origins are in the order of their names; those that a filter empties stay
	// with a count of 0.
	Origins []Channel
}

// Channel is the signalements that came from one place: the form of residents, or
// a file.
type Channel struct {
	Origin string
	Count  float64
}

// scan is a filter in the numbers of a view.
type scan struct {
	themes   uint16 // 0 for all
	quartier uint16 // 0 for all
	from, to int32  // local days, from ≤ day < to
	mass     []float64
	only     []bool // per cell; nil for all
	source   string // markers, signalements; "" for both
	origins  []bool // of signalements, per index into View.origins; nil for all
}

// The sources of a filter, as hexmap.Filter spells them.
const onlyMarkers, onlySignalements = "markers", "signalements"

// scanOf is false for a quartier that the territoire does not have.
func (v *View) scanOf(f hexmap.Filter) (s scan, ok bool) {
	if f.Quartier != "" {
		i := slices.IndexFunc(v.City.Areas, func(q atelier.Quartier) bool { return q.Code == f.Quartier })
		if i < 0 {
			return s, false
		}
		s.quartier = uint16(i + 1)
	}
	for _, t := range f.Themes {
		if i := slices.Index(atelier.Themes, atelier.Theme(t)); i >= 0 {
			s.themes |= 1 << i
		}
	}
	s.from, s.to = math.MinInt32, math.MaxInt32
	if !f.From.IsZero() {
		s.from = localDay(f.From.In(v.City.Zone))
	}
	if !f.To.IsZero() {
		s.to = localDay(f.To.In(v.City.Zone))
	}
	s.mass = masses(v.patterns, f.Hours)
	s.source = f.Source
	if f.Origins != nil {
		s.origins = make([]bool, len(v.origins))
		for i, name := range v.origins {
			s.origins[i] = slices.Contains(f.Origins, name)
		}
	}
	return s, true
}

func (s *scan) theme(t uint8) bool { return s.themes == 0 || s.themes&(1<<t) != 0 }

// cameFrom tells whether an origin is kept.
func (s *scan) cameFrom(origin uint16) bool { return s.origins == nil || s.origins[origin] }

// weight is the share of a moment that the hours keep.
func (s *scan) weight(moment uint32) float64 {
	if s.mass == nil {
		return 1
	}
	return s.mass[moment]
}

// Count counts in one pass. A filter for a quartier that the territoire does
// not have counts nothing.
func (v *View) Count(f hexmap.Filter) Counts {
	s, ok := v.scanOf(f)
	if !ok {
		return Counts{}
	}
	return v.count(s)
}

// CountIn is Count within some hexagons.
func (v *View) CountIn(f hexmap.Filter, hexagons []hexgrid.Cell) Counts {
	s, ok := v.scanOf(f)
	if !ok {
		return Counts{}
	}
	s.only = v.within(hexagons)
	return v.count(s)
}

// within marks the cells whose parent is one of some hexagons.
func (v *View) within(hexagons []hexgrid.Cell) []bool {
	out := make([]bool, len(v.cells))
	for i, c := range v.cells {
		out[i] = slices.ContainsFunc(hexagons, func(h hexgrid.Cell) bool { return c.Parent(h.Resolution()) == h })
	}
	return out
}

func (v *View) count(s scan) Counts {
	perMoment := make([]int32, len(v.patterns))
	perTheme, perOrigin := make([]float64, len(atelier.Themes)), make([]float64, len(v.origins))
	months := newMonthly(v.firstMonth, v.lastMonth)
	people := make([]uint64, v.people/64+1)
	var c Counts
	first, last := int32(math.MaxInt32), int32(math.MinInt32)
	r := &v.rows
	for i := range r.day {
		if v.dead[i>>6]&(1<<(i&63)) != 0 || s.quartier != 0 && r.quartier[i] != s.quartier || s.only != nil && !s.only[r.cell[i]] {
			continue
		}
		day := r.day[i]
		first, last = min(first, day), max(last, day)
		if s.source == onlyMarkers {
			continue
		}
		period, theme, origin := day >= s.from && day < s.to, s.theme(r.theme[i]), s.cameFrom(r.origin[i])
		if period && theme && origin {
			perMoment[r.moment[i]]++
		}
		w := s.weight(r.moment[i])
		if w == 0 {
			continue
		}
		if theme && origin {
			months.add(r.month[i], w)
		}
		if !period {
			continue
		}
		if origin {
			perTheme[r.theme[i]] += w
		}
		if !theme {
			continue
		}
		perOrigin[r.origin[i]] += w
		if !origin {
			continue
		}
		c.N += w
		if r.moment[i] >= weekHours {
			c.Unsure += w
		}
		if p := r.person[i]; p == 0 {
			c.Anonymous++
		} else {
			people[p>>6] |= 1 << (p & 63)
		}
	}
	for _, word := range people {
		c.People += bits.OnesCount64(word)
	}
	if first <= last {
		c.First, c.Last = v.dayAt(first), v.dayAt(last)
	}
	for moment, n := range perMoment {
		for _, share := range v.patterns[moment] {
			c.Strip[share.hour/24][share.hour%24] += float64(n) * share.share
		}
	}
	c.Months = months.list(v.City.Zone)
	for i, n := range perTheme {
		c.Themes = append(c.Themes, Family{atelier.Themes[i], n})
	}
	for i, n := range perOrigin {
		c.Origins = append(c.Origins, Channel{v.origins[i], n})
	}
	slices.SortFunc(c.Origins, func(a, b Channel) int { return cmp.Compare(a.Origin, b.Origin) })
	return c
}

func (v *View) dayAt(day int32) time.Time {
	return time.Date(1970, 1, 1+int(day), 0, 0, 0, 0, v.City.Zone)
}

// monthly counts per month.
type monthly struct {
	first  int16
	counts []float64
}

// newMonthly has room for all months from first to last; imports may hold dates
// of the past century.
func newMonthly(first, last int16) *monthly {
	return &monthly{first, make([]float64, int(last)-int(first)+1)}
}

func (m *monthly) add(month int16, w float64) { m.counts[month-m.first] += w }

func (m *monthly) list(zone *time.Location) []Month {
	from, to := 0, len(m.counts)
	for from < to && m.counts[from] == 0 {
		from++
	}
	for to > from && m.counts[to-1] == 0 {
		to--
	}
	out := make([]Month, 0, to-from)
	for i := from; i < to; i++ {
		one := Month{Month: time.Date(1970, time.Month(1+int(m.first)+i), 1, 0, 0, 0, 0, zone), Count: m.counts[i]}
		one.Interval, _ = hexstat.PoissonRate(int(math.Round(one.Count)), 1, hexstat.Level95).Get()
		out = append(out, one)
	}
	return out
}

// Hexagon is what a filter keeps in one hexagon.
type Hexagon struct {
	Cell hexgrid.Cell
	// Signalements is the aoristic number; Unsafe and Safe are distinct
	// residents of ateliers.
	Signalements float64
	Unsafe, Safe int
}

// Hexagons counts per hexagon, in order of cells. Markers have no hour and no
// origin of their own: those of the filter leave them alone.
func (v *View) Hexagons(f hexmap.Filter, resolution hexgrid.Resolution) []Hexagon {
	s, ok := v.scanOf(f)
	if !ok {
		return nil
	}
	found := map[hexgrid.Cell]*Hexagon{}
	at := func(cell hexgrid.Cell) *Hexagon {
		parent := cell.Parent(resolution)
		h, ok := found[parent]
		if !ok {
			h = &Hexagon{Cell: parent}
			found[parent] = h
		}
		return h
	}
	for i, n := range v.perCell(s) {
		if n > 0 {
			at(v.cells[i]).Signalements += n
		}
	}
	type voice struct {
		cell   hexgrid.Cell
		person uint32
		unsafe bool
	}
	heard := map[voice]bool{}
	for _, m := range v.markers(s) {
		for _, c := range m.cells {
			one := voice{v.cells[c].Parent(resolution), m.person, m.unsafe}
			if heard[one] {
				continue
			}
			heard[one] = true
			if h := at(v.cells[c]); m.unsafe {
				h.Unsafe++
			} else {
				h.Safe++
			}
		}
	}
	out := make([]Hexagon, 0, len(found))
	for _, h := range found {
		out = append(out, *h)
	}
	slices.SortFunc(out, func(a, b Hexagon) int { return cmp.Compare(a.Cell, b.Cell) })
	return out
}

// perCell is the aoristic number of signalements in each of v.cells.
func (v *View) perCell(s scan) []float64 {
	out := make([]float64, len(v.cells))
	v.each(s, func(i int, w float64) { out[v.rows.cell[i]] += w })
	return out
}

// each visits the signalements that a filter keeps, with their weight.
func (v *View) each(s scan, visit func(row int, weight float64)) {
	if s.source == onlyMarkers {
		return
	}
	r := &v.rows
	for i := range r.day {
		if s.quartier != 0 && r.quartier[i] != s.quartier || r.day[i] < s.from || r.day[i] >= s.to ||
			!s.theme(r.theme[i]) || !s.cameFrom(r.origin[i]) || v.dead[i>>6]&(1<<(i&63)) != 0 {
			continue
		}
		if w := s.weight(r.moment[i]); w > 0 {
			visit(i, w)
		}
	}
}

// markers are those that a filter keeps, whatever its hours and its origins.
func (v *View) markers(s scan) []mark {
	var out []mark
	if s.source == onlySignalements {
		return out
	}
	for _, m := range v.marks {
		if (s.quartier == 0 || m.quartier == s.quartier) && m.day >= s.from && m.day < s.to && (s.themes == 0 || m.themes&s.themes != 0) {
			out = append(out, m)
		}
	}
	return out
}
