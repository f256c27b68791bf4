package hexcube

import "quietude/geo/hexgrid"

// neighbours gives the people who repeat themselves in a hexagon of resolution 7,
// the coarsest for which that is known, small numbers of their own there. Numbers
// of 16 bits, next to each other in memory for those rows only, are met without
// waiting for memory: a contributor's number is one of millions, and the column of
// all of them is read from end to end to find the few that matter.
type neighbours struct {
	// before is how many rows of the bitmap repeats7 come before each of its words.
	before []uint32
	// numbers are those of the contributors of these rows in their hexagon, from 1;
	// 0 is somebody who came after mostLocal others.
	numbers []uint16
}

const (
	neighbourhood hexgrid.Resolution = 7
	mostLocal                        = 1<<16 - 1
)

// meetNeighbours numbers the people of the rows of repeats7, hexagon by hexagon.
func (s *shelf) meetNeighbours() {
	repeats := s.bitmaps[repeats7]
	n := neighbours{before: make([]uint32, len(repeats))}
	total := uint32(0)
	for i, word := range repeats {
		n.before[i] = total
		total += uint32(popcount(word))
	}
	n.numbers = make([]uint16, 0, total)
	known := make([]uint16, int(s.most)+1) // by contributor; 0 is unknown
	var met []uint32
	s.eachHexagon(neighbourhood, func(lo, hi int) {
		eachBit(repeats, lo, hi, func(row int) {
			person := s.contributor[row]
			if known[person] == 0 && len(met) < mostLocal {
				met = append(met, person)
				known[person] = uint16(len(met))
			}
			n.numbers = append(n.numbers, known[person])
		})
		for _, person := range met {
			known[person] = 0
		}
		met = met[:0]
	})
	s.neighbours = n
}

func (n *neighbours) bytes() int { return 4*cap(n.before) + 2*cap(n.numbers) }
