package hexstat

import "math"

// ZoneCounts are numbers of distinct people (not of reports), one per person,
// area and period: in the zone of an action and in the rest of the quartier,
// before and after. [CountReporters] makes them.
type ZoneCounts struct {
	ZoneBefore int `json:"zone_before"`
	ZoneAfter  int `json:"zone_after"`
	RestBefore int `json:"rest_before"`
	RestAfter  int `json:"rest_after"`
}

// ZoneReport is one report or marker, reduced to what a before/after needs.
type ZoneReport struct {
	Reporter int // pseudonym, as an index
	InZone   bool
	After    bool
}

// CountReporters counts each person once per area and period.
func CountReporters(reports []ZoneReport) ZoneCounts {
	var c ZoneCounts
	seen := make(map[ZoneReport]bool, len(reports))
	for _, r := range reports {
		if seen[r] {
			continue
		}
		seen[r] = true
		switch {
		case r.InZone && r.After:
			c.ZoneAfter++
		case r.InZone:
			c.ZoneBefore++
		case r.After:
			c.RestAfter++
		default:
			c.RestBefore++
		}
	}
	return c
}

// Conclusion is what may be said of a change.
type Conclusion string

// The conclusions. [Inconclusive] is « pas de conclusion ».
const (
	Fell         Conclusion = "fell"
	Rose         Conclusion = "rose"
	Inconclusive Conclusion = "inconclusive"
)

// BeforeAfter is the change of a zone, relative to the rest of the quartier.
type BeforeAfter struct {
	Counts ZoneCounts `json:"counts"`
	// Ratio is (zone after/zone before)/(rest after/rest before): 0.5 when the
	// zone fell to half of what the rest lets expect. [NoReferenceEvents] when a
	// count one divides by is zero.
	Ratio Result[float64] `json:"ratio"`
	// Interval is the conditional mid-p interval at the level asked.
	Interval RatioInterval `json:"interval"`
	// MidP is two-sided, by doubling, for a ratio of 1.
	MidP float64 `json:"mid_p"`
	// Conclusion is [Inconclusive] exactly when Interval contains 1.
	Conclusion Conclusion `json:"conclusion"`
}

// CompareZone tells whether a zone changed more than the rest of its quartier.
//
// Unequal lengths of the two periods, unequal numbers of participants and any
// trend shared by the whole quartier cancel out. Given the margins of the table
// {zone after, zone before; rest after, rest before}, the first count follows
// Fisher's noncentral hypergeometric law whose odds ratio is the ratio of
// ratios; the interval inverts its mid-p test. Sources: Cornfield, Proc. Third
// Berkeley Symposium 4 (1956) 135–148 (conditional limits); Lancaster, JASA 56
// (1961) 223–234 and Agresti and Gottard, Computational Statistics & Data
// Analysis 51 (2007) 6447–6458 (mid-p).
//
// It assumes that people speak independently of each other, and says nothing of
// the cause: fewer reports in a zone may also be reports that moved next door.
// No count at all is [NoEvents]; an empty zone, rest or period is a result with
// the interval (0, unbounded), hence without conclusion.
func CompareZone(c ZoneCounts, level float64) Result[BeforeAfter] {
	switch {
	case !validCounts(c.ZoneBefore, c.ZoneAfter, c.RestBefore, c.RestAfter) || !validLevel(level):
		return Unknown[BeforeAfter](InvalidInput)
	case c == ZoneCounts{}:
		return Unknown[BeforeAfter](NoEvents)
	}
	law := table2x2{c.ZoneAfter, c.ZoneBefore, c.RestAfter, c.RestBefore}.noncentral()
	r := BeforeAfter{
		Counts:     c,
		Ratio:      Unknown[float64](NoReferenceEvents),
		Interval:   law.midPInterval(c.ZoneAfter, level),
		Conclusion: Inconclusive,
	}
	if c.ZoneBefore > 0 && c.RestAfter > 0 && c.RestBefore > 0 {
		r.Ratio = Known(float64(c.ZoneAfter) / float64(c.ZoneBefore) /
			(float64(c.RestAfter) / float64(c.RestBefore)))
	}
	lower, upper := law.midTails(c.ZoneAfter, 0)
	r.MidP = math.Min(1, 2*math.Min(lower, upper))
	hi, isBounded := r.Interval.Hi.Get()
	switch {
	case isBounded && hi < 1:
		r.Conclusion = Fell
	case r.Interval.Lo > 1:
		r.Conclusion = Rose
	}
	return Known(r)
}

// noncentral is Fisher's noncentral hypergeometric law before its odds ratio is
// known: P(k) ∝ exp(logWeight[k−lo] + k log ψ).
type noncentral struct {
	lo        int
	logWeight []float64
}

func (t table2x2) noncentral() noncentral {
	row1, row2, col1 := t.a+t.b, t.c+t.d, t.a+t.c
	lo, hi := t.support()
	law := noncentral{lo: lo, logWeight: make([]float64, hi-lo+1)}
	for k := lo; k <= hi; k++ {
		law.logWeight[k-lo] = logChoose(row1, k) + logChoose(row2, col1-k)
	}
	return law
}

// negligibleLog is where a mass no longer counts beside the largest: e⁻⁴⁵ ≈ 10⁻²⁰.
const negligibleLog = 45

// midTails are P(X < k) + ½P(X = k) and P(X > k) + ½P(X = k). The law is
// log-concave: the sums start at its mode and stop where nothing is left, so
// that the cost grows with the root of the counts.
func (law noncentral) midTails(k int, logOdds float64) (lower, upper float64) {
	at := func(j int) float64 { return law.logWeight[j] + float64(j)*logOdds }
	last := len(law.logWeight) - 1
	mode := firstTrue(0, last, func(j int) bool { return at(j+1) <= at(j) })
	top, own := at(mode), 0.0
	add := func(j int) bool {
		d := at(j) - top
		if d < -negligibleLog {
			return false
		}
		switch mass := math.Exp(d); {
		case law.lo+j < k:
			lower += mass
		case law.lo+j > k:
			upper += mass
		default:
			own = mass
		}
		return true
	}
	for j := mode; j >= 0 && add(j); j-- {
	}
	for j := mode + 1; j <= last && add(j); j++ {
	}
	total := lower + own + upper
	return (lower + own/2) / total, (upper + own/2) / total
}

// farLogOdds bounds the search: e¹⁰⁰ is beyond any ratio of counts.
const farLogOdds = 100

func (law noncentral) midPInterval(k int, level float64) RatioInterval {
	tail := (1 - level) / 2
	i := RatioInterval{Lo: 0, Hi: Unknown[float64](Unbounded)}
	if k > law.lo {
		i.Lo = math.Exp(bisect(-farLogOdds, farLogOdds, func(logOdds float64) bool {
			_, upper := law.midTails(k, logOdds)
			return upper >= tail
		}))
	}
	if k < law.lo+len(law.logWeight)-1 {
		i.Hi = Known(math.Exp(bisect(-farLogOdds, farLogOdds, func(logOdds float64) bool {
			lower, _ := law.midTails(k, logOdds)
			return lower <= tail
		})))
	}
	return i
}

// logChoose is log C(n, k), from the binomial mass at its own mean, which
// neither underflows nor loses digits.
func logChoose(n, k int) float64 {
	if k <= 0 || k >= n {
		return 0
	}
	p := float64(k) / float64(n)
	return math.Log(binomialMass(k, n, p)) - float64(k)*math.Log(p) - float64(n-k)*math.Log1p(-p)
}
