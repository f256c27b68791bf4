package analysis

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/geo/hexstat"
	"quietude/server/hexmap"
)

// Origin says by which method a place was found.
type Origin string

// The origins.
const (
	FromAtelier       Origin = "atelier"       // residents agree (method 2)
	FromConcentration Origin = "concentration" // Gi* with Benjamini–Hochberg (method 3)
	FromRise          Origin = "rise"          // scan statistic (method 7)
)

// Place is a connected group of hexagons that is beyond chance.
type Place struct {
	Origin   Origin
	Peak     hexgrid.Cell
	Hexagons []hexgrid.Cell
	// N is what the test counted: distinct residents who marked the peak or the
	// ring around it (atelier), or signalements in the hexagons; Of how many
	// residents took part, or were reported in all.
	N, Of int
	// People are the distinct residents, or reporters when known, of Hexagons.
	People   int
	Expected float64
	// P is corrected for having looked everywhere.
	P float64
	// From and To are the days that the figures cover, both included.
	From, To time.Time
	// Share is the Wilson interval of N/Of.
	Share hexstat.Result[hexstat.Interval]
}

// Middle is where to write the name of the place.
func (p Place) Middle() orb.Point { return p.Peak.Centre() }

// Agreement is the shared-place test of one atelier.
type Agreement struct {
	Atelier      uuid.UUID
	Participants int // n: who took part
	Speakers     int // of them, who marked a place as unsafe
	Hexagons     int // of the quartier
	Seed         uint64
	Maps         int
	Places       []Place
	// Reason is why there is no test.
	Reason hexstat.Reason
}

// AtelierOf is what a test must know of an atelier.
type AtelierOf struct {
	ID       uuid.UUID
	Quartier string
	StartsAt time.Time
	// Participants is who took part, whether they marked anything or not.
	Participants int
}

// Agree tests one atelier: where do its residents agree beyond chance that they
// feel unsafe? Addresses are not known, so every hexagon of the quartier counts
// as a possible home alike. Ateliers are tested one by one: pseudonyms change from
// one to the next, so that somebody who came twice would agree with himself in a
// test of both together.
func (v *View) Agree(ctx context.Context, a AtelierOf, seed uint64, progress func(done, total int)) (Agreement, error) {
	out := Agreement{Atelier: a.ID, Seed: seed, Maps: hexstat.DefaultMaps}
	g, err := v.grounds.of(a.Quartier)
	if err != nil {
		return out, err
	}
	footprints := v.footprints(a.ID, g)
	out.Speakers, out.Hexagons = len(footprints), g.Hexagons()
	out.Participants = max(a.Participants, out.Speakers) // rows of participants may lag behind those of markers
	tested, err := hexstat.SharedPlaces(ctx, g.Ground, footprints, hexstat.SharedPlaceOptions{
		Maps: out.Maps, Seed: seed, Reach: hexstat.WithRing, Progress: progress})
	if err != nil {
		return out, err
	}
	test, ok := tested.Get()
	if !ok {
		out.Reason = tested.Reason
		return out, nil
	}
	day := a.StartsAt.In(v.City.Zone)
	for _, p := range test.Places(g.Ground, footprints, hexstat.Alpha) {
		out.Places = append(out.Places, Place{Origin: FromAtelier, Peak: g.cells[p.Peak], Hexagons: g.named(p.Hexagons),
			N: test.Hexagons[p.Peak].Voices, Of: out.Participants, People: p.People, Expected: test.Hexagons[p.Peak].Expected, P: p.P, From: day, To: day,
			Share: hexstat.Wilson(test.Hexagons[p.Peak].Voices, out.Participants, hexstat.Level95)})
	}
	return out, nil
}

// footprints lists, per resident of an atelier, the hexagons marked as unsafe.
func (v *View) footprints(atelier uuid.UUID, g *ground) [][]int32 {
	marked := map[uint32][]int32{}
	for _, m := range v.marks {
		if m.atelier != atelier || !m.unsafe {
			continue
		}
		for _, c := range m.cells {
			if i, ok := g.index[v.cells[c].Parent(Resolution)]; ok {
				marked[m.person] = append(marked[m.person], i)
			}
		}
	}
	out := make([][]int32, 0, len(marked))
	for _, cells := range marked {
		slices.Sort(cells)
		out = append(out, slices.Compact(cells))
	}
	// Persons are numbered as they were read; the test must not depend on it.
	slices.SortFunc(out, slices.Compare)
	return out
}

func (g *ground) named(indices []int32) []hexgrid.Cell {
	out := make([]hexgrid.Cell, len(indices))
	for i, n := range indices {
		out[i] = g.cells[n]
	}
	return out
}

// Concentration is where signalements of a whole city, or of a quartier, gather
// beyond chance, by two methods side by side.
type Concentration struct {
	N, Reporters int
	From, To     time.Time // both included
	Seed         uint64
	Maps         int
	// Gathered are places of Gi* (distinct reporters per hexagon).
	Gathered    []Place
	GatheredWhy hexstat.Reason
	// Risen are places of the scan, over the last months only (RisenFrom to
	// RisenTo, both included).
	Risen              []Place
	RisenWhy           hexstat.Reason
	RisenFrom, RisenTo time.Time
	HexagonsAsked      int
}

const (
	// scanReports and scanDisks bound the work of the scan to a few seconds of
	// one core: reports × null data sets, and hexagons looked at × null data sets.
	scanReports = 40_000_000
	scanDisks   = 1_200_000_000
	// scanRadius is the largest disk, in hexagons: about 330 m, 19 hexagons.
	scanRadius = 2
	diskCells  = 1 + 3*scanRadius*(scanRadius+1)
	// scanMonths is how far back a rise is news.
	scanMonths = 12
	// leastMaps is B of the scan at the least: the smallest p is 1/100.
	leastMaps = 99
)

// Concentrate runs Gi* and the scan over the signalements that a filter keeps.
// A signalement counts when the hours keep at least half of it.
//
// The scan asks where and when there was more than the place and the month let
// expect: its baseline is the product of the totals per hexagon and per month
// (the idea of the space–time permutation scan: Kulldorff et al., PLoS Medicine 2
// (2005) e59). A place that is always busy is Gi*'s to find, not the scan's.
func (v *View) Concentrate(ctx context.Context, f hexmap.Filter, seed uint64, progress func(done, total int)) (Concentration, error) {
	out, g, reports, err := v.gathered(f)
	out.Seed = seed
	if err != nil || len(reports) == 0 {
		return out, err
	}
	latest := monthOf(out.To) - scanMonths + 1
	recent := slices.DeleteFunc(reports, func(r report) bool { return r.month < latest })
	return out, v.rise(ctx, &out, g, recent, progress)
}

// Gather is the part of Concentrate that takes no draws: Gi* alone.
func (v *View) Gather(f hexmap.Filter) ([]Place, error) {
	out, _, _, err := v.gathered(f)
	return out.Gathered, err
}

func (v *View) gathered(f hexmap.Filter) (out Concentration, g *ground, reports []report, err error) {
	if g, err = v.grounds.of(f.Quartier); err != nil {
		return out, g, nil, err
	}
	s, ok := v.scanOf(f)
	if !ok {
		return out, g, nil, nil
	}
	reports = v.reports(s, g)
	out.N, out.HexagonsAsked = len(reports), g.Hexagons()
	if len(reports) == 0 {
		out.GatheredWhy, out.RisenWhy = hexstat.NoEvents, hexstat.NoEvents
		return out, g, nil, nil
	}
	first := slices.MinFunc(reports, func(a, b report) int { return cmp.Compare(a.day, b.day) }).day
	last := slices.MaxFunc(reports, func(a, b report) int { return cmp.Compare(a.day, b.day) }).day
	out.From, out.To = v.dayAt(first), v.dayAt(last)
	people := byPerson(reports)
	out.Reporters = len(people)
	v.gather(&out, g, reports)
	return out, g, reports, nil
}

// report is one signalement on a ground.
type report struct {
	hexagon int32
	month   int16
	day     int32
	person  uint32 // unique when anonymous
}

// reports are those that a filter keeps for at least half.
func (v *View) reports(s scan, g *ground) []report {
	// The hexagon of each cell is looked up once.
	hexagon := make([]int32, len(v.cells))
	for i, c := range v.cells {
		n, ok := g.index[c.Parent(Resolution)]
		if !ok {
			n = -1
		}
		hexagon[i] = n
	}
	var out []report
	nobody := uint32(v.people)
	v.each(s, func(i int, w float64) {
		at := hexagon[v.rows.cell[i]]
		if at < 0 || w < 0.5 {
			return
		}
		person := v.rows.person[i]
		if person == 0 { // each anonymous report is a person of its own
			nobody++
			person = nobody
		}
		out = append(out, report{at, v.rows.month[i], v.rows.day[i], person})
	})
	return out
}

func byPerson(reports []report) [][]report {
	sorted := slices.Clone(reports)
	slices.SortFunc(sorted, func(a, b report) int {
		return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.day, b.day), cmp.Compare(a.hexagon, b.hexagon))
	})
	var out [][]report
	for from := 0; from < len(sorted); {
		to := from
		for to < len(sorted) && sorted[to].person == sorted[from].person {
			to++
		}
		out, from = append(out, sorted[from:to]), to
	}
	return out
}

// gather is Gi* on distinct reporters.
func (v *View) gather(out *Concentration, g *ground, reports []report) {
	if out.Reporters < hexstat.MinParticipants {
		out.GatheredWhy = hexstat.TooFewParticipants
		return
	}
	x, count := make([]float64, g.Hexagons()), make([]int, g.Hexagons())
	type voice struct {
		hexagon int32
		person  uint32
	}
	heard := make(map[voice]bool, len(reports))
	for _, r := range reports {
		count[r.hexagon]++
		if one := (voice{r.hexagon, r.person}); !heard[one] {
			heard[one] = true
			x[r.hexagon]++
		}
	}
	scores := hexstat.GiStar(x, g.Neighbours())
	beyond := make([]bool, len(scores))
	for i, score := range scores {
		p, ok := score.UpperBH.Get()
		if !ok && out.GatheredWhy == "" {
			out.GatheredWhy = score.UpperBH.Reason
		}
		beyond[i] = ok && p <= hexstat.Alpha
	}
	total := 0.0
	for _, n := range x {
		total += n
	}
	for _, group := range g.Neighbours().Components(beyond) {
		peak := slices.MaxFunc(group, func(a, b int32) int { return cmp.Compare(*scores[a].Z.Value, *scores[b].Z.Value) })
		p := Place{Origin: FromConcentration, Peak: g.cells[peak], Hexagons: g.named(group), Of: out.N, From: out.From, To: out.To,
			P: *scores[peak].UpperBH.Value, Expected: float64(len(reports)) * float64(len(group)) / float64(g.Hexagons())}
		inside := map[int32]bool{}
		for _, i := range group {
			p.N += count[i]
			inside[i] = true
		}
		who := map[uint32]bool{}
		for one := range heard {
			if inside[one.hexagon] {
				who[one.person] = true
			}
		}
		p.People, p.Share = len(who), hexstat.Wilson(p.N, p.Of, hexstat.Level95)
		out.Gathered = append(out.Gathered, p)
	}
	slices.SortStableFunc(out.Gathered, func(a, b Place) int { return cmp.Or(cmp.Compare(a.P, b.P), cmp.Compare(b.N, a.N)) })
	if len(out.Gathered) > 0 {
		out.GatheredWhy = ""
	}
}

// rise is the scan over the last months.
func (v *View) rise(ctx context.Context, out *Concentration, g *ground, recent []report, progress func(done, total int)) error {
	people := byPerson(recent)
	earliest := slices.MinFunc(recent, func(a, b report) int { return cmp.Compare(a.day, b.day) })
	out.RisenFrom, out.RisenTo = v.dayAt(earliest.day), out.To
	firstMonth, lastMonth := earliest.month, monthOf(out.To)
	periods := int(lastMonth-firstMonth) + 1
	if periods < 2 {
		out.RisenWhy = ShortPeriod
		return nil
	}
	perHexagon, perMonth := make([]float64, g.Hexagons()), make([]float64, periods)
	reporters := make([]hexstat.Reporter, len(people))
	for i, reports := range people {
		for _, r := range reports {
			month := int32(r.month - firstMonth)
			perHexagon[r.hexagon]++
			perMonth[month]++
			reporters[i] = append(reporters[i], hexstat.ScanReport{Hexagon: r.hexagon, Period: month})
		}
	}
	data := hexstat.ScanData{Ground: g.Ground, Reporters: reporters}
	for _, n := range perMonth {
		row := make([]float64, len(perHexagon))
		for i, m := range perHexagon {
			row[i] = n * m
		}
		data.Baseline = append(data.Baseline, row)
	}
	var windows []hexstat.Period
	for length := 1; length <= min(3, periods-1); length++ {
		for from := 0; from+length <= periods; from++ {
			windows = append(windows, hexstat.Period{From: from, To: from + length})
		}
	}
	disks := len(windows) * g.Hexagons() * diskCells
	out.Maps = max(leastMaps, min(hexstat.DefaultMaps, scanReports/len(recent), scanDisks/disks))
	found, err := hexstat.Scan(ctx, data, hexstat.ScanOptions{Model: hexstat.PermutationScan, Radius: scanRadius, Windows: windows,
		Maps: out.Maps, Seed: out.Seed, Progress: progress})
	if err != nil {
		return err
	}
	result, ok := found.Get()
	if !ok {
		out.RisenWhy = found.Reason
		return nil
	}
	for _, c := range result.Clusters {
		if c.P > hexstat.Alpha {
			continue
		}
		from := time.Date(1970, time.Month(1+int(firstMonth)+c.Period.From), 1, 0, 0, 0, 0, v.City.Zone)
		out.Risen = append(out.Risen, Place{Origin: FromRise, Peak: g.cells[c.Centre], Hexagons: g.named(c.Hexagons), N: c.Cases, Of: len(recent),
			People: c.People, Expected: c.Expected, P: c.P, From: from, To: from.AddDate(0, c.Period.To-c.Period.From, -1),
			Share: hexstat.Wilson(c.Cases, len(recent), hexstat.Level95)})
	}
	return nil
}

// ShortPeriod is why a rise cannot be looked for within one month.
const ShortPeriod hexstat.Reason = "short_period"
