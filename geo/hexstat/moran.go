package hexstat

import "math"

// MoranTest is the global Moran's I under the randomisation assumption.
type MoranTest struct {
	I        float64 `json:"i"`
	Expected float64 `json:"expected"` // −1/(n−1)
	Variance float64 `json:"variance"`
	Z        float64 `json:"z"`
	P        float64 `json:"p"` // two-sided, normal law
}

// Moran tells whether neighbouring hexagons are more alike than chance, with
// row-standardised weights. Source: Cliff and Ord, Spatial Processes (1981),
// chapters 1 and 2 (variance under randomisation).
//
// Constant field: [ConstantField]; fewer than 4 hexagons: [TooFewHexagons]; an
// island anywhere: [NoNeighbours], since its row cannot be standardised.
func Moran(x []float64, nb Neighbours) Result[MoranTest] {
	m, why := moranInput(x, nb)
	if why != "" {
		return Unknown[MoranTest](why)
	}
	var cross, s1, s2 float64
	colSums := make([]float64, len(x))
	for i, ring := range nb {
		w := 1 / float64(len(ring))
		for _, j := range ring {
			back := 1 / float64(len(nb[j]))
			cross += w * (x[i] - m.mean) * (x[j] - m.mean)
			s1 += (w + back) * (w + back) / 2
			colSums[j] += w
		}
	}
	for _, c := range colSums {
		s2 += (1 + c) * (1 + c)
	}
	n, s0, kurtosis := m.n, m.n, m.kurtosis(x)
	t := MoranTest{I: cross / (s0 * m.variance), Expected: -1 / (n - 1)}
	second := n*((n*n-3*n+3)*s1-n*s2+3*s0*s0) - kurtosis*((n*n-n)*s1-2*n*s2+6*s0*s0)
	t.Variance = second/((n-1)*(n-2)*(n-3)*s0*s0) - t.Expected*t.Expected
	if t.Variance <= 0 {
		return Unknown[MoranTest](TooFewHexagons)
	}
	t.Z = (t.I - t.Expected) / math.Sqrt(t.Variance)
	t.P = normalTwoSided(t.Z)
	return Known(t)
}

// Quadrant says what kind of neighbourhood a hexagon has: its own value and the
// mean of its ring, each compared with the map's mean of the same quantity.
type Quadrant string

// The quadrants; a value equal to the mean is Low.
const (
	LowLow   Quadrant = "Low-Low"
	HighLow  Quadrant = "High-Low"
	LowHigh  Quadrant = "Low-High"
	HighHigh Quadrant = "High-High"
)

// LocalMoranScore is the local indicator of one hexagon.
type LocalMoranScore struct {
	I        float64  `json:"i"`
	Expected float64  `json:"expected"`
	Variance float64  `json:"variance"`
	Z        float64  `json:"z"`
	P        float64  `json:"p"` // two-sided, normal law, not adjusted
	Quadrant Quadrant `json:"quadrant"`
}

// LocalMoran is Anselin's local indicator with row-standardised weights and the
// moments conditional on the hexagon's own value (Sokal, Oden and Thomson,
// Geographical Analysis 30 (1998) 331–354; what spdep computes with
// conditional = TRUE).
//
// The constant field, too few hexagons and islands are as in [Moran], except
// that an island spoils only its own entry. The same warning as for [GiStar]
// holds for ateliers.
func LocalMoran(x []float64, nb Neighbours) []Result[LocalMoranScore] {
	m, why := momentsOf(x)
	switch {
	case !nb.fits(len(x)):
		why = InvalidInput
	case why == "" && len(x) < 4:
		why = TooFewHexagons
	}
	if why != "" {
		return allUnknown[LocalMoranScore](len(x), why)
	}
	lag, meanLag := ringMeans(x, nb)
	out := make([]Result[LocalMoranScore], len(x))
	for i, ring := range nb {
		if len(ring) == 0 {
			out[i] = Unknown[LocalMoranScore](NoNeighbours)
			continue
		}
		z2 := (x[i] - m.mean) * (x[i] - m.mean)
		weights2 := 1 / float64(len(ring))
		s := LocalMoranScore{
			I:        (x[i] - m.mean) * (lag[i] - m.mean) / m.variance,
			Expected: -z2 / ((m.n - 1) * m.variance),
			Quadrant: quadrant(x[i] > m.mean, lag[i] > meanLag),
		}
		s.Variance = z2 / (m.variance * m.variance) * (m.n / (m.n - 2)) *
			(weights2 - 1/(m.n-1)) * (m.variance - z2/(m.n-1))
		if s.Variance <= 0 {
			// Own value equal to the mean, or a ring that is all the rest.
			out[i] = Unknown[LocalMoranScore](ConstantField)
			continue
		}
		s.Z = (s.I - s.Expected) / math.Sqrt(s.Variance)
		s.P = normalTwoSided(s.Z)
		out[i] = Known(s)
	}
	return out
}

func moranInput(x []float64, nb Neighbours) (moments, Reason) {
	m, why := momentsOf(x)
	switch {
	case !nb.fits(len(x)):
		why = InvalidInput
	case why == "" && len(x) < 4:
		why = TooFewHexagons
	}
	for _, ring := range nb {
		if why == "" && len(ring) == 0 {
			why = NoNeighbours
		}
	}
	return m, why
}

// kurtosis is the fourth moment over the squared variance.
func (m moments) kurtosis(x []float64) float64 {
	fourth := 0.0
	for _, v := range x {
		fourth += math.Pow(v-m.mean, 4) / m.n
	}
	return fourth / (m.variance * m.variance)
}

// ringMeans is the mean of each ring (0 for an island) and the mean of those.
func ringMeans(x []float64, nb Neighbours) (lag []float64, mean float64) {
	lag = make([]float64, len(x))
	for i, ring := range nb {
		for _, j := range ring {
			lag[i] += x[j]
		}
		lag[i] /= float64(max(1, len(ring)))
		mean += lag[i]
	}
	return lag, mean / float64(len(x))
}

func quadrant(high, ringHigh bool) Quadrant {
	switch {
	case high && ringHigh:
		return HighHigh
	case high:
		return HighLow
	case ringHigh:
		return LowHigh
	}
	return LowLow
}
