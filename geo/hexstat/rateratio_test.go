package hexstat

import (
	"fmt"
	"testing"
)

func TestRateRatios(t *testing.T) {
	file := oracle[struct {
		Rows []struct {
			X1, N1, X2, N2                           int
			Ratio, Exact_lo, Exact_hi, Exact_p, Midp *float64
		}
	}](t, "rate_ratio.json")
	for _, r := range file.Rows {
		name := fmt.Sprintf("%d/%d against %d/%d", r.X1, r.N1, r.X2, r.N2)
		result := CompareRates(r.X1, float64(r.N1), r.X2, float64(r.N2), Level95)
		if r.X1+r.X2 == 0 {
			refused(t, name, result, NoEvents)
			continue
		}
		got := value(t, name, result)
		same(t, name+" ratio", got.Ratio, r.Ratio)
		near(t, name+" lo", got.Exact.Lo, *r.Exact_lo, closedForm)
		same(t, name+" hi", got.Exact.Hi, r.Exact_hi)
		near(t, name+" p", got.ExactP, *r.Exact_p, closedForm)
		near(t, name+" mid-p", got.MidP, *r.Midp, closedForm)
	}
}

// The mid-p interval leaves out 1 exactly when the mid-p is below 5 %, and lies
// inside the exact one.
func TestMidPIntervalIsTheInverseOfItsTest(t *testing.T) {
	for x1 := 0; x1 <= 25; x1++ {
		for x2 := 0; x2 <= 25; x2++ {
			if x1+x2 == 0 {
				continue
			}
			name := fmt.Sprintf("%d/30 against %d/20", x1, x2)
			r := value(t, name, CompareRates(x1, 30, x2, 20, Level95))
			if out := !r.MidPInterval.Contains(1); out != (r.MidP < 0.05) {
				t.Errorf("%s: mid-p %v, interval %v", name, r.MidP, r.MidPInterval)
			}
			exactHi, okExact := r.Exact.Hi.Get()
			midHi, okMid := r.MidPInterval.Hi.Get()
			if okExact != okMid || okMid != (x2 > 0) || (okMid && midHi > exactHi) || r.MidPInterval.Lo < r.Exact.Lo {
				t.Errorf("%s: mid-p %v is not inside exact %v", name, r.MidPInterval, r.Exact)
			}
		}
	}
}

func TestRateRatioRefuses(t *testing.T) {
	refused(t, "nobody asked", CompareRates(1, 0, 2, 10, Level95), NoPopulation)
	refused(t, "negative", CompareRates(-1, 10, 2, 10, Level95), InvalidInput)
	r := value(t, "nothing after", CompareRates(3, 20, 0, 20, Level95))
	refused(t, "ratio", r.Ratio, NoReferenceEvents)
	refused(t, "upper limit", r.Exact.Hi, Unbounded)
}
