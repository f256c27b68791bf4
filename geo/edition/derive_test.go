package edition

import (
	"fmt"
	"math/bits"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The exhaustive attacker. A small world has three hexagons; a person is the
// set of hexagons that he or she marked (a type, 0 to 7); a world is the
// number of people of each type. The attacker knows the mechanism and the
// exact number of people in the room, and asks of every predicate on people
// (all 256 sets of types) which numbers of people are possible in view of the
// output. The bounds come from the list of all worlds that can give this
// output, so no clever use of inequalities, sums or differences can do better.
const (
	hexagons   = 3
	types      = 1 << hexagons
	predicates = 1 << types
)

type smallWorld [types]int

// touching counts the people with a voice in some hexagon of the mask.
func (w smallWorld) touching(mask int) (n int) {
	for kind, people := range w {
		if kind&mask != 0 {
			n += people
		}
	}
	return n
}

// eachWorld visits every way to give n people a type.
func eachWorld(n int, visit func(smallWorld)) {
	var w smallWorld
	var fill func(kind, left int)
	fill = func(kind, left int) {
		if kind == types-1 {
			w[kind] = left
			visit(w)
			return
		}
		for w[kind] = 0; w[kind] <= left; w[kind]++ {
			fill(kind+1, left-w[kind])
		}
	}
	fill(0, n)
}

// answer is what the public reads, and which hexagons are absent from it.
type answer struct {
	text   string
	absent int // mask
}

// mechanism gives the answers that are possible for a world: several when
// there are secret thresholds.
type mechanism func(smallWorld) []answer

// disclosure is a predicate whose number of people the answer gives away.
type disclosure struct {
	answer      string
	predicate   int
	least, most int
}

// disclosures finds, for a room of n, answers that confine a set of people to 1
// … k−1 (somebody, and too few), or that prove that some absent hexagon has
// anybody. It returns their number and the first.
func disclosures(n, k int, publish mechanism) (found int, first disclosure) {
	type bounds struct{ least, most [predicates]int8 }
	byAnswer := map[answer]*bounds{}
	var counts [predicates]int8
	eachWorld(n, func(w smallWorld) {
		for predicate := 1; predicate < predicates; predicate++ {
			lowest := bits.TrailingZeros(uint(predicate))
			counts[predicate] = counts[predicate&(predicate-1)] + int8(w[lowest])
		}
		for _, a := range publish(w) {
			b := byAnswer[a]
			if b == nil {
				byAnswer[a] = &bounds{counts, counts}
				continue
			}
			for predicate, n := range counts {
				b.least[predicate] = min(b.least[predicate], n)
				b.most[predicate] = max(b.most[predicate], n)
			}
		}
	})
	for a, b := range byAnswer {
		for predicate := 1; predicate < predicates; predicate++ {
			least, most := int(b.least[predicate]), int(b.most[predicate])
			pinned := least >= 1 && most < k
			exposed := least >= 1 && predicate == touchingPredicate(a.absent)
			if pinned || exposed {
				found++
				first = disclosure{a.text, predicate, least, most}
			}
		}
	}
	return found, first
}

// touchingPredicate is the set of types that mark a hexagon of the mask.
func touchingPredicate(mask int) (predicate int) {
	for kind := range types {
		if kind&mask != 0 {
			predicate |= 1 << kind
		}
	}
	return predicate
}

// patterns are all ways to merge three hexagons into units, as masks.
var patterns = [][]int{{1, 2, 4}, {3, 4}, {5, 2}, {6, 1}, {7}}

// model publishes as Build does: each unit by itself, at a threshold of its
// own among those given.
func model(k int, units []int, thresholds ...int) mechanism {
	return func(w smallWorld) []answer {
		answers := []answer{{}}
		for _, mask := range units {
			possible := map[Class]bool{}
			for _, threshold := range thresholds {
				possible[classOf(w.touching(mask), k, threshold)] = true
			}
			var longer []answer
			for _, a := range answers {
				for c := range possible {
					next := answer{a.text + c.String() + " ", a.absent}
					if c.Absent() {
						next.absent |= mask
					}
					longer = append(longer, next)
				}
			}
			answers = longer
		}
		return answers
	}
}

// rooms are sizes around every bound of the classes, up to the open one.
func rooms(k int) (sizes []int) {
	for n := k; n <= 3*k+2; n++ {
		sizes = append(sizes, n)
	}
	return sizes
}

func TestNothingBelowTheThresholdCanBeDerived(t *testing.T) {
	worlds, mechanisms := 0, 0
	for _, k := range []int{2, 3} {
		for _, n := range rooms(k) {
			eachWorld(n, func(smallWorld) { worlds++ })
			for _, units := range patterns {
				for _, thresholds := range [][]int{{k, k + 1, k + 2}, {k}} { // secret, and none
					mechanisms++
					if found, first := disclosures(n, k, model(k, units, thresholds...)); found > 0 {
						t.Errorf("k=%d, %d people, units %v, thresholds %v: %d disclosures, such as %+v", k, n, units, thresholds, found, first)
					}
				}
			}
		}
	}
	t.Logf("%d worlds; %d mechanisms, each against %d sets of people", worlds, mechanisms, predicates-1)
}

func pow(base, exponent int) int {
	p := 1
	for range exponent {
		p *= base
	}
	return p
}

// narrow are the classes of k = 5 kept for a larger k, in small: classes of
// two values for k = 3.
func narrow(n, k int) string {
	if n < k {
		return "-"
	}
	return fmt.Sprintf("%d+", k+(n-k)/2*2)
}

// also adds to the model without jitter what a variant says more.
func also(more func(k int, w smallWorld, a answer) string) func(int) mechanism {
	return func(k int) mechanism {
		plain := model(k, []int{1, 2, 4}, k)
		return func(w smallWorld) []answer {
			a := plain(w)[0]
			return []answer{{a.text + more(k, w, a), a.absent}}
		}
	}
}

// each writes something about every hexagon.
func each(of func(n int) any) (s string) {
	for h := range hexagons {
		s += fmt.Sprint(of(1<<h), " ")
	}
	return s
}

// The same attacker finds something in every variant that breaks a rule.
func TestDerivationsFromVariantsAreFound(t *testing.T) {
	for name, variant := range map[string]func(k int) mechanism{
		"exact counts": also(func(k int, w smallWorld, a answer) string {
			return each(func(mask int) any { return w.touching(mask &^ a.absent) })
		}),
		"below the threshold, but somebody": also(func(k int, w smallWorld, _ answer) string {
			return each(func(mask int) any { return w.touching(mask) > 0 })
		}),
		"parent over all children": also(func(k int, w smallWorld, _ answer) string {
			return classOf(w.touching(7), k, k).String()
		}),
		"merging after looking": also(func(k int, w smallWorld, a answer) string {
			return classOf(w.touching(a.absent), k, k).String()
		}),
		"classes narrower than k": func(k int) mechanism {
			return func(w smallWorld) []answer {
				return []answer{{text: each(func(mask int) any { return narrow(w.touching(mask), k) })}}
			}
		},
		// Why the key is to be destroyed: who knows that the threshold was k+1
		// reads k to 2k−1 as k+1 to 2k−1.
		"thresholds that are known": func(k int) mechanism { return model(k, []int{1, 2, 4}, k+1) },
		"a parent beside its children": func(k int) mechanism {
			parts := []mechanism{model(k, []int{3, 4}, k), model(k, []int{1, 2}, k)}
			return func(w smallWorld) []answer {
				a, b := parts[0](w)[0], parts[1](w)[0]
				return []answer{{a.text + b.text, a.absent | b.absent}}
			}
		},
	} {
		total, example := 0, ""
		for _, k := range []int{2, 3} {
			for _, n := range rooms(k) {
				found, first := disclosures(n, k, variant(k))
				if total += found; found > 0 {
					example = fmt.Sprintf("k=%d, %d people: %+v", k, n, first)
				}
			}
		}
		t.Logf("%s: %d disclosures, such as %s", name, total, example)
		if total == 0 {
			t.Errorf("%s: nothing is found", name)
		}
	}
}

// smallCombination looks for coefficients −2 … 2 of the rows whose combination
// counts a set of entries (all 0 or 1, some 1) that holds fewer than k.
func smallCombination(rows [][]int, k int) []int {
	coefficients := make([]int, len(rows))
	for code := range pow(5, len(rows)) {
		for i := range rows {
			coefficients[i] = code/pow(5, i)%5 - 2
		}
		size := 0
		for column := range rows[0] {
			sum := 0
			for i, row := range rows {
				sum += coefficients[i] * row[column]
			}
			if sum != 0 && sum != 1 {
				size = 0
				break
			}
			size += sum
		}
		if size > 0 && size < k {
			return coefficients
		}
	}
	return nil
}

// Even an attacker to whom the published numbers were given exactly cannot
// combine them into a small count: the rows are built from the units that
// Build publishes.
func TestNoSmallCountByLinearCombination(t *testing.T) {
	combined := 0
	rapid.Check(t, func(t *rapid.T) {
		cells := children(disk(Broad, 0)[0])
		addresses := drawAddresses(t, cells)
		var voices []Voice
		for person := range rapid.IntRange(8, 20).Draw(t, "people") {
			for i, c := range cells {
				if rapid.IntRange(0, 7).Draw(t, "marks") >= i {
					voices = append(voices, crowd(c, Unsafe, person+1, "p")[person])
				}
			}
		}
		r := Request{Claim: claim(evenings(0, 3)), Resolution: Fine, Cells: cells, Addresses: addresses,
			Threshold: MinThreshold, Key: keyOf(rapid.Uint64().Draw(t, "key")), Voices: voices}
		e, err := Build(r)
		if err != nil {
			t.Fatal(err)
		}
		row := func(h Hexagon) []int {
			out := make([]int, len(voices))
			for i, v := range voices {
				for _, m := range h.Members() {
					if v.Cells[0].Parent(Fine) == m {
						out[i] = 1
					}
				}
			}
			return out
		}
		var rows [][]int
		for _, h := range e.Hexagons()[:min(5, len(e.Hexagons()))] {
			rows = append(rows, row(h))
		}
		if len(rows) == 0 {
			return
		}
		combined += len(rows) - 1
		if c := smallCombination(rows, MinThreshold); c != nil {
			t.Fatalf("coefficients %v of the published numbers give a small count\n%s", c, e.Canonical())
		}
	})
	t.Logf("%d numbers published beside another", combined)
	if combined < 50 {
		t.Errorf("%d numbers to combine: too few to prove anything", combined)
	}
}

// The search finds the rest of a parent (two children of 6, a third of 2), and
// nothing when the parent stands alone or the children do.
func TestSearchOfLinearCombinations(t *testing.T) {
	row := func(from, to int) []int {
		r := make([]int, 14)
		for i := from; i < to; i++ {
			r[i] = 1
		}
		return r
	}
	a, b, parent := row(0, 6), row(6, 12), row(0, 14)
	if got := fmt.Sprint(smallCombination([][]int{a, b, parent}, 5)); got != "[-1 -1 1]" {
		t.Errorf("parent and children: %s", got)
	}
	if c := smallCombination([][]int{a, parent}, 5); c != nil {
		t.Errorf("the rest holds 8 but %v is found", c)
	}
	if c := smallCombination([][]int{a, b}, 5); c != nil {
		t.Errorf("children alone: %v", c)
	}
}

// Whatever bounded class is taken from whatever known total, what remains
// cannot be pinned to 1 … k−1; classes narrower than k fail.
func TestComplementOfAClass(t *testing.T) {
	for k := MinThreshold; k <= 20; k++ {
		narrowFails := false
		for total := k; total <= 5*k; total++ {
			for n := k; n <= total; n++ {
				c := classOf(n, k, k)
				most, bounded := c.AtMost()
				if !bounded {
					most = total
				}
				least, rest := max(0, total-most), total-c.AtLeast()
				if least >= 1 && rest < k {
					t.Errorf("k=%d: %s of %d leaves %d to %d", k, c, total, least, rest)
				}
				if from := n / 5 * 5; k > 5 && max(0, total-from-4) >= 1 && total-max(from, k) < k {
					narrowFails = true
				}
			}
		}
		if k > 5 && !narrowFails {
			t.Errorf("k=%d: classes of five would do", k)
		}
	}
}

func TestPredicatesOfTheAttacker(t *testing.T) {
	// The marks of hexagon 0 are the types 1, 3, 5 and 7.
	if got := touchingPredicate(1); got != 1<<1|1<<3|1<<5|1<<7 {
		t.Errorf("predicate %b", got)
	}
	n := 0
	eachWorld(4, func(w smallWorld) {
		n++
		if sum := w.touching(7) + w[0]; sum != 4 {
			t.Errorf("%v has %d people", w, sum)
		}
	})
	if n != 330 { // C(4+7, 7)
		t.Errorf("%d worlds of four people, want 330", n)
	}
	if strings.Count(fmt.Sprint(patterns), "[") != 6 {
		t.Errorf("three hexagons can be merged in five ways, not %v", patterns)
	}
}
