package hexcube

import (
	"math/bits"
	"slices"
)

// people counts distinct contributors, hexagon after hexagon. It is used by one
// goroutine, and begun anew by restart.
//
// It is one bit for each contributor that there is, and the list of those met, by
// which they are forgotten: neither meeting nor forgetting somebody asks for a
// search, and what is never met costs nothing.
type people struct {
	met    []uint64
	list   []uint32
	locals localPeople
}

// restart forgets everybody. Nobody to come has a number larger than most.
func (p *people) restart(most uint32) {
	p.locals.restart()
	if words := wordOf(int(most)) + 1; words > len(p.met) {
		p.met = make([]uint64, words)
	} else if len(p.list) > len(p.met)/8 {
		clear(p.met)
	} else {
		for _, person := range p.list {
			p.met[person/wordBits] = 0
		}
	}
	p.list = p.list[:0]
}

// count is how many were met since restart.
func (p *people) count() int { return len(p.list) + len(p.locals.list) }

// has tells whether a person was met.
func (p *people) has(person uint32) bool { return hasBit(p.met, int(person)) }

// add meets a person and tells whether that is for the first time.
func (p *people) add(person uint32) bool {
	if p.has(person) {
		return false
	}
	setBit(p.met, int(person))
	p.list = append(p.list, person)
	return true
}

// addRows adds the contributors of a word of rows whose bits are set, by what add
// does without a branch that nobody could foresee.
func (p *people) addRows(contributors []uint32, rows uint64) {
	n := len(p.list)
	list := slices.Grow(p.list, wordBits)[:n+wordBits]
	for ; rows != 0; rows &= rows - 1 {
		person := contributors[bits.TrailingZeros64(rows)]
		word, bit := &p.met[person/wordBits], person%wordBits
		list[n] = person
		n += int(^*word >> bit & 1)
		*word |= 1 << bit
	}
	p.list = list[:n]
}

// localPeople are people under the numbers that they have in a neighbourhood
// (neighbours.go): few enough for their bits to lie in the nearest cache.
type localPeople struct {
	met  [mostLocal/wordBits + 1]uint64
	list []uint16
}

func (p *localPeople) restart() {
	for _, number := range p.list {
		p.met[number/wordBits] = 0
	}
	p.list = p.list[:0]
}

// addRows is people.addRows for a word of rows of a shelf whose people repeat
// themselves. Those without a local number are left to the caller.
func (p *localPeople) addRows(n *neighbours, word int, repeats, rows uint64) (others uint64) {
	met := len(p.list)
	list := slices.Grow(p.list, wordBits)[:met+wordBits]
	first := n.before[word]
	for ; rows != 0; rows &= rows - 1 {
		lowest := rows & -rows
		number := n.numbers[first+uint32(popcount(repeats&(lowest-1)))]
		if number == 0 {
			others |= lowest
			continue
		}
		word, bit := &p.met[number/wordBits], number%wordBits
		list[met] = number
		met += int(^*word >> bit & 1)
		*word |= 1 << bit
	}
	p.list = list[:met]
	return others
}
