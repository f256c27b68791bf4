package hexstat

import "testing"

func TestConcentration(t *testing.T) {
	file := oracle[struct {
		X                 []int
		Gini, Top20_share float64
	}](t, "concentration.json")
	near(t, "Gini", value(t, "Gini", Gini(file.X)), file.Gini, closedForm)
	near(t, "top 20 %", value(t, "top", TopShare(file.X, 0.2)), file.Top20_share, closedForm)
	near(t, "equal", value(t, "equal", Gini([]int{4, 4, 4})), 0, 1e-15)
	near(t, "all in one", value(t, "one", Gini([]int{0, 0, 9, 0})), 0.75, 1e-15)
	refused(t, "nothing counted", Gini([]int{0, 0}), NoEvents)
	refused(t, "no hexagon", Gini(nil), NoData)
	refused(t, "share of nothing", TopShare([]int{1}, 0), InvalidInput)
}
