package hexstat

import (
	"slices"
	"testing"
)

func TestFalseDiscoveryRates(t *testing.T) {
	file := oracle[struct {
		P, BH, BY, Bonferroni, Holm []float64
		Ties                        struct{ P, BH []float64 }
		Rejects_BH_05               int
		Rejects_bonf_05             int
	}](t, "fdr.json")
	check := func(name string, got, want []float64) {
		for i := range want {
			near(t, name, got[i], want[i], closedForm)
		}
	}
	check("BH", BenjaminiHochberg(file.P), file.BH)
	check("BY", BenjaminiYekutieli(file.P), file.BY)
	check("Bonferroni", Bonferroni(file.P), file.Bonferroni)
	check("Holm", Holm(file.P), file.Holm)
	check("BH with ties", BenjaminiHochberg(file.Ties.P), file.Ties.BH)
	rejected := func(p []float64) (n int) {
		for _, v := range p {
			n += int(indicator(v <= 0.05))
		}
		return n
	}
	if got := rejected(BenjaminiHochberg(file.P)); got != file.Rejects_BH_05 {
		t.Errorf("BH rejects %d, want %d", got, file.Rejects_BH_05)
	}
	if got := rejected(Bonferroni(file.P)); got != file.Rejects_bonf_05 {
		t.Errorf("Bonferroni rejects %d, want %d", got, file.Rejects_bonf_05)
	}
}

// The order in which hexagons are listed changes nothing.
func TestAdjustmentFollowsItsValue(t *testing.T) {
	p := []float64{0.04, 0.001, 0.3, 0.02, 1, 0.04}
	forward := BenjaminiHochberg(p)
	slices.Reverse(p)
	backward := BenjaminiHochberg(p)
	slices.Reverse(backward)
	if !slices.Equal(forward, backward) {
		t.Errorf("%v, reversed %v", forward, backward)
	}
}

func TestAdjustKnownSkipsWhatIsMissing(t *testing.T) {
	got := AdjustKnown([]Result[float64]{Known(0.01), Unknown[float64](NoNeighbours), Known(0.2)}, BenjaminiHochberg)
	near(t, "first", value(t, "first", got[0]), 0.02, 1e-15)
	near(t, "last", value(t, "last", got[2]), 0.2, 1e-15)
	refused(t, "middle", got[1], NoNeighbours)
	if n := len(AdjustKnown(nil, BenjaminiYekutieli)); n != 0 {
		t.Errorf("%d results from nothing", n)
	}
}
