package live

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/store"
)

// The files of testdata are read by the front end's tests too: the two merge
// functions cannot drift apart.

func (w WireMarker) domain(t *testing.T) atelier.Marker {
	t.Helper()
	raw, err := json.Marshal(w.Attributes)
	if err != nil {
		t.Fatal(err)
	}
	// The merge rules are the only way to set attributes: an edit sets them here.
	edit := atelier.Operation{Kind: atelier.Edit, Marker: w.ID}
	if err := json.Unmarshal(raw, &edit.Attributes); err != nil {
		t.Fatal(err)
	}
	m := atelier.Marker{ID: w.ID, Author: w.Author, Table: w.Table, Felt: w.Felt, Geometry: w.Geometry.Geometry()}
	m, _, err = atelier.Merge(&m, &edit, 0)
	if err != nil {
		t.Fatal(err)
	}
	m.Seq, m.AddedSeq, m.GeometrySeq, m.ExistenceSeq = w.Seq, w.AddedSeq, w.GeometrySeq, w.ExistenceSeq
	m.AttributeSeqs, m.Deleted, m.Hidden = w.AttributeSeqs, w.Deleted, w.Hidden
	return m
}

func readGolden(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

func TestMergeGolden(t *testing.T) {
	var file struct {
		Cases []struct {
			Name   string
			Marker *WireMarker
			Op     json.RawMessage
			Author string
			Table  int
			Seq    int64
			Over   int64
			Expect struct {
				Marker  *WireMarker
				Refusal string
			}
		}
	}
	readGolden(t, "merge.json", &file)
	if len(file.Cases) < 60 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			s, err := DecodeOperation(c.Op)
			if err != nil || s.Fault != nil {
				t.Fatalf("decode: %v %v", err, s.Fault)
			}
			var before *atelier.Marker
			if c.Marker != nil {
				m := c.Marker.domain(t)
				before = &m
			}
			after, over, err := atelier.Merge(before, &s.Operation, c.Seq)
			if c.Expect.Refusal != "" {
				if f := fault.As(err); f == nil || f.Code != c.Expect.Refusal {
					t.Fatalf("got %v, want refusal %s", err, c.Expect.Refusal)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if before == nil {
				after.Author, after.Table = uuid.MustParse(c.Author), c.Table
			}
			got, want := reread(t, NewWireMarker(after)), reread(t, *c.Expect.Marker)
			if !reflect.DeepEqual(got, want) || over != c.Over {
				t.Errorf("got over %d and\n%v\nwant over %d and\n%v", over, got, c.Over, want)
			}
		})
	}
}

// reread compares as JSON does: an absent attribute and a null one are equal.
func reread(t *testing.T, w WireMarker) map[string]any {
	t.Helper()
	raw, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func (w WireRoom) domain() atelier.Room {
	r := atelier.Room{State: w.State, Step: w.Step, StepAt: w.StepAt, StepMinutes: w.StepMinutes, Shared: w.Shared, FrozenHash: w.FrozenHash}
	for _, t := range w.Tables {
		r.Tables = append(r.Tables, atelier.TableState(t))
	}
	return r
}

func TestRoomGolden(t *testing.T) {
	var file struct {
		Cases []struct {
			Name   string
			Room   WireRoom
			Entry  json.RawMessage
			Expect WireRoom
		}
	}
	readGolden(t, "room.json", &file)
	if len(file.Cases) < 20 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			e := store.Entry{Body: c.Entry}
			if err := json.Unmarshal(c.Entry, &e); err != nil {
				t.Fatal(err)
			}
			s := State{Seq: e.Seq - 1, Room: c.Room.domain()}
			if err := s.Apply(e); err != nil {
				t.Fatal(err)
			}
			if got := NewWireRoom(s.Room); !reflect.DeepEqual(got, c.Expect) {
				t.Errorf("got  %+v\nwant %+v", got, c.Expect)
			}
		})
	}
}

func TestCanonicalGolden(t *testing.T) {
	var file struct {
		Cases []struct {
			Name    string
			Markers []WireMarker
			Text    string
			SHA256  string
		}
	}
	readGolden(t, "canonical.json", &file)
	if len(file.Cases) == 0 {
		t.Fatal("no case")
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			var ms []atelier.Marker
			for _, w := range c.Markers {
				ms = append(ms, w.domain(t))
			}
			text := atelier.CanonicalText(ms)
			sum := sha256.Sum256([]byte(text))
			if text != c.Text || hex.EncodeToString(sum[:]) != c.SHA256 {
				t.Errorf("got\n%s\nwant\n%s", text, c.Text)
			}
		})
	}
}
