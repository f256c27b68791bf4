package live

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// Submitted is one operation as a device sent it: either readable, or the
// fault that says why not. The others of its batch don't depend on it.
type Submitted struct {
	atelier.Operation
	// Digest identifies the content: the same id with another digest is a
	// conflict. Order of members and white space do not matter.
	Digest []byte
	// Sent is the content, for the answer to a conflict.
	Sent json.RawMessage
	// Fault is set when the operation cannot be accepted whatever the room.
	Fault error
}

type wireOperation struct {
	ID         uuid.UUID                  `json:"id"`
	Kind       atelier.Kind               `json:"kind"`
	Marker     uuid.UUID                  `json:"marker"`
	Base       int64                      `json:"base"`
	Undo       bool                       `json:"undo"`
	At         *time.Time                 `json:"at"`
	Geometry   json.RawMessage            `json:"geometry"`
	Felt       atelier.Felt               `json:"felt"`
	Attributes map[string]json.RawMessage `json:"attributes"`
	Step       int                        `json:"step"`
	Minutes    int                        `json:"minutes"`
	Table      int                        `json:"table"`
	Shared     bool                       `json:"shared"`
	Remark     uuid.UUID                  `json:"remark"`
	Question   string                     `json:"question"`
	Text       string                     `json:"text"`
	Theme      atelier.Theme              `json:"theme"`
	About      uuid.UUID                  `json:"about"`
	Finding    uuid.UUID                  `json:"finding"`
	Dots       int                        `json:"dots"`
}

// DecodeOperation reads one operation of a batch. The caller has already
// refused what is not strict JSON (repeated members, bad UTF-8, depth). An
// operation without a readable id is an error of the whole batch, since no
// answer could name it.
func DecodeOperation(raw json.RawMessage) (Submitted, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return Submitted{}, fault.New(fault.Invalid, "operation_illisible", "Une opération n’est pas un objet JSON.").At("ops")
	}
	s := Submitted{Sent: raw}
	if err := json.Unmarshal(members["id"], &s.ID); err != nil || s.ID == uuid.Nil {
		return Submitted{}, fault.New(fault.Invalid, "identifiant_absent", "Une opération n’a pas d’identifiant (UUID).").At("ops.id")
	}
	var wire wireOperation
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wire); err != nil {
		s.Fault = fault.New(fault.Invalid, "operation_illisible", "Cette opération contient une information inconnue ou mal écrite.").Because(err)
		return s, nil
	}
	names := make([]string, 0, len(members))
	for n, v := range members {
		if string(v) == "null" {
			s.Fault = fault.New(fault.Invalid, "valeur_inconnue", "Cette information ne peut pas être nulle.").At(n)
			return s, nil
		}
		names = append(names, n)
	}
	s.Digest = digest(raw)
	s.Operation = atelier.Operation{ID: wire.ID, Kind: wire.Kind, Marker: wire.Marker, Base: wire.Base, Undo: wire.Undo,
		At: wire.At, Felt: wire.Felt, Attributes: wire.Attributes, Step: wire.Step, Minutes: wire.Minutes,
		Table: wire.Table, Shared: wire.Shared, Remark: wire.Remark, Question: wire.Question, Text: wire.Text,
		Theme: wire.Theme, About: wire.About, Finding: wire.Finding, Dots: wire.Dots}
	s.SetMembers(names)
	if s.Fault = s.Check(); s.Fault != nil {
		return s, nil
	}
	if wire.Geometry != nil {
		s.Geometry, s.Fault = geo.DecodeDrawn(wire.Geometry)
	}
	return s, nil
}

// digest is the SHA-256 of the content with members sorted and without white
// space.
func digest(raw json.RawMessage) []byte {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return nil
	}
	canonical, err := json.Marshal(v) // sorts the members of maps
	if err != nil {
		return nil
	}
	sum := sha256.Sum256(canonical)
	return sum[:]
}

// EntryBody is the part of a log entry that the operation itself carries, as
// it is stored and as every reader receives it.
type EntryBody struct {
	Undo       bool                       `json:"undo,omitempty"`
	Geometry   *geojson.Geometry          `json:"geometry,omitempty"`
	Felt       atelier.Felt               `json:"felt,omitempty"`
	Attributes map[string]json.RawMessage `json:"attributes,omitempty"`
	Step       *int                       `json:"step,omitempty"`
	Minutes    int                        `json:"minutes,omitempty"`
	Table      int                        `json:"table,omitempty"`
	Shared     *bool                      `json:"shared,omitempty"`
	Hash       string                     `json:"hash,omitempty"`
	Answers    string                     `json:"answers,omitempty"` // hash of the answers, at the freeze
	Remark     *uuid.UUID                 `json:"remark,omitempty"`
	Question   string                     `json:"question,omitempty"`
	Text       string                     `json:"text,omitempty"`
	Theme      atelier.Theme              `json:"theme,omitempty"`
	About      *uuid.UUID                 `json:"about,omitempty"`
	Finding    *uuid.UUID                 `json:"finding,omitempty"`
	Dots       *int                       `json:"dots,omitempty"`
}

// BodyOf is the stored form of an accepted operation.
func BodyOf(o *atelier.Operation) EntryBody {
	b := EntryBody{Undo: o.Undo, Felt: o.Felt, Attributes: o.Attributes}
	if o.Geometry != nil {
		b.Geometry = geojson.NewGeometry(o.Geometry)
	}
	switch o.Kind {
	case atelier.Step:
		step := o.Step
		b.Step, b.Minutes = &step, o.Minutes
	case atelier.StepClose:
		step := o.Step
		b.Step = &step
	case atelier.TableOpen, atelier.TableClose:
		b.Table = o.Table
	case atelier.Share:
		shared := o.Shared
		b.Shared = &shared
	case atelier.Vote:
		finding, dots := o.Finding, o.Dots
		b.Finding, b.Dots = &finding, &dots
	}
	if o.Kind.OnRemark() {
		remark := o.Remark
		b.Remark, b.Question, b.Text, b.Theme = &remark, o.Question, o.Text, o.Theme
		if o.Kind == atelier.RemarkAdd {
			b.Table = o.Table
		}
		if o.About != uuid.Nil {
			about := o.About
			b.About = &about
		}
	}
	return b
}

// WireEntry is one log entry as a reader receives it (openapi: Entry).
type WireEntry struct {
	Seq       int64        `json:"seq"`
	ID        *uuid.UUID   `json:"id,omitempty"`
	Kind      atelier.Kind `json:"kind"`
	At        time.Time    `json:"at"`
	Marker    *uuid.UUID   `json:"marker,omitempty"`
	Author    *uuid.UUID   `json:"author,omitempty"`
	EntryBody              // its Table is the author's, for a marker's entry
	State     *WireMarker  `json:"state,omitempty"`
	Said      *WireRemark  `json:"said,omitempty"`
	Resync    bool         `json:"resync,omitempty"`
}

// noop is what a reader receives in place of what it may not see.
const noop atelier.Kind = "noop"

// WireMarker is a marker as a reader receives it (openapi: MarkerState).
type WireMarker struct {
	ID            uuid.UUID         `json:"id"`
	Author        uuid.UUID         `json:"author"`
	Table         int               `json:"table"`
	Felt          atelier.Felt      `json:"felt"`
	Geometry      *geojson.Geometry `json:"geometry"`
	Attributes    map[string]any    `json:"attributes"`
	Seq           int64             `json:"seq"`
	AddedSeq      int64             `json:"added_seq"`
	GeometrySeq   int64             `json:"geometry_seq"`
	ExistenceSeq  int64             `json:"existence_seq"`
	AttributeSeqs map[string]int64  `json:"attribute_seqs"`
	Deleted       bool              `json:"deleted"`
	Hidden        bool              `json:"hidden"`
}

// NewWireMarker shows a marker; its caller has already taken away what the
// reader may not see.
func NewWireMarker(m atelier.Marker) WireMarker {
	seqs := m.AttributeSeqs
	if seqs == nil {
		seqs = map[string]int64{}
	}
	return WireMarker{ID: m.ID, Author: m.Author, Table: m.Table, Felt: m.Felt, Geometry: geojson.NewGeometry(m.Geometry),
		Attributes: m.Attributes.Map(), Seq: m.Seq, AddedSeq: m.AddedSeq, GeometrySeq: m.GeometrySeq,
		ExistenceSeq: m.ExistenceSeq, AttributeSeqs: seqs, Deleted: m.Deleted, Hidden: m.Hidden}
}

// WireRoom is the room as a reader receives it (openapi: Room).
type WireRoom struct {
	State       string      `json:"state"`
	Step        int         `json:"step"`
	StepAt      *time.Time  `json:"step_at,omitempty"`
	StepMinutes int         `json:"step_minutes,omitempty"`
	Shared      bool        `json:"shared"`
	FrozenHash  string      `json:"frozen_hash,omitempty"`
	Tables      []WireTable `json:"tables"`
}

// WireTable says whether a table may draw.
type WireTable struct {
	Numero int  `json:"numero"`
	Open   bool `json:"open"`
}

// NewWireRoom shows a room.
func NewWireRoom(r atelier.Room) WireRoom {
	w := WireRoom{State: r.State, Step: r.Step, StepAt: r.StepAt, StepMinutes: r.StepMinutes, Shared: r.Shared,
		FrozenHash: r.FrozenHash, Tables: []WireTable{}}
	for _, t := range r.Tables {
		w.Tables = append(w.Tables, WireTable(t))
	}
	return w
}

// WireRemark is a remark as a reader receives it (openapi: RemarkState).
type WireRemark struct {
	ID       uuid.UUID         `json:"id"`
	Author   *uuid.UUID        `json:"author,omitempty"` // absent when the animateur typed it
	Table    int               `json:"table"`
	Question string            `json:"question"`
	Text     string            `json:"text"`
	Theme    atelier.Theme     `json:"theme,omitempty"`
	Geometry *geojson.Geometry `json:"geometry,omitempty"`
	About    *uuid.UUID        `json:"about,omitempty"`
	Deleted  bool              `json:"deleted"`
	Hidden   bool              `json:"hidden"`
	AddedSeq int64             `json:"added_seq"`
	Seq      int64             `json:"seq"`
}

// NewWireRemark shows a remark to a reader who may see it.
func NewWireRemark(r atelier.Remark) WireRemark {
	w := WireRemark{ID: r.ID, Table: r.Table, Question: r.Question, Text: r.Text, Theme: r.Theme, Deleted: r.Deleted,
		Hidden: r.Hidden, AddedSeq: r.AddedSeq, Seq: r.Seq}
	if r.Author != uuid.Nil {
		w.Author = &r.Author
	}
	if r.About != uuid.Nil {
		w.About = &r.About
	}
	if r.Geometry != nil {
		w.Geometry = geojson.NewGeometry(r.Geometry)
	}
	return w
}

// WireVote is the dots of one resident on one finding (openapi: Vote).
type WireVote struct {
	Author  uuid.UUID `json:"author"`
	Finding uuid.UUID `json:"finding"`
	Dots    int       `json:"dots"`
}

// WireSnapshot is the room at one number (openapi: Snapshot).
type WireSnapshot struct {
	Seq     int64        `json:"seq"`
	Room    WireRoom     `json:"room"`
	Markers []WireMarker `json:"markers"`
	Remarks []WireRemark `json:"remarks"`
	Votes   []WireVote   `json:"votes"`
	Hash    string       `json:"hash"`
	Now     time.Time    `json:"now"`
}

// geometryOf reads the geometry of a stored body; nil when it has none.
func (b EntryBody) geometryOf() orb.Geometry {
	if b.Geometry == nil {
		return nil
	}
	return b.Geometry.Geometry()
}
