package hexstat

import (
	"math/rand/v2"
	"slices"
)

// pcgStream is the second word of every PCG state of this package: a seed that
// is shown beside a result is then one number.
const pcgStream = 0x9e3779b97f4a7c15

// newRand is the random source of one computation.
func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, pcgStream)) }

// alias draws indices in proportion to weights in constant time: Vose, IEEE
// Transactions on Software Engineering 17 (1991) 972–975.
type alias struct {
	keep  []float64
	other []int32
}

// newAlias refuses weights that are negative, not finite, or all zero.
func newAlias(weights []float64) (alias, Reason) {
	n, total := len(weights), 0.0
	for _, w := range weights {
		if w < 0 || !finite(w) {
			return alias{}, InvalidInput
		}
		total += w
	}
	if total == 0 || !finite(total) {
		return alias{}, NoPopulation
	}
	a := alias{keep: make([]float64, n), other: make([]int32, n)}
	var small, large []int32
	for i, w := range weights {
		a.keep[i], a.other[i] = w*float64(n)/total, int32(i)
		if a.keep[i] < 1 {
			small = append(small, int32(i))
		} else {
			large = append(large, int32(i))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		a.other[s] = l
		a.keep[l] -= 1 - a.keep[s]
		if a.keep[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	// What rounding left over is as good as full, unless it weighs nothing.
	heaviest := int32(slices.Index(weights, slices.Max(weights)))
	for _, i := range append(small, large...) {
		if weights[i] > 0 {
			a.keep[i] = 1
		} else {
			a.other[i] = heaviest
		}
	}
	return a, ""
}

func (a alias) draw(rng *rand.Rand) int32 {
	i := rng.IntN(len(a.keep))
	if rng.Float64() < a.keep[i] {
		return int32(i)
	}
	return a.other[i]
}
