package hexstat

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
)

func TestGiStarDisk61(t *testing.T) {
	d := readDisk61(t)
	file := oracle[struct {
		Rows []struct {
			X, Gi, Gi_star, P_two_sided, P_upper, P_BH, P_BY, P_upper_BH *float64
		}
	}](t, "gi_star_disk61.json")
	x := floats(d.unsafe)
	star, plain := GiStar(x, d.neighbours), Gi(x, d.neighbours)
	for i, r := range file.Rows {
		name := fmt.Sprintf("hexagon %d", i+1)
		near(t, name+" input", x[i], *r.X, 0)
		same(t, name+" Gi", plain[i].Z, r.Gi)
		same(t, name+" Gi*", star[i].Z, r.Gi_star)
		same(t, name+" p", star[i].PTwoSided, r.P_two_sided)
		same(t, name+" upper p", star[i].PUpper, r.P_upper)
		same(t, name+" BH", star[i].BH, r.P_BH)
		same(t, name+" BY", star[i].BY, r.P_BY)
		same(t, name+" upper BH", star[i].UpperBH, r.P_upper_BH)
	}
}

// oneBased turns R's neighbour lists, where a single neighbour is not a list.
func oneBased(t *testing.T, lists []json.RawMessage) Neighbours {
	nb := make(Neighbours, len(lists))
	for i, raw := range lists {
		var many []int32
		if json.Unmarshal(raw, &many) != nil {
			many = make([]int32, 1)
			if err := json.Unmarshal(raw, &many[0]); err != nil {
				t.Fatal(err)
			}
		}
		for _, j := range many {
			nb[i] = append(nb[i], j-1)
		}
	}
	return nb
}

func TestGiStarFlower(t *testing.T) {
	file := oracle[struct {
		X          []float64
		Neighbours []json.RawMessage `json:"neighbours_without_self"`
		Gi_star    []*float64
	}](t, "gi_star_flower7.json")
	scores := GiStar(file.X, oneBased(t, file.Neighbours))
	for i, want := range file.Gi_star {
		same(t, fmt.Sprintf("hexagon %d", i+1), scores[i].Z, want)
	}
	refused(t, "the centre sees the whole map", scores[0].Z, CoversEverything)
	refused(t, "its p", scores[0].BH, CoversEverything)
}

func TestGiStarOfPySAL(t *testing.T) {
	file := oracle[struct {
		Neighbours                                        []json.RawMessage
		Y, Spdep_gi_B, Spdep_gistar_B, Pysal_doc_gistar_B []float64
	}](t, "gi_star_pysal6.json")
	nb := oneBased(t, file.Neighbours)
	star, plain := GiStar(file.Y, nb), Gi(file.Y, nb)
	for i := range file.Y {
		name := fmt.Sprintf("point %d", i+1)
		same(t, name+" Gi", plain[i].Z, &file.Spdep_gi_B[i])
		same(t, name+" Gi*", star[i].Z, &file.Spdep_gistar_B[i])
		near(t, name+" as PySAL documents", value(t, name, star[i].Z), file.Pysal_doc_gistar_B[i], 1e-7)
	}
}

func TestGiStarConstantField(t *testing.T) {
	d := readDisk61(t)
	field := oracle[struct{ X []float64 }](t, "gi_star_constant.json").X
	tenths := make([]float64, len(field)) // 0.1 is not exact in binary: rounding must not look like variance
	for i := range tenths {
		tenths[i] = 0.1
	}
	for _, x := range [][]float64{field, tenths} {
		for i, s := range GiStar(x, d.neighbours) {
			refused(t, fmt.Sprintf("hexagon %d", i+1), s.Z, ConstantField)
			refused(t, fmt.Sprintf("hexagon %d BH", i+1), s.BH, ConstantField)
		}
	}
	raw, err := json.Marshal(GiStar(field, d.neighbours)[0].Z)
	if err != nil || string(raw) != `{"value":null,"reason":"constant_field"}` {
		t.Errorf("JSON %s, %v", raw, err)
	}
}

func TestGiRefuses(t *testing.T) {
	island := Neighbours{{1}, {0, 2}, {1}, {}}
	x := []float64{1, 2, 3, 9}
	refused(t, "Gi of an island", Gi(x, island)[3].Z, NoNeighbours)
	value(t, "Gi* of an island", GiStar(x, island)[3].Z)
	refused(t, "NaN", GiStar([]float64{1, math.NaN(), 2, 3}, island)[0].Z, InvalidInput)
	refused(t, "lists of another map", GiStar(x, island[:3])[0].Z, InvalidInput)
	refused(t, "two hexagons", GiStar([]float64{1, 2}, Neighbours{{1}, {0}})[0].Z, TooFewHexagons)
	// Everything but hexagon 4 is equal: what remains without it has no variance.
	refused(t, "all the others equal", Gi([]float64{5, 5, 5, 9}, Neighbours{{1}, {0, 2}, {1, 3}, {2}})[3].Z, ConstantField)
	if n := len(GiStar(nil, nil)); n != 0 {
		t.Errorf("%d scores from nothing", n)
	}
}
