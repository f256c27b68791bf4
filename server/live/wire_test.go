package live_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/fault"
	"quietude/server/live"
)

// FuzzDecodeOperation reads what a device may send: a refusal in words, or an
// operation that keeps every rule and reads the same once stored.
func FuzzDecodeOperation(f *testing.F) {
	m := uuid.New()
	for _, seed := range []string{
		add(m, 5.91), on("delete", m), on("hide", m), `{"id":"` + m.String() + `","kind":"freeze"}`,
		`{"id":"` + m.String() + `","kind":"add","marker":"` + m.String() + `","felt":"safe","geometry":{"type":"Polygon","coordinates":[[[5.9,45.5],[5.91,45.5],[5.91,45.51],[5.9,45.5]]]}}`,
		`{"id":"` + m.String() + `","kind":"step","step":3,"minutes":-1}`,
		`{"id":"` + m.String() + `","kind":"edit","marker":"` + m.String() + `","attributes":{"note":null,"severity":4,"themes":[]},"base":1,"undo":true}`,
		`{"id":"` + m.String() + `","kind":"move","marker":"` + m.String() + `","geometry":{"type":"Point","coordinates":[1e999,45]}}`,
		`{}`, `null`, `[]`, `{"id":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			t.Skip() // the door has refused it
		}
		s, err := live.DecodeOperation(raw)
		if err == nil {
			err = s.Fault
		}
		if err != nil {
			var invalid *geo.Invalid
			if f := fault.As(err); f == nil && !errors.As(err, &invalid) || f != nil && (f.Code == "" || f.Detail == "") {
				t.Fatalf("%s: a refusal without words: %v", raw, err)
			}
			return
		}
		switch g := s.Geometry.(type) {
		case nil:
		case orb.Point:
			if geo.CheckPosition(g) != nil {
				t.Fatalf("%s: %v", raw, g)
			}
		case orb.Polygon:
			for _, ring := range g {
				if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
					t.Fatalf("%s: ring %v", raw, ring)
				}
			}
		default:
			t.Fatalf("%s: %T", raw, g)
		}
		body, err := json.Marshal(live.BodyOf(&s.Operation))
		if err != nil {
			t.Fatalf("%s: not stored: %v", raw, err)
		}
		var again live.EntryBody
		if err := json.Unmarshal(body, &again); err != nil {
			t.Fatalf("%s: stored as %s: %v", raw, body, err)
		}
	})
}
