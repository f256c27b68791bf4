package edition

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"quietude/geo/hexgrid"
)

func classAt(e Edition, c hexgrid.Cell) (unsafe, safe Class) {
	for _, h := range e.Hexagons() {
		if h.Cell() == c {
			return h.Unsafe(), h.Safe()
		}
	}
	return
}

// With k raised to 8, thresholds are 8, 9 or 10 and classes 8–15, 16–23, 24+.
func TestClassOfEveryCount(t *testing.T) {
	for k := MinThreshold; k <= 12; k++ {
		for jitter := range jitterValues {
			for n := range 5 * k {
				c := classOf(n, k, k+jitter)
				switch {
				case n < k+jitter && !c.Absent():
					t.Errorf("k=%d threshold=%d: %d people are published as %s", k, k+jitter, n, c)
				case n >= k+jitter && c.AtLeast() > n:
					t.Errorf("k=%d: %d people are published as %s", k, n, c)
				}
				if most, bounded := c.AtMost(); bounded && (most < n || most-c.AtLeast()+1 != k) {
					t.Errorf("k=%d: %d people are published as %s, which does not hold k values with %d", k, n, c, n)
				}
				if back, ok := parseClass(c.String(), k); !ok || back != c {
					t.Errorf("%s of k=%d does not come back", c, k)
				}
			}
		}
	}
	if got := fmt.Sprint(classOf(9, 5, 5), classOf(10, 5, 7), classOf(15, 5, 7), classOf(4, 5, 5), classOf(6, 5, 7)); got != "5-9 10-14 15+ - -" {
		t.Errorf("classes of k = 5 are %s", got)
	}
}

func TestThresholdIsSecretFixedAndEven(t *testing.T) {
	seen := [jitterValues]int{}
	differ := 0
	cells := disk(Fine, 10)
	for seed := range uint64(20) {
		key := keyOf(seed)
		for _, c := range cells {
			n := key.threshold(5, hexagonSubject(c, Unsafe))
			if n < 5 || n > 7 || n != keyOf(seed).threshold(5, hexagonSubject(c, Unsafe)) {
				t.Fatalf("threshold %d", n)
			}
			seen[n-5]++
			if n != keyOf(seed+1000).threshold(5, hexagonSubject(c, Unsafe)) {
				differ++
			}
		}
	}
	total := 20 * len(cells) // 6620: one standard deviation of a share is 0.6 %
	for i, n := range seen {
		if share := float64(n) / float64(total); share < 0.31 || share > 0.36 {
			t.Errorf("threshold %d has the share %.3f, want a third", 5+i, share)
		}
	}
	if share := float64(differ) / float64(total); share < 0.63 || share > 0.70 {
		t.Errorf("another key changes %.3f of the thresholds, want two thirds", share)
	}
}

func TestOneVoicePerPersonHexagonAndFelt(t *testing.T) {
	c := disk(Broad, 2)[7]
	first, last := c.DescendantRange(hexgrid.Stored)
	var voices []Voice
	for i := range 60 { // four people, fifteen markers each, all over the hexagon
		voices = append(voices, Voice{fmt.Sprint("p", i%4), Unsafe, []hexgrid.Cell{first, last, first}})
	}
	e := build(t, request(t, func(r *Request) { r.Voices = voices }))
	if len(e.Hexagons()) != 0 {
		t.Errorf("four people with sixty markers are published: %s", e.Canonical())
	}
	// The same four, safe as well, are not eight.
	for i := range 4 {
		voices = append(voices, Voice{fmt.Sprint("p", i), Safe, []hexgrid.Cell{first}})
	}
	if e := build(t, request(t, func(r *Request) { r.Voices = voices })); len(e.Hexagons()) != 0 {
		t.Errorf("four people who feel both are published: %s", e.Canonical())
	}
}

func TestSafeSaysNothingOfUnsafe(t *testing.T) {
	c := disk(Broad, 2)[3]
	voices := append(crowd(c, Safe, 12, "s"), crowd(c, Unsafe, 4, "u")...)
	e := build(t, request(t, func(r *Request) { r.Voices = voices }))
	if unsafe, safe := classAt(e, c); !unsafe.Absent() || safe.String() != "10-14" {
		t.Errorf("12 safe and 4 unsafe are published as %s and %s", safe, unsafe)
	}
	without := build(t, request(t, func(r *Request) { r.Voices = crowd(c, Safe, 12, "s") }))
	if !bytes.Equal(e.Canonical(), without.Canonical()) || e.Hash() != without.Hash() {
		t.Error("four people who feel unsafe change the bytes")
	}
}

func TestBytesDoNotDependOnOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for seed := range uint64(20) {
		w := newWorld(seed)
		r := w.request(0)
		want := build(t, r)
		r.Voices, r.Cells, r.Said = shuffled(rng, r.Voices), shuffled(rng, r.Cells), shuffled(rng, r.Said)
		if got := build(t, r); !bytes.Equal(got.Canonical(), want.Canonical()) || got.Hash() != want.Hash() {
			t.Fatalf("seed %d: another order gives\n%s\ninstead of\n%s", seed, got.Canonical(), want.Canonical())
		}
	}
}

func TestFootprintOutsideTheListIsNotCounted(t *testing.T) {
	list := ground(Broad, 1)
	outside := ground(Broad, 3)
	outside = slices.DeleteFunc(outside, func(c hexgrid.Cell) bool { return slices.Contains(list, c) })
	var voices []Voice
	for _, c := range outside {
		voices = append(voices, crowd(c, Unsafe, 20, "o")...)
	}
	e := build(t, request(t, func(r *Request) { r.Cells, r.Voices = list, voices }))
	empty := build(t, request(t, func(r *Request) { r.Cells = list }))
	if !bytes.Equal(e.Canonical(), empty.Canonical()) {
		t.Errorf("voices outside the list change the edition: %s", e.Canonical())
	}
}

func TestStripIsWholeOrAbsent(t *testing.T) {
	says := func(counts ...int) (said []Said) {
		for i, n := range counts {
			for person := range n {
				said = append(said, Said{fmt.Sprint("p", person), []string{"T" + fmt.Sprint(i)}, nil})
			}
		}
		return said
	}
	themes := []string{"T0", "T1", "T2"}
	strip := func(said []Said) []Bar {
		return build(t, request(t, func(r *Request) { r.Themes, r.Said = themes, said })).Themes()
	}
	written := ""
	for _, bar := range strip(says(7, 12, 30)) {
		written += bar.Code() + " " + bar.Class().String() + ", "
	}
	if written != "T0 5-9, T1 10-14, T2 15+, " {
		t.Errorf("strip %s", written)
	}
	for _, few := range [][]int{{4, 12, 30}, {30, 12, 0}, {7, 1, 7}} {
		if bars := strip(says(few...)); len(bars) != 0 {
			t.Errorf("people per theme %v: the strip has %v", few, bars)
		}
	}
	// One person who names every theme many times is one person.
	if bars := strip(slices.Repeat(says(1, 1, 1), 40)); len(bars) != 0 {
		t.Errorf("one person makes the strip %v", bars)
	}
	all := []Said{}
	for person := range 7 {
		all = append(all, Said{fmt.Sprint("p", person), nil, Dayparts()})
	}
	e := build(t, request(t, func(r *Request) { r.Said = all }))
	if len(e.Dayparts()) != 8 || len(e.Themes()) != 0 {
		t.Errorf("dayparts %v, themes %v", e.Dayparts(), e.Themes())
	}
}

func TestZoomAddsUpPublishedHexagons(t *testing.T) {
	for seed := range uint64(30) {
		e := build(t, newWorld(seed).request(0))
		var unsafe, safe int
		for _, h := range e.Hexagons() {
			unsafe += h.Unsafe().AtLeast()
			safe += h.Safe().AtLeast()
		}
		for r := hexgrid.Coarsest; r <= e.Resolution(); r++ {
			sums := must(e.Zoom(r))
			var u, s, n int
			for i, sum := range sums {
				u, s, n = u+sum.Unsafe, s+sum.Safe, n+sum.Hexagons
				if i > 0 && sums[i-1].Cell >= sum.Cell {
					t.Errorf("zoom %d is not sorted", r)
				}
			}
			if u != unsafe || s != safe || n != len(e.Hexagons()) {
				t.Errorf("seed %d zoom %d: %d %d %d, want %d %d %d", seed, r, u, s, n, unsafe, safe, len(e.Hexagons()))
			}
		}
		for _, r := range []hexgrid.Resolution{0, 7, e.Resolution() + 1, 15, -1} {
			if _, err := e.Zoom(r); err == nil {
				t.Errorf("zoom %d of an edition at %d is accepted", r, e.Resolution())
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	cells := disk(Broad, 2)
	stored, _ := cells[0].DescendantRange(hexgrid.Stored)
	partial := map[hexgrid.Cell]int{cells[0]: 9}
	for _, c := range []struct {
		name   string
		change func(*Request)
		want   Reason
	}{
		{"no claim", func(r *Request) { r.Claim = Claim{} }, NotClaimed},
		{"k of 4", func(r *Request) { r.Threshold = 4 }, ThresholdTooLow},
		{"k of 0", func(r *Request) { r.Threshold = 0 }, ThresholdTooLow},
		{"k below 0", func(r *Request) { r.Threshold = -5 }, ThresholdTooLow},
		{"k of 51", func(r *Request) { r.Threshold = 51 }, ThresholdTooHigh},
		{"no key", func(r *Request) { r.Key = Key{} }, KeyTooShort},
		{"one atelier at 10", func(r *Request) { r.Resolution = Fine }, WrongResolution},
		{"resolution 11", func(r *Request) { r.Resolution = 11 }, WrongResolution},
		{"resolution 8", func(r *Request) { r.Resolution = 8 }, WrongResolution},
		{"no cells", func(r *Request) { r.Cells = nil }, InvalidCells},
		{"a cell twice", func(r *Request) { r.Cells = append(r.Cells, r.Cells[0]) }, InvalidCells},
		{"a finer cell", func(r *Request) { r.Cells = []hexgrid.Cell{stored} }, InvalidCells},
		{"a coarser cell", func(r *Request) { r.Cells = cells }, InvalidCells},
		{"cell 0", func(r *Request) { r.Cells = []hexgrid.Cell{0} }, InvalidCells},
		{"addresses of one cell", func(r *Request) { r.Addresses = partial }, IncompleteAddress},
		{"addresses of none", func(r *Request) { r.Addresses = map[hexgrid.Cell]int{} }, IncompleteAddress},
		{"one theme", func(r *Request) { r.Themes = []string{"BRU"} }, InvalidStrip},
		{"a theme twice", func(r *Request) { r.Themes = []string{"BRU", "BRU"} }, InvalidStrip},
		{"a theme with a line feed", func(r *Request) { r.Themes = []string{"BRU", "A\nB"} }, InvalidStrip},
		{"a theme that is not listed", func(r *Request) { r.Said = []Said{{"p", []string{"BRU"}, nil}} }, InvalidStrip},
		{"a daypart that is none", func(r *Request) { r.Said = []Said{{"p", nil, []Daypart{"noon"}}} }, InvalidStrip},
		{"said by nobody", func(r *Request) { r.Said = []Said{{"", nil, nil}} }, InvalidContributor},
		{"a voice of nobody", func(r *Request) { r.Voices = []Voice{{"", Unsafe, []hexgrid.Cell{stored}}} }, InvalidContributor},
		{"a voice without felt", func(r *Request) { r.Voices = []Voice{{"p", "", []hexgrid.Cell{stored}}} }, InvalidFelt},
		{"a voice nowhere", func(r *Request) { r.Voices = []Voice{{"p", Safe, nil}} }, InvalidFootprint},
		{"a coarse footprint", func(r *Request) { r.Voices = []Voice{{"p", Safe, cells[:1]}} }, InvalidFootprint},
		{"an invalid footprint", func(r *Request) { r.Voices = []Voice{{"p", Safe, []hexgrid.Cell{stored | 7<<12 | 7}}} }, InvalidFootprint},
	} {
		_, err := Build(request(t, c.change))
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Reason != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		} else if !slices.Contains(AllReasons, refusal.Reason) {
			t.Errorf("%s is not in AllReasons", refusal.Reason)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	secret := []byte("0123456789abcdefSECRETSECRET0123456789")
	r := request(t, func(r *Request) { r.Key = must(NewKey(secret)) })
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
		for _, printed := range []string{fmt.Sprintf(verb, r.Key), fmt.Sprintf(verb, &r.Key), fmt.Sprintf(verb, r)} {
			if strings.Contains(printed, "SECRET") || strings.Contains(printed, "534543524554") || strings.Contains(printed, "83, 69, 67") || strings.Contains(printed, "83 69 67") {
				t.Errorf("%s prints the key: %s", verb, printed)
			}
		}
	}
	if _, err := NewKey(secret[:31]); err == nil {
		t.Error("a key of 31 bytes is accepted")
	}
	// The caller's buffer may be wiped; the key is a copy.
	before := r.Key.threshold(5, "x") + 10*r.Key.threshold(5, "y") + 100*r.Key.threshold(5, "z")
	clear(secret)
	if after := r.Key.threshold(5, "x") + 10*r.Key.threshold(5, "y") + 100*r.Key.threshold(5, "z"); after != before {
		t.Error("the key shares the caller's memory")
	}
}

func TestEditionIsImmutable(t *testing.T) {
	c := disk(Broad, 2)[0]
	e := build(t, request(t, func(r *Request) { r.Voices = crowd(c, Unsafe, 20, "p") }))
	e.Hexagons()[0] = Hexagon{}
	e.Hexagons()[0].Members()[0] = 0
	e.Days()[0] = "1900-01-01"
	e.Canonical()[0] = 'X'
	if back, err := Read(e.Canonical(), e.Hash()); err != nil || back.hexagons[0].members[0].Parent(Broad) != c || back.days[0] != "2025-03-01" {
		t.Errorf("an edition was changed from outside: %v\n%s", err, e.Canonical())
	}
}

// Five people appear in a third of the hexagons, six in two thirds, seven in
// all: Build applies the secret thresholds, felt by felt.
func TestBuildAppliesTheSecretThreshold(t *testing.T) {
	cells := disk(Broad, 5) // 91 hexagons, 182 decisions: two standard deviations are 7 %
	for people, want := range map[int]float64{4: 0, 5: 1. / 3, 6: 2. / 3, 7: 1} {
		var voices []Voice
		for _, c := range cells {
			voices = append(voices, crowd(c, Unsafe, people, "u")...)
			voices = append(voices, crowd(c, Safe, people, "s")...)
		}
		e := build(t, request(t, func(r *Request) { r.Cells, r.Voices = ground(Broad, 5), voices }))
		shown, apart := 0, 0
		for _, h := range e.Hexagons() {
			for _, c := range []Class{h.Unsafe(), h.Safe()} {
				if !c.Absent() {
					shown++
				}
			}
			if h.Unsafe() != h.Safe() {
				apart++
			}
		}
		if share := float64(shown) / float64(2*len(cells)); share < want-0.1 || share > want+0.1 || people == 7 && share != 1 || people == 4 && share != 0 {
			t.Errorf("%d people appear in %.2f of the hexagons, want %.2f", people, share, want)
		}
		if (people == 5 || people == 6) && apart == 0 {
			t.Errorf("%d people: both felts have the same thresholds", people)
		}
	}
}
