package live

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
)

func (w WireRemark) domain() atelier.Remark {
	r := atelier.Remark{ID: w.ID, Table: w.Table, Question: w.Question, Text: w.Text, Theme: w.Theme, Deleted: w.Deleted,
		Hidden: w.Hidden, AddedSeq: w.AddedSeq, Seq: w.Seq}
	if w.Author != nil {
		r.Author = *w.Author
	}
	if w.About != nil {
		r.About = *w.About
	}
	if w.Geometry != nil {
		r.Geometry = w.Geometry.Geometry()
	}
	return r
}

// TestRemarkGolden plays the cases that web/src/remark.test.ts plays too.
func TestRemarkGolden(t *testing.T) {
	var file struct {
		Cases []struct {
			Name   string
			Remark *WireRemark
			Op     json.RawMessage
			Author uuid.UUID
			Table  int
			Seq    int64
			Expect struct {
				Remark  *WireRemark
				Refusal string
			}
		}
	}
	readGolden(t, "remark.json", &file)
	if len(file.Cases) < 20 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			s, err := DecodeOperation(c.Op)
			if err != nil || s.Fault != nil {
				t.Fatalf("decode: %v %v", err, s.Fault)
			}
			var before *atelier.Remark
			if c.Remark != nil {
				r := c.Remark.domain()
				before = &r
			}
			after, err := atelier.MergeRemark(before, &s.Operation, c.Seq)
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
				after.Author, after.Table = c.Author, c.Table
			}
			if want := c.Expect.Remark.domain(); !reflect.DeepEqual(after, want) {
				t.Errorf("got\n%+v\nwant\n%+v", after, want)
			}
		})
	}
}
