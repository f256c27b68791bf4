package hexstat

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// hexDisk lists the hexagons at most k steps from the origin.
func hexDisk(k int32) []Axial {
	var disk []Axial
	for q := -k; q <= k; q++ {
		for r := -k; r <= k; r++ {
			if a := (Axial{q, r}); a.Distance(Axial{}) <= k {
				disk = append(disk, a)
			}
		}
	}
	return disk
}

func ground(t testing.TB, hexagons []Axial, addresses []float64) *Ground {
	t.Helper()
	g, why := NewGround(hexagons, addresses)
	if why != "" {
		t.Fatalf("no ground: %s", why)
	}
	return g
}

// Three of three who mark the same of 7 hexagons: 7 of 343 maps do that, 1/49;
// two of three: 133 of 343, 19/49.
func TestExactOnAFlower(t *testing.T) {
	want := oracle[struct {
		Null_maps int
		Three     float64 `json:"adjusted_p_if_all_three_agree"`
		Two       float64 `json:"adjusted_p_if_two_agree"`
	}](t, "participant_exact_flower7.json")
	g := ground(t, hexDisk(1), nil)
	exact := func(homes ...int32) SharedPlaceTest {
		r, err := SharedPlacesExact(context.Background(), g, homes, Alone)
		if err != nil {
			t.Fatal(err)
		}
		return value(t, "exact", r)
	}
	three, two := exact(4, 4, 4), exact(4, 0, 4)
	if three.Maps != want.Null_maps {
		t.Errorf("%d maps, want %d", three.Maps, want.Null_maps)
	}
	near(t, "three agree", three.Hexagons[4].P, want.Three, closedForm)
	near(t, "two agree", two.Hexagons[4].P, want.Two, closedForm)
	near(t, "one alone", two.Hexagons[0].P, 1, closedForm)
	near(t, "none", two.Hexagons[1].P, 1, closedForm)
	// The drawn test without its minimum of participants, against both.
	for name, c := range map[string]struct {
		homes [][]int32
		want  float64
	}{"three": {[][]int32{{4}, {4}, {4}}, want.Three}, "two": {[][]int32{{4}, {0}, {4}}, want.Two}} {
		o := SharedPlaceOptions{Maps: 9999, Seed: 11, Reach: Alone}
		drawn, err := permuteFootprints(context.Background(), g, c.homes, o, placeInside)
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+" agree, drawn", drawn.Hexagons[4].P, c.want, 0.02)
	}
}

// Four residents on 19 hexagons, homes uneven, voices counted with the ring: all
// 130,321 maps against 9,999 drawn ones.
func TestDrawnAgainstExact(t *testing.T) {
	hexagons := hexDisk(2)
	addresses := make([]float64, len(hexagons))
	for i, h := range hexagons {
		addresses[i] = float64(max(0, h.Q+1)) // some hexagons have no address at all
	}
	g := ground(t, hexagons, addresses)
	homes := []int32{16, 17, 13, 2}
	r, err := SharedPlacesExact(context.Background(), g, homes, WithRing)
	if err != nil {
		t.Fatal(err)
	}
	exact := value(t, "exact", r)
	cells := [][]int32{{16}, {17}, {13}, {2}}
	o := SharedPlaceOptions{Maps: 9999, Seed: 3, Reach: WithRing}
	drawn, err := permuteFootprints(context.Background(), g, cells, o, placeInside)
	if err != nil {
		t.Fatal(err)
	}
	smallest := 1.0
	for i, want := range exact.Hexagons {
		got := drawn.Hexagons[i]
		if got.Voices != want.Voices {
			t.Errorf("hexagon %d: %d voices, want %d", i, got.Voices, want.Voices)
		}
		near(t, "expected", got.Expected, want.Expected, closedForm)
		near(t, "spread", got.Spread, want.Spread, closedForm)
		near(t, "p", got.P, want.P, 0.02)
		smallest = min(smallest, want.P)
	}
	if smallest > 0.5 {
		t.Errorf("smallest p %v: the comparison says nothing", smallest)
	}
}

// makeAtelier is a null atelier: residents at random homes, each marking up to six
// distinct hexagons within one ring of home. The first sharers of them have
// instead the home given.
func makeAtelier(g *Ground, rng *rand.Rand, residents, sharers int, shared int32) [][]int32 {
	cells := make([][]int32, residents)
	for r := range cells {
		home := shared
		if r >= sharers {
			home = g.homes.draw(rng)
		}
		near := append([]int32{home}, g.neighbours[home]...)
		for range 6 {
			cells[r] = append(cells[r], near[rng.IntN(len(near))])
		}
		cells[r], _ = g.distinct(cells[r])
	}
	return cells
}

// alarms is the share of ateliers in which at least one hexagon has p ≤ 5 %.
// Residents live where lived says; the test believes believed.
func alarms(t *testing.T, maps int, lived, believed *Ground, sharers int, place placing) float64 {
	t.Helper()
	rng, found := newRand(20211), 0
	for m := range maps {
		cells := makeAtelier(lived, rng, 20, sharers, int32(rng.IntN(len(lived.hexagons))))
		o := SharedPlaceOptions{Maps: 199, Seed: uint64(m), Reach: WithRing}
		result, err := permuteFootprints(context.Background(), believed, cells, o, place)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range result.Hexagons {
			if a.P <= 0.05 {
				found++
				break
			}
		}
	}
	return float64(found) / float64(maps)
}

// unevenHomes gives half of the hexagons three times the addresses of the rest.
func unevenHomes(hexagons []Axial) []float64 {
	addresses := make([]float64, len(hexagons))
	for i, h := range hexagons {
		addresses[i] = 1
		if h.Q > 0 || (h.Q == 0 && h.R > 0) {
			addresses[i] = 3
		}
	}
	return addresses
}

// placeFitting is the wrong null: positions where something falls outside are
// refused.
func placeFitting(m *mover, f *footprint, sixths int, home int32, dst []int32) bool {
	for i, step := range f.turned[sixths] {
		if dst[i] = m.ground.at(m.ground.hexagons[home].Add(step)); dst[i] < 0 {
			return false
		}
	}
	return true
}

const calibrationMaps = 600

func TestFalseAlarms(t *testing.T) {
	d := readDisk61(t)
	even, uneven := ground(t, d.hexagons, nil), ground(t, d.hexagons, unevenHomes(d.hexagons))
	for name, g := range map[string]*Ground{"homes alike": even, "homes 3:1, addresses known": uneven} {
		got := alarms(t, calibrationMaps, g, g, 0, placeInside)
		t.Logf("%s: %.1f %% false alarms over %d maps", name, 100*got, calibrationMaps)
		if got > 0.08 || got < 0.025 {
			t.Errorf("%s: %.1f %% false alarms, want 5 %% or little more", name, 100*got)
		}
	}
}

func TestPower(t *testing.T) {
	d := readDisk61(t)
	g := ground(t, d.hexagons, nil)
	for _, c := range []struct {
		sharers int
		least   float64
	}{{5, 0.71}, {8, 0.93}, {12, 0.995}} {
		got := alarms(t, 400, g, g, c.sharers, placeInside)
		t.Logf("%d of 20 share a place: found in %.1f %%", c.sharers, 100*got)
		if got < c.least {
			t.Errorf("%d of 20: found in %.1f %%, want at least %.1f %%", c.sharers, 100*got, 100*c.least)
		}
	}
}

// The border trap: a null whose footprints must fit inside the quartier leaves
// the border empty, and then the border itself looks shared.
func TestBorderTrap(t *testing.T) {
	d := readDisk61(t)
	g := ground(t, d.hexagons, nil)
	got := alarms(t, 400, g, g, 0, placeFitting)
	t.Logf("footprints that must fit: %.1f %% false alarms", 100*got)
	if got < 0.15 {
		t.Errorf("%.1f %% false alarms: the trap does not show, so its test proves nothing", 100*got)
	}
}

// The uneven-homes trap: where more people live, more people mark.
func TestUnevenHomesTrap(t *testing.T) {
	d := readDisk61(t)
	lived, believed := ground(t, d.hexagons, unevenHomes(d.hexagons)), ground(t, d.hexagons, nil)
	got := alarms(t, 400, lived, believed, 0, placeInside)
	t.Logf("homes 3:1, addresses unknown: %.1f %% false alarms", 100*got)
	if got < 0.15 {
		t.Errorf("%.1f %% false alarms: the trap does not show, so its test proves nothing", 100*got)
	}
}

// Gi* with Benjamini–Hochberg on the same null ateliers: why it is not used there.
func TestGiStarIsFooledByResidents(t *testing.T) {
	d := readDisk61(t)
	g, rng, fooled := ground(t, d.hexagons, nil), newRand(42), 0
	const maps = 400
	for range maps {
		voices := Voices(makeAtelier(g, rng, 20, 0, 0), len(d.hexagons))
		for _, s := range GiStar(floats(voices), d.neighbours) {
			if p, ok := s.BH.Get(); ok && p <= 0.05 {
				fooled++
				break
			}
		}
	}
	got := float64(fooled) / maps
	t.Logf("Gi* with BH flags %.1f %% of null ateliers", 100*got)
	if math.Abs(got-0.743) > 0.08 {
		t.Errorf("%.1f %%, spdep measured 74.3 %%", 100*got)
	}
}

func TestSharedPlacesIsReproducible(t *testing.T) {
	d := readDisk61(t)
	g := ground(t, d.hexagons, nil)
	cells := makeAtelier(g, newRand(1), 20, 12, 52)
	run := func(seed uint64) SharedPlaceTest {
		r, err := SharedPlaces(context.Background(), g, cells, SharedPlaceOptions{Maps: 199, Seed: seed, Reach: WithRing})
		if err != nil {
			t.Fatal(err)
		}
		return value(t, "test", r)
	}
	a, b, c := run(7), run(7), run(8)
	differ := false
	for i := range a.Hexagons {
		if a.Hexagons[i] != b.Hexagons[i] {
			t.Fatalf("hexagon %d: %+v, then %+v with the same seed", i, a.Hexagons[i], b.Hexagons[i])
		}
		differ = differ || a.Hexagons[i] != c.Hexagons[i]
	}
	if !differ {
		t.Error("another seed gives the same numbers")
	}
	places := a.Places(g, cells, Alpha)
	if len(places) == 0 || places[0].People < 12 {
		t.Fatalf("12 of 20 share a place: %+v", places)
	}
	if g.hexagons[places[0].Peak].Distance(g.hexagons[52]) > 1 {
		t.Errorf("the peak is at %d, the shared home at 52", places[0].Peak)
	}
}

func TestSharedPlacesRefuses(t *testing.T) {
	g := ground(t, hexDisk(2), nil)
	run := func(footprints [][]int32, o SharedPlaceOptions) Result[SharedPlaceTest] {
		r, err := SharedPlaces(context.Background(), g, footprints, o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	good := SharedPlaceOptions{Maps: 19, Reach: WithRing}
	eight := [][]int32{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}}
	refused(t, "seven", run(eight[:7], good), TooFewParticipants)
	refused(t, "seven and a silent one", run(append([][]int32{{}}, eight[:7]...), good), TooFewParticipants)
	value(t, "eight", run(eight, good))
	refused(t, "outside", run(append([][]int32{{19}}, eight...), good), InvalidInput)
	refused(t, "no map", run(eight, SharedPlaceOptions{Reach: WithRing}), InvalidInput)
	refused(t, "no such reach", run(eight, SharedPlaceOptions{Maps: 19, Reach: 2}), InvalidInput)
	exact, err := SharedPlacesExact(context.Background(), g, []int32{0, 1, 2, 3, 4, 5}, Alone)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "19⁶ maps", exact, TooManyArrangements)
}

func TestSharedPlacesStops(t *testing.T) {
	g := ground(t, hexDisk(3), nil)
	cells := makeAtelier(g, newRand(1), 10, 0, 0)
	ctx, cancel := context.WithCancel(context.Background())
	var last int
	_, err := SharedPlaces(ctx, g, cells, SharedPlaceOptions{
		Maps: 1 << 24, Reach: WithRing,
		Progress: func(done, total int) {
			last = done
			if done >= 128 {
				cancel()
			}
		},
	})
	if !errors.Is(err, context.Canceled) || last != 128 {
		t.Errorf("error %v after %d maps", err, last)
	}
}

func TestProgressReachesItsTotal(t *testing.T) {
	g := ground(t, hexDisk(2), nil)
	var done, total int
	_, err := SharedPlaces(context.Background(), g, makeAtelier(g, newRand(1), 9, 0, 0), SharedPlaceOptions{
		Maps: 99, Reach: WithRing, Progress: func(d, n int) { done, total = d, n },
	})
	if err != nil || total == 0 || done != total {
		t.Errorf("%d of %d, %v", done, total, err)
	}
}

func TestNullMapsDoNotAllocate(t *testing.T) {
	g := ground(t, hexDisk(4), nil)
	shapes := make([]footprint, 0, 20)
	for _, c := range makeAtelier(g, newRand(1), 20, 5, 7) {
		shapes = append(shapes, g.footprintOf(c))
	}
	n := nullMaker{mover: newMover(g, 1), reached: g.reached(WithRing), shapes: shapes, buffer: make([]int32, 7), place: placeInside}
	x := make([]int32, g.Hexagons())
	if got := testing.AllocsPerRun(500, func() { n.draw(x) }); got != 0 {
		t.Errorf("%v allocations a map", got)
	}
}

// People who mark scattered places, or two, on a long quartier: the test stays on
// the cautious side.
func TestFalseAlarmsOfScatteredFootprints(t *testing.T) {
	var hexagons []Axial
	for q := range int32(40) {
		for r := range int32(6) {
			hexagons = append(hexagons, Axial{q, r - q/2})
		}
	}
	g, rng := ground(t, hexagons, nil), newRand(5)
	const maps = 300
	found := map[string]int{}
	for m := range maps {
		twice, scattered := makeAtelier(g, rng, 20, 0, 0), make([][]int32, 20)
		for i, more := range makeAtelier(g, rng, 20, 0, 0) {
			twice[i] = append(twice[i], more...)
			for range 6 {
				scattered[i] = append(scattered[i], g.homes.draw(rng))
			}
		}
		for name, cells := range map[string][][]int32{"two places": twice, "scattered": scattered} {
			r, err := SharedPlaces(context.Background(), g, cells, SharedPlaceOptions{Maps: 99, Seed: uint64(m), Reach: WithRing})
			if err != nil {
				t.Fatal(err)
			}
			if len(value(t, name, r).Places(g, cells, Alpha)) > 0 {
				found[name]++
			}
		}
	}
	for _, name := range []string{"two places", "scattered"} {
		got := float64(found[name]) / maps
		t.Logf("%s: %.1f %% false alarms", name, 100*got)
		if got > 0.08 {
			t.Errorf("%s: %.1f %% false alarms", name, 100*got)
		}
	}
}

func ExampleSharedPlaces() {
	// A quartier of 61 hexagons where addresses are not known. Twelve residents; the
	// first six marked the same two hexagons, each of the others somewhere else.
	var hexagons []Axial
	for q := int32(-4); q <= 4; q++ {
		for r := int32(-4); r <= 4; r++ {
			if a := (Axial{q, r}); a.Distance(Axial{}) <= 4 {
				hexagons = append(hexagons, a)
			}
		}
	}
	quartier, _ := NewGround(hexagons, nil)
	var footprints [][]int32
	for resident := range int32(12) {
		if resident < 6 {
			footprints = append(footprints, []int32{30, 31})
		} else {
			footprints = append(footprints, []int32{resident*5 - 28, resident*5 - 27})
		}
	}
	result, err := SharedPlaces(context.Background(), quartier, footprints, SharedPlaceOptions{Maps: DefaultMaps, Seed: 1, Reach: WithRing})
	if err != nil {
		panic(err)
	}
	test, _ := result.Get()
	for _, place := range test.Places(quartier, footprints, Alpha) {
		fmt.Printf("%d of %d people, p = %.3f\n", place.People, test.Participants, place.P)
	}

	few, _ := SharedPlaces(context.Background(), quartier, footprints[:7], SharedPlaceOptions{Maps: DefaultMaps, Seed: 1, Reach: WithRing})
	fmt.Println("seven people:", few.Reason)
	// One of the others marked a hexagon beside theirs: seven people.
	// Output:
	// 7 of 12 people, p = 0.002
	// seven people: too_few_participants
}

// BenchmarkSharedPlaces400 is the promise: B = 999, 400 hexagons, 20 residents, at
// most 300 ms on one core.
func BenchmarkSharedPlaces400(b *testing.B) {
	g := ground(b, hexDisk(12)[:400], nil)
	cells := makeAtelier(g, newRand(1), 20, 5, 200)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := SharedPlaces(context.Background(), g, cells, SharedPlaceOptions{Maps: DefaultMaps, Seed: 1, Reach: WithRing}); err != nil {
			b.Fatal(err)
		}
	}
}
