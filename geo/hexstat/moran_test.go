package hexstat

import (
	"fmt"
	"testing"
)

func TestMoranDisk61(t *testing.T) {
	d := readDisk61(t)
	file := oracle[struct {
		Meta struct {
			Global struct{ I, EI, VarI, Z, P float64 }
		}
		Rows []struct {
			Ii, E_cond, Var_cond, Z_cond, P_cond float64
			Quadrant                             Quadrant
		}
	}](t, "local_moran_disk61.json")
	x, g := floats(d.unsafe), file.Meta.Global
	m := value(t, "Moran", Moran(x, d.neighbours))
	near(t, "I", m.I, g.I, closedForm)
	near(t, "E", m.Expected, g.EI, closedForm)
	near(t, "Var", m.Variance, g.VarI, closedForm)
	near(t, "z", m.Z, g.Z, closedForm)
	near(t, "p", m.P, g.P, closedForm)
	for i, r := range LocalMoran(x, d.neighbours) {
		name, want := fmt.Sprintf("hexagon %d", i+1), file.Rows[i]
		got := value(t, name, r)
		near(t, name+" I", got.I, want.Ii, closedForm)
		near(t, name+" E", got.Expected, want.E_cond, closedForm)
		near(t, name+" Var", got.Variance, want.Var_cond, closedForm)
		near(t, name+" z", got.Z, want.Z_cond, closedForm)
		near(t, name+" p", got.P, want.P_cond, closedForm)
		if got.Quadrant != want.Quadrant {
			t.Errorf("%s: %s, want %s", name, got.Quadrant, want.Quadrant)
		}
	}
}

func TestMoranRefuses(t *testing.T) {
	ring := Neighbours{{1, 3}, {0, 2}, {1, 3}, {0, 2}, {}}
	x := []float64{1, 2, 3, 4, 5}
	refused(t, "island", Moran(x, ring), NoNeighbours)
	refused(t, "island", LocalMoran(x, ring)[4], NoNeighbours)
	refused(t, "constant", Moran([]float64{2, 2, 2, 2, 2}, ring), ConstantField)
	refused(t, "own value is the mean", LocalMoran(x, ring)[2], ConstantField)
	refused(t, "three hexagons", Moran([]float64{1, 2, 3}, Neighbours{{1}, {0, 2}, {1}}), TooFewHexagons)
	refused(t, "nothing", Moran(nil, nil), NoData)
}
