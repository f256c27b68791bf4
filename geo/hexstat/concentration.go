package hexstat

import (
	"math"
	"slices"
)

// Gini is the inequality of counts between hexagons: 0 when all are equal,
// (n−1)/n when one has everything. G = Σ(2i − n − 1)x₍ᵢ₎/(n Σx), x sorted.
// Source: Dixon et al., Ecology 68 (1987) 1548–1551. With fewer points than
// hexagons even scattered points look concentrated (Bernasco and Steenbeek,
// Journal of Quantitative Criminology 33 (2017) 451–467): read it only between
// maps with the same number of points and hexagons.
func Gini(counts []int) Result[float64] {
	total, why := concentrationInput(counts)
	if why != "" {
		return Unknown[float64](why)
	}
	sorted := slices.Sorted(slices.Values(counts))
	n, weighted := len(counts), 0.0
	for i, x := range sorted {
		weighted += float64(2*(i+1)-n-1) * float64(x)
	}
	return Known(weighted / (float64(n) * float64(total)))
}

// TopShare is the share of all points in the fullest ⌈share·n⌉ hexagons,
// 0 < share ≤ 1.
func TopShare(counts []int, share float64) Result[float64] {
	total, why := concentrationInput(counts)
	switch {
	case !(share > 0 && share <= 1):
		return Unknown[float64](InvalidInput)
	case why != "":
		return Unknown[float64](why)
	}
	sorted := slices.Sorted(slices.Values(counts))
	top, _ := sum(sorted[len(sorted)-int(math.Ceil(share*float64(len(sorted)))):])
	return Known(float64(top) / float64(total))
}

func concentrationInput(counts []int) (total int, why Reason) {
	total, ok := sum(counts)
	switch {
	case !ok:
		return 0, InvalidInput
	case len(counts) == 0:
		return 0, NoData
	case total == 0:
		return 0, NoEvents
	}
	return total, ""
}
