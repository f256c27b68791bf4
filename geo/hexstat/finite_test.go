package hexstat

import (
	"context"
	"encoding/json"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// awkward draws numbers that break formulas.
func awkward(t *rapid.T, name string) float64 {
	return rapid.OneOf(
		rapid.SampledFrom([]float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, -1e-300, 1e-9, 1e300, 0.1}),
		rapid.Float64(), rapid.Float64Range(0, 100),
	).Draw(t, name)
}

func awkwardCount(t *rapid.T, name string) int {
	return rapid.OneOf(
		rapid.SampledFrom([]int{-1, 0, 1, math.MaxInt, math.MinInt, maxCount + 1}),
		rapid.IntRange(0, 60), rapid.IntRange(0, 5000),
	).Draw(t, name)
}

// encodes fails on NaN and infinities, which JSON refuses, and on a result that
// has both a value and a reason, or neither.
func encodes(t *rapid.T, name string, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	eitherValueOrReason(t, name, tree)
}

func eitherValueOrReason(t *rapid.T, name string, tree any) {
	switch v := tree.(type) {
	case []any:
		for _, e := range v {
			eitherValueOrReason(t, name, e)
		}
	case map[string]any:
		if value, isResult := v["value"]; isResult {
			if _, hasReason := v["reason"]; hasReason == (value != nil) {
				t.Fatalf("%s: %v", name, v)
			}
		}
		for _, e := range v {
			eitherValueOrReason(t, name, e)
		}
	}
}

// Nothing that this package is given makes it return NaN or an infinity.
func TestAlwaysFinite(t *testing.T) {
	ring := Neighbours{{1, 2}, {0, 2}, {0, 1, 3}, {2}, {}}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c, d := awkwardCount(t, "a"), awkwardCount(t, "b"), awkwardCount(t, "c"), awkwardCount(t, "d")
		x, y, level := awkward(t, "x"), awkward(t, "y"), awkward(t, "level")
		if rapid.Bool().Draw(t, "usual level") {
			level = Level95
		}
		encodes(t, "Wilson", Wilson(a, b, level))
		encodes(t, "ClopperPearson", ClopperPearson(a, b, level))
		encodes(t, "JeffreysShare", JeffreysShare(a, b, level))
		encodes(t, "ConsensusOf", ConsensusOf(a, b, c))
		encodes(t, "PoissonRate", PoissonRate(a, x, level))
		encodes(t, "JeffreysRate", JeffreysRate(a, x, level))
		encodes(t, "Posterior", GammaPrior{Shape: x, Rate: y}.Posterior(a, awkward(t, "exposure"), level))
		encodes(t, "FunnelLimits", FunnelLimits(x, y, level))
		encodes(t, "CompareRates", CompareRates(a, x, b, y, level))
		encodes(t, "SmallestVisibleChange", SmallestVisibleChange(a, b, c%300, level))
		encodes(t, "CompareZone", CompareZone(ZoneCounts{a, b, c, d}, level))
		encodes(t, "CompareHexagons", CompareHexagons([]int{a, 1}, []int{b, 0}, c, d))
		encodes(t, "Similarity", Similarity([]int{a, b, 0}, []int{c, d, 0}))
		encodes(t, "Gini", Gini([]int{a, b, c}))
		encodes(t, "TopShare", TopShare([]int{a, b, c}, x))
		values := []float64{x, y, awkward(t, "z"), awkward(t, "w"), awkward(t, "v")}
		encodes(t, "GiStar", GiStar(values, ring))
		encodes(t, "Gi", Gi(values, ring))
		encodes(t, "Moran", Moran(values, ring))
		encodes(t, "LocalMoran", LocalMoran(values, ring))
		encodes(t, "EmpiricalBayes", EmpiricalBayes([]int{a, b, c, d, 1}, values))
		encodes(t, "LocalEmpiricalBayes", LocalEmpiricalBayes([]int{a, b, c, d, 1}, values, ring))
		encodes(t, "KernelDensityAt", KernelDensityAt([]PlanePoint{{Metres(x), Metres(y), values[2]}}, Metres(values[3]), Metres(values[4]), Metres(level)))
		encodes(t, "KernelSurface", KernelSurface([]PlanePoint{{Metres(x), Metres(y), values[2]}}, Raster{MinX: Metres(values[3]), MinY: 0, Cell: Metres(values[4]), Columns: 3, Rows: 2}, Metres(level)))
		totals, err := PermuteTotals(context.Background(), values, values, 9, 1)
		if err != nil {
			t.Fatal(err)
		}
		encodes(t, "PermuteTotals", totals)
		encodes(t, "SeenShare", SeenShare([]HeardHexagon{{a, b > 0, time.Unix(int64(c), 0)}}, time.Unix(int64(d), 0)))
	})
}
