package hexcube

import (
	"math/bits"

	"quietude/geo/hexgrid"
)

// segmentTable numbers segments (pairs of cell and quartier) in the order in
// which they are met, and counts their rows. It is an open-addressed hash table,
// with all that a search looks at in one place of memory: it is asked for every
// row, and a map of the language took nearly three times as long.
type segmentTable struct {
	all   []draftSegment // by number
	slots []segmentSlot
	shift int // 64 − log2 of the slots
	// expected is written so that no compiler leaves expect out.
	expected hexgrid.Cell
}

// draftSegment is a segment before its place on the shelf is known.
type draftSegment struct {
	cell     hexgrid.Cell
	quartier uint16
	rows     uint32
}

// segmentSlot says which segment's hash leads there; cell 0 is free.
type segmentSlot struct {
	cell     hexgrid.Cell
	quartier uint16
	number   uint32
}

// expect looks at the place where a segment will be searched for. Rows come from
// anywhere in the city, and most such places are in no cache: the processor
// waits for many of them at once when nothing depends on what it will find.
func (t *segmentTable) expect(cell hexgrid.Cell, quartier uint16) {
	if len(t.slots) > 0 {
		t.expected ^= t.slots[t.home(cell, quartier)].cell
	}
}

// add counts a row in a segment and gives the number of the segment.
func (t *segmentTable) add(cell hexgrid.Cell, quartier uint16) (number uint32) {
	if 2*len(t.all) >= len(t.slots) {
		t.grow()
	}
	slot := t.slot(cell, quartier)
	if slot.cell == 0 {
		*slot = segmentSlot{cell, quartier, uint32(len(t.all))}
		t.all = append(t.all, draftSegment{cell: cell, quartier: quartier})
	}
	t.all[slot.number].rows++
	return slot.number
}

// slot is where a segment is, or belongs: the first one from its home on that is
// its own or free.
func (t *segmentTable) slot(cell hexgrid.Cell, quartier uint16) *segmentSlot {
	for i := t.home(cell, quartier); ; i = (i + 1) & (len(t.slots) - 1) {
		if s := &t.slots[i]; s.cell == 0 || s.cell == cell && s.quartier == quartier {
			return s
		}
	}
}

// home is where the hash of a segment leads (Fibonacci hashing: 2⁶⁴/φ).
func (t *segmentTable) home(cell hexgrid.Cell, quartier uint16) int {
	const golden = 0x9e3779b97f4a7c15
	return int((uint64(cell) ^ uint64(quartier)<<48) * golden >> t.shift)
}

// grow doubles the slots.
func (t *segmentTable) grow() {
	size := max(1024, 2*len(t.slots))
	t.slots, t.shift = make([]segmentSlot, size), 64-bits.Len(uint(size-1))
	for number := range t.all {
		s := &t.all[number]
		*t.slot(s.cell, s.quartier) = segmentSlot{s.cell, s.quartier, uint32(number)}
	}
}
