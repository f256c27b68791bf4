package atelier_test

import (
	"testing"

	"pgregory.net/rapid"

	"quietude/server/atelier"
)

// TestWallHidesWhatIsLeftOut: with the total and all other parts as the wall
// tells them, a part that is left out may still be any number below the
// threshold.
func TestWallHidesWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		told := rapid.SliceOfN(rapid.IntRange(1, 40), 1, 8).Draw(t, "told, in steps")
		sum := 0
		for _, steps := range told {
			sum += steps * atelier.WallStep
		}
		for hidden := range atelier.WallStep {
			if got := atelier.OnWall(float64(sum + hidden)); got != sum {
				t.Fatalf("%d left out of %d changes the total to %d", hidden, sum, got)
			}
		}
	})
	for n, want := range map[float64]int{0: 0, 4.9: 0, 4.9999999: 5, 5: 5, 9.5: 5, 10: 10} {
		if got := atelier.OnWall(n); got != want {
			t.Errorf("OnWall(%v) = %d, want %d", n, got, want)
		}
	}
}
