package hexcube

import "math/bits"

// people counts distinct contributors, hexagon after hexagon. It is used by one
// goroutine, and begun anew by restart.
//
// Where few people are met among many it is a hash set by open addressing, small
// enough for the nearest caches. Where that would take as much room as one bit
// for each contributor there is, it is a bitmap, which asks for no search.
type people struct {
	count int
	most  uint32 // no contributor has a larger number
	// isBitmap says where those met in this round are: in bitmap, where nobody,
	// number 0, is always met; or in slots.
	isBitmap bool
	bitmap   []uint64

	// The hash set is never cleared: each slot carries the round in which it was
	// written, and older slots are free.
	slots []uint64 // round<<32 | person
	round uint64
	shift int // 32 − log2 of the slots in use
}

const minSlots = 64

// restart forgets everybody. The way to remember those to come follows the number
// of people of the round before, as hexagons next to each other are alike.
func (p *people) restart(most uint32) {
	size := minSlots
	for size < 4*p.count {
		size *= 2
	}
	p.count, p.most = 0, most
	if p.bitmapPays(size) {
		p.useBitmap()
	} else {
		p.useSlots(size)
	}
}

// bitmapPays tells whether a bitmap is better than so many slots. It may be
// twice as large, as it is filled and searched so much faster.
func (p *people) bitmapPays(slots int) bool { return wordOf(int(p.most)) < 2*slots }

// useBitmap begins a round on the bitmap.
func (p *people) useBitmap() {
	words := wordOf(int(p.most)) + 1
	if words > len(p.bitmap) {
		p.bitmap = make([]uint64, words)
	}
	clear(p.bitmap[:words])
	setBit(p.bitmap, 0)
	p.isBitmap = true
}

// useSlots begins a round on the first slots of the hash set.
func (p *people) useSlots(slots int) {
	if slots > len(p.slots) {
		p.slots, p.round = make([]uint64, slots), 0
	}
	p.shift = 32 - bits.Len(uint(slots-1))
	p.round++
	if p.round > 1<<32-1 {
		clear(p.slots)
		p.round = 1
	}
	p.isBitmap = false
}

// add counts a person and tells whether it is new in this round. Person 0 is
// anonymous: no voice.
func (p *people) add(person uint32) bool {
	if p.isBitmap {
		isNew := !hasBit(p.bitmap, int(person))
		if isNew {
			setBit(p.bitmap, int(person))
			p.count++
		}
		return isNew
	}
	if person == 0 {
		return false
	}
	i, found := p.find(person)
	if found {
		return false
	}
	p.slots[i] = p.round<<32 | uint64(person)
	p.count++
	if p.count > 1<<(31-p.shift) { // half full
		p.grow()
	}
	return true
}

// addRows adds the contributors of a word of rows whose bits are set.
func (p *people) addRows(contributors []uint32, rows uint64) {
	if !p.isBitmap {
		for ; rows != 0; rows &= rows - 1 {
			p.add(contributors[bits.TrailingZeros64(rows)])
		}
		return
	}
	// What add does, without a branch that nobody could foresee.
	bitmap, found := p.bitmap, 0
	for ; rows != 0; rows &= rows - 1 {
		person := contributors[bits.TrailingZeros64(rows)]
		word, bit := &bitmap[person/wordBits], person%wordBits
		found += int(^*word >> bit & 1)
		*word |= 1 << bit
	}
	p.count += found
}

// has tells whether a person was added in this round.
func (p *people) has(person uint32) bool {
	if p.isBitmap {
		return person != 0 && hasBit(p.bitmap, int(person))
	}
	_, found := p.find(person)
	return found
}

// find returns the slot of a person, or the free slot where it belongs.
func (p *people) find(person uint32) (slot uint32, found bool) {
	mask := uint32(1)<<(32-p.shift) - 1
	// Fibonacci hashing: 2³²/φ spreads consecutive numbers.
	for i := person * 2654435769 >> p.shift; ; i = (i + 1) & mask {
		switch slot := p.slots[i]; {
		case slot>>32 != p.round:
			return i, false
		case uint32(slot) == person:
			return i, true
		}
	}
}

// grow moves everybody into a part of the hash set twice as large, or into the
// bitmap.
func (p *people) grow() {
	old, round, n := p.slots, p.round, 1<<(32-p.shift)
	met := make([]uint32, 0, p.count)
	for _, slot := range old[:n] {
		if slot>>32 == round {
			met = append(met, uint32(slot))
		}
	}
	p.count = 0
	if p.bitmapPays(2 * n) {
		p.useBitmap()
	} else {
		p.useSlots(2 * n)
	}
	for _, person := range met {
		p.add(person)
	}
}
