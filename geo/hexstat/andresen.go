package hexstat

// PatternSimilarity is Andresen's S between two point patterns.
type PatternSimilarity struct {
	// S is 1 − (hexagons that differ)/(hexagons with any point): 1 says that
	// the two patterns are the same everywhere. [NoEvents] without any point.
	S Result[float64] `json:"s"`
	// Compared is the number of hexagons with any point, Differing those of
	// them with an adjusted p ≤ [Alpha].
	Compared  int           `json:"compared"`
	Differing int           `json:"differing"`
	Hexagons  []PatternHere `json:"hexagons"`
}

// PatternHere says how one hexagon differs.
type PatternHere struct {
	P        Result[float64] `json:"p"`
	Adjusted Result[float64] `json:"adjusted"`
	// Verdict is [More] where the share of test exceeds that of base.
	Verdict Verdict `json:"verdict"`
}

// Similarity compares where the points of two sets lie (what residents say
// against what is recorded, this year against last), not how many there are:
// each hexagon's share of base against its share of test, by Fisher's exact
// test and Benjamini–Hochberg over all hexagons given.
//
// Sources: Andresen, Applied Geography 29 (2009) 333–345; the deterministic
// variant of Wheeler, Steenbeek and Andresen, Transactions in GIS (2018),
// doi:10.2139/ssrn.3111822, with Fisher in place of χ² because counts are small. A set without
// any point gives [NoEvents] everywhere.
func Similarity(base, test []int) PatternSimilarity {
	sim := PatternSimilarity{S: Unknown[float64](InvalidInput), Hexagons: make([]PatternHere, len(base))}
	totalBase, okBase := sum(base)
	totalTest, okTest := sum(test)
	why := Reason("")
	switch {
	case len(base) != len(test) || !okBase || !okTest:
		why = InvalidInput
	case totalBase == 0 || totalTest == 0:
		why = NoEvents
	}
	if why != "" {
		sim.S = Unknown[float64](why)
		for i := range sim.Hexagons {
			sim.Hexagons[i] = PatternHere{P: Unknown[float64](why), Adjusted: Unknown[float64](why)}
		}
		return sim
	}
	for i, c := range CompareHexagons(base, test, totalBase, totalTest) {
		sim.Hexagons[i] = PatternHere{P: c.P, Adjusted: c.Adjusted, Verdict: c.Verdict}
		if base[i]+test[i] > 0 {
			sim.Compared++
		}
		if c.Verdict != NoVerdict {
			sim.Differing++
		}
	}
	sim.S = Known(1 - float64(sim.Differing)/float64(sim.Compared))
	return sim
}

// sum adds counts and tells whether each and the total are plausible.
func sum(counts []int) (total int, ok bool) {
	for _, c := range counts {
		if !validCounts(c) {
			return 0, false
		}
		total += c
	}
	return total, total <= maxCount
}
