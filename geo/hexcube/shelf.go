package hexcube

import (
	"cmp"
	"math/bits"
	"sort"
	"unsafe"

	"quietude/geo/hexgrid"
)

// The bitmaps of a shelf: one for each theme, one for each binary digit of the
// weekday and of the hour of the day, then what findVoices knows. Those of
// moments are made with the first row whose hour is known; those from anchors on
// are for markers only.
const (
	firstTheme = 0
	firstDay   = firstTheme + Themes
	firstHour  = firstDay + dayDigits
	named      = firstHour + hourDigits // whose contributor is known
	repeats7   = named + 1
	repeats8   = repeats7 + 1
	repeats9   = repeats8 + 1
	repeats10  = repeats9 + 1
	anchors    = repeats10 + 1
	speaks8    = anchors + 1
	speaks9    = speaks8 + 1
	speaks10   = speaks9 + 1
	columns    = speaks10 + 1

	dayDigits, hourDigits, originDigits = 3, 5, 16
)

// shelf holds rows of one felt as columns, sorted by cell, quartier and time.
// It never changes once closed and sealed.
type shelf struct {
	felt     Felt
	segments []segment // the last one only closes the one before
	quartier map[uint16][]run

	at          []uint32
	contributor []uint32
	most        uint32   // the largest contributor
	atelier     []uint32 // nil for signalements
	// origin is one bitmap for each binary digit of the number of an origin, made
	// with the first row that has it: the two or three origins of a city take two
	// bits a signalement.
	origin  [originDigits][]uint64
	bitmaps [columns][]uint64
	// neighbours are empty where it does not pay to tell people apart beforehand.
	neighbours neighbours
	ids        []ID
	byID       index
}

// segment is the rows of one cell and quartier, from start to the start of the
// next segment.
type segment struct {
	cell     hexgrid.Cell
	start    uint32
	quartier uint16
}

// run is a stretch of segments: first ≤ i < end.
type run struct{ first, end int32 }

func (s *shelf) len() int { return len(s.at) }

// everything is the run of all segments.
func (s *shelf) everything() run { return run{0, int32(len(s.segments) - 1)} }

// compareRows is the order of rows on the shelves. The last keys only make the
// order, and so the bytes in memory, independent of the order of arrival.
func compareRows(a, b *Row) int {
	switch {
	case a.Felt != b.Felt:
		return cmp.Compare(a.Felt, b.Felt)
	case a.Cell != b.Cell:
		return cmp.Compare(a.Cell, b.Cell)
	case a.Quartier != b.Quartier:
		return cmp.Compare(a.Quartier, b.Quartier)
	case a.At != b.At:
		return cmp.Compare(a.At, b.At)
	}
	return compareIDs(&a.ID, &b.ID)
}

func compareIDs(a, b *ID) int {
	for i := range a {
		if a[i] != b[i] {
			return cmp.Compare(a[i], b[i])
		}
	}
	return 0
}

// newShelf returns a shelf with room for the given number of rows.
func newShelf(felt Felt, rows int) *shelf {
	s := &shelf{
		felt:        felt,
		at:          make([]uint32, 0, rows),
		contributor: make([]uint32, 0, rows),
		ids:         make([]ID, 0, rows),
	}
	if felt != FeltNone {
		s.atelier = make([]uint32, 0, rows)
	}
	s.makeBitmaps(firstTheme, firstDay)
	s.makeBitmaps(named, anchors)
	if felt != FeltNone {
		s.makeBitmaps(anchors, columns)
	}
	return s
}

// makeBitmaps makes the bitmaps first ≤ i < end, as long as the other columns.
func (s *shelf) makeBitmaps(first, end int) {
	words := wordsFor(cap(s.at))
	all := make([]uint64, words*(end-first))
	for i := range end - first {
		s.bitmaps[first+i] = all[i*words : (i+1)*words]
	}
}

// knowsHours tells whether the hour of any row is known.
func (s *shelf) knowsHours() bool { return s.bitmaps[firstDay] != nil }

// add appends a row, which must not come before the last one.
func (s *shelf) add(r *Row) {
	row := len(s.at)
	if n := len(s.segments); n == 0 || s.segments[n-1].cell != r.Cell || s.segments[n-1].quartier != r.Quartier {
		s.segments = append(s.segments, segment{cell: r.Cell, start: uint32(row), quartier: r.Quartier})
	}
	s.at = append(s.at, uint32(r.At))
	s.contributor = append(s.contributor, r.Contributor)
	s.most = max(s.most, r.Contributor)
	if r.Contributor != 0 {
		setBit(s.bitmaps[named], row)
	}
	s.ids = append(s.ids, r.ID)
	for set := uint(r.Themes); set != 0; set &= set - 1 {
		setBit(s.bitmaps[firstTheme+bits.TrailingZeros(set)], row)
	}
	if r.Hour != NoHour {
		if !s.knowsHours() {
			s.makeBitmaps(firstDay, named)
		}
		day, hour := r.Hour.split()
		weekdays.write(s, row, uint(day)+1)
		dayHours.write(s, row, uint(hour))
	}
	for digits := uint(r.Origin); digits != 0; digits &= digits - 1 {
		digit := &s.origin[bits.TrailingZeros(digits)]
		if *digit == nil {
			*digit = make([]uint64, wordsFor(cap(s.at)))
		}
		setBit(*digit, row)
	}
	if s.felt != FeltNone {
		s.atelier = append(s.atelier, r.Atelier)
		if r.Anchor {
			setBit(s.bitmaps[anchors], row)
		}
	}
}

// close ends the shelf after its last row. It can then be read in order.
func (s *shelf) close() {
	s.segments = append(make([]segment, 0, len(s.segments)+1), s.segments...)
	s.segments = append(s.segments, segment{start: uint32(s.len())})
}

// seal prepares a closed shelf for queries.
func (s *shelf) seal() {
	var marks []uint16
	s.byID, marks = newIndex(s.ids)
	s.quartier = make(map[uint16][]run)
	all := s.everything()
	for i := all.first; i < all.end; {
		first, quartier := i, s.segments[i].quartier
		for i < all.end && s.segments[i].quartier == quartier {
			i++
		}
		s.quartier[quartier] = append(s.quartier[quartier], run{first, i})
	}
	s.findVoices(marks)
}

// row reads back row i, which lies in the given segment.
func (s *shelf) row(i int, in segment, r *Row) {
	*r = Row{
		ID: s.ids[i], Cell: in.cell, At: int64(s.at[i]),
		Contributor: s.contributor[i], Quartier: in.quartier, Felt: s.felt,
	}
	for theme := range Themes {
		if hasBit(s.bitmaps[firstTheme+theme], i) {
			r.Themes |= 1 << theme
		}
	}
	r.Hour = s.hour(i)
	for digit, bitmap := range s.origin {
		if bitmap != nil && hasBit(bitmap, i) {
			r.Origin |= 1 << digit
		}
	}
	if s.felt != FeltNone {
		r.Atelier = s.atelier[i]
		r.Anchor = hasBit(s.bitmaps[anchors], i)
	}
}

func (s *shelf) hour(i int) Hour {
	if !s.knowsHours() {
		return NoHour
	}
	// Weekday 0, the unknown one, is no day and gives NoHour.
	return HourOf(int(weekdays.read(s, i))-1, int(dayHours.read(s, i)))
}

// segmentOf returns the segment that holds row i.
func (s *shelf) segmentOf(i uint32) segment {
	next := sort.Search(len(s.segments)-1, func(k int) bool { return s.segments[k].start > i })
	return s.segments[next-1]
}

// scope returns the runs of segments that lie in a quartier (0 is any) and in
// ordered ranges without overlap (nil is everywhere).
func (s *shelf) scope(quartier uint16, ranges []Range) []run {
	runs := []run{s.everything()}
	if quartier != 0 {
		runs = s.quartier[quartier]
	}
	if ranges == nil {
		return runs
	}
	var scoped []run
	for _, r := range ranges {
		inside := s.segmentsIn(r)
		// Runs end in increasing order: those that end before this range lie
		// before all that follow too.
		runs = runs[sort.Search(len(runs), func(k int) bool { return runs[k].end > inside.first }):]
		for _, have := range runs {
			if have.first >= inside.end {
				break
			}
			if both := (run{max(have.first, inside.first), min(have.end, inside.end)}); both.first < both.end {
				scoped = append(scoped, both)
			}
		}
	}
	return scoped
}

func (s *shelf) segmentsIn(r Range) run {
	n := len(s.segments) - 1
	first := sort.Search(n, func(k int) bool { return s.segments[k].cell >= r.First })
	end := first + sort.Search(n-first, func(k int) bool { return s.segments[first+k].cell > r.Last })
	return run{int32(first), int32(end)}
}

// bytes is the memory held by the shelf.
func (s *shelf) bytes() int {
	total := cap(s.segments)*int(unsafe.Sizeof(segment{})) +
		4*(cap(s.at)+cap(s.contributor)+cap(s.atelier)) +
		cap(s.ids)*len(ID{}) + s.byID.bytes() + s.neighbours.bytes()
	for _, bitmap := range s.bitmaps {
		total += 8 * len(bitmap)
	}
	for _, bitmap := range s.origin {
		total += 8 * len(bitmap)
	}
	for _, runs := range s.quartier {
		total += cap(runs) * int(unsafe.Sizeof(run{}))
	}
	return total
}
