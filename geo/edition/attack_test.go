package edition

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
)

// slots are the successive evenings (or groups of evenings) of a world.
const slots = 3

var themeCodes = []string{"BRU", "OCC", "PRO"}

// world is everything that happened in a quartier: what the database holds.
type world struct {
	seed       uint64
	resolution hexgrid.Resolution
	cells      []hexgrid.Cell
	addresses  map[hexgrid.Cell]int
	k          int
	spots      []spot // in order of arrival
	zones      [slots][]Voice
	said       [slots][]Said // themes and dayparts apart
}

func newWorld(seed uint64) *world {
	rng := rand.New(rand.NewPCG(seed, 11))
	w := &world{seed: seed, resolution: Broad, cells: ground(Broad, 2), k: MinThreshold}
	if seed%2 == 0 {
		w.resolution, w.cells = Fine, disk(Fine, 4)
	}
	if seed%5 == 4 {
		w.k = 8
	}
	if seed%3 > 0 {
		w.addresses = map[hexgrid.Cell]int{}
		for _, c := range w.cells {
			w.addresses[c] = []int{0, 3, 12, 40, 40, 40, 40, 40, 40, 40, 40, 40}[rng.IntN(12)]
		}
	}
	hot := shuffled(rng, w.cells)[:5]
	for slot := range slots {
		for person := range 12 + rng.IntN(50) {
			w.speak(rng, slot, fmt.Sprintf("s%dp%d", slot, person), hot)
		}
	}
	return w
}

// speak lets one person place points around hot spots and elsewhere, perhaps
// draw a zone, and perhaps name themes and dayparts.
func (w *world) speak(rng *rand.Rand, slot int, who string, hot []hexgrid.Cell) {
	for range 3 + rng.IntN(6) {
		cell := hot[rng.IntN(len(hot))]
		if rng.IntN(3) == 0 {
			cell = w.cells[rng.IntN(len(w.cells))]
		}
		felt := felts[(int(cell>>15)%7+rng.IntN(4)/3)%2]
		w.spots = append(w.spots, newSpot(who, felt, somewhere(rng, cell), slot))
	}
	if rng.IntN(3) == 0 {
		middle := must(hexgrid.CellOf(somewhere(rng, hot[0]), hexgrid.Stored))
		w.zones[slot] = append(w.zones[slot], Voice{who, Unsafe, must(middle.Disk(1 + rng.IntN(3)))})
	}
	w.said[slot] = append(w.said[slot],
		Said{who, some(rng, themeCodes), nil}, Said{who, nil, some(rng, Dayparts())})
}

func some[T any](rng *rand.Rand, list []T) []T { return shuffled(rng, list)[:rng.IntN(len(list))] }

func (w *world) spotsOf(some ...int) []spot {
	return slices.DeleteFunc(slices.Clone(w.spots), func(s spot) bool { return !slices.Contains(some, s.slot) })
}

func (w *world) key(slot int) Key { return keyOf(w.seed*100 + uint64(slot)) }

// requestOf counts several slots together, as editions must not.
func (w *world) requestOf(some ...int) Request {
	r := Request{
		Claim: claim(evenings(0, 3*len(some))), Resolution: w.resolution, Cells: w.cells, Addresses: w.addresses,
		Threshold: w.k, Key: w.key(some[0]), Voices: voicesOf(w.spotsOf(some...)), Themes: themeCodes,
	}
	for _, slot := range some {
		r.Voices = append(r.Voices, w.zones[slot]...)
		r.Said = append(r.Said, w.said[slot]...)
	}
	return r
}

// request is the edition of one slot, after those before it.
func (w *world) request(slot int) Request {
	r := w.requestOf(slot)
	spent := []Source{}
	for before := range slot {
		spent = append(spent, evenings(3*before, 3))
	}
	r.Claim = claim(evenings(3*slot, 3), spent...)
	return r
}

// judged is what the edition of a slot does with each unit and felt.
type judged struct {
	units  []unit
	counts [][2]int
	shown  [][2]bool
	unitOf map[hexgrid.Cell]int
}

func (w *world) judge(r Request) judged {
	j := judged{units: mergePattern(r.Cells, r.Resolution, r.Addresses), unitOf: map[hexgrid.Cell]int{}}
	j.counts = must(countVoices(j.units, r.Voices))
	for i, u := range j.units {
		var shown [2]bool
		for f, felt := range felts {
			shown[f] = j.counts[i][f] >= r.Key.threshold(r.Threshold, hexagonSubject(u.cell, felt))
		}
		j.shown = append(j.shown, shown)
		for _, c := range u.members {
			j.unitOf[c] = i
		}
	}
	return j
}

func (j judged) shows(c hexgrid.Cell, f Felt) bool {
	i, listed := j.unitOf[c.Parent(Fine)]
	return listed && j.shown[i][f.index()]
}

// twin is another world with the same published content: what is hidden has
// any other number below k of other people at other times and places, and what
// is published has other names, another order and other positions inside the
// same hexagons.
func (w *world) twin(seed uint64) *world {
	rng := rand.New(rand.NewPCG(seed, 13))
	t := *w
	t.spots, t.zones, t.said = nil, [slots][]Voice{}, [slots][]Said{}
	for slot := range slots {
		r := w.request(slot)
		j := w.judge(r)
		rename := func(who string) string { return fmt.Sprintf("%x-%s", seed, who) }
		for _, s := range w.spotsOf(slot) {
			if j.shows(s.cell, s.felt) {
				t.spots = append(t.spots, newSpot(rename(s.who), s.felt, somewhere(rng, s.cell.Parent(Fine)), slot))
			}
		}
		for _, z := range w.zones[slot] {
			kept := slices.DeleteFunc(slices.Clone(z.Cells), func(c hexgrid.Cell) bool { return !j.shows(c, z.Felt) })
			if len(kept) > 0 {
				t.zones[slot] = append(t.zones[slot], Voice{rename(z.Contributor), z.Felt, kept})
			}
		}
		for i, u := range j.units {
			for f, felt := range felts {
				for person := range rng.IntN(w.k) {
					if j.shown[i][f] {
						break
					}
					who := fmt.Sprintf("t%dp%d", slot, person)
					t.spots = append(t.spots, newSpot(who, felt, somewhere(rng, u.members[rng.IntN(len(u.members))]), slot))
				}
			}
		}
		t.said[slot] = w.twinSaid(rng, slot, r, rename)
	}
	t.spots = shuffled(rng, t.spots)
	return &t
}

// twinSaid keeps a published strip under other names, and replaces an absent
// one by another that is absent too.
func (w *world) twinSaid(rng *rand.Rand, slot int, r Request, rename func(string) string) []Said {
	e := must(Build(r))
	var out []Said
	for _, s := range w.said[slot] {
		kept := Said{Contributor: rename(s.Contributor)}
		if len(e.Themes()) > 0 {
			kept.Themes = s.Themes
		}
		if len(e.Dayparts()) > 0 {
			kept.Dayparts = s.Dayparts
		}
		out = append(out, kept)
	}
	rareTheme, rareDaypart := themeCodes[rng.IntN(len(themeCodes))], Dayparts()[rng.IntN(8)]
	rare := rng.IntN(w.k)
	for person := range rng.IntN(60) {
		s := Said{Contributor: fmt.Sprintf("t%dq%d", slot, person)}
		if len(e.Themes()) == 0 {
			s.Themes = slices.DeleteFunc(some(rng, themeCodes), func(c string) bool { return c == rareTheme && person >= rare })
		}
		if len(e.Dayparts()) == 0 {
			s.Dayparts = slices.DeleteFunc(some(rng, Dayparts()), func(d Daypart) bool { return d == rareDaypart && person >= rare })
		}
		out = append(out, s)
	}
	return shuffled(rng, out)
}

// publisher gives every byte that the public can obtain of a world.
type publisher func(*world) []byte

// published is the model: each edition, its hash and all its zooms.
func published(w *world) []byte {
	var b bytes.Buffer
	for slot := range slots {
		e := must(Build(w.request(slot)))
		fmt.Fprintf(&b, "%s%s\n", e.Canonical(), e.Hash())
		for r := hexgrid.Coarsest; r <= e.Resolution(); r++ {
			fmt.Fprintln(&b, r, must(e.Zoom(r)))
		}
		fmt.Fprintln(&b, e.Numero(), e.Days(), e.Threshold(), e.AddressRule(), e.Themes(), e.Dayparts(), e.Hexagons(), Omissions)
	}
	return b.Bytes()
}

const seeds = 200

// twins are the pairs of worlds that every publisher is tried on.
var twins = sync.OnceValue(func() (pairs [seeds][2]*world) {
	for seed := range pairs {
		w := newWorld(uint64(seed))
		pairs[seed] = [2]*world{w, w.twin(uint64(seed) + 1_000_000)}
	}
	return pairs
})

// caught counts the seeds whose twins can be told apart.
func caught(public publisher) (n int, example string) {
	for _, pair := range twins() {
		a, b := public(pair[0]), public(pair[1])
		if !bytes.Equal(a, b) {
			n++
			if example == "" {
				example = firstDifference(a, b)
			}
		}
	}
	return n, example
}

func firstDifference(a, b []byte) string {
	linesA, linesB := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(linesA), len(linesB)) {
		if linesA[i] != linesB[i] {
			return fmt.Sprintf("%.120q / %.120q", linesA[i], linesB[i])
		}
	}
	return fmt.Sprintf("%d lines / %d lines", len(linesA), len(linesB))
}

func TestTwinWorldsHaveTheSameBytes(t *testing.T) {
	if n, example := caught(published); n > 0 {
		t.Fatalf("%d of %d twins can be told apart: %s", n, seeds, example)
	}
	// The twins do differ, and much is published: the equality says something.
	differ, shown, hidden, strips := 0, 0, 0, 0
	for _, pair := range twins() {
		w, twin := pair[0], pair[1]
		if fmt.Sprint(w.judge(w.request(0)).counts) != fmt.Sprint(twin.judge(twin.request(0)).counts) {
			differ++
		}
		e := must(Build(w.request(0)))
		strips += len(e.Themes()) + len(e.Dayparts())
		j := w.judge(w.request(0))
		for i := range j.units {
			for f := range felts {
				if j.shown[i][f] {
					shown++
				} else if j.counts[i][f] > 0 {
					hidden++
				}
			}
		}
	}
	t.Logf("%d of %d twins hold other counts; %d classes published, %d small counts hidden, %d bars (first edition of each world)", differ, seeds, shown, hidden, strips)
	if differ < seeds || shown < seeds || hidden < seeds || strips < seeds {
		t.Error("the worlds are too poor to prove anything")
	}
}

// together publishes slots counted together, as if they were one edition.
func together(b *bytes.Buffer, w *world, some ...int) {
	b.Write(must(Build(w.requestOf(some...))).Canonical())
}

// everyUnit visits what the model knows of each unit and felt of each slot.
func everyUnit(w *world, visit func(slot int, u unit, felt Felt, n int, shown bool)) {
	for slot := range slots {
		j := w.judge(w.request(slot))
		for i, u := range j.units {
			for f, felt := range felts {
				visit(slot, u, felt, j.counts[i][f], j.shown[i][f])
			}
		}
	}
}

// with adds to the model what a variant says more.
func with(more func(*bytes.Buffer, *world)) publisher {
	return func(w *world) []byte {
		b := bytes.NewBuffer(published(w))
		more(b, w)
		return b.Bytes()
	}
}

// noisy publishes counts with noise drawn anew at every request.
func noisy(rng *rand.Rand) publisher {
	return func(w *world) []byte {
		var b bytes.Buffer
		everyUnit(w, func(slot int, u unit, felt Felt, n int, _ bool) {
			fmt.Fprintf(&b, "%d %s %s %.1f\n", slot, u.cell, felt, float64(n)+2*rng.NormFloat64())
		})
		return b.Bytes()
	}
}

// sortedCounts writes a map of counts in a fixed order.
func sortedCounts(b *bytes.Buffer, counts map[string]int) {
	lines := []string{}
	for name, n := range counts {
		lines = append(lines, fmt.Sprint(name, " ", n))
	}
	slices.Sort(lines)
	fmt.Fprintln(b, strings.Join(lines, "\n"))
}

// parents groups the units of each parent, one coarser than the edition.
func parents(j judged) map[hexgrid.Cell][]int {
	groups := map[hexgrid.Cell][]int{}
	for i, u := range j.units {
		if u.cell.Resolution() > hexgrid.Coarsest {
			parent := u.cell.Parent(u.cell.Resolution() - 1)
			groups[parent] = append(groups[parent], i)
		}
	}
	return groups
}

// distinct counts the people of a felt in several units.
func distinct(r Request, units []unit, felt Felt) int {
	var members []hexgrid.Cell
	for _, u := range units {
		members = append(members, u.members...)
	}
	all := unit{cell: members[0], members: members}
	return must(countVoices([]unit{all}, r.Voices))[0][felt.index()]
}

// Each variant breaks one rule of the model and must be told apart by the same
// checker: a checker that cannot fail proves nothing.
var variants = map[string]publisher{
	"sliding window": func(w *world) []byte {
		var b bytes.Buffer
		together(&b, w, 0, 1)
		together(&b, w, 1, 2)
		return b.Bytes()
	},
	"cumulative edition": func(w *world) []byte {
		var b bytes.Buffer
		together(&b, w, 0)
		together(&b, w, 0, 1)
		together(&b, w, 0, 1, 2)
		return b.Bytes()
	},
	"below five": with(func(b *bytes.Buffer, w *world) {
		everyUnit(w, func(slot int, u unit, felt Felt, n int, shown bool) {
			if n > 0 && !shown {
				fmt.Fprintf(b, "%d %s %s <5\n", slot, u.cell, felt)
			}
		})
	}),
	// Only voices of published hexagons, so that nothing but the index leaks.
	"per-level indexing": with(func(b *bytes.Buffer, w *world) {
		counts := map[string]int{}
		for slot := range slots {
			j := w.judge(w.request(slot))
			for _, s := range w.spotsOf(slot) {
				if j.shows(s.cell, s.felt) {
					counts[fmt.Sprint(slot, must(hexgrid.CellOf(s.at, w.resolution-1)), s.felt)]++
				}
			}
		}
		sortedCounts(b, counts)
	}),
	"fresh noise": noisy(rand.New(rand.NewPCG(5, 5))),
	"parent totals over all children": with(func(b *bytes.Buffer, w *world) {
		counts := map[string]int{}
		for slot := range slots {
			r := w.request(slot)
			j := w.judge(r)
			for parent, group := range parents(j) {
				for _, felt := range felts {
					if n := distinct(r, unitsAt(j, group), felt); n >= r.Threshold+2 {
						counts[fmt.Sprint(slot, parent, felt)] = n
					}
				}
			}
		}
		sortedCounts(b, counts)
	}),
	"merging after looking": with(func(b *bytes.Buffer, w *world) {
		counts := map[string]int{}
		for slot := range slots {
			r := w.request(slot)
			j := w.judge(r)
			for parent, group := range parents(j) {
				for f, felt := range felts {
					rest := slices.DeleteFunc(slices.Clone(group), func(i int) bool { return j.shown[i][f] })
					if len(rest) == 0 {
						continue
					}
					if c := classOf(distinct(r, unitsAt(j, rest), felt), r.Threshold, r.Threshold); !c.Absent() {
						counts[fmt.Sprint(slot, parent, felt)] = c.AtLeast()
					}
				}
			}
		}
		sortedCounts(b, counts)
	}),
	"live map": func(w *world) []byte {
		var b bytes.Buffer
		for _, arrived := range []int{len(w.spots) / 4, len(w.spots) / 2, len(w.spots)} {
			r := w.requestOf(0)
			r.Voices = voicesOf(slices.DeleteFunc(slices.Clone(w.spots[:arrived]), func(s spot) bool { return s.slot != 0 }))
			b.Write(must(Build(r)).Canonical())
		}
		return b.Bytes()
	},
	"heat map of raw points": with(func(b *bytes.Buffer, w *world) {
		for y := range 8 {
			for x := range 8 {
				at, heat := orb.Point{5.912 + 0.0015*float64(x), 45.561 + 0.001*float64(y)}, 0.0
				for _, s := range w.spots {
					d2 := math.Pow((s.at[0]-at[0])/0.0015, 2) + math.Pow((s.at[1]-at[1])/0.001, 2)
					heat += math.Pow(max(0, 1-d2), 2)
				}
				fmt.Fprintf(b, "%.2f ", heat)
			}
		}
	}),
	"number of people": with(func(b *bytes.Buffer, w *world) {
		who := map[string]bool{}
		for _, s := range w.spots {
			who[s.who] = true
		}
		fmt.Fprintln(b, "participants", len(who))
	}),
	"number of hexagons left out": with(func(b *bytes.Buffer, w *world) {
		left := 0
		everyUnit(w, func(_ int, _ unit, _ Felt, n int, shown bool) {
			if n > 0 && !shown {
				left++
			}
		})
		fmt.Fprintln(b, "left out", left)
	}),
	"bars that are too small": with(func(b *bytes.Buffer, w *world) {
		for slot := range slots {
			r := w.request(slot)
			fmt.Fprintln(b, must(countSaid(Dayparts(), r.Said, func(s Said) []Daypart { return s.Dayparts })))
		}
	}),
}

func unitsAt(j judged, indexes []int) (units []unit) {
	for _, i := range indexes {
		units = append(units, j.units[i])
	}
	return units
}

func TestVariantsAreCaught(t *testing.T) {
	for name, variant := range variants {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			n, example := caught(variant)
			t.Logf("caught on %d of %d seeds, first: %s", n, seeds, example)
			if n == 0 {
				t.Errorf("%s is not caught", name)
			}
		})
	}
}

// Noise drawn anew is averaged away; the noise of an edition is not, since 400
// answers are one answer.
func TestFreshNoiseIsAveragedAway(t *testing.T) {
	const requests = 400
	w := newWorld(3)
	rng := rand.New(rand.NewPCG(9, 9))
	right, all := 0, 0
	everyUnit(w, func(_ int, _ unit, _ Felt, n int, _ bool) {
		sum := 0.0
		for range requests {
			sum += float64(n) + 2*rng.NormFloat64()
		}
		all++
		if int(math.Round(sum/requests)) == n {
			right++
		}
	})
	if right < all*99/100 {
		t.Errorf("%d of %d counts recovered: the control is too weak", right, all)
	}
	once := published(w)
	for range 5 {
		if !bytes.Equal(once, published(w)) {
			t.Fatal("an edition gives another answer when asked again")
		}
	}
	t.Logf("%d requests recover %d of %d counts exactly", requests, right, all)
}
