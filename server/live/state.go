package live

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/store"
)

// State is what a log has led to: the room and its markers at number Seq.
// Replaying the same entries gives the same State, whoever replays them.
type State struct {
	Seq     int64
	Room    atelier.Room
	Markers map[uuid.UUID]atelier.Marker
	Remarks map[uuid.UUID]atelier.Remark
	// Votes are the dots by participant and finding.
	Votes map[uuid.UUID]map[uuid.UUID]int
}

// Apply adds the next entry of the log. Its number must be Seq+1. An entry was
// accepted when it was written, so a refusal here means that the log or the
// state is damaged.
func (s *State) Apply(e store.Entry) error {
	if e.Seq != s.Seq+1 {
		return fmt.Errorf("entry %d after %d", e.Seq, s.Seq)
	}
	var body EntryBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	if e.Kind.OnRemark() || e.Kind == atelier.Vote {
		return s.applySaid(e, body)
	}
	if !e.Kind.OnMarker() {
		if ((e.Kind == atelier.Step || e.Kind == atelier.StepClose) && body.Step == nil) || (e.Kind == atelier.Share && body.Shared == nil) {
			return fmt.Errorf("entry %d: a %s without its value", e.Seq, e.Kind)
		}
		s.Room = ApplyRoom(s.Room, e, body)
		s.Seq = e.Seq
		return nil
	}
	o := atelier.Operation{ID: e.ID, Kind: e.Kind, Marker: e.Marker, Geometry: body.geometryOf(),
		Felt: body.Felt, Attributes: body.Attributes}
	var before *atelier.Marker
	if m, ok := s.Markers[e.Marker]; ok {
		before = &m
	}
	after, _, err := atelier.Merge(before, &o, e.Seq)
	if err != nil {
		return fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	if before == nil {
		after.Author, after.Table = e.Author, e.Numero
	}
	s.Markers[e.Marker] = after
	s.Seq = e.Seq
	return nil
}

// applySaid is Apply for what is said in words and for votes.
func (s *State) applySaid(e store.Entry, body EntryBody) error {
	if e.Kind == atelier.Vote {
		if body.Finding == nil || body.Dots == nil {
			return fmt.Errorf("entry %d: a vote without its value", e.Seq)
		}
		if s.Votes == nil {
			s.Votes = map[uuid.UUID]map[uuid.UUID]int{}
		}
		if s.Votes[e.Author] == nil {
			s.Votes[e.Author] = map[uuid.UUID]int{}
		}
		s.Votes[e.Author][*body.Finding] = *body.Dots
		s.Seq = e.Seq
		return nil
	}
	if body.Remark == nil {
		return fmt.Errorf("entry %d: a remark without its identifier", e.Seq)
	}
	o := atelier.Operation{ID: e.ID, Kind: e.Kind, Remark: *body.Remark, Geometry: body.geometryOf(), Question: body.Question,
		Text: body.Text, Theme: body.Theme}
	if body.About != nil {
		o.About = *body.About
	}
	var before *atelier.Remark
	if r, ok := s.Remarks[o.Remark]; ok {
		before = &r
	}
	after, err := atelier.MergeRemark(before, &o, e.Seq)
	if err != nil {
		return fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	if before == nil {
		after.Author, after.Table = e.Author, e.Numero
		if e.Author == uuid.Nil {
			after.Table = body.Table
		}
	}
	if s.Remarks == nil {
		s.Remarks = map[uuid.UUID]atelier.Remark{}
	}
	s.Remarks[o.Remark] = after
	s.Seq = e.Seq
	return nil
}

// ApplyRoom is the room after one of its own entries.
func ApplyRoom(r atelier.Room, e store.Entry, body EntryBody) atelier.Room {
	tables := append([]atelier.TableState(nil), r.Tables...)
	r.Tables = tables
	switch e.Kind {
	case atelier.Step:
		at := e.At
		r.Step, r.StepMinutes, r.StepAt = *body.Step, body.Minutes, &at
		if r.State == "prepared" {
			r.State = "open"
		}
	case atelier.StepClose:
		// Only the step that is open: one opened meanwhile goes on.
		if *body.Step == r.Step {
			r.StepMinutes, r.StepAt = 0, nil
		}
	case atelier.TableOpen, atelier.TableClose:
		for i := range tables {
			if tables[i].Numero == body.Table {
				tables[i].Open = e.Kind == atelier.TableOpen
			}
		}
	case atelier.Share:
		r.Shared = *body.Shared
	case atelier.Freeze:
		r.State, r.FrozenHash = "closed", body.Hash
	}
	return r
}

// Viewer is who reads a room.
type Viewer struct {
	Staff       bool
	Participant uuid.UUID
	Table       int
	// Device tells the browsers of one atelier apart, to count them; nil is one
	// more each time.
	Device uuid.UUID
}

// sees reports whether a viewer may see a marker as it stands.
func (v Viewer) sees(m atelier.Marker, shared bool) bool {
	switch {
	case v.Staff || m.Author == v.Participant:
		return true
	case m.Hidden || m.Deleted:
		return false
	}
	return m.Table == v.Table || shared
}

// hears reports whether a viewer may read a remark as it stands: what a table
// says in words stays at that table, whether or not tables see each other's
// markers.
func (v Viewer) hears(r atelier.Remark) bool {
	switch {
	case v.Staff || (r.Author != uuid.Nil && r.Author == v.Participant):
		return true
	case r.Hidden || r.Deleted:
		return false
	}
	return r.Table == v.Table
}

// show takes away what a viewer who may see the marker may still not read.
func (v Viewer) show(m atelier.Marker) atelier.Marker {
	if !v.Staff && m.Author != v.Participant {
		m.Attributes = m.Attributes.WithoutNote()
		if _, ok := m.AttributeSeqs["note"]; ok {
			// That a note was written is as private as the note.
			seqs := make(map[string]int64, len(m.AttributeSeqs))
			for k, n := range m.AttributeSeqs {
				if k != "note" {
					seqs[k] = n
				}
			}
			m.AttributeSeqs = seqs
		}
	}
	return m
}

// Visible gives the markers that a viewer may see, as it may see them, its own
// deleted ones included (they can be restored), in no particular order.
func (s *State) Visible(v Viewer) []atelier.Marker {
	out := make([]atelier.Marker, 0, len(s.Markers))
	for _, m := range s.Markers {
		if v.sees(m, s.Room.Shared) {
			out = append(out, v.show(m))
		}
	}
	return out
}

// variant is how much of an entry a viewer may see.
type variant int

const (
	nothing   variant = iota // a noop, for the number
	bare                     // that the marker went away
	shared                   // all but the note
	whole                    // all
	withState                // all that the viewer may see, and the marker as it stands
)

// variantFor judges an entry by the state of its marker now: what has been
// hidden or deleted since is not replayed.
func (s *State) variantFor(v Viewer, e store.Entry) variant {
	switch {
	case e.Kind == atelier.Erase || e.Kind == atelier.Forgotten:
		return nothing
	case e.Kind == atelier.Vote && !v.Staff && e.Author != v.Participant:
		return nothing // how others vote is nobody's business
	case e.Kind.OnRemark():
		return s.remarkVariant(v, e)
	case !e.Kind.OnMarker():
		return whole
	}
	m, known := s.Markers[e.Marker]
	switch {
	case !known:
		return nothing
	case v.sees(m, s.Room.Shared):
		own := v.Staff || m.Author == v.Participant
		switch {
		case !own && (e.Kind == atelier.Unhide || e.Kind == atelier.Restore):
			return withState // it may have missed what came while it could not see
		case own:
			return whole
		}
		return shared
	case (e.Kind == atelier.Hide || e.Kind == atelier.Delete) && (m.Table == v.Table || s.Room.Shared):
		return bare
	}
	return nothing
}

// remarkVariant is variantFor of what is said in words.
func (s *State) remarkVariant(v Viewer, e store.Entry) variant {
	var body EntryBody
	if json.Unmarshal(e.Body, &body) != nil || body.Remark == nil {
		return nothing
	}
	r, known := s.Remarks[*body.Remark]
	switch {
	case !known:
		return nothing
	case v.hears(r):
		own := v.Staff || (r.Author != uuid.Nil && r.Author == v.Participant)
		if !own && (e.Kind == atelier.RemarkUnhide || e.Kind == atelier.RemarkRestore) {
			return withState
		}
		return whole
	case (e.Kind == atelier.RemarkHide || e.Kind == atelier.RemarkDelete) && r.Table == v.Table:
		return whole // its body is no more than the identifier
	}
	return nothing
}

// needsSnapshot reports whether an entry changes what a viewer may see of
// markers that no later entry speaks of.
func (v Viewer) needsSnapshot(e store.Entry) bool {
	return e.Kind == atelier.Share && !v.Staff || e.Kind == atelier.Erase
}

// entryFor gives a log entry as a viewer may see it.
func (s *State) entryFor(v Viewer, e store.Entry) (WireEntry, error) {
	w, err := s.wire(v, e, s.variantFor(v, e))
	w.Resync = v.needsSnapshot(e)
	return w, err
}

func (s *State) wire(v Viewer, e store.Entry, how variant) (WireEntry, error) {
	switch how {
	case nothing:
		return WireEntry{Seq: e.Seq, Kind: noop, At: e.At}, nil
	case bare:
		return WireEntry{Seq: e.Seq, Kind: e.Kind, At: e.At, ID: &e.ID, Marker: &e.Marker}, nil
	}
	w, err := wireWhole(e)
	if err != nil {
		return w, err
	}
	if how == shared || how == withState {
		w.Attributes = withoutNote(w.Attributes)
	}
	if how == shared && e.Kind == atelier.Edit && len(w.Attributes) == 0 && w.Felt == "" {
		// Only the note: an empty edit would tell that something was written.
		return WireEntry{Seq: e.Seq, Kind: noop, At: e.At}, nil
	}
	if how == withState && e.Kind.OnRemark() {
		said := NewWireRemark(s.Remarks[*w.Remark])
		w.Said = &said
	} else if how == withState {
		state := NewWireMarker(v.show(s.Markers[e.Marker]))
		w.State = &state
	}
	return w, nil
}

// wireWhole is all of a log entry, as its author reads it.
func wireWhole(e store.Entry) (WireEntry, error) {
	w := WireEntry{Seq: e.Seq, Kind: e.Kind, At: e.At, ID: &e.ID}
	if err := json.Unmarshal(e.Body, &w.EntryBody); err != nil {
		return w, fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	if e.Kind.OnMarker() {
		w.Marker = &e.Marker
	}
	if e.Author != uuid.Nil {
		w.Author = &e.Author
		w.Table = e.Numero
	}
	return w, nil
}

func withoutNote(attributes map[string]json.RawMessage) map[string]json.RawMessage {
	if _, ok := attributes["note"]; !ok {
		return attributes
	}
	out := make(map[string]json.RawMessage, len(attributes))
	for k, v := range attributes {
		if k != "note" {
			out[k] = v
		}
	}
	return out
}
