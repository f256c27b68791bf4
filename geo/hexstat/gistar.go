package hexstat

import "math"

// GiScore is the Getis-Ord statistic of one hexagon.
type GiScore struct {
	// Z is in standard deviations; positive is more than the map's mean.
	Z Result[float64] `json:"z"`
	// PTwoSided and PUpper come from the normal law.
	PTwoSided Result[float64] `json:"p_two_sided"`
	PUpper    Result[float64] `json:"p_upper"`
	// BH and BY adjust PTwoSided, UpperBH adjusts PUpper, over the hexagons of
	// the map that have a p-value.
	BH      Result[float64] `json:"p_bh"`
	BY      Result[float64] `json:"p_by"`
	UpperBH Result[float64] `json:"p_upper_bh"`
}

// GiStar is the Getis-Ord Gi* of each hexagon with its ring, itself included,
// binary weights: z = (Σx − x̄W)/(S√((nW − W²)/(n−1))), W the number of hexagons
// in the window, S² the variance with denominator n. Source: Ord and Getis,
// Geographical Analysis 27 (1995) 286–306.
//
// x is one value per hexagon, usually signalements of a whole city. It is not a
// test of agreement within an atelier: the voices of one resident are
// neighbours by construction, and on maps where no place is shared Gi* with
// Benjamini–Hochberg flags something in 55 % of them counting markers and 74 %
// counting voices, instead of 5 %. Use [SharedPlaces] there, and show this one
// only beside it or beside [Scan].
//
// A constant field is [ConstantField]; a window that is the whole map is
// [CoversEverything]; fewer than 3 hexagons are [TooFewHexagons]. An island is
// compared with the map alone.
func GiStar(x []float64, nb Neighbours) []GiScore {
	return getisOrd(x, nb, func(m moments, i int, ring []int32) Result[float64] {
		w, sum := float64(len(ring)+1), x[i]
		for _, j := range ring {
			sum += x[j]
		}
		return zScore(sum-m.mean*w, m.variance*w*(m.n-w)/(m.n-1))
	})
}

// Gi is the variant without the hexagon itself, whose mean and variance leave
// it out too (Ord and Getis 1995). An island is [NoNeighbours]; the other
// edge cases are those of [GiStar].
func Gi(x []float64, nb Neighbours) []GiScore {
	return getisOrd(x, nb, func(m moments, i int, ring []int32) Result[float64] {
		if len(ring) == 0 {
			return Unknown[float64](NoNeighbours)
		}
		others := m.without(x[i])
		w, sum := float64(len(ring)), 0.0
		for _, j := range ring {
			sum += x[j]
		}
		if others.variance <= m.variance*1e-13 {
			return Unknown[float64](ConstantField)
		}
		return zScore(sum-others.mean*w, others.variance*w*(others.n-w)/(others.n-1))
	})
}

func getisOrd(x []float64, nb Neighbours, z func(moments, int, []int32) Result[float64]) []GiScore {
	scores := make([]GiScore, len(x))
	m, why := momentsOf(x)
	switch {
	case !nb.fits(len(x)):
		why = InvalidInput
	case why == "" && len(x) < 3:
		why = TooFewHexagons
	}
	two, upper := allUnknown[float64](len(x), why), allUnknown[float64](len(x), why)
	for i := range scores {
		if why != "" {
			scores[i].Z = Unknown[float64](why)
			continue
		}
		scores[i].Z = z(m, i, nb[i])
		v, ok := scores[i].Z.Get()
		if !ok {
			two[i] = Unknown[float64](scores[i].Z.Reason)
			upper[i] = two[i]
			continue
		}
		two[i], upper[i] = Known(normalTwoSided(v)), Known(normalUpper(v))
	}
	bh, by := AdjustKnown(two, BenjaminiHochberg), AdjustKnown(two, BenjaminiYekutieli)
	upperBH := AdjustKnown(upper, BenjaminiHochberg)
	for i := range scores {
		s := &scores[i]
		s.PTwoSided, s.PUpper, s.BH, s.BY, s.UpperBH = two[i], upper[i], bh[i], by[i], upperBH[i]
	}
	return scores
}

// zScore divides a deviation by the root of its variance; a window that leaves
// nothing outside has none.
func zScore(deviation, variance float64) Result[float64] {
	if variance <= 0 {
		return Unknown[float64](CoversEverything)
	}
	return Known(deviation / math.Sqrt(variance))
}

// moments are those of a whole map: variance has denominator n.
type moments struct{ n, mean, variance float64 }

// maxMagnitude keeps fourth powers of values inside a float64.
const maxMagnitude = 1e50

// momentsOf works in two passes, because Σx²/n − x̄² loses every digit when the
// mean is large, and tells a constant field by comparison, not by a variance
// that rounding may leave at 1e-17.
func momentsOf(x []float64) (moments, Reason) {
	if len(x) == 0 {
		return moments{}, NoData
	}
	m, constant := moments{n: float64(len(x))}, true
	for _, v := range x {
		if !(math.Abs(v) <= maxMagnitude) {
			return moments{}, InvalidInput
		}
		m.mean += v
		constant = constant && v == x[0]
	}
	m.mean /= m.n
	if constant {
		return moments{}, ConstantField
	}
	for _, v := range x {
		m.variance += (v - m.mean) * (v - m.mean)
	}
	m.variance /= m.n
	if m.variance < 1/maxMagnitude {
		return moments{}, ConstantField
	}
	return m, ""
}

// without removes one value v from the moments.
func (m moments) without(v float64) moments {
	n := m.n - 1
	d := v - m.mean
	return moments{n: n, mean: m.mean - d/n, variance: m.variance*m.n/n - d*d*m.n/(n*n)}
}
