package hexmap

import (
	"encoding/binary"

	"github.com/google/uuid"
)

// people gives each participant or reporter a number, from 1. Most signalements
// of a large city have a reporter, so the table is kept small: 16 bytes for an
// identifier and 4 to 8 for its slot, a third of what a map takes.
type people struct {
	ids   []uuid.UUID
	slots []uint32 // number of the person whose hash leads here; 0 is free
}

// number gives the number of a person, a new one if not seen before.
func (p *people) number(id uuid.UUID) uint32 {
	if 4*len(p.ids) >= 3*len(p.slots) {
		p.grow()
	}
	slot := p.slot(id)
	if p.slots[slot] == 0 {
		p.ids = append(p.ids, id)
		p.slots[slot] = uint32(len(p.ids))
	}
	return p.slots[slot]
}

// slot is where a person is, or would be: the first one from the hash on that
// is theirs or free.
func (p *people) slot(id uuid.UUID) uint32 {
	mask := uint32(len(p.slots) - 1)
	slot := hashOf(id) & mask
	for p.slots[slot] != 0 && p.ids[p.slots[slot]-1] != id {
		slot = (slot + 1) & mask
	}
	return slot
}

// hashOf mixes both halves: identifiers are mostly random, but those of tests
// and of some imports count upwards. The multiplier is 2^64 over the golden
// ratio (Knuth, The Art of Computer Programming, volume 3, 6.4).
func hashOf(id uuid.UUID) uint32 {
	const golden = 0x9e3779b97f4a7c15
	h := binary.LittleEndian.Uint64(id[:8])*golden ^ binary.LittleEndian.Uint64(id[8:])
	h *= golden
	return uint32(h >> 32)
}

func (p *people) grow() {
	p.slots = make([]uint32, max(1024, 2*len(p.slots)))
	for i, id := range p.ids {
		p.slots[p.slot(id)] = uint32(i + 1)
	}
}

func (p *people) bytes() int { return cap(p.ids)*len(uuid.UUID{}) + 4*cap(p.slots) }
