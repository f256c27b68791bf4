package hexstat

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// diskScan is the disk of the oracle: one report per person, one period.
func diskScan(t testing.TB, controls bool) ScanData {
	d := readDisk61(t)
	data := ScanData{Ground: ground(t, d.hexagons, nil), Baseline: [][]float64{d.population}}
	for h := range d.unsafe {
		for range d.unsafe[h] {
			data.Reporters = append(data.Reporters, Reporter{{Hexagon: int32(h)}})
		}
		for range d.safe[h] * int(indicator(controls)) {
			data.Reporters = append(data.Reporters, Reporter{{Hexagon: int32(h), Control: true}})
		}
	}
	return data
}

type scanOracle struct {
	C             int
	Top_poisson   []scanOracleRow
	Top_bernoulli []scanOracleRow
	Mc_p_top      float64
	Mc_crit_95    float64
}

type scanOracleRow struct {
	Centre, K, C int
	E, Llr, Bern float64
}

func scan(t testing.TB, d ScanData, o ScanOptions) Result[ScanResult] {
	t.Helper()
	r, err := Scan(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestScanWindows(t *testing.T) {
	want := oracle[scanOracle](t, "scan_disk61.json")
	poisson := value(t, "Poisson", ScanWindows(diskScan(t, false), ScanOptions{Model: PoissonScan, Radius: 3}))
	for i, w := range want.Top_poisson {
		name := fmt.Sprintf("Poisson rank %d", i+1)
		sameWindow(t, name, poisson[i], w, w.Llr)
		near(t, name+" expected", poisson[i].Expected, w.E, closedForm)
		if poisson[i].People != w.C {
			t.Errorf("%s: %d people for %d cases of one each", name, poisson[i].People, w.C)
		}
	}
	// The oracle ranks the Bernoulli ratios of the Poisson excesses only.
	bernoulli := value(t, "Bernoulli", ScanWindows(diskScan(t, true), ScanOptions{Model: BernoulliScan, Radius: 3}))
	for i, w := range want.Top_bernoulli {
		sameWindow(t, fmt.Sprintf("Bernoulli rank %d", i+1), bernoulli[i], w, w.Bern)
	}
}

func sameWindow(t *testing.T, name string, got ScanWindow, want scanOracleRow, llr float64) {
	t.Helper()
	if int(got.Centre) != want.Centre-1 || got.Radius != want.K || got.Cases != want.C {
		t.Errorf("%s: centre %d radius %d cases %d, want %+v", name, got.Centre+1, got.Radius, got.Cases, want)
	}
	near(t, name+" LLR", got.LLR, llr, closedForm)
}

func TestScanMonteCarlo(t *testing.T) {
	want := oracle[scanOracle](t, "scan_disk61.json")
	r := value(t, "scan", scan(t, diskScan(t, false), ScanOptions{Model: PoissonScan, Radius: 3, Maps: 9999, Seed: 5}))
	if r.Cases != want.C || r.Reporters != want.C {
		t.Errorf("%d cases of %d reporters, want %d", r.Cases, r.Reporters, want.C)
	}
	near(t, "p of the best", r.Clusters[0].P, want.Mc_p_top, 0.02)
	// 999 draws estimate this quantile within a few tenths.
	near(t, "critical LLR", r.Critical, want.Mc_crit_95, 0.4)
	if got := len(r.Clusters[0].Hexagons); got != 7 {
		t.Errorf("%d hexagons in a disk of one ring", got)
	}
	for i, a := range r.Clusters {
		for _, b := range r.Clusters[:i] {
			if slices.ContainsFunc(a.Hexagons, func(h int32) bool { return slices.Contains(b.Hexagons, h) }) {
				t.Errorf("clusters at %d and %d overlap", a.Centre, b.Centre)
			}
		}
	}
}

// nullReporters send one to nine reports each of places within a ring of home, all
// unsafe or all safe, in one of the periods.
func nullReporters(g *Ground, rng *rand.Rand, people, periods int) []Reporter {
	var all []Reporter
	for range people {
		home, period, control := g.homes.draw(rng), int32(rng.IntN(periods)), rng.IntN(2) == 0
		around := append([]int32{home}, g.neighbours[home]...)
		var r Reporter
		for range 1 + rng.IntN(9) {
			r = append(r, ScanReport{Hexagon: around[rng.IntN(len(around))], Period: period, Control: control})
		}
		all = append(all, r)
	}
	return all
}

func scanAlarms(t *testing.T, model ScanModel, perReport bool) float64 {
	d := readDisk61(t)
	g, rng := ground(t, d.hexagons, nil), newRand(12)
	flat := make([]float64, len(d.hexagons))
	for i := range flat {
		flat[i] = 1
	}
	data := ScanData{Ground: g, Baseline: [][]float64{flat, flat, flat}}
	const maps = 400
	found := 0
	for m := range maps {
		data.Reporters = nullReporters(g, rng, 40, 3)
		if perReport {
			data.Reporters = oneEach(data.Reporters)
		}
		r := value(t, "scan", scan(t, data, ScanOptions{
			Model: model, Radius: 2, Maps: 99, Seed: uint64(m), Windows: []Period{{0, 3}, {2, 3}},
		}))
		if len(r.Clusters) > 0 && r.Clusters[0].P <= 0.05 {
			found++
		}
	}
	return float64(found) / maps
}

// oneEach pretends that every report comes from somebody else.
func oneEach(reporters []Reporter) (out []Reporter) {
	for _, person := range reporters {
		for _, r := range person {
			out = append(out, Reporter{r})
		}
	}
	return out
}

func TestScanFalseAlarms(t *testing.T) {
	for _, model := range []ScanModel{PoissonScan, BernoulliScan} {
		got := scanAlarms(t, model, false)
		t.Logf("%s: %.1f %% false alarms redrawing reporters", model, 100*got)
		if got > 0.08 {
			t.Errorf("%s: %.1f %% false alarms", model, 100*got)
		}
	}
}

// marginsOf is the baseline that reports make themselves: place × period.
func marginsOf(reporters []Reporter, hexagons, periods int) [][]float64 {
	places, times := make([]float64, hexagons), make([]float64, periods)
	for _, person := range reporters {
		for _, r := range person {
			places[r.Hexagon]++
			times[r.Period]++
		}
	}
	baseline := make([][]float64, periods)
	for p, n := range times {
		for _, m := range places {
			baseline[p] = append(baseline[p], n*m)
		}
	}
	return baseline
}

// unevenReporters send one to three reports each, from places and in periods of very
// different weight, the two without anything in common.
func unevenReporters(g *Ground, rng *rand.Rand, people, periods int) []Reporter {
	places, times := make([]float64, g.Hexagons()), make([]float64, periods)
	for i := range places {
		places[i] = rng.ExpFloat64()
	}
	for i := range times {
		times[i] = 1 + rng.Float64()
	}
	where, _ := newAlias(places)
	when, _ := newAlias(times)
	var all []Reporter
	for range people {
		var r Reporter
		for range 1 + rng.IntN(3) {
			r = append(r, ScanReport{Hexagon: where.draw(rng), Period: when.draw(rng)})
		}
		all = append(all, r)
	}
	return all
}

// TestScanPermutation: on a baseline made of the reports themselves p-values are those
// of chance, and a place that rose is found. The Poisson null is the control: it calls
// next to nothing surprising.
func TestScanPermutation(t *testing.T) {
	g, rng := ground(t, hexDisk(5), nil), newRand(21)
	const maps, periods = 200, 8
	var windows []Period
	for length := 1; length <= 3; length++ {
		for from := 0; from+length <= periods; from++ {
			windows = append(windows, Period{from, from + length})
		}
	}
	p := func(reporters []Reporter, model ScanModel, seed uint64) float64 {
		r := value(t, "scan", scan(t, ScanData{Ground: g, Baseline: marginsOf(reporters, g.Hexagons(), periods), Reporters: reporters},
			ScanOptions{Model: model, Radius: 2, Maps: 99, Seed: seed, Windows: windows}))
		if len(r.Clusters) == 0 {
			return 1
		}
		return r.Clusters[0].P
	}
	var alarms, half, poisson, found int
	for m := range maps {
		null := unevenReporters(g, rng, 80, periods)
		one := p(null, PermutationScan, uint64(m))
		alarms += int(indicator(one <= 0.05))
		half += int(indicator(one <= 0.5))
		if m < maps/4 {
			poisson += int(indicator(p(null, PoissonScan, uint64(m)) <= 0.5))
			centre := int32(rng.IntN(g.Hexagons()))
			around := append([]int32{centre}, g.neighbours[centre]...)
			for range 14 {
				null = append(null, Reporter{{Hexagon: around[rng.IntN(len(around))], Period: 3}})
			}
			found += int(indicator(p(null, PermutationScan, uint64(m)) <= 0.05))
		}
	}
	t.Logf("null: %d of %d below 0.05, %d below 0.5 (Poisson: %d of %d); planted: %d of %d", alarms, maps, half, poisson, maps/4, found, maps/4)
	if alarms > maps*8/100 || half < maps*40/100 || half > maps*60/100 {
		t.Errorf("null: %d of %d below 0.05, %d below 0.5", alarms, maps, half)
	}
	if poisson > maps/4/10 {
		t.Errorf("the Poisson null has %d of %d below 0.5: the control shows nothing", poisson, maps/4)
	}
	if found < maps/4*85/100 {
		t.Errorf("planted: %d of %d found", found, maps/4)
	}
}

// Redrawing reports instead of reporters is the mistake this scan avoids.
func TestScanReportTrap(t *testing.T) {
	for _, model := range []ScanModel{PoissonScan, BernoulliScan} {
		got := scanAlarms(t, model, true)
		t.Logf("%s: %.1f %% false alarms redrawing reports", model, 100*got)
		if got < 0.3 {
			t.Errorf("%s: %.1f %%: the trap does not show, so its test proves nothing", model, 100*got)
		}
	}
}

// A place that rises in the last of three periods is found there and then.
func TestScanFindsWhereAndWhen(t *testing.T) {
	g, rng := ground(t, hexDisk(5), nil), newRand(2)
	flat := make([]float64, g.Hexagons())
	for i := range flat {
		flat[i] = 1
	}
	centre := int32(slices.Index(g.hexagons, Axial{2, -1}))
	data := ScanData{Ground: g, Baseline: [][]float64{flat, flat, flat}, Reporters: nullReporters(g, rng, 60, 3)}
	around := append([]int32{centre}, g.neighbours[centre]...)
	for range 15 {
		data.Reporters = append(data.Reporters, Reporter{{Hexagon: around[rng.IntN(7)], Period: 2}})
	}
	for i := range data.Reporters[:60] {
		data.Reporters[i] = data.Reporters[i][:1]
		data.Reporters[i][0].Control = false
	}
	r := value(t, "scan", scan(t, data, ScanOptions{
		Model: PoissonScan, Radius: 3, Maps: 199, Seed: 1, Windows: []Period{{0, 3}, {0, 1}, {1, 2}, {2, 3}},
	}))
	best := r.Clusters[0]
	if best.Period != (Period{2, 3}) || g.hexagons[best.Centre].Distance(g.hexagons[centre]) > 1 || best.P > 0.01 {
		t.Errorf("planted at %d in period 2, found %+v", centre, best)
	}
}

// One person with forty reports of one hall is one surprise.
func TestScanIsNotFooledByOnePerson(t *testing.T) {
	g, rng := ground(t, hexDisk(4), nil), newRand(3)
	flat := make([]float64, g.Hexagons())
	for i := range flat {
		flat[i] = 1
	}
	data := ScanData{Ground: g, Baseline: [][]float64{flat}}
	for range 30 {
		data.Reporters = append(data.Reporters, Reporter{{Hexagon: g.homes.draw(rng)}})
	}
	loud := make(Reporter, 40)
	for i := range loud {
		loud[i].Hexagon = 30
	}
	data.Reporters = append(data.Reporters, loud)
	options := ScanOptions{Model: PoissonScan, Radius: 2, Maps: 199, Seed: 4}
	together := value(t, "one person", scan(t, data, options))
	data.Reporters = oneEach(data.Reporters)
	apart := value(t, "forty people", scan(t, data, options))
	if together.Clusters[0].P < 0.2 || apart.Clusters[0].P > 0.01 {
		t.Errorf("one person p = %v, forty people p = %v", together.Clusters[0].P, apart.Clusters[0].P)
	}
}

func TestScanRefuses(t *testing.T) {
	good, options := diskScan(t, false), ScanOptions{Model: PoissonScan, Radius: 1, Maps: 9}
	with := func(change func(*ScanData, *ScanOptions)) Result[ScanResult] {
		d, o := good, options
		change(&d, &o)
		return scan(t, d, o)
	}
	refused(t, "seven people", with(func(d *ScanData, _ *ScanOptions) { d.Reporters = d.Reporters[:7] }), TooFewParticipants)
	refused(t, "no report", with(func(d *ScanData, _ *ScanOptions) { d.Reporters = nil }), NoEvents)
	refused(t, "no baseline", with(func(d *ScanData, _ *ScanOptions) { d.Baseline = nil }), NoPopulation)
	refused(t, "empty baseline", with(func(d *ScanData, _ *ScanOptions) { d.Baseline = [][]float64{make([]float64, 61)} }), NoPopulation)
	refused(t, "short baseline", with(func(d *ScanData, _ *ScanOptions) { d.Baseline = [][]float64{{1}} }), InvalidInput)
	refused(t, "outside", with(func(d *ScanData, _ *ScanOptions) { d.Reporters = append([]Reporter{{{Hexagon: 61}}}, d.Reporters...) }), InvalidInput)
	refused(t, "no such period", with(func(d *ScanData, _ *ScanOptions) { d.Reporters = append([]Reporter{{{Period: 1}}}, d.Reporters...) }), InvalidInput)
	refused(t, "window beyond the end", with(func(_ *ScanData, o *ScanOptions) { o.Windows = []Period{{0, 2}} }), InvalidInput)
	refused(t, "no model", with(func(_ *ScanData, o *ScanOptions) { o.Model = "" }), InvalidInput)
	refused(t, "no map", with(func(_ *ScanData, o *ScanOptions) { o.Maps = 0 }), InvalidInput)
	refused(t, "radius 11", with(func(_ *ScanData, o *ScanOptions) { o.Radius = 11 }), InvalidInput)
	refused(t, "no ground", with(func(d *ScanData, _ *ScanOptions) { d.Ground = nil }), InvalidInput)
}

func TestScanStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Scan(ctx, diskScan(t, false), ScanOptions{
		Model: PoissonScan, Radius: 1, Maps: 1 << 24,
		Progress: func(done, total int) {
			if done >= 32 {
				cancel()
			}
		},
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func BenchmarkScanCity(b *testing.B) {
	g, rng := ground(b, hexDisk(21), nil), newRand(1) // 1,387 hexagons
	baseline := make([][]float64, 12)
	for p := range baseline {
		baseline[p] = make([]float64, g.Hexagons())
		for i := range baseline[p] {
			baseline[p][i] = 1
		}
	}
	data := ScanData{Ground: g, Baseline: baseline, Reporters: nullReporters(g, rng, 2000, 12)}
	for i := range data.Reporters {
		for j := range data.Reporters[i] {
			data.Reporters[i][j].Control = false
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Scan(context.Background(), data, ScanOptions{
			Model: PoissonScan, Radius: 3, Maps: 99, Seed: 1, Windows: []Period{{0, 12}, {8, 12}, {11, 12}},
		}); err != nil {
			b.Fatal(err)
		}
	}
}
