package hexstat

// Verdict is the direction of a change that is visible beyond chance.
type Verdict int

// The verdicts: the second atelier (or period) against the first.
const (
	Fewer     Verdict = -1
	NoVerdict Verdict = 0
	More      Verdict = 1
)

// Alpha is the level at which a map may speak of a difference.
const Alpha = 0.05

// HexagonChange compares one hexagon between two ateliers or periods.
type HexagonChange struct {
	First    int             `json:"first"`  // voices of the first
	Second   int             `json:"second"` // voices of the second
	P        Result[float64] `json:"p"`      // Fisher, two-sided
	Adjusted Result[float64] `json:"adjusted"`
	Verdict  Verdict         `json:"verdict"` // [NoVerdict] also when P is unknown
}

// CompareHexagons tells where the share of people who marked a hexagon changed:
// first[i] of n1 participants, then second[i] of n2. Fisher's exact test per
// hexagon, Benjamini–Hochberg over all hexagons given, at [Alpha].
//
// A hexagon that nobody marked counts in the correction with p = 1, so that the
// answer does not depend on which silent hexagons were drawn. n1 or n2 zero is
// [NoData]; more voices than participants is [InvalidInput].
func CompareHexagons(first, second []int, n1, n2 int) []HexagonChange {
	changes := make([]HexagonChange, len(first))
	why := Reason("")
	switch {
	case len(first) != len(second) || !validCounts(n1, n2):
		why = InvalidInput
	case n1 == 0 || n2 == 0:
		why = NoData
	}
	p := make([]Result[float64], len(first))
	for i := range changes {
		if len(second) > i {
			changes[i].First, changes[i].Second = first[i], second[i]
		}
		switch {
		case why != "":
			p[i] = Unknown[float64](why)
		case first[i] < 0 || second[i] < 0 || first[i] > n1 || second[i] > n2:
			p[i] = Unknown[float64](InvalidInput)
		default:
			p[i] = Known(table2x2{first[i], n1 - first[i], second[i], n2 - second[i]}.fisherTwoSided())
		}
	}
	for i, adjusted := range AdjustKnown(p, BenjaminiHochberg) {
		c := &changes[i]
		c.P, c.Adjusted = p[i], adjusted
		if v, ok := adjusted.Get(); ok && v <= Alpha {
			c.Verdict = direction(float64(c.First)/float64(n1), float64(c.Second)/float64(n2))
		}
	}
	return changes
}

func direction(before, after float64) Verdict {
	switch {
	case after > before:
		return More
	case after < before:
		return Fewer
	}
	return NoVerdict
}

// VisibleChange says what two ateliers could have shown: the sentence that goes
// beside every comparison.
type VisibleChange struct {
	// Fall is the largest second count that would be a visible fall,
	// [NeverVisible] when even zero would not be.
	Fall  Result[int]     `json:"fall"`
	FallP Result[float64] `json:"fall_p"`
	// Rise is the smallest second count that would be a visible rise.
	Rise  Result[int]     `json:"rise"`
	RiseP Result[float64] `json:"rise_p"`
}

// SmallestVisibleChange starts from first of n1 participants and asks which
// counts of n2 Fisher's exact test would tell apart at alpha, two-sided, for
// one hexagon looked at alone. With 20 and 20: from 10, a fall is visible at 3
// or fewer; from 5, only at 0; with 15 and 15 from 4, never.
func SmallestVisibleChange(first, n1, n2 int, alpha float64) Result[VisibleChange] {
	switch {
	case !validCounts(first, n1, n2) || first > n1 || !validLevel(alpha):
		return Unknown[VisibleChange](InvalidInput)
	case n1 == 0 || n2 == 0:
		return Unknown[VisibleChange](NoData)
	}
	p := func(second int) float64 {
		return table2x2{first, n1 - first, second, n2 - second}.fisherTwoSided()
	}
	v := VisibleChange{
		Fall: Unknown[int](NeverVisible), FallP: Unknown[float64](NeverVisible),
		Rise: Unknown[int](NeverVisible), RiseP: Unknown[float64](NeverVisible),
	}
	equal := float64(first) * float64(n2) / float64(n1)
	for second := int(equal); second >= 0; second-- {
		if q := p(second); q <= alpha {
			v.Fall, v.FallP = Known(second), Known(q)
			break
		}
	}
	for second := int(equal) + 1; second <= n2; second++ {
		if q := p(second); q <= alpha {
			v.Rise, v.RiseP = Known(second), Known(q)
			break
		}
	}
	return Known(v)
}
