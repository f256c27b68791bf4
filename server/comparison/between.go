package comparison

import (
	"math"

	"quietude/geo/hexstat"
	"quietude/server/store"
)

// Rate is what quartiers are compared by.
type Rate string

// The rates: people among the participants of ateliers, or people who reported
// among the inhabitants.
const (
	RateUnsafe    Rate = "unsafe"
	RateAvoids    Rate = "avoids"
	RateReporters Rate = "signalements"
)

// Between sets the quartiers of a territoire beside each other.
type Between struct {
	Rate Rate `json:"rate"`
	// Per is participants or inhabitants.
	Per string `json:"per"`
	// Year and Source are those of the population figures.
	Year   int    `json:"year,omitempty"`
	Source string `json:"source,omitempty"`
	// Mean is the rate of all quartiers together; without a value, its reason.
	Mean   hexstat.Result[float64] `json:"mean"`
	Places []PlaceRate             `json:"places"`
	Funnel []FunnelPoint           `json:"funnel"`
	Pairs  []Pair                  `json:"pairs"`
}

// PlaceRate is one quartier.
type PlaceRate struct {
	Quartier  string  `json:"quartier"`
	People    int     `json:"people"`
	Exposure  float64 `json:"exposure"` // participants or inhabitants
	Anonymous int     `json:"anonymous"`
	// Raw is People/Exposure with its own interval, Shrunk the empirical-Bayes rate.
	Raw      hexstat.Result[float64]          `json:"raw"`
	Interval hexstat.Result[hexstat.Interval] `json:"interval"`
	Shrunk   hexstat.Result[hexstat.Shrunk]   `json:"shrunk"`
	// Position tells whether the quartier lies below or above the 99.8 % limits
	// of the funnel.
	Position hexstat.Verdict `json:"position"`
}

// FunnelPoint are the limits at one exposure.
type FunnelPoint struct {
	Exposure float64                          `json:"exposure"`
	Limits95 hexstat.Result[hexstat.Interval] `json:"limits95"`
	Limits99 hexstat.Result[hexstat.Interval] `json:"limits998"`
}

// Pair compares two of the quartiers chosen.
type Pair struct {
	First  string                            `json:"first"`
	Second string                            `json:"second"`
	Ratio  hexstat.Result[hexstat.RateRatio] `json:"ratio"` // first over second
}

// Levels of the curves of a funnel: about two and three standard deviations.
const (
	level95  = 0.95
	level998 = 0.998
)

// Among sets all quartiers side by side; pairs are made of those chosen.
// Population figures are those of the newest year that has one; a quartier
// without one has no rate. People count over the whole period: an atelier's n is
// small, and its interval says so.
func Among(people []store.QuartierPeople, population []store.Population, rate Rate, chosen []string) Between {
	out := Between{Rate: rate, Per: "participants", Places: []PlaceRate{}, Funnel: []FunnelPoint{}, Pairs: []Pair{}}
	inhabitants := map[string]int{}
	if rate == RateReporters {
		out.Per = "inhabitants"
		for _, p := range population {
			if p.Annee > out.Year {
				clear(inhabitants)
				out.Year, out.Source = p.Annee, p.Source
			}
			inhabitants[p.Quartier] = p.Habitants
		}
	}
	var events []int
	var exposures []float64
	for _, q := range people {
		place := PlaceRate{Quartier: q.Quartier, Exposure: float64(q.Participants)}
		switch rate {
		case RateUnsafe:
			place.People = q.Unsafe
		case RateAvoids:
			place.People = q.Avoids
		case RateReporters:
			place.People, place.Anonymous = q.Reporters+q.Anonymous, q.Anonymous
			place.Exposure = float64(inhabitants[q.Quartier])
		}
		events, exposures = append(events, place.People), append(exposures, place.Exposure)
		out.Places = append(out.Places, place)
	}
	out.fill(events, exposures)
	out.compare(chosen)
	return out
}

func (b *Between) fill(events []int, exposures []float64) {
	shrunk := hexstat.EmpiricalBayes(events, exposures)
	rates, ok := shrunk.Get()
	b.Mean = hexstat.Unknown[float64](shrunk.Reason)
	if ok {
		b.Mean = hexstat.Known(rates.Mean)
	}
	largest := 0.0
	for i := range b.Places {
		p := &b.Places[i]
		p.Raw, p.Shrunk = hexstat.Unknown[float64](hexstat.NoPopulation), hexstat.Unknown[hexstat.Shrunk](shrunk.Reason)
		p.Interval = b.interval(p.People, p.Exposure)
		if p.Exposure > 0 {
			p.Raw = hexstat.Known(float64(p.People) / p.Exposure)
		}
		if !ok {
			continue
		}
		p.Shrunk = rates.Places[i]
		largest = max(largest, p.Exposure)
		if b.Per == "participants" {
			p.Position = hexstat.ShareFunnelSide(p.People, int(p.Exposure), rates.Mean, level998)
		} else {
			p.Position = hexstat.FunnelSide(p.People, rates.Mean, p.Exposure, level998)
		}
	}
	if ok && largest > 0 {
		b.Funnel = b.curves(rates.Mean, largest)
	}
}

// interval is that of a share for participants, of a rate for inhabitants.
func (b *Between) interval(people int, exposure float64) hexstat.Result[hexstat.Interval] {
	if b.Per == "participants" {
		return hexstat.Wilson(people, int(exposure), hexstat.Level95)
	}
	return hexstat.PoissonRate(people, exposure, hexstat.Level95)
}

func (b *Between) limits(mean, exposure, level float64) hexstat.Result[hexstat.Interval] {
	if b.Per == "participants" {
		return hexstat.ShareFunnelLimits(mean, int(exposure), level)
	}
	return hexstat.FunnelLimits(mean, exposure, level)
}

// funnelPoints is how many points draw a curve.
const funnelPoints = 40

// curves begin at a twentieth of the largest exposure: nearer to zero they tell nothing.
func (b *Between) curves(mean, largest float64) []FunnelPoint {
	var out []FunnelPoint
	last := 0.0
	for i := range funnelPoints {
		at := math.Ceil(1.15 * largest * (0.05 + 0.95*float64(i)/(funnelPoints-1)))
		if at == last {
			continue
		}
		last = at
		out = append(out, FunnelPoint{Exposure: at, Limits95: b.limits(mean, at, level95), Limits99: b.limits(mean, at, level998)})
	}
	return out
}

func (b *Between) compare(chosen []string) {
	of := map[string]PlaceRate{}
	for _, p := range b.Places {
		of[p.Quartier] = p
	}
	for i, first := range chosen {
		for _, second := range chosen[i+1:] {
			x, y := of[first], of[second]
			b.Pairs = append(b.Pairs, Pair{First: first, Second: second,
				Ratio: hexstat.CompareRates(x.People, x.Exposure, y.People, y.Exposure, hexstat.Level95)})
		}
	}
}
