package live

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/store"
)

// Event is one server-sent event.
type Event struct {
	Name string // snapshot, op, presence, end
	ID   int64  // 0: the event has no id
	Data []byte // JSON
}

// Reader is one device's place in a room. It is used by one goroutine.
type Reader struct {
	room     *room
	viewer   Viewer
	last     int64
	snapshot bool // the next events begin with one
	presents int
	presence []byte // as this reader was last told
	ended    bool
}

// Read opens a room for a viewer: from the newest snapshot when after is
// negative, else from the entry after that number. Close it.
func (h *Hub) Read(ctx context.Context, a atelier.Atelier, v Viewer, after int64) (*Reader, error) {
	r := h.room(a)
	if err := r.load(ctx); err != nil {
		return nil, err
	}
	if after > r.seq() {
		// The reader was on another node, which is a moment ahead of this copy.
		r.follow(ctx)
	}
	if v.Device == uuid.Nil {
		v.Device = uuid.New()
	}
	rd := &Reader{room: r, viewer: v, last: after, snapshot: after < 0, presents: -1}
	r.mu.Lock()
	r.readers++
	r.connected[v.connected()]++
	r.mu.Unlock()
	return rd, nil
}

func (v Viewer) connected() store.Connected {
	if v.Staff {
		return store.Connected{Device: v.Device}
	}
	return store.Connected{Table: v.Table, Device: v.Device}
}

// counts is what a viewer may know of the connected devices: a resident counts
// those of the own table.
func (v Viewer) counts(devices map[int]int) map[int]int {
	if v.Staff {
		return devices
	}
	return map[int]int{v.Table: devices[v.Table]}
}

// Close takes the device out of the presence.
func (rd *Reader) Close() {
	r := rd.room
	r.mu.Lock()
	defer r.mu.Unlock()
	r.readers--
	r.used = time.Now()
	if c := rd.viewer.connected(); r.connected[c] > 1 {
		r.connected[c]--
	} else {
		delete(r.connected, c)
	}
}

// readAtOnce bounds how many entries one call returns, so that a device far
// behind does not hold the memory of a whole evening.
const readAtOnce = 500

// Next gives what is new for this reader. It waits until something is, until
// ctx ends (its error) or until idle has passed (no events, nil).
func (rd *Reader) Next(ctx context.Context, idle time.Duration) ([]Event, error) {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for {
		if rd.ended {
			return nil, context.Canceled
		}
		events, wake, err := rd.take(ctx)
		if err != nil || len(events) > 0 {
			return events, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-rd.room.hub.stop:
			rd.ended = true
			return []Event{{Name: "end", Data: []byte(`{"reason":"stop"}`)}}, nil
		case <-timer.C:
			return nil, nil
		case <-wake:
		}
	}
}

// take gives what is there now, and what to wait on when there is nothing.
func (rd *Reader) take(ctx context.Context) ([]Event, <-chan struct{}, error) {
	r := rd.room
	if !r.isLoaded() {
		if err := r.load(ctx); err != nil {
			return nil, nil, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var events []Event
	entries, err := rd.entries(ctx)
	if err != nil {
		return nil, nil, err
	}
	if rd.snapshot || rd.last > r.state.Seq || slices.ContainsFunc(entries, func(e *logged) bool { return rd.viewer.needsSnapshot(e.Entry) }) {
		// The reader begins, or comes with a number that this log never had, or
		// is told more or less from here on. The snapshot takes the place of the
		// entry that says so: a device that is switched off between the two
		// would keep the number of the one without what the other shows.
		data, err := json.Marshal(r.state.snapshotFor(rd.viewer))
		if err != nil {
			return nil, nil, err
		}
		rd.snapshot, rd.last, entries = false, r.state.Seq, nil
		events = append(events, Event{Name: "snapshot", ID: r.state.Seq, Data: data})
	}
	for _, e := range entries {
		data, err := r.frame(rd.viewer, e)
		if err != nil {
			return nil, nil, err
		}
		events = append(events, Event{Name: "op", ID: e.Seq, Data: data})
		rd.last = e.Seq
	}
	if rd.presents != r.presents && r.presence != nil {
		rd.presents = r.presents
		if data := presenceJSON(rd.viewer.counts(r.presence)); !bytes.Equal(data, rd.presence) {
			rd.presence = data
			events = append(events, Event{Name: "presence", Data: data})
		}
	}
	return events, r.wake, nil
}

// entries are the next ones after last, from memory when it has them. Called
// with mu held, which is released around a read from PostgreSQL.
func (rd *Reader) entries(ctx context.Context) ([]*logged, error) {
	r := rd.room
	missing := r.state.Seq - rd.last
	if missing <= 0 || rd.snapshot {
		return nil, nil
	}
	if missing <= int64(len(r.recent)) {
		from := len(r.recent) - int(missing)
		return r.recent[from:min(from+readAtOnce, len(r.recent))], nil
	}
	r.mu.Unlock()
	entries, err := r.hub.log.Operations(ctx, r.territoire, r.id, rd.last, readAtOnce)
	r.mu.Lock()
	out := make([]*logged, 0, len(entries))
	for _, e := range entries {
		// What another node committed a moment ago may not be in the copy
		// yet, and the copy decides what may be seen.
		if e.Seq <= r.state.Seq {
			out = append(out, &logged{Entry: e})
		}
	}
	return out, err
}

// Snapshot gives the room at its newest number, as a viewer may see it.
func (h *Hub) Snapshot(ctx context.Context, a atelier.Atelier, v Viewer) (WireSnapshot, error) {
	r, err := h.current(ctx, a)
	if err != nil {
		return WireSnapshot{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.snapshotFor(v), nil
}

// Markers gives the living markers of a room as a viewer may see them, the
// number they stand for, and whether tables see each other.
func (h *Hub) Markers(ctx context.Context, a atelier.Atelier, v Viewer) ([]atelier.Marker, int64, error) {
	// From PostgreSQL, not from the copy: cells and quartiers are only there.
	current, stored, err := h.log.Snapshot(ctx, a.Territoire, a.ID)
	if err != nil {
		return nil, 0, err
	}
	out := make([]atelier.Marker, 0, len(stored))
	for _, m := range stored {
		if !m.Deleted && v.sees(m, current.Shared) {
			out = append(out, v.show(m))
		}
	}
	return out, current.Seq, nil
}

// Entries gives the log after a number as a viewer may see it, at most limit
// entries, and its last number. One whose Resync is set is no step to the next
// state: the viewer takes a snapshot.
func (h *Hub) Entries(ctx context.Context, a atelier.Atelier, v Viewer, after int64, limit int) ([]WireEntry, int64, error) {
	r, err := h.current(ctx, a)
	if err != nil {
		return nil, 0, err
	}
	entries, err := h.log.Operations(ctx, a.Territoire, a.ID, after, limit)
	if err != nil {
		return nil, 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]WireEntry, 0, len(entries))
	for _, e := range entries {
		if e.Seq > r.state.Seq {
			break
		}
		w, err := r.state.entryFor(v, e)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, w)
	}
	return out, r.state.Seq, nil
}

// current is the room in memory, with all that any node had committed when the
// call began.
func (h *Hub) current(ctx context.Context, a atelier.Atelier) (*room, error) {
	r := h.room(a)
	if err := r.load(ctx); err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.used = time.Now()
	r.mu.Unlock()
	r.follow(ctx)
	if !r.isLoaded() {
		return r, r.load(ctx)
	}
	return r, nil
}

func (s *State) snapshotFor(v Viewer) WireSnapshot {
	visible := s.Visible(v)
	w := WireSnapshot{Seq: s.Seq, Room: NewWireRoom(s.Room), Hash: atelier.CanonicalHash(visible),
		Markers: make([]WireMarker, 0, len(visible)), Remarks: []WireRemark{}, Votes: []WireVote{}, Now: time.Now().UTC()}
	for _, r := range s.Remarks {
		if v.hears(r) {
			w.Remarks = append(w.Remarks, NewWireRemark(r))
		}
	}
	for participant, votes := range s.Votes {
		if !v.Staff && participant != v.Participant {
			continue
		}
		for finding, dots := range votes {
			if dots > 0 {
				w.Votes = append(w.Votes, WireVote{participant, finding, dots})
			}
		}
	}
	for _, m := range visible {
		w.Markers = append(w.Markers, NewWireMarker(m))
	}
	return w
}

type wirePresence struct {
	Tables []wireDevices `json:"tables"`
	Staff  int           `json:"staff"`
}

type wireDevices struct {
	Numero  int `json:"numero"`
	Devices int `json:"devices"`
}

func presenceJSON(devices map[int]int) []byte {
	w := wirePresence{Tables: []wireDevices{}}
	for numero := range 21 {
		if n := devices[numero]; numero == 0 {
			w.Staff = n
		} else if n > 0 {
			w.Tables = append(w.Tables, wireDevices{numero, n})
		}
	}
	data, _ := json.Marshal(w) // two structs of integers
	return data
}

// beat tells the other nodes who is connected here, and reads who is there.
// Without always it does so only when this node's devices have changed.
func (r *room) beat(ctx context.Context, always bool) {
	r.mu.Lock()
	connected := make(map[store.Connected]bool, len(r.connected))
	for c := range r.connected {
		connected[c] = true
	}
	same := maps.Equal(connected, r.beaten)
	idle := r.readers == 0 && same
	r.mu.Unlock()
	if idle || (same && !always) {
		return
	}
	if err := r.hub.log.BeatPresence(ctx, r.territoire, r.id, r.hub.node, slices.Collect(maps.Keys(connected))); err != nil {
		return // the next beat says it
	}
	all, err := r.hub.log.Presence(ctx, r.territoire, r.id)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.beaten = connected
	if !maps.Equal(all, r.presence) {
		r.presence = all
		r.presents++
		r.signal()
	}
}

// Presence gives the devices connected per table on all nodes (0: staff).
func (h *Hub) Presence(ctx context.Context, a atelier.Atelier) (map[int]int, error) {
	return h.log.Presence(ctx, a.Territoire, a.ID)
}
