package hexstat

import (
	"context"
	"math"
	"slices"
)

// MinParticipants is the number of people below which no test is made: with
// fewer, two neighbours who agree would look like a hot spot.
const MinParticipants = 8

// exactAssignments is the number of splits up to which all are tried.
const exactAssignments = 200_000

// TotalsTest compares the residents of two ateliers, one number each.
type TotalsTest struct {
	// Difference is the mean of the first group minus that of the second.
	Difference float64 `json:"difference"`
	PTwoSided  float64 `json:"p_two_sided"`
	PUpper     float64 `json:"p_upper"` // first group larger
	// Assignments is the number of ways to split the residents, all tried when
	// Exact, else the number drawn.
	Assignments int    `json:"assignments"`
	Exact       bool   `json:"exact"`
	Seed        uint64 `json:"seed"` // meaningless when Exact
}

// PermuteTotals asks whether two groups of residents differ, by giving the
// group labels to residents in every possible way, or in draws random ones when
// there are more than 200,000. Each entry is the total of one resident
// (markers placed unsafe in the quartier): one person who places fifteen is
// still one person. Source: Fisher, The Design of Experiments (1935), §21; the
// random variant counts what was seen among the draws, p = (1+#)/(draws+1)
// (Phipson and Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39).
//
// Fewer than [MinParticipants] residents in all, or an empty group, is
// [TooFewParticipants]. The error is that of the context.
func PermuteTotals(ctx context.Context, first, second []float64, draws int, seed uint64) (Result[TotalsTest], error) {
	all := slices.Concat(first, second)
	for _, v := range all {
		if !(math.Abs(v) <= maxMagnitude) {
			return Unknown[TotalsTest](InvalidInput), nil
		}
	}
	switch {
	case len(all) < MinParticipants || len(first) == 0 || len(second) == 0:
		return Unknown[TotalsTest](TooFewParticipants), nil
	case draws < 1:
		return Unknown[TotalsTest](InvalidInput), nil
	}
	split := newSplit(all, len(first))
	observed := split.difference(split.firstSum(len(first)))
	slack := 1e-12 * math.Max(1, math.Abs(observed))
	two, upper, tried := 0, 0, 0
	count := func(firstSum float64) error {
		d := split.difference(firstSum)
		two += int(indicator(math.Abs(d) >= math.Abs(observed)-slack))
		upper += int(indicator(d >= observed-slack))
		tried++
		if tried%4096 == 0 {
			return ctx.Err()
		}
		return nil
	}
	t := TotalsTest{Difference: observed, Exact: choose(len(all), len(first)) <= exactAssignments, Seed: seed}
	var err error
	if t.Exact {
		err = split.every(0, 0, 0, count)
		t.PTwoSided, t.PUpper = float64(two)/float64(tried), float64(upper)/float64(tried)
	} else {
		err = split.random(draws, seed, count)
		t.PTwoSided, t.PUpper = float64(1+two)/float64(draws+1), float64(1+upper)/float64(draws+1)
	}
	if err != nil {
		return Result[TotalsTest]{}, err
	}
	t.Assignments = tried
	return Known(t), nil
}

// split deals values into a first group of k and the rest.
type split struct {
	values []float64
	k      int
	total  float64
}

func newSplit(values []float64, k int) split {
	s := split{values: values, k: k}
	s.total = s.firstSum(len(values))
	return s
}

func (s split) firstSum(k int) (sum float64) {
	for _, v := range s.values[:k] {
		sum += v
	}
	return sum
}

func (s split) difference(firstSum float64) float64 {
	return firstSum/float64(s.k) - (s.total-firstSum)/float64(len(s.values)-s.k)
}

// every visits all choices of k values from index on.
func (s split) every(from, chosen int, sum float64, visit func(float64) error) error {
	if chosen == s.k {
		return visit(sum)
	}
	for i := from; i <= len(s.values)-(s.k-chosen); i++ {
		if err := s.every(i+1, chosen+1, sum+s.values[i], visit); err != nil {
			return err
		}
	}
	return nil
}

// random visits draws choices made by the first k steps of a Fisher–Yates shuffle.
func (s split) random(draws int, seed uint64, visit func(float64) error) error {
	rng, deck := newRand(seed), slices.Clone(s.values)
	for range draws {
		sum := 0.0
		for i := range s.k {
			j := i + rng.IntN(len(deck)-i)
			deck[i], deck[j] = deck[j], deck[i]
			sum += deck[i]
		}
		if err := visit(sum); err != nil {
			return err
		}
	}
	return nil
}

// choose is C(n, k), as a float so that it cannot overflow.
func choose(n, k int) float64 {
	c := 1.0
	for i := range min(k, n-k) {
		c = c * float64(n-i) / float64(i+1)
	}
	return c
}
