package hexstat

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// The files in testdata were made with R 4.2.2 and spdep 1.2-7; null there is
// "undefined" here.

const closedForm = 1e-9

func oracle[T any](t testing.TB, name string) T {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func table(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func number(t testing.TB, s string) int {
	t.Helper()
	v, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// disk61 is four rings of H3 hexagons at Chambéry, resolution 10.
type disk61 struct {
	neighbours   Neighbours
	hexagons     []Axial
	unsafe, safe []int
	population   []float64
}

func readDisk61(t testing.TB) disk61 {
	t.Helper()
	var d disk61
	for _, row := range table(t, "h3_disk61_input.csv") {
		d.unsafe = append(d.unsafe, number(t, row["unsafe"]))
		d.safe = append(d.safe, number(t, row["safe"]))
		d.population = append(d.population, float64(number(t, row["population"])))
	}
	for _, row := range table(t, "h3_disk61_ij.csv") {
		d.hexagons = append(d.hexagons, AxialFromIJ(number(t, row["ci"]), number(t, row["cj"])))
	}
	d.neighbours = make(Neighbours, len(d.unsafe))
	for _, row := range table(t, "h3_disk61_neighbours.csv") {
		i, j := number(t, row["i"])-1, number(t, row["j"])-1
		d.neighbours[i] = append(d.neighbours[i], int32(j))
	}
	return d
}

func floats(counts []int) []float64 {
	out := make([]float64, len(counts))
	for i, c := range counts {
		out[i] = float64(c)
	}
	return out
}

func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

// same compares a result with an oracle value, nil being undefined.
func same(t testing.TB, what string, got Result[float64], want *float64) {
	t.Helper()
	v, ok := got.Get()
	switch {
	case want == nil && ok:
		t.Errorf("%s: got %v, want none", what, v)
	case want == nil && got.Reason == "":
		t.Errorf("%s: no value and no reason", what)
	case want != nil && !ok:
		t.Errorf("%s: got none (%s), want %v", what, got.Reason, *want)
	case want != nil:
		near(t, what, v, *want, closedForm)
	}
}

func value[T any](t testing.TB, what string, r Result[T]) T {
	t.Helper()
	v, ok := r.Get()
	if !ok {
		t.Fatalf("%s: no value (%s)", what, r.Reason)
	}
	return v
}

func refused[T any](t testing.TB, what string, r Result[T], why Reason) {
	t.Helper()
	if r.Value != nil || r.Reason != why {
		t.Errorf("%s: got value %v reason %q, want none with %q", what, r.Value, r.Reason, why)
	}
}
