package hexstat

import (
	"fmt"
	"testing"
)

func TestPoissonIntervals(t *testing.T) {
	file := oracle[struct {
		Rows []map[string]float64
	}](t, "poisson_intervals.json")
	prior := GammaPrior{Shape: 2, Rate: 40}
	for _, r := range file.Rows {
		x, exposure := int(r["x"]), r["exposure"]
		name := fmt.Sprintf("%d/%g", x, exposure)
		exact := value(t, name, PoissonRate(x, exposure, Level95))
		near(t, name+" exact lo", exact.Lo, r["exact_lo"], closedForm)
		near(t, name+" exact hi", exact.Hi, r["exact_hi"], closedForm)
		j := value(t, name, JeffreysRate(x, exposure, Level95))
		near(t, name+" Jeffreys lo", j.Lo, r["jeffreys_lo"], closedForm)
		near(t, name+" Jeffreys hi", j.Hi, r["jeffreys_hi"], closedForm)
		p := value(t, name, prior.Posterior(x, exposure, Level95))
		near(t, name+" posterior mean", p.Mean, r["gp_mean"], closedForm)
		near(t, name+" posterior lo", p.Interval.Lo, r["gp_lo"], closedForm)
		near(t, name+" posterior hi", p.Interval.Hi, r["gp_hi"], closedForm)
		near(t, name+" P(rate > 0.1)", p.Above(0.1), r["p_rate_gt_0.1"], closedForm)
	}
}

func TestRatesRefuse(t *testing.T) {
	refused(t, "no exposure", PoissonRate(0, 0, Level95), NoPopulation)
	refused(t, "negative count", JeffreysRate(-1, 10, Level95), InvalidInput)
	refused(t, "flat prior", GammaPrior{}.Posterior(1, 10, Level95), InvalidInput)
}
