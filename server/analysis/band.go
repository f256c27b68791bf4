package analysis

import (
	"math"

	"quietude/geo/hexstat"
)

// Band is a time of the week: some days, from one hour to another one, which may
// be after midnight.
type Band struct {
	FirstDay, LastDay int // 1 is Monday
	From, To          int // From ≤ hour < To; To may be beyond 24, into the next day
	// N is the aoristic number of signalements, of Of that have an hour at all.
	N, Of float64
}

// dayGroups are the days that a patrol is organised by.
var dayGroups = [][2]int{{1, 7}, {1, 5}, {6, 7}}

// Bands of a patrol last from 3 to 6 hours.
const (
	shortestBand = 3
	longestBand  = 6
	// leastBand is how many signalements a band must stand on.
	leastBand = 5
)

// BusiestBand is the band in which signalements exceed an even spread over the
// week most (the log likelihood ratio of the scan, method 7, without a test: it
// helps to organise, it proves nothing). It is false when fewer than 5
// signalements lie in it, or no band has more than its share.
func BusiestBand(strip hexstat.Strip) (best Band, ok bool) {
	total, top := strip.Total(), 0.0
	for _, days := range dayGroups {
		for from := range 24 {
			for length := shortestBand; length <= longestBand; length++ {
				b := Band{days[0], days[1], from, from + length, 0, total}
				for day := days[0] - 1; day < days[1]; day++ {
					for hour := from; hour < from+length; hour++ {
						b.N += strip[(day+hour/24)%7][hour%24]
					}
				}
				expected := total * float64((days[1]-days[0]+1)*length) / weekHours
				if b.N < leastBand || b.N <= expected {
					continue
				}
				if score := excess(b.N, expected, total); score > top+1e-9 {
					top, best, ok = score, b, true
				}
			}
		}
	}
	return best, ok
}

// excess is c ln(c/E) + (C−c) ln((C−c)/(C−E)).
func excess(c, expected, all float64) float64 {
	score := c * math.Log(c/expected)
	if rest := all - c; rest > 1e-9 {
		score += rest * math.Log(rest/(all-expected))
	}
	return score
}
