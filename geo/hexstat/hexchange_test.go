package hexstat

import (
	"fmt"
	"testing"
)

func TestSmallestVisibleFall(t *testing.T) {
	file := oracle[struct {
		Rows []struct {
			Participants_each, First int
			Second_max_for_p05       *int
			P                        float64
		}
	}](t, "smallest_visible_change.json")
	if len(file.Rows) != 8 {
		t.Fatalf("%d rows", len(file.Rows))
	}
	for _, r := range file.Rows {
		n, name := r.Participants_each, fmt.Sprintf("%d of %d", r.First, r.Participants_each)
		v := value(t, name, SmallestVisibleChange(r.First, n, n, Alpha))
		if r.Second_max_for_p05 == nil {
			refused(t, name, v.Fall, NeverVisible)
			near(t, name+" p at zero", table2x2{r.First, n - r.First, 0, n}.fisherTwoSided(), r.P, closedForm)
			continue
		}
		if got := value(t, name, v.Fall); got != *r.Second_max_for_p05 {
			t.Errorf("%s: visible at %d, want %d", name, got, *r.Second_max_for_p05)
		}
		near(t, name+" p", value(t, name, v.FallP), r.P, closedForm)
	}
}

func ExampleSmallestVisibleChange() {
	v, _ := SmallestVisibleChange(10, 20, 20, Alpha).Get()
	fall, _ := v.Fall.Get()
	rise, _ := v.Rise.Get()
	fmt.Printf("10 of 20: a fall shows at %d or fewer, a rise at %d or more\n", fall, rise)
	v, _ = SmallestVisibleChange(4, 15, 15, Alpha).Get()
	fmt.Println("4 of 15:", v.Fall.Reason)
	// Output:
	// 10 of 20: a fall shows at 3 or fewer, a rise at 17 or more
	// 4 of 15: never_visible
}

func TestCompareHexagons(t *testing.T) {
	first, second := []int{15, 1, 5, 0, 3}, []int{1, 14, 5, 0, 2}
	changes := CompareHexagons(first, second, 20, 20)
	for i, want := range []Verdict{Fewer, More, NoVerdict, NoVerdict, NoVerdict} {
		if changes[i].Verdict != want {
			t.Errorf("hexagon %d: verdict %d, want %d (%+v)", i, changes[i].Verdict, want, changes[i])
		}
	}
	for i, back := range CompareHexagons(second, first, 20, 20) {
		if back.Verdict != -changes[i].Verdict {
			t.Errorf("hexagon %d: %d there, %d back", i, changes[i].Verdict, back.Verdict)
		}
	}
	near(t, "a silent hexagon", value(t, "p", changes[3].P), 1, 1e-12)
	refused(t, "nobody came", CompareHexagons([]int{0}, []int{0}, 0, 20)[0].P, NoData)
	refused(t, "more voices than people", CompareHexagons([]int{21}, []int{0}, 20, 20)[0].P, InvalidInput)
	refused(t, "unequal", CompareHexagons([]int{1, 2}, []int{0}, 20, 20)[1].P, InvalidInput)
}

// Fisher against its definition, by products of binomial coefficients.
func TestFisherByEnumeration(t *testing.T) {
	for a := range 9 {
		for b := range 7 {
			for c := range 8 {
				d := 5
				weight := func(k int) float64 { return choose(a+b, k) * choose(c+d, a+c-k) }
				total, unlikely := 0.0, 0.0
				for k := max(0, a-d); k <= min(a+b, a+c); k++ {
					total += weight(k)
					if weight(k) <= weight(a)*(1+1e-9) {
						unlikely += weight(k)
					}
				}
				near(t, fmt.Sprint(a, b, c, d), table2x2{a, b, c, d}.fisherTwoSided(), unlikely/total, 1e-12)
			}
		}
	}
}
