package hexstat

import "math"

// Level95 is the confidence level of every interval shown by default.
const Level95 = 0.95

// Wilson is the score interval of a share x/n, clamped to [0, 1]; it stays
// honest for the small n of an atelier where the usual ± fails.
//
// x and n are numbers of people, level is in (0, 1). Source: Wilson, JASA 22
// (1927) 209–212; Brown, Cai and DasGupta, Statistical Science 16 (2001)
// 101–133, eq. 4. Equal to R's prop.test(correct = FALSE).
// n = 0 is [NoData]; x outside [0, n] is [InvalidInput].
func Wilson(x, n int, level float64) Result[Interval] {
	if why := shareProblem(x, n, level); why != "" {
		return Unknown[Interval](why)
	}
	z := normalQuantile(1 - (1-level)/2)
	m, p := float64(n), float64(x)/float64(n)
	denominator := 1 + z*z/m
	centre := (p + z*z/(2*m)) / denominator
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m)) / denominator
	i := Interval{Lo: max(0, centre-half), Hi: min(1, centre+half)}
	// On paper these two limits are exact; in floating point they miss by 1e-17.
	if x == 0 {
		i.Lo = 0
	}
	if x == n {
		i.Hi = 1
	}
	return Known(i)
}

// ClopperPearson is the exact interval of a share x/n by inversion of two
// one-sided binomial tests; it covers at least the level, usually more.
//
// Source: Clopper and Pearson, Biometrika 26 (1934) 404–413, in the form of
// beta quantiles. Edge cases as for [Wilson].
func ClopperPearson(x, n int, level float64) Result[Interval] {
	if why := shareProblem(x, n, level); why != "" {
		return Unknown[Interval](why)
	}
	tail := (1 - level) / 2
	i := Interval{Lo: 0, Hi: 1}
	if x > 0 {
		i.Lo = betaQuantile(tail, float64(x), float64(n-x)+1)
	}
	if x < n {
		i.Hi = betaQuantile(1-tail, float64(x)+1, float64(n-x))
	}
	return Known(i)
}

// JeffreysShare is the equal-tailed posterior interval of a share x/n under
// Beta(½, ½), with the limits set to 0 at x = 0 and to 1 at x = n.
//
// Source: Brown, Cai and DasGupta (2001), with their rule at the ends. Edge cases as for [Wilson].
func JeffreysShare(x, n int, level float64) Result[Interval] {
	if why := shareProblem(x, n, level); why != "" {
		return Unknown[Interval](why)
	}
	tail, a, b := (1-level)/2, float64(x)+0.5, float64(n-x)+0.5
	i := Interval{Lo: 0, Hi: 1}
	if x > 0 {
		i.Lo = betaQuantile(tail, a, b)
	}
	if x < n {
		i.Hi = betaQuantile(1-tail, a, b)
	}
	return Known(i)
}

func shareProblem(x, n int, level float64) Reason {
	switch {
	case !validCounts(x, n) || x > n || !validLevel(level):
		return InvalidInput
	case n == 0:
		return NoData
	}
	return ""
}

// validLevel keeps levels where a tail has digits left, and refuses NaN, since a
// comparison with NaN is false.
func validLevel(level float64) bool { return level >= 1e-9 && level <= 1-1e-9 }
