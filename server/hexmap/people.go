package hexmap

import (
	"encoding/binary"

	"github.com/google/uuid"
)

// people gives each participant or reporter a number, from 1. Most signalements
// of a large city have a reporter, so the table is kept small: 16 bytes for an
// identifier and 5 to 7 for its slot, a third of what a map takes.
type people struct {
	chunks [][]uuid.UUID // identifiers by number, in chunks that never move
	count  uint32
	// slots is an open-addressed hash table: the number of the person whose
	// hash leads there, 0 where nobody's does.
	slots []uint32
	// expected is written so that no compiler leaves expect out.
	expected byte
}

// peopleChunk is a power of two. One long slice would be copied again and again,
// and have up to a quarter more room than it needs.
const peopleChunk = 1 << 12

// expect looks at the places where some people will be searched for a little
// later. Most of them are in no cache: the processor waits for many at once when
// nothing depends on what it will find. Two passes, since the first place tells
// the second.
func (p *people) expect(ids []uuid.UUID) {
	if p.count == 0 {
		return
	}
	for _, id := range ids {
		p.expected ^= byte(p.slots[p.home(id)])
	}
	for _, id := range ids {
		if number := p.slots[p.home(id)]; number != 0 {
			p.expected ^= p.id(number)[0]
		}
	}
}

// number gives the number of a person, a new one if not seen before.
func (p *people) number(id uuid.UUID) uint32 {
	if uint64(p.count)*4 >= uint64(len(p.slots))*3 {
		p.grow()
	}
	slot := p.slot(id)
	if p.slots[slot] == 0 {
		p.slots[slot] = p.add(id)
	}
	return p.slots[slot]
}

func (p *people) add(id uuid.UUID) uint32 {
	if p.count%peopleChunk == 0 {
		p.chunks = append(p.chunks, make([]uuid.UUID, peopleChunk))
	}
	*p.id(p.count + 1) = id
	p.count++
	return p.count
}

// id is where the identifier with a number is kept.
func (p *people) id(number uint32) *uuid.UUID {
	return &p.chunks[(number-1)/peopleChunk][(number-1)%peopleChunk]
}

// slot is where a person is, or would be: the first one from the hash on that
// is theirs or free.
func (p *people) slot(id uuid.UUID) int {
	slot := p.home(id)
	for p.slots[slot] != 0 && *p.id(p.slots[slot]) != id {
		slot = p.next(slot)
	}
	return slot
}

func (p *people) next(slot int) int {
	if slot++; slot < len(p.slots) {
		return slot
	}
	return 0
}

// home is the slot to which the hash of a person leads. The upper half of the
// product spreads the hash evenly over a length that is no power of two.
func (p *people) home(id uuid.UUID) int {
	return int(uint64(hashOf(id)) * uint64(len(p.slots)) >> 32)
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

// grow makes room for a third more people.
func (p *people) grow() {
	p.slots = make([]uint32, max(1024, len(p.slots)/3*4))
	for number := uint32(1); number <= p.count; number++ {
		// All differ: a taken slot is somebody else's, and need not be looked at.
		slot := p.home(*p.id(number))
		for p.slots[slot] != 0 {
			slot = p.next(slot)
		}
		p.slots[slot] = number
	}
}

func (p *people) bytes() int {
	return len(p.chunks)*peopleChunk*len(uuid.UUID{}) + 4*len(p.slots)
}
