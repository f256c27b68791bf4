package hexstat

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"
)

// Period is a half-open range [From, To) of period indices: a fixed time window.
type Period struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// ScanReport is one signalement: where, in which period, and whether it is a
// case (felt unsafe) or, for the Bernoulli model, a control (felt safe).
type ScanReport struct {
	Hexagon int32
	Period  int32
	Control bool
}

// Reporter is one person and everything he or she reported.
type Reporter []ScanReport

// ScanData is what a scan looks at.
type ScanData struct {
	Ground *Ground
	// Baseline is the exposure of each period and hexagon, Baseline[period][hexagon]:
	// inhabitants × days, or last year's reports. Only its proportions matter.
	Baseline  [][]float64
	Reporters []Reporter
}

// ScanModel chooses what "more than expected" means.
type ScanModel string

// The models.
const (
	// PoissonScan compares cases with a baseline that is known.
	PoissonScan ScanModel = "poisson"
	// PermutationScan compares cases with a baseline that was made of them: total of
	// the place × total of the period.
	PermutationScan ScanModel = "permutation"
	// BernoulliScan compares cases with cases plus controls.
	BernoulliScan ScanModel = "bernoulli"
)

// ScanOptions sets up a scan.
type ScanOptions struct {
	Model ScanModel
	// Radius is the largest disk, in steps on the hexagon graph (0–10).
	Radius int
	// Windows are the fixed time windows; nil means one, all periods.
	Windows []Period
	Maps    int // null data sets, B
	Seed    uint64
	// Progress is told how many of the null data sets are done; may be nil.
	Progress func(done, total int)
}

// maxScanRadius is where a disk stops being a place.
const maxScanRadius = 10

// ScanWindow is one disk of hexagons during one time window.
type ScanWindow struct {
	Centre int32  `json:"centre"`
	Radius int    `json:"radius"`
	Period Period `json:"period"`
	Cases  int    `json:"cases"`
	// Expected is the number of cases if the rate were the same everywhere.
	Expected float64 `json:"expected"`
	// LLR is the log likelihood ratio of Kulldorff.
	LLR float64 `json:"llr"`
	// People is the number of distinct reporters of these cases.
	People int `json:"people"`
}

// ScanCluster is a window with its p-value, already corrected for having looked
// at every disk and window.
type ScanCluster struct {
	ScanWindow
	P        float64 `json:"p"`
	Hexagons []int32 `json:"hexagons"`
}

// ScanResult is the answer to "where and when did it rise?".
type ScanResult struct {
	Reporters int    `json:"reporters"`
	Cases     int    `json:"cases"`
	Maps      int    `json:"maps"`
	Seed      uint64 `json:"seed"`
	// Critical is the LLR that 5 % of the null data sets reach.
	Critical float64 `json:"critical"`
	// Clusters do not overlap in space and time; the largest LLR first.
	Clusters []ScanCluster `json:"clusters"`
}

// Scan looks for the disks of hexagons and time windows where cases are most in
// excess. Kulldorff, Communications in Statistics 26 (1997) 1481–1496: for
// Poisson, c ln(c/E) + (C−c) ln((C−c)/(C−E)) if c > E, else 0; for Bernoulli, the
// ratio with the share of cases inside and outside. A disk holds at most half
// of the population of its time window (for Bernoulli too). Of overlapping
// windows only the best is reported.
//
// The p-values come from null data sets that redraw reporters, not reports:
//
//   - Poisson: all that one person reported is turned, moved to a hexagon and
//     period drawn by the baseline, and kept together in space and time (periods
//     wrap around), as in [SharedPlaces];
//   - permutation: places stay, and each person gets the periods of another one who
//     sent as many reports, drawn without replacement, so that the totals of places
//     and periods stay those of the baseline (Kulldorff et al., PLoS Medicine 2
//     (2005) e59, by people). Moved freely, null data sets would have totals that
//     differ from it as those that are seen cannot, and hide what rose: of 400 null
//     maps none had p ≤ 0.05, and one p ≤ 0.5;
//   - Bernoulli: places stay, and each person gets the unsafe/safe labels of
//     another one drawn without replacement, stretched or squeezed to his or her
//     own number of reports. The number of cases may vary; each null data set is
//     judged by its own.
//
// With one report per person these are Kulldorff's own Monte Carlo. When one
// person sends forty reports of one hall they count as one surprise.
//
// Fewer than [MinParticipants] reporters is [TooFewParticipants]; no case is
// [NoEvents]; no baseline [NoPopulation]. The error is that of the context.
func Scan(ctx context.Context, d ScanData, o ScanOptions) (Result[ScanResult], error) {
	s, why := newScanner(d, o)
	switch {
	case why != "":
		return Unknown[ScanResult](why), nil
	case len(s.people) < MinParticipants:
		return Unknown[ScanResult](TooFewParticipants), nil
	case o.Maps < 1:
		return Unknown[ScanResult](InvalidInput), nil
	}
	clusters, cases := s.separate(s.windows()), s.cases
	redraw := s.redraw(o.Seed)
	tops := make([]float64, o.Maps)
	for b := range o.Maps {
		if b%16 == 0 && o.Progress != nil {
			o.Progress(b, o.Maps)
		}
		// One map of a city with many windows takes some 10 ms.
		if err := ctx.Err(); err != nil {
			return Result[ScanResult]{}, err
		}
		redraw()
		tops[b] = s.top()
	}
	if o.Progress != nil {
		o.Progress(o.Maps, o.Maps)
	}
	slices.Sort(tops)
	for i := range clusters {
		atLeast := len(tops) - sort.SearchFloat64s(tops, clusters[i].LLR-tSlack)
		clusters[i].P = float64(1+atLeast) / float64(o.Maps+1)
	}
	return Known(ScanResult{
		Reporters: len(s.people), Cases: cases, Maps: o.Maps, Seed: o.Seed,
		Critical: tops[min(len(tops)-1, int(0.95*float64(len(tops))))], Clusters: clusters,
	}), nil
}

// ScanWindows lists the windows with any excess, the largest LLR first, without
// p-values and with overlaps: the picture behind [Scan].
func ScanWindows(d ScanData, o ScanOptions) Result[[]ScanWindow] {
	s, why := newScanner(d, o)
	if why != "" {
		return Unknown[[]ScanWindow](why)
	}
	windows := s.windows()
	people := s.peopleByHexagon()
	for i := range windows {
		windows[i].People = s.peopleIn(windows[i], people)
	}
	return Known(windows)
}

// scanner holds one data set (the one seen, then the null ones) and what does
// not change between them.
type scanner struct {
	data    ScanData
	options ScanOptions
	people  []Reporter
	shells  shells
	windowP []Period
	// limit[w] is half the baseline of window w; share[w][hexagon] the expected
	// share of all cases there.
	limit []float64
	share [][]float64
	cases int // C
	all   int // cases + controls
	// counts[period][hexagon], and the sums over a time window.
	caseCounts, allCounts []([]int32)
	windowCases           []int32
	windowAll             []int32
}

func newScanner(d ScanData, o ScanOptions) (*scanner, Reason) {
	if d.Ground == nil || o.Radius < 0 || o.Radius > maxScanRadius || !slices.Contains([]ScanModel{PoissonScan, PermutationScan, BernoulliScan}, o.Model) {
		return nil, InvalidInput
	}
	s := &scanner{data: d, options: o, windowP: o.Windows}
	if s.windowP == nil {
		s.windowP = []Period{{0, len(d.Baseline)}}
	}
	if why := s.readBaseline(); why != "" {
		return nil, why
	}
	if why := s.readReports(); why != "" {
		return nil, why
	}
	n := len(d.Ground.hexagons)
	s.shells = d.Ground.neighbours.shells(o.Radius)
	s.windowCases, s.windowAll = make([]int32, n), make([]int32, n)
	return s, ""
}

func (s *scanner) readBaseline() Reason {
	n, total := len(s.data.Ground.hexagons), 0.0
	if len(s.data.Baseline) == 0 {
		return NoPopulation
	}
	for _, row := range s.data.Baseline {
		if len(row) != n {
			return InvalidInput
		}
		for _, v := range row {
			if v < 0 || !finite(v) {
				return InvalidInput
			}
			total += v
		}
	}
	if total == 0 || !finite(total) {
		return NoPopulation
	}
	for _, w := range s.windowP {
		if w.From < 0 || w.To > len(s.data.Baseline) || w.From >= w.To {
			return InvalidInput
		}
		share, sum := make([]float64, n), 0.0
		for _, row := range s.data.Baseline[w.From:w.To] {
			for i, v := range row {
				share[i] += v / total
				sum += v / total
			}
		}
		s.share, s.limit = append(s.share, share), append(s.limit, sum/2)
	}
	return ""
}

func (s *scanner) readReports() Reason {
	n, periods := len(s.data.Ground.hexagons), len(s.data.Baseline)
	s.caseCounts, s.allCounts = grid(periods, n), grid(periods, n)
	for _, person := range s.data.Reporters {
		kept := make(Reporter, 0, len(person))
		for _, r := range person {
			if r.Hexagon < 0 || int(r.Hexagon) >= n || r.Period < 0 || int(r.Period) >= periods {
				return InvalidInput
			}
			if r.Control && s.options.Model != BernoulliScan {
				continue
			}
			kept = append(kept, r)
			s.count(r)
			s.all++
			s.cases += int(1 - indicator(r.Control))
		}
		if len(kept) > 0 {
			s.people = append(s.people, kept)
		}
	}
	if s.cases == 0 {
		return NoEvents
	}
	return ""
}

func grid(rows, columns int) [][]int32 {
	out, flat := make([][]int32, rows), make([]int32, rows*columns)
	for i := range out {
		out[i] = flat[i*columns : (i+1)*columns]
	}
	return out
}

func (s *scanner) count(r ScanReport) {
	s.allCounts[r.Period][r.Hexagon]++
	if !r.Control {
		s.caseCounts[r.Period][r.Hexagon]++
	}
}

func (s *scanner) clear() {
	for p := range s.caseCounts {
		clear(s.caseCounts[p])
		clear(s.allCounts[p])
	}
}

// each visits every admissible disk and time window of the current data set.
func (s *scanner) each(visit func(centre, radius, window int, cases, all int32, expected float64)) {
	for w, period := range s.windowP {
		s.sumWindow(period)
		share := s.share[w]
		for centre, order := range s.shells.order {
			var cases, all int32
			var inside float64
			from := int32(0)
			for radius, until := range s.shells.until[centre] {
				if radius > 0 && until == from {
					break // the disk already holds all it can reach
				}
				for _, h := range order[from:until] {
					cases += s.windowCases[h]
					all += s.windowAll[h]
					inside += share[h]
				}
				if inside > s.limit[w]+1e-12 {
					break
				}
				visit(centre, radius, w, cases, all, inside*float64(s.cases))
				from = until
			}
		}
	}
}

func (s *scanner) sumWindow(p Period) {
	clear(s.windowCases)
	clear(s.windowAll)
	for t := p.From; t < p.To; t++ {
		for i := range s.windowCases {
			s.windowCases[i] += s.caseCounts[t][i]
			s.windowAll[i] += s.allCounts[t][i]
		}
	}
}

func (s *scanner) llr(cases, all int32, expected float64) float64 {
	if s.options.Model == BernoulliScan {
		return bernoulliLLR(float64(cases), float64(all), float64(s.cases), float64(s.all))
	}
	return poissonLLR(float64(cases), expected, float64(s.cases))
}

// poissonLLR is Kulldorff (1997). A place without baseline where
// something happened (E = 0 < c) says that the baseline is wrong there, not
// that the place is infinitely dangerous: 0.
func poissonLLR(c, e, total float64) float64 {
	if c <= e || e <= 0 || e >= total {
		return 0
	}
	return c*math.Log(c/e) + xLog(total-c, (total-c)/(total-e))
}

// bernoulliLLR is Kulldorff (1997): c cases of n inside, C of N in all.
func bernoulliLLR(c, n, bigC, bigN float64) float64 {
	out, outN := bigC-c, bigN-n
	if n == 0 || outN == 0 || c/n <= out/outN {
		return 0
	}
	return xLog(c, c/n) + xLog(n-c, 1-c/n) + xLog(out, out/outN) + xLog(outN-out, 1-out/outN) -
		xLog(bigC, bigC/bigN) - xLog(bigN-bigC, 1-bigC/bigN)
}

// xLog is a·ln(b), 0 when a = 0.
func xLog(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a * math.Log(b)
}

// top is the largest LLR of the current data set.
func (s *scanner) top() float64 {
	best := 0.0
	s.each(func(_, _, _ int, cases, all int32, expected float64) {
		best = max(best, s.llr(cases, all, expected))
	})
	return best
}

// windows lists those with an excess, best first; ties by time, centre, radius.
// Their people are not counted: few of them are told.
func (s *scanner) windows() []ScanWindow {
	var out []ScanWindow
	s.each(func(centre, radius, w int, cases, all int32, expected float64) {
		llr := s.llr(cases, all, expected)
		if llr <= 0 {
			return
		}
		if s.options.Model == BernoulliScan {
			expected = float64(all) * float64(s.cases) / float64(s.all)
		}
		out = append(out, ScanWindow{
			Centre: int32(centre), Radius: radius, Period: s.windowP[w],
			Cases: int(cases), Expected: expected, LLR: llr,
		})
	})
	slices.SortStableFunc(out, func(a, b ScanWindow) int { return cmp.Compare(b.LLR, a.LLR) })
	return out
}

type caseOf struct {
	person int
	period int32
}

func (s *scanner) peopleByHexagon() [][]caseOf {
	out := make([][]caseOf, len(s.data.Ground.hexagons))
	for person, reports := range s.people {
		for _, r := range reports {
			if !r.Control {
				out[r.Hexagon] = append(out[r.Hexagon], caseOf{person, r.Period})
			}
		}
	}
	return out
}

func (s *scanner) disk(w ScanWindow) []int32 {
	return s.shells.order[w.Centre][:s.shells.until[w.Centre][w.Radius]]
}

func (s *scanner) peopleIn(w ScanWindow, byHexagon [][]caseOf) int {
	seen := map[int]bool{}
	for _, h := range s.disk(w) {
		for _, c := range byHexagon[h] {
			if int(c.period) >= w.Period.From && int(c.period) < w.Period.To {
				seen[c.person] = true
			}
		}
	}
	return len(seen)
}

// maxClusters is as many places as a reader can act on.
const maxClusters = 20

// separate keeps, from the best down, the windows that overlap none kept before.
func (s *scanner) separate(windows []ScanWindow) []ScanCluster {
	var kept []ScanCluster
	people := s.peopleByHexagon()
	for _, w := range windows {
		disk := s.disk(w)
		overlaps := slices.ContainsFunc(kept, func(k ScanCluster) bool {
			return k.Period.From < w.Period.To && w.Period.From < k.Period.To &&
				slices.ContainsFunc(disk, func(h int32) bool { return slices.Contains(k.Hexagons, h) })
		})
		if overlaps {
			continue
		}
		w.People = s.peopleIn(w, people)
		kept = append(kept, ScanCluster{ScanWindow: w, Hexagons: slices.Sorted(slices.Values(disk))})
		if len(kept) == maxClusters {
			break
		}
	}
	return kept
}

// redraw returns a function that replaces the current data set by a null one.
func (s *scanner) redraw(seed uint64) func() {
	switch s.options.Model {
	case BernoulliScan:
		return s.dealLabels(seed)
	case PermutationScan:
		return s.dealPeriods(seed)
	}
	return s.moveReporters(seed)
}

// moveReporters needs homes drawn by hexagon and period together: the ground's
// own homes are replaced by those of the baseline of the drawn period.
func (s *scanner) moveReporters(seed uint64) func() {
	g, periods := s.data.Ground, len(s.data.Baseline)
	grounds, totals := make([]*Ground, periods), make([]float64, periods)
	for p, row := range s.data.Baseline {
		homes, why := newAlias(row)
		if why != "" {
			continue // an empty period is never drawn
		}
		moved := *g
		moved.homes = homes
		grounds[p] = &moved
		for _, v := range row {
			totals[p] += v
		}
	}
	drawPeriod, _ := newAlias(totals)
	shapes, largest := make([]movedReporter, len(s.people)), 0
	for i, person := range s.people {
		shapes[i] = g.movedReporter(person)
		largest = max(largest, shapes[i].footprint.size())
	}
	m, buffer := newMover(g, seed), make([]int32, largest)
	return func() {
		s.clear()
		for i := range shapes {
			shape := &shapes[i]
			period := drawPeriod.draw(m.rng)
			m.ground = grounds[period]
			placed := buffer[:shape.footprint.size()]
			m.drop(&shape.footprint, placed, placeInside)
			for _, r := range shape.reports {
				s.count(ScanReport{Hexagon: placed[r.Hexagon], Period: (r.Period + period) % int32(periods)})
			}
		}
	}
}

// movedReporter is a reporter relative to a place and a period: in reports,
// Hexagon indexes the footprint and Period counts from the first one.
type movedReporter struct {
	footprint footprint
	reports   []ScanReport
}

func (g *Ground) movedReporter(person Reporter) movedReporter {
	position := map[int32]int32{}
	var cells []int32
	first := person[0].Period
	for _, r := range person {
		if _, known := position[r.Hexagon]; !known {
			position[r.Hexagon] = int32(len(cells))
			cells = append(cells, r.Hexagon)
		}
		first = min(first, r.Period)
	}
	m := movedReporter{footprint: g.footprintOf(cells)}
	for _, r := range person {
		m.reports = append(m.reports, ScanReport{Hexagon: position[r.Hexagon], Period: r.Period - first})
	}
	return m
}

// dealPeriods gives each reporter the periods of another one with as many reports.
func (s *scanner) dealPeriods(seed uint64) func() {
	rng := newRand(seed)
	bySize := map[int][]int{}
	var sizes []int
	for i, person := range s.people {
		if bySize[len(person)] == nil {
			sizes = append(sizes, len(person))
		}
		bySize[len(person)] = append(bySize[len(person)], i)
	}
	donors := map[int][]int{}
	for size, people := range bySize {
		donors[size] = slices.Clone(people)
	}
	return func() {
		s.clear()
		for _, size := range sizes {
			from := donors[size]
			rng.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
			for i, person := range bySize[size] {
				for j, r := range s.people[person] {
					r.Period = s.people[from[i]][j].Period
					s.count(r)
				}
			}
		}
	}
}

// dealLabels gives each reporter the labels of another. Dealing the labels out
// in one long row instead would cut people's runs of equal labels to pieces, and
// made 25 % false alarms.
func (s *scanner) dealLabels(seed uint64) func() {
	rng := newRand(seed)
	donors := rng.Perm(len(s.people))
	return func() {
		s.clear()
		s.cases = 0
		rng.Shuffle(len(donors), func(i, j int) { donors[i], donors[j] = donors[j], donors[i] })
		for person, reports := range s.people {
			donor := s.people[donors[person]]
			for i, r := range reports {
				r.Control = donor[i*len(donor)/len(reports)].Control
				s.count(r)
				s.cases += int(1 - indicator(r.Control))
			}
		}
	}
}
