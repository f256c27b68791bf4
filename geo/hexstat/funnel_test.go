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
