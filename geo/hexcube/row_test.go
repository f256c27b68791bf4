package hexcube_test

import (
	"math"
	"testing"
	"time"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
)

func TestHourAt(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		at   time.Time
		want hexcube.Hour
	}{
		{"Monday midnight", time.Date(2024, 6, 3, 0, 0, 0, 0, paris), hexcube.HourOf(0, 0)},
		{"Sunday 23:59", time.Date(2024, 6, 9, 23, 59, 0, 0, paris), hexcube.HourOf(6, 23)},
		{"the same instant elsewhere", time.Date(2024, 6, 9, 23, 59, 0, 0, paris).UTC(), hexcube.HourOf(6, 21)},
	} {
		if got := hexcube.HourAt(c.at); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestHourOfRefuses(t *testing.T) {
	for _, c := range [][2]int{{-1, 0}, {7, 0}, {0, -1}, {0, 24}} {
		if got := hexcube.HourOf(c[0], c[1]); got != hexcube.NoHour {
			t.Errorf("HourOf(%d, %d) = %d, want NoHour", c[0], c[1], got)
		}
	}
}

func TestHourSetHasWhatWasAdded(t *testing.T) {
	for added := hexcube.Hour(0); added <= 168; added++ {
		var set hexcube.HourSet
		set.Add(added)
		for h := hexcube.Hour(0); h <= 168; h++ {
			if want := h == added && h != hexcube.NoHour; set.Has(h) != want {
				t.Fatalf("after Add(%d), Has(%d) = %v", added, h, !want)
			}
		}
	}
}

// A row that cannot exist is refused, and nothing of its change is kept.
func TestImpossibleRowsAreRefused(t *testing.T) {
	good := hexcube.Row{ID: hexcube.ID{1}, Cell: someCells[0]}
	cube, err := hexcube.Build([]hexcube.Row{good}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*hexcube.Row){
		"cell 0":             func(r *hexcube.Row) { r.Cell = 0 },
		"a negative cell":    func(r *hexcube.Row) { r.Cell = -r.Cell },
		"a coarser cell":     func(r *hexcube.Row) { r.Cell = r.Cell.Parent(hexgrid.Stored - 1) },
		"before 1970":        func(r *hexcube.Row) { r.At = -1 },
		"after 2106":         func(r *hexcube.Row) { r.At = math.MaxUint32 + 1 },
		"an unknown felt":    func(r *hexcube.Row) { r.Felt = 3 },
		"an eleventh theme":  func(r *hexcube.Row) { r.Themes = 1 << 10 },
		"a 169th hour":       func(r *hexcube.Row) { r.Hour = 169 },
		"a reported atelier": func(r *hexcube.Row) { r.Atelier = 1 },
		"a marker's origin":  func(r *hexcube.Row) { r.Felt, r.Origin = hexcube.Safe, 1 },
	} {
		bad := good
		change(&bad)
		if _, err := hexcube.Build([]hexcube.Row{bad}, 1); err == nil {
			t.Errorf("%s: built", name)
		}
		err := cube.Apply(hexcube.Changes{Upserts: []hexcube.Row{bad}, Deletes: []hexcube.ID{good.ID}}, 2)
		if s := cube.Snapshot(); err == nil || s.Revision() != 1 || s.Rows() != 1 {
			t.Errorf("%s: applied: error %v, revision %d, %d rows", name, err, s.Revision(), s.Rows())
		}
	}
}

func TestImpossibleQueriesAreRefused(t *testing.T) {
	cube, err := hexcube.Build(nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	cell := someCells[0]
	for name, q := range map[string]hexcube.Query{
		"a finer resolution":    {Resolution: hexgrid.Stored + 1},
		"a negative resolution": {Resolution: -1},
		"an unknown felt":       {Filter: hexcube.Filter{Felt: 3}},
		"an unknown source":     {Filter: hexcube.Filter{Source: 3}},
		"an eleventh theme":     {Filter: hexcube.Filter{Themes: 1 << 10}},
		"a 25th hour":           {Filter: hexcube.Filter{Hours: hexcube.HourSet{1 << 24}}},
		"an inverted period":    {Filter: hexcube.Filter{From: 2, To: 1}},
		"an inverted range":     {Ranges: []hexcube.Range{{First: cell, Last: cell - 1}}},
		"a range of parents":    {Ranges: []hexcube.Range{{First: cell.Parent(9), Last: cell.Parent(9)}}},
	} {
		if _, err := cube.Snapshot().Counts(q); err == nil {
			t.Errorf("%s: answered", name)
		}
	}
}

func TestContested(t *testing.T) {
	for _, c := range []struct {
		unsafe, safe int32
		want         float64
		spoken       bool
	}{{0, 0, 0, false}, {4, 0, 0, true}, {0, 4, 0, true}, {3, 3, 1, true}, {3, 1, 0.5, true}, {1, 3, 0.5, true}} {
		got, spoken := hexcube.Count{Unsafe: c.unsafe, Safe: c.safe}.Contested()
		if got != c.want || spoken != c.spoken {
			t.Errorf("%d against %d: got %v, %v, want %v, %v", c.unsafe, c.safe, got, spoken, c.want, c.spoken)
		}
	}
}
