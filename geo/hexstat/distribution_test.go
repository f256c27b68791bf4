package hexstat

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// The quantiles undo the laws, from a handful of people to a city.
func TestQuantilesInvert(t *testing.T) {
	sizes := []float64{0.5, 1, 2.5, 7, 20.5, 100, 1000, 30000.5, 1e6}
	// Inverses that iterate from a guess are known to fail here and to answer 0.
	if x := betaQuantile(0.025, 1_000_000, 990_001); math.Abs(x-0.5018) > 1e-4 {
		t.Errorf("Beta(1000000, 990001) at 0.025: %v", x)
	}
	for _, a := range sizes {
		for _, p := range []float64{0.001, 0.025, 0.3, 0.5, 0.975, 0.999} {
			q := gammaQuantile(p, a, 1)
			near(t, fmt.Sprintf("Gamma(%g) at %g", a, p), mathext.GammaIncReg(a, q), p, closedForm)
			for _, b := range sizes {
				x := betaQuantile(p, a, b)
				// Near 1 two adjacent floats may lie on both sides of p.
				below := mathext.RegIncBeta(a, b, math.Nextafter(x, 0))
				above := mathext.RegIncBeta(a, b, math.Nextafter(x, 1))
				if p < below-closedForm || p > above+closedForm {
					t.Errorf("Beta(%g, %g) at %g: between %.15g and %.15g", a, b, p, below, above)
				}
			}
		}
	}
}

// Masses against exact rational arithmetic, relative error.
func TestBinomialMassIsExact(t *testing.T) {
	for _, n := range []int{1, 2, 15, 16, 60, 400, 3000} {
		for _, c := range []struct {
			p          float64
			num, denom int64
		}{{0.5, 1, 2}, {0.25, 1, 4}, {0.0625, 1, 16}, {0.984375, 63, 64}} {
			for k := 0; k <= n; k += 1 + n/37 {
				num := new(big.Int).Binomial(int64(n), int64(k))
				num.Mul(num, new(big.Int).Exp(big.NewInt(c.num), big.NewInt(int64(k)), nil))
				num.Mul(num, new(big.Int).Exp(big.NewInt(c.denom-c.num), big.NewInt(int64(n-k)), nil))
				want, _ := new(big.Rat).SetFrac(num, new(big.Int).Exp(big.NewInt(c.denom), big.NewInt(int64(n)), nil)).Float64()
				got := binomialMass(k, n, c.p)
				if want > 1e-290 && math.Abs(got/want-1) > 1e-12 {
					t.Errorf("%d of %d at %g: %v, want %v", k, n, c.p, got, want)
				}
			}
		}
	}
	for k, want := range map[int]float64{-1: 0, 0: 1, 1: 0, 4: 0} {
		near(t, "p = 0", binomialMass(k, 3, 0), want, 0)
		near(t, "p = 1", binomialMass(3-k, 3, 1), want, 0)
	}
}

// The tails are sums of the masses.
func TestBinomialTails(t *testing.T) {
	for _, n := range []int{1, 7, 40, 500} {
		lower := 0.0
		for k := 0; k <= n; k++ {
			lower += binomialMass(k, n, 0.3)
			name := fmt.Sprintf("%d of %d", k, n)
			near(t, name, binomialLower(k, n, 0.3), lower, 1e-11)
			near(t, name, binomialUpper(k+1, n, 0.3), 1-lower, 1e-11)
		}
	}
}

func TestLogChoose(t *testing.T) {
	for _, n := range []int{1, 5, 30, 900} {
		for k := 0; k <= n; k++ {
			c, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(n), int64(k))).Float64()
			near(t, fmt.Sprintf("C(%d, %d)", n, k), logChoose(n, k), math.Log(c), 1e-10)
		}
	}
}

// The normal law at large numbers, where every exact method must agree with it:
// z for 5 %, two proportions near ½.
func TestLargeCountsAreNormal(t *testing.T) {
	const n = 1_000_000
	z := 1.959963984540054
	i := value(t, "Clopper–Pearson", ClopperPearson(n/2, n, Level95))
	near(t, "lower limit", i.Lo, 0.5-z*0.5/math.Sqrt(n), 2e-6)
	near(t, "upper limit", i.Hi, 0.5+z*0.5/math.Sqrt(n), 2e-6)
	r := value(t, "rate", PoissonRate(n, 1, Level95))
	near(t, "rate", r.Hi, n+z*math.Sqrt(n), 5)
	p := table2x2{500_000, 500_000, 498_600, 501_400}.fisherTwoSided()
	d := 0.0014 / math.Sqrt(0.4993*0.5007*2/n)
	near(t, "Fisher", p, normalTwoSided(d), 1e-3)
	v := value(t, "visible", SmallestVisibleChange(n/2, n, n, Alpha))
	near(t, "fall", float64(value(t, "fall", v.Fall)), n/2-z*math.Sqrt(n/2), 3)
}
