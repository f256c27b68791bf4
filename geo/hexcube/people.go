package hexcube

import "math/bits"

// people counts distinct contributors, hexagon after hexagon. It is a hash set
// by open addressing that is never cleared: each slot carries the round in
// which it was written, and older slots are free. It is used by one goroutine.
type people struct {
	slots []uint64 // round<<32 | person
	round uint64
	shift int // 32 − log2 of the slots in use
	count int
}

const minSlots = 64

// restart forgets everybody. The part of the table in use follows the number of
// people of the round before, as hexagons next to each other are alike and a
// small table stays in the cache.
func (p *people) restart() {
	size := minSlots
	for size < 4*p.count {
		size *= 2
	}
	p.use(size)
	p.count = 0
}

// use begins a round on the first slots.
func (p *people) use(slots int) {
	if slots > len(p.slots) {
		p.slots, p.round = make([]uint64, slots), 0
	}
	p.shift = 32 - bits.Len(uint(slots-1))
	p.round++
	if p.round > 1<<32-1 {
		clear(p.slots)
		p.round = 1
	}
}

// add counts a person and tells whether it is new in this round. Person 0 is
// anonymous: no voice.
func (p *people) add(person uint32) bool {
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

// has tells whether a person was added in this round.
func (p *people) has(person uint32) bool {
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

// grow moves everybody into a part of the table twice as large.
func (p *people) grow() {
	old, round, n := p.slots, p.round, 1<<(32-p.shift)
	present := make([]uint32, 0, p.count)
	for _, slot := range old[:n] {
		if slot>>32 == round {
			present = append(present, uint32(slot))
		}
	}
	p.use(2 * n)
	p.count = 0
	for _, person := range present {
		p.add(person)
	}
}
