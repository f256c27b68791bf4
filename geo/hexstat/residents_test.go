package hexstat

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

type totalsOracle struct {
	A, B            []float64
	Diff, P_two     float64
	P_upper         *float64
	N_assignments   int
	Naive_poisson_p float64
}

func permute(t *testing.T, a, b []float64, draws int, seed uint64) Result[TotalsTest] {
	t.Helper()
	r, err := PermuteTotals(context.Background(), a, b, draws, seed)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPermuteTotals(t *testing.T) {
	for _, name := range []string{"permutation_participants.json", "permutation_participants_dominated.json"} {
		want := oracle[totalsOracle](t, name)
		got := value(t, name, permute(t, want.A, want.B, 1, 0))
		near(t, name+" difference", got.Difference, want.Diff, closedForm)
		near(t, name+" two-sided", got.PTwoSided, want.P_two, closedForm)
		if want.P_upper != nil {
			near(t, name+" upper", got.PUpper, *want.P_upper, closedForm)
		}
		if !got.Exact || got.Assignments != 252 {
			t.Errorf("%s: %d assignments, exact %v", name, got.Assignments, got.Exact)
		}
		// The naive test on markers says 0.047 of both, the dominated one too.
		sumA, sumB := int(newSplit(want.A, 1).total), int(newSplit(want.B, 1).total)
		naive := value(t, name, CompareRates(sumA, 5, sumB, 5, Level95))
		near(t, name+" naive", naive.ExactP, want.Naive_poisson_p, closedForm)
		// Drawn instead of enumerated.
		split, two := newSplit(append(append([]float64{}, want.A...), want.B...), 5), 0
		err := split.random(9999, 5, func(sum float64) error {
			d := split.difference(sum)
			two += int(indicator(max(d, -d) >= want.Diff-1e-9))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+" drawn", float64(1+two)/10000, want.P_two, 0.02)
	}
}

func ExamplePermuteTotals() {
	// Markers placed by five residents at each of two ateliers. One placed fifteen.
	first, second := []float64{15, 4, 3, 2, 1}, []float64{2, 3, 1, 4, 2}
	r, _ := PermuteTotals(context.Background(), first, second, 9999, 1)
	test, _ := r.Get()
	naive, _ := CompareRates(25, 5, 12, 5, Level95).Get()
	fmt.Printf("residents: p = %.3f\nmarkers, wrongly: p = %.3f\n", test.PTwoSided, naive.ExactP)
	// Output:
	// residents: p = 0.571
	// markers, wrongly: p = 0.047
}

func TestPermuteManyTotals(t *testing.T) {
	var first, second []float64
	for i := range 20 {
		first, second = append(first, float64(i%5+2)), append(second, float64(i%5))
	}
	a := value(t, "forty residents", permute(t, first, second, 999, 4))
	b := value(t, "again", permute(t, first, second, 999, 4))
	if a.Exact || a.Assignments != 999 || a != b {
		t.Errorf("%+v, then %+v", a, b)
	}
	if a.PTwoSided > 0.01 || a.PTwoSided < 0.001 {
		t.Errorf("p = %v for two markers more each", a.PTwoSided)
	}
}

func TestPermuteTotalsRefuses(t *testing.T) {
	refused(t, "seven residents", permute(t, []float64{1, 2, 3}, []float64{1, 2, 3, 4}, 99, 1), TooFewParticipants)
	refused(t, "one side empty", permute(t, nil, make([]float64, 9), 99, 1), TooFewParticipants)
	refused(t, "no draws", permute(t, make([]float64, 4), make([]float64, 4), 0, 1), InvalidInput)
	equal := value(t, "all equal", permute(t, make([]float64, 4), make([]float64, 4), 1, 1))
	near(t, "p of no difference", equal.PTwoSided, 1, 0)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := PermuteTotals(ctx, make([]float64, 40), make([]float64, 40), 1<<24, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after cancelling", err)
	}
}
