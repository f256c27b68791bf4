package hexstat

import (
	"context"
	"math"
	"slices"
	"sort"
)

// DefaultMaps is the number of null maps of a test on a screen; the smallest p
// it can give is 1/1000.
const DefaultMaps = 999

// minSpread keeps a hexagon that hardly ever gets a voice under the null from
// becoming infinitely surprising: half a voice.
const minSpread = 0.5

// Reach says whose voices count at a hexagon.
type Reach int

// The reaches: the hexagon alone, or with its ring. Neighbours mean the same
// place when they mark adjacent hexagons, so WithRing is what the map uses.
const (
	Alone    Reach = 0
	WithRing Reach = 1
)

// SharedPlaceOptions sets up the test.
type SharedPlaceOptions struct {
	Maps  int // null maps, B
	Seed  uint64
	Reach Reach
	// Progress is told how many of the steps are done, now and then; may be nil.
	Progress func(done, total int)
}

// Agreement is what the test says of one hexagon.
type Agreement struct {
	Voices   int     `json:"voices"`   // on the hexagon and within reach
	Expected float64 `json:"expected"` // mean over null maps
	Spread   float64 `json:"spread"`   // standard deviation over null maps
	T        float64 `json:"t"`        // (Voices − Expected)/max(Spread, ½)
	P        float64 `json:"p"`        // already corrected for having looked everywhere
}

// SharedPlaceTest is the answer to "where do people agree beyond chance?".
type SharedPlaceTest struct {
	Participants int         `json:"participants"` // people who marked at least one hexagon
	Maps         int         `json:"maps"`
	Exact        bool        `json:"exact"`
	Seed         uint64      `json:"seed"`
	Hexagons     []Agreement `json:"hexagons"`
}

// SharedPlaces tests where residents agree beyond chance. footprints holds, per
// participant, the indices of the hexagons he or she marked (of one kind);
// repetitions are dropped.
//
// x_i is the number of voices on hexagon i and its ring. In each of B null maps
// every resident keeps the shape of what he or she marked, but lives elsewhere:
// the footprint is turned by a multiple of 60° and moved to a random home.
// T_i = (x_i − μ_i)/max(σ_i, ½) with μ, σ those of the null, and
// p_i = (1 + #{max T of a null map ≥ T_i})/(B + 1). μ and σ come from all
// orientations and homes of each resident in turn rather than from the B maps:
// sampling error in them would break ties between hexagons that are equal on
// paper, and with few voices ties are the rule (0.28 instead of 19/49 for two of
// three on seven hexagons). Comparing with the maximum
// corrects for looking at every hexagon: Westfall and Young, Resampling-Based
// Multiple Testing (1993; single-step max T); Nichols and Holmes,
// Human Brain Mapping 15 (2002) 1–25. The resident, not the marker, is what is
// exchanged.
//
// It is cautious when people mark places all over the quartier: a scattered
// footprint, moved, is cut by the border and comes back gathered, so that the null
// maps are lumpier than life (about 0 to 2 % false alarms instead of 5 %).
//
// Fewer than [MinParticipants] people with a footprint is [TooFewParticipants],
// an index outside the quartier [InvalidInput]. The error is that of the
// context. Memory is proportional to the hexagons; time to voices × (maps + 6 ×
// hexagons).
func SharedPlaces(ctx context.Context, g *Ground, footprints [][]int32, o SharedPlaceOptions) (Result[SharedPlaceTest], error) {
	cells, why := g.residents(footprints)
	switch {
	case why != "":
		return Unknown[SharedPlaceTest](why), nil
	case len(cells) < MinParticipants:
		return Unknown[SharedPlaceTest](TooFewParticipants), nil
	case o.Maps < 1 || (o.Reach != Alone && o.Reach != WithRing):
		return Unknown[SharedPlaceTest](InvalidInput), nil
	}
	t, err := permuteFootprints(ctx, g, cells, o, placeInside)
	if err != nil {
		return Result[SharedPlaceTest]{}, err
	}
	return Known(t), nil
}

// residents drops the empty footprints and the repetitions.
func (g *Ground) residents(footprints [][]int32) ([][]int32, Reason) {
	var out [][]int32
	for _, f := range footprints {
		kept, ok := g.distinct(f)
		if !ok {
			return nil, InvalidInput
		}
		if len(kept) > 0 {
			out = append(out, kept)
		}
	}
	return out, ""
}

// permuteFootprints is the test for distinct, non-empty footprints.
func permuteFootprints(ctx context.Context, g *Ground, cells [][]int32, o SharedPlaceOptions, place placing) (SharedPlaceTest, error) {
	shapes, largest := make([]footprint, len(cells)), 0
	for i, c := range cells {
		shapes[i] = g.footprintOf(c)
		largest = max(largest, len(c))
	}
	n := nullMaker{mover: newMover(g, o.Seed), reached: g.reached(o.Reach), shapes: shapes, buffer: make([]int32, largest), place: place}
	null, err := n.moments(ctx)
	if err != nil {
		return SharedPlaceTest{}, err
	}
	x, tops := make([]int32, len(g.hexagons)), make([]float64, o.Maps)
	for b := range tops {
		if b%64 == 0 {
			if o.Progress != nil {
				o.Progress(b, o.Maps)
			}
			if err := ctx.Err(); err != nil {
				return SharedPlaceTest{}, err
			}
		}
		n.draw(x)
		tops[b] = null.top(x)
	}
	slices.Sort(tops)
	clear(x)
	for _, c := range cells {
		n.add(x, c)
	}
	t := SharedPlaceTest{Participants: len(cells), Maps: o.Maps, Seed: o.Seed, Hexagons: null.agreements(x)}
	for i := range t.Hexagons {
		a := &t.Hexagons[i]
		atLeast := o.Maps - sort.SearchFloat64s(tops, a.T-tSlack)
		a.P = float64(1+atLeast) / float64(o.Maps+1)
	}
	if o.Progress != nil {
		o.Progress(o.Maps, o.Maps)
	}
	return t, nil
}

// nullMaker makes null maps without allocating.
type nullMaker struct {
	mover   *mover
	reached [][]int32
	shapes  []footprint
	buffer  []int32
	place   placing
}

// add counts the voices of one resident at every hexagon they reach.
func (n *nullMaker) add(x []int32, cells []int32) {
	for _, h := range cells {
		for _, j := range n.reached[h] {
			x[j]++
		}
	}
}

// draw replaces x by a null map.
func (n *nullMaker) draw(x []int32) {
	clear(x)
	for i := range n.shapes {
		placed := n.buffer[:n.shapes[i].size()]
		n.mover.drop(&n.shapes[i], placed, n.place)
		n.add(x, placed)
	}
}

// moments walks over every orientation and home of every resident. Residents
// are independent under the null, so means and variances add up; only what is
// drawn to replace hexagons outside is still random.
func (n *nullMaker) moments(ctx context.Context) (nullMoments, error) {
	g := n.mover.ground
	null, one := newNullMoments(len(g.hexagons)), make([]int32, len(g.hexagons))
	mean, square := make([]float64, len(one)), make([]float64, len(one))
	for i := range n.shapes {
		clear(mean)
		clear(square)
		placed, total := n.buffer[:n.shapes[i].size()], 0.0
		for sixths := range 6 {
			if err := ctx.Err(); err != nil {
				return nullMoments{}, err
			}
			for home, weight := range g.weights {
				if weight == 0 || !n.place(n.mover, &n.shapes[i], sixths, int32(home), placed) {
					continue
				}
				total += weight
				n.add(one, placed)
				for _, h := range placed {
					for _, j := range n.reached[h] {
						voices := float64(one[j]) // 0 when this hexagon was done already
						mean[j] += weight * voices
						square[j] += weight * voices * voices
						one[j] = 0
					}
				}
			}
		}
		for j := range mean {
			m := mean[j] / total
			null.mean[j] += m
			null.spread[j] += math.Max(0, square[j]/total-m*m) // a variance, until all are added
		}
	}
	null.finish()
	return null, nil
}

// tSlack makes two maps that are equal on paper equal in floating point.
const tSlack = 1e-9

// reached lists, per hexagon, where a voice on it counts: there and, with the
// ring, beside it. (Being within reach is symmetric.)
func (g *Ground) reached(reach Reach) [][]int32 {
	out := make([][]int32, len(g.hexagons))
	for i := range out {
		out[i] = []int32{int32(i)}
		if reach == WithRing {
			out[i] = append(out[i], g.neighbours[i]...)
		}
	}
	return out
}

// nullMoments are μ, σ and 1/max(σ, ½) per hexagon.
type nullMoments struct{ mean, spread, scale []float64 }

func newNullMoments(hexagons int) nullMoments {
	return nullMoments{make([]float64, hexagons), make([]float64, hexagons), make([]float64, hexagons)}
}

// finish turns the variances gathered in spread into standard deviations.
func (null nullMoments) finish() {
	for i, variance := range null.spread {
		null.spread[i] = math.Sqrt(variance)
		null.scale[i] = 1 / math.Max(null.spread[i], minSpread)
	}
}

func (null nullMoments) top(x []int32) float64 {
	best := math.Inf(-1)
	for i, v := range x {
		if t := (float64(v) - null.mean[i]) * null.scale[i]; t > best {
			best = t
		}
	}
	return best
}

func (null nullMoments) agreements(x []int32) []Agreement {
	out := make([]Agreement, len(x))
	for i, v := range x {
		out[i] = Agreement{
			Voices: int(v), Expected: null.mean[i], Spread: null.spread[i],
			T: (float64(v) - null.mean[i]) * null.scale[i],
		}
	}
	return out
}

// maxExactMaps bounds the exhaustive variant.
const maxExactMaps = 2_000_000

// SharedPlacesExact is the same test over every possible null map instead of B
// drawn ones, for residents who each marked exactly one hexagon (a larger
// footprint may be cut by the border, where chance decides again). It has no
// minimum of participants, because its p needs no approximation: three of three
// who agree among 7 hexagons give 1/49. It serves to check [SharedPlaces] and
// to explain it; a published claim still needs [MinParticipants].
//
// A larger footprint is [InvalidInput]; more than two million maps are
// [TooManyArrangements]; nobody is [NoData].
func SharedPlacesExact(ctx context.Context, g *Ground, homes []int32, reach Reach) (Result[SharedPlaceTest], error) {
	maps := math.Pow(float64(len(g.hexagons)), float64(len(homes)))
	switch {
	case len(homes) == 0:
		return Unknown[SharedPlaceTest](NoData), nil
	case maps > maxExactMaps:
		return Unknown[SharedPlaceTest](TooManyArrangements), nil
	case reach != Alone && reach != WithRing:
		return Unknown[SharedPlaceTest](InvalidInput), nil
	}
	if _, ok := g.distinct(homes); !ok {
		return Unknown[SharedPlaceTest](InvalidInput), nil
	}
	e := exhaustive{reached: g.reached(reach), chance: g.homeChances(), x: make([]int32, len(g.hexagons))}
	null := e.moments(len(homes))
	for _, h := range homes {
		e.mark(h, 1)
	}
	t := SharedPlaceTest{Participants: len(homes), Maps: int(maps), Exact: true, Hexagons: null.agreements(e.x)}
	clear(e.x)
	err := e.walk(ctx, len(homes), 1, func(chance float64) {
		top := null.top(e.x)
		for i := range t.Hexagons {
			if top >= t.Hexagons[i].T-tSlack {
				t.Hexagons[i].P += chance
			}
		}
	})
	if err != nil {
		return Result[SharedPlaceTest]{}, err
	}
	for i := range t.Hexagons {
		t.Hexagons[i].P = math.Min(1, t.Hexagons[i].P)
	}
	return Known(t), nil
}

func (g *Ground) homeChances() []float64 {
	total := 0.0
	for _, w := range g.weights {
		total += w
	}
	chances := make([]float64, len(g.weights))
	for i, w := range g.weights {
		chances[i] = w / total
	}
	return chances
}

// exhaustive walks over all homes of all residents.
type exhaustive struct {
	reached [][]int32
	chance  []float64
	x       []int32
}

func (e *exhaustive) mark(home int32, by int32) {
	for _, j := range e.reached[home] {
		e.x[j] += by
	}
}

// moments are exact: x_i is a sum of independent residents, each within reach
// of i with the probability of the homes around it.
func (e *exhaustive) moments(residents int) nullMoments {
	null := newNullMoments(len(e.x))
	for i := range e.x {
		p := 0.0
		for _, j := range e.reached[i] {
			p += e.chance[j]
		}
		null.mean[i] = float64(residents) * p
		null.spread[i] = float64(residents) * p * math.Max(0, 1-p)
	}
	null.finish()
	return null
}

func (e *exhaustive) walk(ctx context.Context, residents int, chance float64, visit func(float64)) error {
	if residents == 0 {
		visit(chance)
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for home, p := range e.chance {
		if p == 0 {
			continue
		}
		e.mark(int32(home), 1)
		err := e.walk(ctx, residents-1, chance*p, visit)
		e.mark(int32(home), -1)
		if err != nil {
			return err
		}
	}
	return nil
}

// SharedPlace is a connected group of hexagons where residents agree beyond
// chance.
type SharedPlace struct {
	Hexagons []int32 `json:"hexagons"`
	Peak     int32   `json:"peak"`   // hexagon of the largest T
	P        float64 `json:"p"`      // of the peak
	People   int     `json:"people"` // distinct residents who marked one of Hexagons
}

// Places groups the hexagons with p ≤ alpha into connected places, the most
// surprising first, with the number of distinct residents behind each.
func (t SharedPlaceTest) Places(g *Ground, footprints [][]int32, alpha float64) []SharedPlace {
	marked := make([]bool, len(t.Hexagons))
	for i, a := range t.Hexagons {
		marked[i] = a.P <= alpha
	}
	var places []SharedPlace
	for _, hexagons := range g.neighbours.Components(marked) {
		place := SharedPlace{Hexagons: hexagons, Peak: hexagons[0]}
		for _, h := range hexagons {
			if t.Hexagons[h].T > t.Hexagons[place.Peak].T {
				place.Peak = h
			}
		}
		place.P = t.Hexagons[place.Peak].P
		place.People = peopleIn(hexagons, footprints)
		places = append(places, place)
	}
	sort.SliceStable(places, func(a, b int) bool {
		return t.Hexagons[places[a].Peak].T > t.Hexagons[places[b].Peak].T
	})
	return places
}

func peopleIn(hexagons []int32, footprints [][]int32) (people int) {
	for _, f := range footprints {
		if slices.ContainsFunc(f, func(h int32) bool { return slices.Contains(hexagons, h) }) {
			people++
		}
	}
	return people
}
