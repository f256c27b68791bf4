package hexstat

import "slices"

// Axial is a position on the hexagonal lattice: two axes 60° apart, so that the
// six neighbours are (±1,0), (0,±1), (1,−1) and (−1,1). Unit: hexagons.
type Axial struct{ Q, R int32 }

// AxialFromIJ converts H3's local IJ coordinates, whose axes are 120° apart
// (neighbours (±1,0), (0,±1), (1,1) and (−1,−1)). All hexagons of a quartier
// must share one IJ origin.
func AxialFromIJ(i, j int) Axial { return Axial{Q: int32(i), R: int32(-j)} }

var ringOffsets = [6]Axial{{1, 0}, {1, -1}, {0, -1}, {-1, 0}, {-1, 1}, {0, 1}}

// Add translates a by b.
func (a Axial) Add(b Axial) Axial { return Axial{a.Q + b.Q, a.R + b.R} }

// Sub is the step from b to a.
func (a Axial) Sub(b Axial) Axial { return Axial{a.Q - b.Q, a.R - b.R} }

// Rotate turns a about the origin by sixths of a turn. With the cube
// coordinate s = −q−r one sixth maps (q, r, s) to (−r, −s, −q).
func (a Axial) Rotate(sixths int) Axial {
	for range ((sixths % 6) + 6) % 6 {
		a = Axial{Q: -a.R, R: a.Q + a.R}
	}
	return a
}

// Distance is the number of steps from hexagon to hexagon: the largest cube
// coordinate of the difference.
func (a Axial) Distance(b Axial) int32 {
	d := a.Sub(b)
	return max(abs32(d.Q), abs32(d.R), abs32(d.Q+d.R))
}

func abs32(v int32) int32 {
	if v < 0 {
		return -v
	}
	return v
}

// Neighbours lists, for each hexagon, the indices of the hexagons beside it,
// without itself. It must be symmetric. A hexagon with an empty list is an
// island.
type Neighbours [][]int32

// NeighboursOf builds the neighbour lists of distinct cells from what the grid
// says is around each; cells that are not listed are left out, and so is the
// cell itself. With hexgrid cells:
//
//	hexstat.NeighboursOf(cells, hexgrid.Cell.Neighbours)
func NeighboursOf[C comparable](cells []C, around func(C) []C) Neighbours {
	index := make(map[C]int32, len(cells))
	for i, c := range cells {
		index[c] = int32(i)
	}
	nb := make(Neighbours, len(cells))
	for i, c := range cells {
		for _, other := range around(c) {
			if j, inside := index[other]; inside && int(j) != i {
				nb[i] = append(nb[i], j)
			}
		}
	}
	return nb
}

// AxialNeighbours builds the neighbour lists from lattice positions.
func AxialNeighbours(hexagons []Axial) Neighbours {
	return NeighboursOf(hexagons, func(a Axial) []Axial {
		ring := make([]Axial, 0, len(ringOffsets))
		for _, o := range ringOffsets {
			ring = append(ring, a.Add(o))
		}
		return ring
	})
}

// fits tells whether the lists speak of n hexagons and of no other.
func (nb Neighbours) fits(n int) bool {
	if len(nb) != n {
		return false
	}
	for _, ring := range nb {
		for _, j := range ring {
			if j < 0 || int(j) >= n {
				return false
			}
		}
	}
	return true
}

// shells lists, for each hexagon, the others by graph distance: shell k of
// hexagon i is order[i][until[i][k-1]:until[i][k]], shell 0 is i itself. The
// walk stays inside the map, so that a disk does not jump over what lies
// outside the quartier.
type shells struct {
	order [][]int32
	until [][]int32
}

func (nb Neighbours) shells(radius int) shells {
	s := shells{order: make([][]int32, len(nb)), until: make([][]int32, len(nb))}
	seen := make([]int, len(nb))
	for i := range nb {
		order, until := []int32{int32(i)}, []int32{1}
		seen[i] = i + 1
		for from := 0; len(until) <= radius; {
			end := len(order)
			for _, h := range order[from:end] {
				for _, j := range nb[h] {
					if seen[j] != i+1 {
						seen[j] = i + 1
						order = append(order, j)
					}
				}
			}
			from, until = end, append(until, int32(len(order)))
		}
		s.order[i], s.until[i] = order, until
	}
	return s
}

// Components groups the marked hexagons into connected places, each in
// increasing order of index, ordered by their smallest index.
func (nb Neighbours) Components(marked []bool) [][]int32 {
	var places [][]int32
	seen := make([]bool, len(nb))
	for i := range nb {
		if i >= len(marked) || !marked[i] || seen[i] {
			continue
		}
		place := []int32{int32(i)}
		seen[i] = true
		for k := 0; k < len(place); k++ {
			for _, j := range nb[place[k]] {
				if int(j) < len(marked) && marked[j] && !seen[j] {
					seen[j] = true
					place = append(place, j)
				}
			}
		}
		slices.Sort(place)
		places = append(places, place)
	}
	return places
}
