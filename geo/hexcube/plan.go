package hexcube

import "math/bits"

// plan is a Filter ready to be asked of shelves: (theme or theme …) and (moment
// or moment …) and atelier and (origin or origin …), in a period.
type plan struct {
	themes   []int
	moments  []moment
	atelier  uint32
	origins  []uint16
	from, to uint32 // from ≤ at < to
	openEnd  bool   // no condition on to
}

// moment is some days that ask for the same hours, as sets of bits. A usual
// filter, « soirées de semaine », is one moment.
type moment struct{ days, hours uint32 }

func newPlan(f Filter) plan {
	p := plan{atelier: f.Atelier, origins: f.Origins, openEnd: f.To == 0}
	p.from, p.to = f.period()
	for set := uint(f.Themes); set != 0; set &= set - 1 {
		p.themes = append(p.themes, firstTheme+bits.TrailingZeros(set))
	}
	for day, hours := range f.Hours {
		if hours != 0 {
			p.addMoment(day, hours)
		}
	}
	return p
}

// addMoment adds a day (Monday is 0) to the moment with the same hours.
func (p *plan) addMoment(day int, hours uint32) {
	for i := range p.moments {
		if p.moments[i].hours == hours {
			p.moments[i].days |= 2 << day
			return
		}
	}
	p.moments = append(p.moments, moment{2 << day, hours})
}

// rulesOut tells whether no row of a shelf can pass: residents do not tell the
// hour of what they feel, so a filter on hours passes over all markers at once.
func (p *plan) rulesOut(s *shelf) bool { return p.moments != nil && !s.knowsHours() }

// anyTime is true without a condition on the period.
func (p *plan) anyTime() bool { return p.from == 0 && p.openEnd }

// blockWords is how many words are matched at once: few enough for all
// intermediate results to stay in the nearest cache.
const blockWords = 64

type block [blockWords]uint64

// match writes into dst which rows, from those of the word first on, pass the
// plan, its period apart.
func (p *plan) match(s *shelf, first int, dst []uint64) {
	for len(dst) > 0 {
		n := min(len(dst), blockWords)
		p.matchBlock(s, first, dst[:n])
		first, dst = first+n, dst[n:]
	}
}

func (p *plan) matchBlock(s *shelf, first int, dst []uint64) {
	if p.themes == nil {
		fill(dst, ^uint64(0))
	} else {
		s.any(p.themes, first, dst)
	}
	if p.moments != nil {
		var room block
		some := room[:len(dst)]
		p.matchMoments(s, first, some)
		andInto(dst, some)
	}
	if p.atelier != 0 {
		p.keepAtelier(s, first, dst)
	}
	if p.origins != nil {
		p.keepOrigins(s, first, dst)
	}
}

func (p *plan) matchMoments(s *shelf, first int, dst []uint64) {
	var roomForDays, roomForHours block
	days, hours := roomForDays[:len(dst)], roomForHours[:len(dst)]
	fill(dst, 0)
	for _, m := range p.moments {
		weekdays.among(s, m.days, first, days)
		dayHours.among(s, m.hours, first, hours)
		andInto(days, hours)
		orInto(dst, days)
	}
}

// any writes into dst the union of some bitmaps from the word first on.
func (s *shelf) any(columns []int, first int, dst []uint64) {
	copy(dst, s.bitmaps[columns[0]][first:])
	for _, column := range columns[1:] {
		orInto(dst, s.bitmaps[column][first:])
	}
}

// keepAtelier drops the rows of other ateliers.
func (p *plan) keepAtelier(s *shelf, first int, dst []uint64) {
	end := s.len()
	for i := range dst {
		base := (first + i) * wordBits
		for word := dst[i]; word != 0; word &= word - 1 {
			row := base + bits.TrailingZeros64(word)
			if row >= end || s.atelier[row] != p.atelier {
				clearBit(dst[i:], row-base)
			}
		}
	}
}

// keepOrigins drops the rows of all other origins.
func (p *plan) keepOrigins(s *shelf, first int, dst []uint64) {
	if len(p.origins) == 1 {
		s.keepOrigin(p.origins[0], first, dst)
		return
	}
	var roomForAll, roomForOne block
	all, one := roomForAll[:len(dst)], roomForOne[:len(dst)]
	for _, origin := range p.origins {
		copy(one, dst)
		s.keepOrigin(origin, first, one)
		orInto(all, one)
	}
	copy(dst, all)
}

// keepOrigin drops the rows of other origins, digit by digit. A digit that no
// row has has no bitmap.
func (s *shelf) keepOrigin(origin uint16, first int, dst []uint64) {
	for digit, bitmap := range s.origin {
		wanted := origin>>digit&1 == 1
		switch {
		case bitmap == nil && wanted:
			fill(dst, 0)
		case bitmap == nil:
		case wanted:
			andInto(dst, bitmap[first:])
		default:
			andNotInto(dst, bitmap[first:])
		}
	}
}

// narrow returns the part of the rows lo ≤ row < hi of one segment that lies in
// the period; the rows of a segment are in order of time.
func (p *plan) narrow(s *shelf, lo, hi int) (int, int) {
	if p.from > 0 {
		lo = firstAt(s.at, lo, hi, p.from)
	}
	if !p.openEnd {
		hi = firstAt(s.at, lo, hi, p.to)
	}
	return lo, hi
}

// firstAt returns the first row lo ≤ row < hi at or after a time, hi if none.
func firstAt(at []uint32, lo, hi int, time uint32) int {
	for lo < hi {
		if middle := int(uint(lo+hi) / 2); at[middle] < time {
			lo = middle + 1
		} else {
			hi = middle
		}
	}
	return lo
}
