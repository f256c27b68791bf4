package hexstat

import (
	"fmt"
	"testing"
)

func TestEmpiricalBayesDisk61(t *testing.T) {
	d := readDisk61(t)
	file := oracle[struct {
		Meta struct{ A, M float64 }
		Rows []struct{ Raw, Eb_global, Eb_local *float64 }
	}](t, "empirical_bayes_disk61.json")
	rates := value(t, "rates", EmpiricalBayes(d.unsafe, d.population))
	near(t, "A", rates.Variance, file.Meta.A, closedForm)
	near(t, "m", rates.Mean, file.Meta.M, closedForm)
	local := LocalEmpiricalBayes(d.unsafe, d.population, d.neighbours)
	for i, want := range file.Rows {
		name := fmt.Sprintf("hexagon %d", i+1)
		got := value(t, name, rates.Places[i])
		near(t, name+" raw", got.Raw, *want.Raw, closedForm)
		near(t, name+" global", got.Rate, *want.Eb_global, closedForm)
		if !got.Interval.Contains(got.Rate) {
			t.Errorf("%s: %v lies outside %v", name, got.Rate, got.Interval)
		}
		near(t, name+" local", value(t, name, local[i]).Rate, *want.Eb_local, closedForm)
	}
}

func TestEmpiricalBayesClipsVariance(t *testing.T) {
	rates := value(t, "equal places", EmpiricalBayes([]int{5, 5, 5}, []float64{100, 100, 100}))
	if rates.Variance != 0 {
		t.Errorf("variance %v between equal places", rates.Variance)
	}
	p := value(t, "place", rates.Places[0])
	near(t, "rate", p.Rate, 0.05, 1e-15)
	pooled := value(t, "pooled", JeffreysRate(15, 300, Level95))
	if p.Interval != pooled {
		t.Errorf("interval %v, want that of all places together, %v", p.Interval, pooled)
	}
}

func TestEmpiricalBayesRefuses(t *testing.T) {
	rates := value(t, "one empty", EmpiricalBayes([]int{3, 0, 9}, []float64{50, 0, 70}))
	refused(t, "the empty one", rates.Places[1], NoPopulation)
	near(t, "mean without it", rates.Mean, 0.1, 1e-15)
	refused(t, "nobody", EmpiricalBayes([]int{0, 0}, []float64{0, 0}), NoPopulation)
	refused(t, "no event", EmpiricalBayes([]int{0, 0}, []float64{10, 20}), NoEvents)
	refused(t, "nothing", EmpiricalBayes(nil, nil), NoData)
	refused(t, "unequal", EmpiricalBayes([]int{1}, nil), InvalidInput)
	refused(t, "quiet ring", LocalEmpiricalBayes([]int{0, 0, 4}, []float64{5, 5, 5}, Neighbours{{1}, {0}, {}})[0], NoEvents)
}
