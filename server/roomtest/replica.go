package roomtest

import (
	"errors"
	"fmt"
	"maps"

	"github.com/google/uuid"
)

// Reader is who reads a room.
type Reader struct {
	Staff       bool
	Participant uuid.UUID
	Table       int
}

// Replica is one reader's copy of a room: a snapshot and the entries after it.
type Replica struct {
	Reader
	Seq     int64
	Room    Room
	Markers map[string]MarkerView // by id, as text
}

// NewReplica is the replica before any entry.
func NewReplica(r Reader) *Replica {
	return &Replica{Reader: r, Markers: map[string]MarkerView{}}
}

// Clone is a copy that later entries of the original do not change.
func (r *Replica) Clone() *Replica {
	c := *r
	c.Markers = maps.Clone(r.Markers)
	c.Room.Tables = append([]TableView(nil), r.Room.Tables...)
	return &c
}

// Reset takes a snapshot in place of everything held.
func (r *Replica) Reset(s Snapshot) {
	r.Seq, r.Room, r.Markers = s.Seq, s.Room, make(map[string]MarkerView, len(s.Markers))
	for _, m := range s.Markers {
		r.Markers[m.ID.String()] = m
	}
}

// Hash is the state hash of what the replica holds.
func (r *Replica) Hash() string { return stateHash(r.Markers) }

// What a replica answers when it cannot go on alone.
var (
	errGap     = errors.New("a number is missing: read the log after the last one")
	errUnheld  = errors.New("an entry that this replica cannot follow: take a snapshot")
	errDamaged = errors.New("the log contradicts itself")
)

// Apply follows the log by one entry. A repeat is ignored.
func (r *Replica) Apply(e Entry) error {
	if e.Seq <= r.Seq {
		return nil
	}
	if e.Seq != r.Seq+1 {
		return fmt.Errorf("%d after %d: %w", e.Seq, r.Seq, errGap)
	}
	if err := r.apply(e); err != nil {
		return fmt.Errorf("entry %d, %s: %w", e.Seq, e.Kind, err)
	}
	r.Seq = e.Seq
	return nil
}

func (r *Replica) apply(e Entry) error {
	if e.Resync {
		return errUnheld
	}
	switch e.Kind {
	case "noop":
	case "add", "move", "reshape", "edit", "delete", "restore", "hide", "unhide":
		return r.applyMarker(e)
	case "step":
		r.Room.Step = *e.Step
		if r.Room.State == "prepared" {
			r.Room.State = "open"
		}
	case "step_close": // only its clock, which nothing here reads
	case "table_open", "table_close":
		for i := range r.Room.Tables {
			if r.Room.Tables[i].Numero == e.Table {
				r.Room.Tables[i].Open = e.Kind == "table_open"
			}
		}
	case "share":
		r.Room.Shared = *e.Shared
	case "freeze":
		r.Room.State, r.Room.FrozenHash = "closed", e.Hash
	default:
		return fmt.Errorf("unknown kind: %w", errDamaged)
	}
	return nil
}

func (r *Replica) applyMarker(e Entry) error {
	key := e.Marker.String()
	if e.State != nil {
		r.Markers[key] = *e.State
		return nil
	}
	m, held := r.Markers[key]
	own := held && (r.Staff || m.Author == r.Participant)
	switch {
	case e.Kind == "add" && held:
		return fmt.Errorf("a second add of a marker: %w", errDamaged)
	case e.Kind == "add":
		m = MarkerView{ID: e.Marker, Author: e.Author, Table: e.Table, Felt: e.Felt, Geometry: e.Geometry}
		m.Attributes = merged(nil, e.Attributes)
	case (e.Kind == "delete" || e.Kind == "hide") && !own:
		delete(r.Markers, key) // what another reader did not hold is gone as well
		return nil
	case !held:
		return errUnheld
	}
	switch e.Kind {
	case "move", "reshape":
		m.Geometry = e.Geometry
	case "edit":
		if e.Felt != "" {
			m.Felt = e.Felt
		}
		m.Attributes = merged(m.Attributes, e.Attributes)
	case "delete", "restore":
		m.Deleted = e.Kind == "delete"
	case "hide", "unhide":
		m.Hidden = e.Kind == "hide"
	}
	m.Seq = e.Seq
	r.Markers[key] = m
	return nil
}

// merged replaces the attributes that a change names.
func merged(old, change Attributes) Attributes {
	next := maps.Clone(old)
	if next == nil {
		next = Attributes{}
	}
	maps.Copy(next, change)
	return next
}

// visibleTo is what another reader of the same room may see of this replica,
// by the sentences of docs/protocol.md, « What a reader sees ». The receiver
// is a staff replica, which holds everything.
func (r *Replica) visibleTo(other Reader) map[string]MarkerView {
	out := map[string]MarkerView{}
	for key, m := range r.Markers {
		own := other.Staff || m.Author == other.Participant
		if !own && (m.Hidden || m.Deleted || (m.Table != other.Table && !r.Room.Shared)) {
			continue
		}
		if !own {
			m.Attributes = maps.Clone(m.Attributes)
			delete(m.Attributes, "note")
		}
		out[key] = m
	}
	return out
}
