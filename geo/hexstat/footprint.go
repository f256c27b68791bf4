package hexstat

import (
	"math/rand/v2"
	"slices"
)

// Ground is a quartier on which residents' footprints can be moved: its
// hexagons, what is beside each, and where homes are. It is immutable.
type Ground struct {
	hexagons   []Axial
	neighbours Neighbours
	homes      alias
	weights    []float64
	// table maps the bounding box of the quartier to indices, −1 outside:
	// a lookup is one load, where a map would dominate the running time.
	table         []int32
	minQ, minR    int32
	width, height int32
}

// NewGround takes the distinct hexagons of a quartier and, when known, the
// number of addresses in each (nil: every hexagon alike). Homes are not spread
// evenly, and a test that forgets it gives 26.5 % false alarms under homes 3:1
// where 5 % were promised: pass the addresses whenever they are known.
//
// No hexagon is [NoData], a repeated hexagon or a bad weight [InvalidInput],
// weights that are all zero [NoPopulation].
func NewGround(hexagons []Axial, addresses []float64) (*Ground, Reason) {
	weights := addresses
	if weights == nil {
		weights = make([]float64, len(hexagons))
		for i := range weights {
			weights[i] = 1
		}
	}
	switch {
	case len(hexagons) == 0:
		return nil, NoData
	case len(weights) != len(hexagons):
		return nil, InvalidInput
	}
	homes, why := newAlias(weights)
	if why != "" {
		return nil, why
	}
	g := &Ground{hexagons: slices.Clone(hexagons), neighbours: AxialNeighbours(hexagons), homes: homes, weights: slices.Clone(weights)}
	if !g.fillTable() {
		return nil, InvalidInput
	}
	return g, ""
}

// maxTable bounds the bounding box: 4 million cells hold a city at resolution 11.
const maxTable = 1 << 22

// fillTable is false when a hexagon comes twice or the box is absurdly large.
func (g *Ground) fillTable() bool {
	lo, hi := g.hexagons[0], g.hexagons[0]
	for _, h := range g.hexagons {
		lo = Axial{min(lo.Q, h.Q), min(lo.R, h.R)}
		hi = Axial{max(hi.Q, h.Q), max(hi.R, h.R)}
	}
	width, height := int64(hi.Q)-int64(lo.Q)+1, int64(hi.R)-int64(lo.R)+1
	if width > maxTable || height > maxTable || width*height > maxTable {
		return false
	}
	g.minQ, g.minR, g.width, g.height = lo.Q, lo.R, int32(width), int32(height)
	g.table = slices.Repeat([]int32{-1}, int(width*height))
	for i, h := range g.hexagons {
		at := &g.table[(h.R-g.minR)*g.width+h.Q-g.minQ]
		if *at >= 0 {
			return false
		}
		*at = int32(i)
	}
	return true
}

// Hexagons is how many there are.
func (g *Ground) Hexagons() int { return len(g.hexagons) }

// Neighbours are the inside neighbours of each hexagon; not to be modified.
func (g *Ground) Neighbours() Neighbours { return g.neighbours }

// at is the index of the hexagon at a, or −1 outside.
func (g *Ground) at(a Axial) int32 {
	q, r := a.Q-g.minQ, a.R-g.minR
	if uint32(q) >= uint32(g.width) || uint32(r) >= uint32(g.height) {
		return -1
	}
	return g.table[r*g.width+q]
}

// footprint is the shape of what one resident marked: the steps from its medoid,
// in the six orientations.
type footprint struct{ turned [6][]Axial }

func (f *footprint) size() int { return len(f.turned[0]) }

// distinct drops repeated hexagons, keeping the order, and tells whether all
// exist.
func (g *Ground) distinct(cells []int32) (kept []int32, ok bool) {
	seen := make(map[int32]bool, len(cells))
	for _, h := range cells {
		if h < 0 || int(h) >= len(g.hexagons) {
			return nil, false
		}
		if !seen[h] {
			seen[h] = true
			kept = append(kept, h)
		}
	}
	return kept, true
}

// footprintOf takes distinct hexagons, at least one.
func (g *Ground) footprintOf(cells []int32) footprint {
	var f footprint
	centre := g.hexagons[cells[g.medoid(cells)]]
	for sixths := range f.turned {
		f.turned[sixths] = make([]Axial, len(cells))
		for i, h := range cells {
			f.turned[sixths][i] = g.hexagons[h].Sub(centre).Rotate(sixths)
		}
	}
	return f
}

// medoid is the position in cells of the hexagon nearest to all the others (sum
// of steps); the first one when several are.
func (g *Ground) medoid(cells []int32) int {
	best, bestSum := 0, int64(-1)
	for i, a := range cells {
		total := int64(0)
		for _, b := range cells {
			total += int64(g.hexagons[a].Distance(g.hexagons[b]))
		}
		if bestSum < 0 || total < bestSum {
			best, bestSum = i, total
		}
	}
	return best
}

// mover places footprints at random; one per goroutine.
type mover struct {
	ground *Ground
	rng    *rand.Rand
	// stamp marks the hexagons of the footprint being placed, so that nothing
	// has to be cleared between two of them.
	stamp []uint32
	turn  uint32
	free  []int32
}

func newMover(g *Ground, seed uint64) *mover {
	return &mover{ground: g, rng: newRand(seed), stamp: make([]uint32, len(g.hexagons)), free: make([]int32, 0, 6)}
}

// placing puts a footprint, turned by sixths of a turn, with its medoid on home,
// into dst; false refuses the position. The test of the border trap has another
// one than [placeInside], which is why it is a type.
type placing func(m *mover, f *footprint, sixths int, home int32, dst []int32) bool

// placeInside writes, in the order of the footprint's steps, where a resident
// who lives at home would have marked: each hexagon that falls outside is
// replaced by a random free neighbour of what is already placed, so that nobody
// loses a voice. len(dst) is the size of the footprint; no hexagon comes twice.
// It never refuses: refusing the positions where something falls outside would
// draw the null towards the middle of the quartier, 26 % false alarms.
func placeInside(m *mover, f *footprint, sixths int, home int32, dst []int32) bool {
	g := m.ground
	if m.turn++; m.turn == 0 {
		clear(m.stamp)
		m.turn = 1
	}
	at, outside := g.hexagons[home], 0
	for i, step := range f.turned[sixths] {
		h := g.at(at.Add(step))
		dst[i] = h
		if h < 0 {
			outside++
			continue
		}
		m.stamp[h] = m.turn
	}
	if outside > 0 {
		m.replaceOutside(dst)
	}
	return true
}

// drop places a footprint at random: any multiple of 60°, any home.
func (m *mover) drop(f *footprint, dst []int32, place placing) {
	for !place(m, f, m.rng.IntN(6), m.ground.homes.draw(m.rng), dst) {
	}
}

func (m *mover) replaceOutside(dst []int32) {
	for i, h := range dst {
		if h < 0 {
			dst[i] = m.replacement(dst)
			m.stamp[dst[i]] = m.turn
		}
	}
}

// replacement is a free inside neighbour of a random placed hexagon, trying the
// placed ones in turn; when the place is full all around (an island), any free
// hexagon. There is one, because a footprint has no more hexagons than its quartier.
func (m *mover) replacement(dst []int32) int32 {
	start := m.rng.IntN(len(dst))
	for k := range dst {
		h := dst[(start+k)%len(dst)]
		if h < 0 {
			continue
		}
		m.free = m.free[:0]
		for _, j := range m.ground.neighbours[h] {
			if m.stamp[j] != m.turn {
				m.free = append(m.free, j)
			}
		}
		if len(m.free) > 0 {
			return m.free[m.rng.IntN(len(m.free))]
		}
	}
	at := m.rng.IntN(len(m.stamp))
	for m.stamp[at] == m.turn {
		at = (at + 1) % len(m.stamp)
	}
	return int32(at)
}
