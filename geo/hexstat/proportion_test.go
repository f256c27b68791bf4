package hexstat

import (
	"fmt"
	"testing"
)

func TestBinomialIntervals(t *testing.T) {
	file := oracle[struct {
		Rows []struct {
			X, N                                                         int
			Wilson_lo, Wilson_hi, Jeffreys_lo, Jeffreys_hi, Cp_lo, Cp_hi float64
		}
	}](t, "binomial_intervals.json")
	if len(file.Rows) != 12 {
		t.Fatalf("%d rows", len(file.Rows))
	}
	for _, r := range file.Rows {
		name := fmt.Sprintf("%d/%d", r.X, r.N)
		w := value(t, name, Wilson(r.X, r.N, Level95))
		near(t, name+" Wilson lo", w.Lo, r.Wilson_lo, closedForm)
		near(t, name+" Wilson hi", w.Hi, r.Wilson_hi, closedForm)
		j := value(t, name, JeffreysShare(r.X, r.N, Level95))
		near(t, name+" Jeffreys lo", j.Lo, r.Jeffreys_lo, closedForm)
		near(t, name+" Jeffreys hi", j.Hi, r.Jeffreys_hi, closedForm)
		c := value(t, name, ClopperPearson(r.X, r.N, Level95))
		near(t, name+" Clopper–Pearson lo", c.Lo, r.Cp_lo, closedForm)
		near(t, name+" Clopper–Pearson hi", c.Hi, r.Cp_hi, closedForm)
	}
}

func TestIntervalsRefuse(t *testing.T) {
	for name, interval := range map[string]func(x, n int, level float64) Result[Interval]{
		"Wilson": Wilson, "ClopperPearson": ClopperPearson, "JeffreysShare": JeffreysShare,
	} {
		refused(t, name+" of nobody", interval(0, 0, Level95), NoData)
		refused(t, name+" 3 of 2", interval(3, 2, Level95), InvalidInput)
		refused(t, name+" −1 of 2", interval(-1, 2, Level95), InvalidInput)
		refused(t, name+" at level 1", interval(1, 2, 1), InvalidInput)
	}
}

// The share that was seen lies in each interval, and the limits are symmetric
// when "yes" and "no" are swapped.
func TestIntervalsAreCoherent(t *testing.T) {
	for n := 1; n <= 60; n++ {
		for x := 0; x <= n; x++ {
			for name, interval := range map[string]func(x, n int, level float64) Result[Interval]{
				"Wilson": Wilson, "ClopperPearson": ClopperPearson, "JeffreysShare": JeffreysShare,
			} {
				what := fmt.Sprintf("%s(%d, %d)", name, x, n)
				yes, no := value(t, what, interval(x, n, Level95)), value(t, what, interval(n-x, n, Level95))
				near(t, what+" mirror", yes.Lo, 1-no.Hi, 1e-12)
				if !yes.Contains(float64(x)/float64(n)) || yes.Lo < 0 || yes.Hi > 1 {
					t.Errorf("%s = %v", what, yes)
				}
			}
		}
	}
}

func ExampleWilson() {
	share, _ := Wilson(9, 20, Level95).Get()
	fmt.Printf("9 of 20: between %.0f %% and %.0f %%\n", 100*share.Lo, 100*share.Hi)
	fmt.Println("0 of 0:", Wilson(0, 0, Level95).Reason)
	// Output:
	// 9 of 20: between 26 % and 66 %
	// 0 of 0: no_data
}
