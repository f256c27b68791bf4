package hexstat

// FunnelLimits are the limits between which the rate of a place of the given
// exposure lies with probability level when its true rate is target: the
// curves of a funnel plot, which replaces a league table. Source: Spiegelhalter,
// Statistics in Medicine 24 (2005) 1185–1202, appendix A.1.1: Poisson quantiles
// interpolated between whole counts, so that the curves are smooth.
//
// target is a rate per unit of exposure. target = 0 is [NoEvents], exposure = 0
// is [NoPopulation].
func FunnelLimits(target, exposure, level float64) Result[Interval] {
	why := exposureProblem(exposure)
	switch {
	case !(target >= 0 && target*exposure <= maxCount) || !validLevel(level):
		return Unknown[Interval](InvalidInput)
	case why != "":
		return Unknown[Interval](why)
	case target == 0:
		return Unknown[Interval](NoEvents)
	}
	tail, mean := (1-level)/2, target*exposure
	return Known(Interval{
		Lo: poissonQuantileInterpolated(tail, mean) / exposure,
		Hi: poissonQuantileInterpolated(1-tail, mean) / exposure,
	})
}

// poissonQuantileInterpolated is r − α, r the smallest count with F(r) ≥ p and
// α the share of its mass beyond p; never negative.
func poissonQuantileInterpolated(p, mean float64) float64 {
	hi := 1
	for poissonLower(hi, mean) < p {
		hi *= 2
	}
	r := firstTrue(0, hi, func(k int) bool { return poissonLower(k, mean) >= p })
	beyond := poissonLower(r, mean) - p
	mass := poissonLower(r, mean) - poissonLower(r-1, mean)
	return max(0, float64(r)-beyond/mass)
}

// poissonLower is P(X ≤ k), X ~ Poisson(mean) (DLMF 8.4.10).
func poissonLower(k int, mean float64) float64 {
	if k < 0 {
		return 0
	}
	return gammaUpper(mean, float64(k)+1, 1)
}

// ShareFunnelLimits are those of [FunnelLimits] for a share of n people instead
// of a rate: binomial quantiles interpolated between whole counts (Spiegelhalter,
// appendix A.1.1). For shares near 1 the Poisson limits are far too wide. Where
// the outermost count, 0 or n, is itself likely enough, the limit is that count:
// nobody can lie beyond it.
//
// n = 0 is [NoData], target outside [0, 1] [InvalidInput]; a target of 0 or 1
// has no limits, [NoEvents].
func ShareFunnelLimits(target float64, n int, level float64) Result[Interval] {
	switch {
	case !(target >= 0 && target <= 1) || !validCounts(n) || !validLevel(level):
		return Unknown[Interval](InvalidInput)
	case n == 0:
		return Unknown[Interval](NoData)
	case target == 0 || target == 1:
		return Unknown[Interval](NoEvents)
	}
	tail := (1 - level) / 2
	i := Interval{Lo: 0, Hi: 1}
	if binomialLower(0, n, target) < tail {
		i.Lo = binomialQuantileInterpolated(tail, n, target) / float64(n)
	}
	if binomialUpper(n, n, target) < tail {
		i.Hi = binomialQuantileInterpolated(1-tail, n, target) / float64(n)
	}
	return Known(i)
}

// binomialQuantileInterpolated is r − α as for the Poisson law, in [0, n].
func binomialQuantileInterpolated(p float64, n int, share float64) float64 {
	r := firstTrue(0, n, func(k int) bool { return binomialLower(k, n, share) >= p })
	beyond := binomialLower(r, n, share) - p
	return max(0, float64(r)-beyond/binomialMass(r, n, share))
}

// FunnelSide tells whether a count x over exposure lies outside the funnel of
// target: [Fewer] or [More] when that tail of the Poisson law, x included, is
// smaller than half of what level leaves out. The curves of [FunnelLimits] are
// interpolated between counts; this is decided on the count itself.
func FunnelSide(x int, target, exposure, level float64) Verdict {
	if limits := FunnelLimits(target, exposure, level); limits.Value == nil || !validCounts(x) {
		return NoVerdict
	}
	mean := target * exposure
	return sideOf(poissonLower(x, mean), 1-poissonLower(x-1, mean), level)
}

// ShareFunnelSide is [FunnelSide] for x of n people: with a target near 1,
// everybody may well be inside.
func ShareFunnelSide(x, n int, target, level float64) Verdict {
	if limits := ShareFunnelLimits(target, n, level); limits.Value == nil || !validCounts(x) || x > n {
		return NoVerdict
	}
	return sideOf(binomialLower(x, n, target), binomialUpper(x, n, target), level)
}

func sideOf(lower, upper, level float64) Verdict {
	tail := (1 - level) / 2
	switch {
	case lower < tail:
		return Fewer
	case upper < tail:
		return More
	}
	return NoVerdict
}
