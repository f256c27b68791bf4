package api

import (
	"testing"
	"time"

	"quietude/geo"
	"quietude/server/fault"
)

// FuzzParameters reads what an address may say: the filters of maps, boxes,
// places in a list, the number of the last event.
func FuzzParameters(f *testing.F) {
	for _, seed := range []string{
		"BRU,OCC", "18-23,0-5", "1-5,7", "2026-02-30", "2026-03-01", "5.9,45.5,5.95,45.6", "5.9,45.5,NaN,1e309", "-1", "12",
		"9223372036854775808", "MjAyNi0wMy0yMFQxMDowMDowMFogMDE5MGQxZDItMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxbm90ZQ", "", ",", "0-", "%00", "é",
	} {
		f.Add(seed, seed)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, one, other string) {
		refused := func(what string, err error) bool {
			if err == nil {
				return false
			}
			if fl := fault.As(err); fl == nil || fl.Kind != fault.Invalid || fl.Code == "" || fl.Detail == "" || fl.Field == "" {
				t.Fatalf("%s of %q, %q: %v", what, one, other, err)
			}
			return true
		}
		if codes, err := readThemes(one); !refused("themes", err) && len(codes) > len(one)+1 {
			t.Fatalf("%q is %d themes", one, len(codes))
		}
		_, err := readHours(one, other)
		refused("hours", err)
		if from, to, err := readPeriod(one, other, paris, now); !refused("period", err) && !from.IsZero() && !to.IsZero() && !from.Before(to) {
			t.Fatalf("from %q to %q is %v to %v", one, other, from, to)
		}
		if box, err := readBox(one); !refused("box", err) && box != nil && (geo.CheckPosition(box.Min) != nil || geo.CheckPosition(box.Max) != nil) {
			t.Fatalf("%q is %v", one, box)
		}
		if n, err := readNumber(one, "Last-Event-ID"); !refused("number", err) && n < 0 {
			t.Fatalf("%q is %d", one, n)
		}
		if at, id, err := readCursor(one); !refused("cursor", err) && one != "" && (at.IsZero() || id.String() == "") {
			t.Fatalf("%q is %v %v", one, at, id)
		}
		if _, key, err := readTextCursor(one); !refused("text cursor", err) && len(key) > 48 {
			t.Fatalf("%q is %q", one, key)
		}
	})
}
