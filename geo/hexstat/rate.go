package hexstat

// PoissonRate is the exact interval of a rate x/exposure, x a count of
// distinct people, exposure in people (or person-days): Garwood, Biometrika 28
// (1936) 437–442, by gamma quantiles; equal to R's poisson.test.
// exposure = 0 is [NoPopulation].
func PoissonRate(x int, exposure, level float64) Result[Interval] {
	if why := rateProblem(x, exposure, level); why != "" {
		return Unknown[Interval](why)
	}
	tail := (1 - level) / 2
	i := Interval{Lo: 0, Hi: gammaQuantile(1-tail, float64(x)+1, exposure)}
	if x > 0 {
		i.Lo = gammaQuantile(tail, float64(x), exposure)
	}
	return Known(i)
}

// JeffreysRate is the equal-tailed posterior interval of a rate under the
// Jeffreys prior: Gamma(x+½, exposure). Source: Brown, Cai and DasGupta,
// "Interval estimation in exponential families", Statistica Sinica 13 (2003)
// 19–49. Edge cases as for [PoissonRate].
func JeffreysRate(x int, exposure, level float64) Result[Interval] {
	if why := rateProblem(x, exposure, level); why != "" {
		return Unknown[Interval](why)
	}
	return Known(gammaInterval(float64(x)+0.5, exposure, level))
}

// GammaPrior is Gamma(Shape, Rate) over a rate per unit of exposure: its mean is
// Shape/Rate and it weighs as much as Rate units of exposure.
type GammaPrior struct{ Shape, Rate float64 }

// GammaPosterior is what is known of a rate after a count.
type GammaPosterior struct {
	Shape    float64  `json:"shape"`
	Rate     float64  `json:"rate"`
	Mean     float64  `json:"mean"`
	Interval Interval `json:"interval"` // equal tails
}

// Posterior updates the prior by a Poisson count x over exposure (Gelman et
// al., Bayesian Data Analysis, 3rd ed., section 2.6). A prior that is not
// positive is [InvalidInput].
func (g GammaPrior) Posterior(x int, exposure, level float64) Result[GammaPosterior] {
	if why := rateProblem(x, exposure, level); why != "" {
		return Unknown[GammaPosterior](why)
	}
	if exposureProblem(g.Shape) != "" || exposureProblem(g.Rate) != "" {
		return Unknown[GammaPosterior](InvalidInput)
	}
	p := GammaPosterior{Shape: g.Shape + float64(x), Rate: g.Rate + exposure}
	p.Mean = p.Shape / p.Rate
	p.Interval = gammaInterval(p.Shape, p.Rate, level)
	return Known(p)
}

// Above is the probability that the rate exceeds threshold ≥ 0.
func (p GammaPosterior) Above(threshold float64) float64 {
	if threshold <= 0 {
		return 1
	}
	return gammaUpper(threshold, p.Shape, p.Rate)
}

func gammaInterval(shape, rate, level float64) Interval {
	tail := (1 - level) / 2
	return Interval{Lo: gammaQuantile(tail, shape, rate), Hi: gammaQuantile(1-tail, shape, rate)}
}

func rateProblem(x int, exposure, level float64) Reason {
	if !validCounts(x) || !validLevel(level) {
		return InvalidInput
	}
	return exposureProblem(exposure)
}
