package hexstat

import (
	"cmp"
	"slices"
)

// BenjaminiHochberg returns the adjusted p-values that control the false
// discovery rate under independence or positive dependence, in the order of p:
// Benjamini and Hochberg, JRSS B 57 (1995) 289–300.
func BenjaminiHochberg(p []float64) []float64 { return stepUp(p, 1) }

// BenjaminiYekutieli controls the false discovery rate under any dependence,
// at the price of the factor 1 + 1/2 + … + 1/m: Annals of Statistics 29 (2001)
// 1165–1188, theorem 1.3.
func BenjaminiYekutieli(p []float64) []float64 {
	harmonic := 0.0
	for i := range p {
		harmonic += 1 / float64(i+1)
	}
	return stepUp(p, harmonic)
}

// Bonferroni controls the chance of any false alarm: min(1, m·p).
func Bonferroni(p []float64) []float64 {
	out := make([]float64, len(p))
	for i, v := range p {
		out[i] = min(1, float64(len(p))*v)
	}
	return out
}

// Holm controls the same as [Bonferroni] and never rejects less: Scandinavian
// Journal of Statistics 6 (1979) 65–70.
func Holm(p []float64) []float64 {
	out, worst := make([]float64, len(p)), 0.0
	for rank, i := range ascending(p) {
		worst = max(worst, min(1, float64(len(p)-rank)*p[i]))
		out[i] = worst
	}
	return out
}

// AdjustKnown adjusts the p-values that exist, among themselves, and leaves the
// others as they are with their reasons.
func AdjustKnown(p []Result[float64], adjust func([]float64) []float64) []Result[float64] {
	var values []float64
	var places []int
	for i, r := range p {
		if v, ok := r.Get(); ok {
			values, places = append(values, v), append(places, i)
		}
	}
	out := slices.Clone(p)
	for k, v := range adjust(values) {
		out[places[k]] = Known(v)
	}
	return out
}

// stepUp is min over the ranks from i up of factor·m/rank·p, at most 1.
func stepUp(p []float64, factor float64) []float64 {
	out, best := make([]float64, len(p)), 1.0
	order := ascending(p)
	for rank := len(p); rank >= 1; rank-- {
		i := order[rank-1]
		best = min(best, factor*float64(len(p))/float64(rank)*p[i])
		out[i] = best
	}
	return out
}

// ascending lists the indices of p from the smallest value to the largest.
func ascending(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order
}
