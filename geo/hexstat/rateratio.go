package hexstat

import (
	"cmp"
	"math"
)

// RateRatio compares a count x1 over exposure n1 with x2 over n2.
type RateRatio struct {
	// Ratio is (x1/n1)/(x2/n2); [NoReferenceEvents] when x2 = 0.
	Ratio Result[float64] `json:"ratio"`
	// Exact is the conditional interval at the level asked; it covers at least it.
	Exact RatioInterval `json:"exact"`
	// MidPInterval inverts the mid-p test: shorter, covers about the level.
	MidPInterval RatioInterval `json:"mid_p_interval"`
	// ExactP is two-sided by minimum likelihood, MidP two-sided by doubling.
	ExactP float64 `json:"exact_p"`
	MidP   float64 `json:"mid_p"`
}

// CompareRates compares two counts of distinct people over exposures in the same
// unit (participants, person-days). Given x1+x2, x1 is binomial with
// probability n1/(n1+n2) when the rates are equal.
//
// Sources: Przyborowski and Wilenski, Biometrika 31 (1940) 313–323 (R's
// poisson.test); mid-p: Lancaster, JASA 56 (1961) 223–234.
//
// The counts must be of people, one each: when one resident places fifteen
// markers this test is wrong by an order of magnitude (p = 0.047 where
// [PermuteTotals] gives 0.571). x1 = x2 = 0 is [NoEvents]; an exposure of zero
// is [NoPopulation].
func CompareRates(x1 int, n1 float64, x2 int, n2, level float64) Result[RateRatio] {
	why := cmp.Or(exposureProblem(n1), exposureProblem(n2))
	switch {
	case !validCounts(x1, x2) || !validLevel(level):
		return Unknown[RateRatio](InvalidInput)
	case why != "":
		return Unknown[RateRatio](why)
	case x1+x2 == 0:
		return Unknown[RateRatio](NoEvents)
	}
	total, null := x1+x2, n1/(n1+n2)
	r := RateRatio{
		Ratio:  Unknown[float64](NoReferenceEvents),
		ExactP: binomialTwoSided(x1, total, null),
		MidP:   binomialMidP(x1, total, null),
	}
	if x2 > 0 {
		r.Ratio = Known(float64(x1) / n1 / (float64(x2) / n2))
	}
	share, _ := ClopperPearson(x1, total, level).Get()
	r.Exact = ratioOfShares(share, n2/n1)
	r.MidPInterval = ratioOfShares(midPShare(x1, total, level), n2/n1)
	return Known(r)
}

// ratioOfShares maps limits of x1/(x1+x2) to limits of the rate ratio.
func ratioOfShares(share Interval, scale float64) RatioInterval {
	odds := func(p float64) float64 { return p / (1 - p) * scale }
	return RatioInterval{Lo: odds(share.Lo), Hi: bounded(odds(share.Hi))}
}

// binomialMidP is twice the smaller tail, each with half the mass of k itself.
func binomialMidP(k, n int, p float64) float64 {
	half := binomialMass(k, n, p) / 2
	return math.Min(1, 2*math.Min(binomialUpper(k, n, p)-half, binomialLower(k, n, p)-half))
}

// midPShare inverts the mid-p test: the limits are where a tail, with half the
// mass of k, equals half of what the level leaves out.
func midPShare(k, n int, level float64) Interval {
	tail, i := (1-level)/2, Interval{Lo: 0, Hi: 1}
	if k > 0 {
		i.Lo = bisect(0, 1, func(p float64) bool {
			return binomialUpper(k, n, p)-binomialMass(k, n, p)/2 >= tail
		})
	}
	if k < n {
		i.Hi = bisect(0, 1, func(p float64) bool {
			return binomialLower(k, n, p)-binomialMass(k, n, p)/2 <= tail
		})
	}
	return i
}
