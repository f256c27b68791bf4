package hexstat

import (
	"fmt"
	"testing"
)

func TestAndresen(t *testing.T) {
	file := oracle[struct {
		Six struct {
			Base, Test []int
			Fisher     []*float64
		}
		Disk61 struct {
			Base, Test            []int
			P_fisher, P_fisher_BH []*float64
			S_robust_fisherBH     *float64
		}
	}](t, "andresen_s.json")
	six := Similarity(file.Six.Base, file.Six.Test)
	for i, want := range file.Six.Fisher {
		same(t, fmt.Sprintf("six, area %d", i+1), six.Hexagons[i].P, want)
	}
	disk := Similarity(file.Disk61.Base, file.Disk61.Test)
	for i := range disk.Hexagons {
		name := fmt.Sprintf("hexagon %d", i+1)
		same(t, name+" Fisher", disk.Hexagons[i].P, file.Disk61.P_fisher[i])
		same(t, name+" BH", disk.Hexagons[i].Adjusted, file.Disk61.P_fisher_BH[i])
	}
	same(t, "S", disk.S, file.Disk61.S_robust_fisherBH)
}

// At five times the counts some hexagons do differ, and the verdict has the sign
// of the difference of shares.
func TestAndresenVerdicts(t *testing.T) {
	base, test := []int{100, 20, 20, 60, 0}, []int{20, 100, 20, 60, 0}
	s := Similarity(base, test)
	for i, want := range []Verdict{Fewer, More, NoVerdict, NoVerdict, NoVerdict} {
		if s.Hexagons[i].Verdict != want {
			t.Errorf("hexagon %d: %d, want %d", i, s.Hexagons[i].Verdict, want)
		}
	}
	if s.Compared != 4 || s.Differing != 2 {
		t.Errorf("%d differ of %d", s.Differing, s.Compared)
	}
	near(t, "S", value(t, "S", s.S), 0.5, 0)
	same := Similarity(base, base)
	near(t, "S of a pattern with itself", value(t, "S", same.S), 1, 0)
}

func TestAndresenRefuses(t *testing.T) {
	refused(t, "one side empty", Similarity([]int{0, 0}, []int{1, 2}).S, NoEvents)
	refused(t, "its hexagons", Similarity([]int{0, 0}, []int{1, 2}).Hexagons[1].P, NoEvents)
	refused(t, "unequal", Similarity([]int{1}, []int{1, 2}).S, InvalidInput)
	refused(t, "negative", Similarity([]int{-1, 2}, []int{1, 2}).S, InvalidInput)
}
