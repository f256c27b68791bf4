package roomtest

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// Evidence is what is read back after a run.
type Evidence struct {
	Acts []Act
	// Log is the whole log as the animateur reads it, from number 1.
	Log []Entry
	// Start is the room before number 1.
	Start Room
	// Snapshot is the room as the animateur reads it at the end.
	Snapshot Snapshot
	Views    []View
}

// View is what one reader has seen.
type View struct {
	Name string
	// Replica is its copy at the end.
	Replica *Replica
	// Seen are the entries that it received, in the order of arrival.
	Seen []Entry
	// Snapshot is what the server says that this reader may see at the end.
	Snapshot Snapshot
}

// Rule is one sentence that holds for every run, whatever fails during it.
type Rule string

// The rules.
const (
	// Gapless: the log counts 1, 2, 3… without a hole or a repeat.
	Gapless Rule = "gapless"
	// Once: an operation id is in the log at most once, and so is what the
	// person meant by it.
	Once Rule = "once"
	// Kept: what was acknowledged is in the log, at the number of its receipt,
	// with the content that was sent.
	Kept Rule = "kept"
	// Asked: what is in the log was asked for, and not refused.
	Asked Rule = "asked"
	// Ordered: what was acknowledged before another operation was first sent
	// has the lower number.
	Ordered Rule = "ordered"
	// Prefix: every reader has seen the beginning of the log, entry by entry.
	Prefix Rule = "prefix"
	// OneState: the replay of the log, the server's snapshot and the replica
	// of every reader have one hash.
	OneState Rule = "one state"
)

// Violation is a rule that a run has broken.
type Violation struct {
	Rule   Rule
	Detail string
}

func (v Violation) String() string { return string(v.Rule) + ": " + v.Detail }

// checker collects violations.
type checker struct {
	Evidence
	byID  map[uuid.UUID]Entry
	acts  map[uuid.UUID]Act
	found []Violation
}

func (c *checker) broken(r Rule, format string, args ...any) {
	c.found = append(c.found, Violation{r, fmt.Sprintf(format, args...)})
}

// Check holds the evidence against every rule. Nothing returned means that
// nothing acknowledged is lost, nothing is there twice, and that everybody
// holds the same state.
func Check(e Evidence) []Violation {
	c := checker{Evidence: e, byID: map[uuid.UUID]Entry{}, acts: map[uuid.UUID]Act{}}
	for _, a := range e.Acts {
		c.acts[a.ID] = a
	}
	c.log()
	c.acknowledged()
	c.order()
	c.views()
	return c.found
}

func (c *checker) log() {
	intents := map[uuid.UUID]int64{}
	for i, e := range c.Log {
		if e.Seq != int64(i)+1 {
			c.broken(Gapless, "line %d of the log has number %d", i+1, e.Seq)
		}
		if first, twice := c.byID[e.ID]; twice {
			c.broken(Once, "operation %s has numbers %d and %d", e.ID, first.Seq, e.Seq)
		}
		c.byID[e.ID] = e
		act, asked := c.acts[e.ID]
		switch {
		case !asked:
			c.broken(Asked, "nobody asked for number %d (%s)", e.Seq, e.Kind)
			continue
		case act.Outcome == Refused || act.Outcome == Parked:
			c.broken(Asked, "number %d was refused to %s with %s", e.Seq, act.Device, act.Code)
		}
		if first, twice := intents[act.Intent]; twice {
			c.broken(Once, "what %s meant once (%s) has numbers %d and %d", act.Device, e.Kind, first, e.Seq)
		}
		intents[act.Intent] = e.Seq
	}
}

func (c *checker) acknowledged() {
	for _, a := range c.Acts {
		if a.Outcome != Acknowledged {
			continue
		}
		e, present := c.byID[a.ID]
		switch {
		case !present:
			c.broken(Kept, "%s of %s, acknowledged with number %d, is lost", a.Kind, a.Device, a.Seq)
		case e.Seq != a.Seq || a.Moved != 0:
			c.broken(Kept, "%s of %s was acknowledged with number %d (and %d), the log has %d", a.Kind, a.Device, a.Seq, a.Moved, e.Seq)
		case !sameContent(a.Operation, e):
			c.broken(Kept, "number %d is not what %s sent", e.Seq, a.Device)
		}
	}
}

func sameContent(o Operation, e Entry) bool {
	if o.Kind != e.Kind || o.Felt != e.Felt || !o.Geometry.sameShape(e.Geometry) || o.Undo != e.Undo {
		return false
	}
	return o.Marker == nil || *o.Marker == e.Marker
}

// order sweeps over attempts and answers in the order in which they happened.
func (c *checker) order() {
	type moment struct {
		at, seq int64
		asked   bool
	}
	var moments []moment
	for _, a := range c.Acts {
		if a.Outcome == Acknowledged {
			moments = append(moments, moment{a.asked, a.Seq, true}, moment{a.answered, a.Seq, false})
		}
	}
	slices.SortFunc(moments, func(a, b moment) int { return int(a.at - b.at) })
	var highest int64
	for _, m := range moments {
		if !m.asked {
			highest = max(highest, m.seq)
		} else if m.seq <= highest {
			c.broken(Ordered, "number %d was first sent after number %d had been acknowledged", m.seq, highest)
		}
	}
}

func (c *checker) views() {
	replay := NewReplica(Reader{Staff: true})
	replay.Room = c.Start
	replay.Room.Tables = slices.Clone(c.Start.Tables)
	for _, e := range c.Log {
		if err := replay.Apply(e); err != nil {
			c.broken(OneState, "the log cannot be replayed: %v", err)
			return
		}
	}
	if h := replay.Hash(); h != c.Snapshot.Hash || replay.Seq != c.Snapshot.Seq {
		c.broken(OneState, "replay %d %.8s, snapshot %d %.8s", replay.Seq, h, c.Snapshot.Seq, c.Snapshot.Hash)
	}
	for _, v := range c.Views {
		c.prefix(v)
		want := stateHash(replay.visibleTo(v.Replica.Reader))
		if got := v.Replica.Hash(); got != want || v.Replica.Seq != replay.Seq {
			c.broken(OneState, "%s holds %d %.8s, the log leads to %d %.8s", v.Name, v.Replica.Seq, got, replay.Seq, want)
		}
		if v.Snapshot.Hash != want || v.Snapshot.Seq != replay.Seq {
			c.broken(OneState, "the server says %d %.8s to %s, the log leads to %d %.8s", v.Snapshot.Seq, v.Snapshot.Hash, v.Name, replay.Seq, want)
		}
		room := v.Replica.Room
		if room.State != replay.Room.State || room.Shared != replay.Room.Shared || room.FrozenHash != replay.Room.FrozenHash {
			c.broken(OneState, "%s holds the room %+v, the log leads to %+v", v.Name, room, replay.Room)
		}
	}
}

func (c *checker) prefix(v View) {
	for _, e := range v.Seen {
		if e.Seq < 1 || e.Seq > int64(len(c.Log)) {
			c.broken(Prefix, "%s has seen number %d, the log ends at %d", v.Name, e.Seq, len(c.Log))
			continue
		}
		if line := c.Log[e.Seq-1]; e.Kind != "noop" && (line.ID != e.ID || line.Kind != e.Kind) {
			c.broken(Prefix, "%s has seen %s %s as number %d, the log has %s %s", v.Name, e.Kind, e.ID, e.Seq, line.Kind, line.ID)
		}
	}
}
