package hexstat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// minLikelihoodSlack widens "as unlikely as what was seen" by one part in ten
// million, so that two outcomes that are equal on paper are equal in floating
// point too. R's binom.test and fisher.test use the same factor.
const minLikelihoodSlack = 1 + 1e-7

// normalQuantile is Φ⁻¹(p), 0 < p < 1 (DLMF 7.17).
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// normalUpper is P(Z > z) (DLMF 7.2.2); by erfc, so that far tails keep their digits.
func normalUpper(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// normalTwoSided is P(|Z| > |z|).
func normalTwoSided(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// betaQuantile inverts the regularised incomplete beta function (DLMF 8.17), by
// halving: gonum's own inverse is quicker but returns 0 for some large
// parameters, Beta(1000000, 990001) at 0.025 for one.
func betaQuantile(p, a, b float64) float64 {
	return bisect(0, 1, func(x float64) bool { return mathext.RegIncBeta(a, b, x) >= p })
}

// gammaQuantile is the p-quantile of Gamma(shape, rate) (DLMF 8.2), by halving.
func gammaQuantile(p, shape, rate float64) float64 {
	hi := shape + 1
	for mathext.GammaIncReg(shape, hi) < p {
		hi *= 2
	}
	return bisect(0, hi, func(x float64) bool { return mathext.GammaIncReg(shape, x) >= p }) / rate
}

// bisect finds where the monotone f turns true between lo (false) and hi
// (true), to the last digits of a float64.
func bisect(lo, hi float64, f func(float64) bool) float64 {
	for range 200 {
		mid := lo + (hi-lo)/2
		if mid == lo || mid == hi {
			break
		}
		if f(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return lo + (hi-lo)/2
}

// gammaUpper is P(X > x) for X ~ Gamma(shape, rate).
func gammaUpper(x, shape, rate float64) float64 {
	return mathext.GammaIncRegComp(shape, rate*x)
}

// stirlingError is log(n!) − log(√(2πn)(n/e)ⁿ), n > 0 (DLMF 5.11.1).
func stirlingError(n float64) float64 {
	if n <= 15 {
		lg, _ := math.Lgamma(n + 1)
		return lg - (n+0.5)*math.Log(n) + n - math.Log(2*math.Pi)/2
	}
	n2 := n * n
	return (1./12 - (1./360-(1./1260-(1./1680-1./1188/n2)/n2)/n2)/n2) / n
}

// deviance is x log(x/m) + m − x, without cancellation when x ≈ m: D₀ of
// Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	sum, term := (x-m)*v, 2*x*v
	for j := 3.0; ; j += 2 {
		term *= v * v
		next := sum + term/j
		if next == sum {
			return sum
		}
		sum = next
	}
}

// binomialMass is P(X = k), X ~ Bin(n, p), by Loader's saddle-point expansion
// (2000), which keeps its digits where differences of log-factorials lose them.
func binomialMass(k, n int, p float64) float64 {
	if k < 0 || k > n {
		return 0
	}
	x, m, q := float64(k), float64(n), 1-p
	switch {
	case p <= 0:
		return indicator(k == 0)
	case q <= 0:
		return indicator(k == n)
	case k == 0:
		return math.Exp(m * math.Log1p(-p))
	case k == n:
		return math.Exp(m * math.Log(p))
	}
	lc := stirlingError(m) - stirlingError(x) - stirlingError(m-x) - deviance(x, m*p) - deviance(m-x, m*q)
	return math.Exp(lc) * math.Sqrt(m/(2*math.Pi*x*(m-x)))
}

// binomialLower is P(X ≤ k), X ~ Bin(n, p) (DLMF 8.17.5).
func binomialLower(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return mathext.RegIncBeta(float64(n-k), float64(k)+1, 1-p)
}

// binomialUpper is P(X ≥ k), X ~ Bin(n, p), computed directly so that small
// tails are not differences from one.
func binomialUpper(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n:
		return 0
	}
	return mathext.RegIncBeta(float64(k), float64(n-k)+1, p)
}

// binomialTwoSided is the exact two-sided p-value of k of n under p: the total
// probability of the outcomes that are no likelier than k ("minimum
// likelihood", the rule of R's binom.test).
func binomialTwoSided(k, n int, p float64) float64 {
	mean := float64(n) * p
	limit := binomialMass(k, n, p) * minLikelihoodSlack
	unlikely := func(j int) bool { return binomialMass(j, n, p) <= limit }
	switch {
	case float64(k) == mean:
		return 1
	case float64(k) < mean:
		// The mass falls beyond the mean, so the first unlikely outcome is found by halving.
		from := firstTrue(int(math.Ceil(mean)), n+1, unlikely)
		return math.Min(1, binomialLower(k, n, p)+binomialUpper(from, n, p))
	default:
		until := firstTrue(0, int(math.Floor(mean))+1, func(j int) bool { return !unlikely(j) })
		return math.Min(1, binomialLower(until-1, n, p)+binomialUpper(k, n, p))
	}
}

// firstTrue is the smallest j in [lo, hi) where the monotone f holds, or hi.
func firstTrue(lo, hi int, f func(int) bool) int {
	for lo < hi {
		mid := lo + (hi-lo)/2
		if f(mid) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// table2x2 is {a, b; c, d}: rows are groups, columns are "yes" and "no".
type table2x2 struct{ a, b, c, d int }

// mass is the probability, up to a factor that depends on the margins only, of
// k in the place of a when the odds ratio is 1: a product of binomial masses at
// the common share, which neither underflows near the mode nor loses digits
// (after Loader 2000).
func (t table2x2) mass(k int) float64 {
	row1, row2, col1 := t.a+t.b, t.c+t.d, t.a+t.c
	p := float64(col1) / math.Max(1, float64(row1+row2))
	return binomialMass(k, row1, p) * binomialMass(col1-k, row2, p)
}

// support is the range of a given the margins.
func (t table2x2) support() (lo, hi int) {
	return max(0, t.a-t.d), min(t.a+t.b, t.a+t.c)
}

// negligible is the part of a mass below which others no longer count.
const negligible = 1e-20

// fisherTwoSided is Fisher's exact p-value by minimum likelihood (R's
// fisher.test). The sums go outwards from the mode and stop where nothing is
// left beside what was seen, so that the cost grows with the root of the counts.
func (t table2x2) fisherTwoSided() float64 {
	lo, hi := t.support()
	row1, col1, all := t.a+t.b, t.a+t.c, t.a+t.b+t.c+t.d
	mode := min(hi, max(lo, (row1+1)*(col1+1)/(all+2)))
	own := t.mass(t.a)
	limit, least := own*minLikelihoodSlack, negligible*math.Min(own, t.mass(mode))
	total, unlikely := 0.0, 0.0
	add := func(k int) bool {
		m := t.mass(k)
		total += m
		if m <= limit {
			unlikely += m
		}
		return m > least
	}
	for k := mode; k >= lo && add(k); k-- {
	}
	for k := mode + 1; k <= hi && add(k); k++ {
	}
	return math.Min(1, unlikely/total)
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
