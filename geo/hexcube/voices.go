package hexcube

import "quietude/geo/hexgrid"

// Telling people apart is the only work done row by row, so a sealed shelf
// knows beforehand where it is not needed. Two facts hold whatever the filter:
//
//   - The rows of one marker differ by their cell only: a filter takes all of
//     them or none. In a hexagon, the first one speaks for the others.
//   - A person who has a single marker or signalement in a hexagon is a voice
//     there as soon as it matches.
//
// So only people with several markers or signalements in the same hexagon need
// to be remembered while a hexagon is counted: those who repeat themselves. Of ten
// years of a large city they sent one signalement in three hundred of a hexagon of
// resolution 10, one in 27 at resolution 8. The facts are kept as bitmaps for the
// resolutions that maps use, and so is whose rows are named: anonymous ones, one in
// five, are no voice and need no visit.

// none is the column of a fact that is not kept, or a row that does not exist.
const none = -1

// speaksColumn is the bitmap of the first rows of each marker in its hexagon at
// a resolution. None is needed at hexgrid.Stored, where a marker has one row in
// a hexagon; below the coarsest kept, that one is a start.
func speaksColumn(felt Felt, r hexgrid.Resolution) int {
	switch {
	case felt == FeltNone || r == hexgrid.Stored:
		return none
	case r == 10:
		return speaks10
	case r == 9:
		return speaks9
	}
	return speaks8
}

// repeatsColumn is the bitmap of the rows of people who may have several markers
// or signalements in their hexagon at a resolution: those who have in a coarser
// hexagon that contains it, or everybody.
func repeatsColumn(r hexgrid.Resolution) int {
	switch {
	case r >= 10:
		return repeats10
	case r < 7:
		return named
	}
	return repeats7 + int(r) - 7
}

// findVoices fills the bitmaps of both facts. The marks are those of the index.
func (s *shelf) findVoices(marks []uint16) {
	if s.felt != FeltNone {
		s.findSpeakers(marks)
	}
	if wordOf(int(s.most)) > s.len() {
		// A few rows of a large city: telling people apart now would take longer
		// than it can save. Everybody may repeat themselves.
		for column := repeats7; column <= repeats10; column++ {
			copy(s.bitmaps[column], s.bitmaps[named])
		}
		return
	}
	var seen, again people
	// Who repeats themselves in a hexagon does so in its parent: the few rows found
	// at one resolution are all that the next one looks at.
	for r := hexgrid.Resolution(7); r <= 10; r++ {
		s.eachHexagon(r, func(lo, hi int) { s.findRepeats(r, lo, hi, &seen, &again) })
	}
	s.meetNeighbours()
}

// findSpeakers looks at each row beside the row of the same marker before it.
// As rows are in order of cells, the rows of a marker in one hexagon follow each
// other among its rows, and the index has those together.
func (s *shelf) findSpeakers(marks []uint16) {
	for b := range len(s.byID.starts) - 1 {
		start, end := s.byID.starts[b], s.byID.starts[b+1]
		bucket, marks := s.byID.rows[start:end], marks[start:end]
		for i, row := range bucket {
			s.findSpeaker(row, s.sameBefore(bucket[:i], marks, row))
		}
	}
}

// sameBefore returns the last of some rows with the ID of the row that follows
// them, or none. IDs are anywhere in memory; marks are at hand.
func (s *shelf) sameBefore(rows []uint32, marks []uint16, row uint32) int {
	mark := marks[len(rows)]
	for i := len(rows) - 1; i >= 0; i-- {
		if marks[i] == mark && s.ids[rows[i]] == s.ids[row] {
			return int(rows[i])
		}
	}
	return none
}

func (s *shelf) findSpeaker(row uint32, before int) {
	var cell, cellBefore hexgrid.Cell // 0 and the parents of 0 are no place
	if before != none {
		cell, cellBefore = s.segmentOf(row).cell, s.segmentOf(uint32(before)).cell
	}
	for r := hexgrid.Resolution(8); r < hexgrid.Stored; r++ {
		if before == none || cellBefore.Parent(r) != cell.Parent(r) {
			setBit(s.bitmaps[speaksColumn(s.felt, r)], int(row))
		}
	}
}

// eachHexagon visits the rows lo ≤ row < hi of each hexagon of a resolution.
func (s *shelf) eachHexagon(r hexgrid.Resolution, visit func(lo, hi int)) {
	for i := 0; i < len(s.segments)-1; {
		lo := s.segments[i].start
		_, last := s.segments[i].cell.Parent(r).DescendantRange(hexgrid.Stored)
		for i < len(s.segments)-1 && s.segments[i].cell <= last {
			i++
		}
		visit(int(lo), int(s.segments[i].start))
	}
}

// findRepeats marks the people with several markers or signalements in one
// hexagon of resolution r, whose rows are lo ≤ row < hi.
func (s *shelf) findRepeats(r hexgrid.Resolution, lo, hi int, seen, again *people) {
	seen.restart(s.most)
	again.restart(s.most)
	speaks := speaksColumn(s.felt, r)
	candidates := s.bitmaps[repeatsColumn(r-1)]
	eachBit(candidates, lo, hi, func(row int) {
		if speaks != none && !hasBit(s.bitmaps[speaks], row) {
			return
		}
		if person := s.contributor[row]; !seen.add(person) {
			again.add(person)
		}
	})
	if again.count() == 0 {
		return
	}
	repeats := s.bitmaps[repeatsColumn(r)]
	eachBit(candidates, lo, hi, func(row int) {
		if again.has(s.contributor[row]) {
			setBit(repeats, row)
		}
	})
}
