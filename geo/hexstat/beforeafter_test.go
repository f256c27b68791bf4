package hexstat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func poissonDraw(rng *rand.Rand, mean float64) int {
	return int(distuv.Poisson{Lambda: mean, Src: rng}.Rand())
}

// With a known effect the interval covers it, and without one the answer is « pas
// de conclusion », at least 93 times of 100, from a handful of people to hundreds,
// with unequal periods (trend) and a small zone.
func TestZoneCoverage(t *testing.T) {
	rng := newRand(6)
	const repeats = 2000
	worst := 1.0
	for _, zone := range []float64{4, 12, 60} {
		for _, rest := range []float64{15, 150} {
			for _, trend := range []float64{0.7, 1.5} {
				for _, effect := range []float64{0.3, 0.6, 1, 1.8} {
					covered, silent, made := 0, 0, 0
					for range repeats {
						r, ok := CompareZone(ZoneCounts{
							ZoneBefore: poissonDraw(rng, zone), ZoneAfter: poissonDraw(rng, zone*trend*effect),
							RestBefore: poissonDraw(rng, rest), RestAfter: poissonDraw(rng, rest*trend),
						}, Level95).Get()
						if !ok {
							continue
						}
						made++
						covered += int(indicator(r.Interval.Contains(effect)))
						silent += int(indicator(r.Conclusion == Inconclusive))
					}
					name := fmt.Sprintf("zone %g rest %g trend %g effect %g", zone, rest, trend, effect)
					coverage := float64(covered) / float64(made)
					worst = min(worst, coverage)
					if coverage < 0.93 {
						t.Errorf("%s: covered %.1f %%", name, 100*coverage)
					}
					if quiet := float64(silent) / float64(made); effect == 1 && quiet < 0.93 {
						t.Errorf("%s: without conclusion %.1f %%", name, 100*quiet)
					}
				}
			}
		}
	}
	t.Logf("worst coverage %.1f %%", 100*worst)
}

// Reporters who report again and again, some in both periods or both areas: it is
// people that are counted, so the false conclusions stay rare.
func TestZoneWithRepeatedReports(t *testing.T) {
	rng, silent := newRand(8), 0
	const repeats = 1000
	for range repeats {
		var reports []ZoneReport
		for person := range 80 {
			favourite := rng.Float64() < 0.3
			for range 1 + int(rng.ExpFloat64()*4) {
				inZone := favourite
				if rng.Float64() < 0.2 {
					inZone = !favourite
				}
				reports = append(reports, ZoneReport{Reporter: person, InZone: inZone, After: rng.Float64() < 0.5})
			}
		}
		r := value(t, "zone", CompareZone(CountReporters(reports), Level95))
		silent += int(indicator(r.Conclusion == Inconclusive))
	}
	got := float64(silent) / repeats
	t.Logf("without conclusion %.1f %%", 100*got)
	if got < 0.93 {
		t.Errorf("without conclusion only %.1f %%", 100*got)
	}
}

// And when there is an effect and enough people, it is found, in its direction.
func TestZoneFindsEffects(t *testing.T) {
	rng := newRand(7)
	for effect, want := range map[float64]Conclusion{0.4: Fell, 2.5: Rose} {
		found := 0
		for range 300 {
			r := value(t, "zone", CompareZone(ZoneCounts{
				ZoneBefore: poissonDraw(rng, 80), ZoneAfter: poissonDraw(rng, 80*effect),
				RestBefore: poissonDraw(rng, 300), RestAfter: poissonDraw(rng, 300),
			}, Level95))
			if r.Conclusion == want {
				found++
			}
		}
		if found < 285 {
			t.Errorf("effect %g found in %d of 300", effect, found)
		}
	}
}

// The law with odds ratio 1 is the hypergeometric one, whatever the way to it.
func TestNoncentralAtOneIsFisher(t *testing.T) {
	for _, c := range []table2x2{{3, 7, 8, 2}, {12, 0, 5, 9}, {0, 4, 6, 30}, {150, 210, 900, 1100}} {
		lower, total := c.mass(c.a)/2, 0.0
		lo, hi := c.support()
		for k := lo; k <= hi; k++ {
			total += c.mass(k)
			if k < c.a {
				lower += c.mass(k)
			}
		}
		got, upper := c.noncentral().midTails(c.a, 0)
		near(t, fmt.Sprint(c), got, lower/total, 1e-11)
		near(t, fmt.Sprint(c, " both"), got+upper, 1, 1e-12)
	}
}

// Fisher's tea tasting, {3,1;1,3}: support 0…4 with weights 1, 16, 36, 16, 1, so the
// mid-p upper tail at ψ is (½·16ψ³ + ψ⁴)/(1+16ψ+36ψ²+16ψ³+ψ⁴).
func TestZoneIntervalByHand(t *testing.T) {
	r := value(t, "tea", CompareZone(ZoneCounts{ZoneAfter: 3, ZoneBefore: 1, RestAfter: 1, RestBefore: 3}, Level95))
	tail := func(x float64, k func(total float64) float64) float64 {
		return k(1 + 16*x + 36*x*x + 16*math.Pow(x, 3) + math.Pow(x, 4))
	}
	lo, hi := r.Interval.Lo, value(t, "upper", r.Interval.Hi)
	near(t, "upper tail at Lo", tail(lo, func(d float64) float64 { return (8*math.Pow(lo, 3) + math.Pow(lo, 4)) / d }), 0.025, closedForm)
	near(t, "lower tail at Hi", tail(hi, func(d float64) float64 { return (1 + 16*hi + 36*hi*hi + 8*math.Pow(hi, 3)) / d }), 0.025, closedForm)
	near(t, "mid-p", r.MidP, 2*(8.+1)/70, closedForm)
	near(t, "ratio", value(t, "ratio", r.Ratio), 9, 1e-12)
}

func TestZoneWithoutConclusion(t *testing.T) {
	refused(t, "nothing", CompareZone(ZoneCounts{}, Level95), NoEvents)
	refused(t, "negative", CompareZone(ZoneCounts{ZoneBefore: -1, RestAfter: 3}, Level95), InvalidInput)
	for name, c := range map[string]ZoneCounts{
		"empty rest":   {ZoneBefore: 50, ZoneAfter: 2},
		"empty zone":   {RestBefore: 50, RestAfter: 2},
		"empty before": {ZoneAfter: 50, RestAfter: 2},
	} {
		r := value(t, name, CompareZone(c, Level95))
		if r.Conclusion != Inconclusive || r.Interval.Lo != 0 {
			t.Errorf("%s: %+v", name, r)
		}
		refused(t, name, r.Interval.Hi, Unbounded)
		refused(t, name, r.Ratio, NoReferenceEvents)
	}
}

func TestCountReporters(t *testing.T) {
	got := CountReporters([]ZoneReport{
		{1, true, false}, {1, true, false}, {1, true, true}, {2, false, true}, {1, false, true}, {3, false, false},
	})
	if want := (ZoneCounts{ZoneBefore: 1, ZoneAfter: 1, RestBefore: 1, RestAfter: 2}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
