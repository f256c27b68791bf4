package hexstat

import (
	"fmt"
	"math"
	"testing"
)

// Between the limits lies at least the level and, since they are interpolated
// between whole counts, hardly more than one count's mass on each side.
func TestFunnelHoldsItsLevel(t *testing.T) {
	for _, exposure := range []float64{10, 40, 100, 1000, 20000} {
		for _, level := range []float64{0.95, 0.998} {
			name := fmt.Sprintf("exposure %g level %g", exposure, level)
			const target = 0.05
			i := value(t, name, FunnelLimits(target, exposure, level))
			lo, hi := int(math.Ceil(i.Lo*exposure)), int(math.Floor(i.Hi*exposure))
			inside := poissonLower(hi, target*exposure) - poissonLower(lo-1, target*exposure)
			edge := poissonLower(hi+1, target*exposure) - poissonLower(lo-2, target*exposure)
			if edge < level || inside > level+2*(edge-inside)+1e-12 || !i.Contains(target) {
				t.Errorf("%s: %v holds %v, one count more %v", name, i, inside, edge)
			}
		}
	}
}

// r = 8 is the 97.5 % quantile of Poisson(3.5): F(7) = 0.97326, F(8) = 0.99013
// (tables of the Poisson law), so the limit is 8 − (0.99013−0.975)/(0.99013−0.97326).
func TestFunnelByHand(t *testing.T) {
	i := value(t, "limits", FunnelLimits(0.035, 100, Level95))
	near(t, "upper count", i.Hi*100, 8-(0.99013-0.975)/(0.99013-0.97326), 1e-3)
}

func TestFunnelNarrowsWithExposure(t *testing.T) {
	width := math.Inf(1)
	for exposure := 5.0; exposure < 1e5; exposure *= 1.7 {
		i := value(t, "limits", FunnelLimits(0.3, exposure, Level95))
		if w := i.Hi - i.Lo; w >= width {
			t.Fatalf("at %g: width %v after %v", exposure, w, width)
		} else {
			width = w
		}
	}
}

func TestFunnelRefuses(t *testing.T) {
	refused(t, "no exposure", FunnelLimits(0.1, 0, Level95), NoPopulation)
	refused(t, "no rate", FunnelLimits(0, 10, Level95), NoEvents)
	refused(t, "negative rate", FunnelLimits(-1, 10, Level95), InvalidInput)
}

// Between the limits of a share lies at least the level, one count's mass aside.
func TestShareFunnelHoldsItsLevel(t *testing.T) {
	for _, n := range []int{8, 20, 60, 400} {
		for _, target := range []float64{0.1, 0.5, 0.93} {
			for _, level := range []float64{0.95, 0.998} {
				name := fmt.Sprintf("n %d target %g level %g", n, target, level)
				i := value(t, name, ShareFunnelLimits(target, n, level))
				lo, hi := int(math.Ceil(i.Lo*float64(n))), int(math.Floor(i.Hi*float64(n)))
				inside := binomialLower(hi, n, target) - binomialLower(lo-1, n, target)
				edge := binomialLower(hi+1, n, target) - binomialLower(lo-2, n, target)
				rim := i.Lo == 0 || i.Hi == 1 // nobody can lie beyond: it holds more
				if edge < level || inside > level+2*(edge-inside)+1e-12 && !rim || i.Lo < 0 || i.Hi > 1 || !i.Contains(target) {
					t.Errorf("%s: %v holds %v, one count more %v", name, i, inside, edge)
				}
			}
		}
	}
}

// Bin(20, ½): F(5) = 0.0206947, F(6) = 0.0576591, so the lower limit of 95 % is
// 6 − (0.0576591 − 0.025)/(0.0576591 − 0.0206947) counts.
func TestShareFunnelByHand(t *testing.T) {
	i := value(t, "limits", ShareFunnelLimits(0.5, 20, Level95))
	near(t, "lower count", i.Lo*20, 6-(0.0576591-0.025)/(0.0576591-0.0206947), 1e-5)
}

func TestShareFunnelRefuses(t *testing.T) {
	refused(t, "nobody", ShareFunnelLimits(0.1, 0, Level95), NoData)
	refused(t, "everybody", ShareFunnelLimits(1, 10, Level95), NoEvents)
	refused(t, "not a share", ShareFunnelLimits(1.2, 10, Level95), InvalidInput)
}

// Nobody is outside more often than promised, and the sides are where the tails
// of the tables say: Bin(20, 0.96) gives 20 of 20 with probability 0.442.
func TestFunnelSides(t *testing.T) {
	for _, c := range []struct {
		got, want Verdict
	}{
		{ShareFunnelSide(20, 20, 0.96, 0.998), NoVerdict},
		{ShareFunnelSide(15, 20, 0.96, 0.998), Fewer}, // P(X ≤ 15) = 0.00096
		{ShareFunnelSide(16, 20, 0.96, 0.998), NoVerdict},
		{ShareFunnelSide(20, 20, 0.5, 0.998), More},
		{ShareFunnelSide(21, 20, 0.5, 0.998), NoVerdict}, // not a share
		{FunnelSide(8, 0.035, 100, Level95), NoVerdict},  // P(X ≥ 8) = 0.0267
		{FunnelSide(9, 0.035, 100, Level95), More},       // P(X ≥ 9) = 0.0099
		{FunnelSide(0, 0.035, 100, Level95), NoVerdict},  // P(X = 0) = 0.0302
		{FunnelSide(0, 0.05, 100, Level95), Fewer},       // P(X = 0) = 0.0067
		{FunnelSide(3, 0, 100, Level95), NoVerdict},
	} {
		if c.got != c.want {
			t.Errorf("got %d, want %d", c.got, c.want)
		}
	}
	for _, target := range []float64{0.05, 0.5, 0.96} {
		for n := 5; n <= 80; n += 5 {
			outside := 0.0
			for x := 0; x <= n; x++ {
				if ShareFunnelSide(x, n, target, 0.95) != NoVerdict {
					outside += binomialMass(x, n, target)
				}
			}
			if outside > 0.05 {
				t.Errorf("n %d target %g: outside %v of the time", n, target, outside)
			}
		}
	}
}
