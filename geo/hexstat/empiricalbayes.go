package hexstat

// Shrunk is the rate of one place after it borrowed strength from the others.
type Shrunk struct {
	Events     int     `json:"events"`
	Population float64 `json:"population"`
	Raw        float64 `json:"raw"`    // Events/Population
	Rate       float64 `json:"rate"`   // pulled towards the mean, the more so the smaller the place
	Weight     float64 `json:"weight"` // share kept of the place's own deviation, 0–1
	// Interval holds the rate at 95 %, by the Gamma law whose mean is Rate.
	Interval Interval `json:"interval"`
}

// EmpiricalBayesRates are the rates of a set of places.
type EmpiricalBayesRates struct {
	// Mean is ΣO/ΣP, Variance the variance of the true rates between places (A).
	Mean     float64          `json:"mean"`
	Variance float64          `json:"variance"`
	Places   []Result[Shrunk] `json:"places"`
}

// EmpiricalBayes shrinks the rates events/population towards their common mean:
// m = ΣO/ΣP, A = max(0, ΣP(r−m)²/ΣP − m/P̄), w = A/(A + m/P), m + w(r−m).
// Source: Marshall, JRSS C 40 (1991) 283–294.
//
// population may be participants or inhabitants; their unit is that of the
// rates. The interval is that of the Gamma posterior whose prior has mean m and
// variance A: its mean is exactly Marshall's rate. When A = 0 the places do not
// differ beyond noise: all get the mean, and its own Jeffreys interval.
//
// A place without population is [NoPopulation] and is left out of the sums;
// without any event there is nothing to shrink: [NoEvents].
func EmpiricalBayes(events []int, population []float64) Result[EmpiricalBayesRates] {
	if why := countsProblem(events, population); why != "" {
		return Unknown[EmpiricalBayesRates](why)
	}
	all := make([]int32, len(events))
	for i := range all {
		all[i] = int32(i)
	}
	prior, why := pooled(events, population, all)
	if why != "" {
		return Unknown[EmpiricalBayesRates](why)
	}
	prior.spreadAbout(func(int32) float64 { return prior.mean }, events, population, all)
	rates := EmpiricalBayesRates{Mean: prior.mean, Variance: prior.between}
	for i := range events {
		rates.Places = append(rates.Places, prior.shrink(events[i], population[i]))
	}
	return Known(rates)
}

// LocalEmpiricalBayes shrinks each rate towards that of the hexagon and its
// ring instead of the whole map's (Marshall 1991). As in spdep's
// EBlocal, the spread of a neighbourhood is taken about the local mean of each
// of its hexagons, not about the mean of the one in the middle. A neighbourhood
// without events or without population gives its reason.
func LocalEmpiricalBayes(events []int, population []float64, nb Neighbours) []Result[Shrunk] {
	if why := countsProblem(events, population); why != "" || !nb.fits(len(events)) {
		return allUnknown[Shrunk](len(events), InvalidInput)
	}
	around := func(i int) []int32 { return append([]int32{int32(i)}, nb[i]...) }
	means := make([]float64, len(events))
	for i := range events {
		prior, _ := pooled(events, population, around(i))
		means[i] = prior.mean // 0 where nothing happened or nobody lives
	}
	out := make([]Result[Shrunk], len(events))
	for i := range events {
		prior, why := pooled(events, population, around(i))
		if why != "" {
			out[i] = Unknown[Shrunk](why)
			continue
		}
		prior.spreadAbout(func(j int32) float64 { return means[j] }, events, population, around(i))
		out[i] = prior.shrink(events[i], population[i])
	}
	return out
}

// ratePrior is what a set of places says about the rate of any one of them.
type ratePrior struct {
	mean, between              float64
	events, population, places float64
}

// pooled is the common rate of some places, without their spread.
func pooled(events []int, population []float64, among []int32) (ratePrior, Reason) {
	var p ratePrior
	for _, i := range among {
		if population[i] >= minExposure {
			p.places++
			p.events += float64(events[i])
			p.population += population[i]
		}
	}
	switch {
	case p.population == 0:
		return p, NoPopulation
	case p.events == 0:
		return p, NoEvents
	}
	p.mean = p.events / p.population
	return p, ""
}

// spreadAbout estimates the variance between the true rates: what is seen about
// the centres, less what counting alone explains.
func (p *ratePrior) spreadAbout(centre func(int32) float64, events []int, population []float64, among []int32) {
	spread := 0.0
	for _, i := range among {
		if population[i] >= minExposure {
			d := float64(events[i])/population[i] - centre(i)
			spread += population[i] * d * d / p.population
		}
	}
	p.between = max(0, spread-p.mean*p.places/p.population)
}

// negligibleSpread is the squared coefficient of variation below which places
// count as equal: a Gamma law of shape above 10⁹ has no digits left.
const negligibleSpread = 1e-9

func (p ratePrior) shrink(events int, population float64) Result[Shrunk] {
	if population < minExposure {
		return Unknown[Shrunk](NoPopulation)
	}
	s := Shrunk{Events: events, Population: population, Raw: float64(events) / population}
	s.Weight = p.between / (p.between + p.mean/population)
	s.Rate = p.mean + s.Weight*(s.Raw-p.mean)
	if p.between <= p.mean*p.mean*negligibleSpread {
		s.Interval = gammaInterval(p.events+0.5, p.population, Level95)
		return Known(s)
	}
	prior := GammaPrior{Shape: p.mean * p.mean / p.between, Rate: p.mean / p.between}
	s.Interval = gammaInterval(prior.Shape+float64(events), prior.Rate+population, Level95)
	return Known(s)
}

func countsProblem(events []int, population []float64) Reason {
	switch {
	case len(events) != len(population):
		return InvalidInput
	case len(events) == 0:
		return NoData
	}
	for i := range events {
		if !validCounts(events[i]) || exposureProblem(population[i]) == InvalidInput {
			return InvalidInput
		}
	}
	return ""
}
