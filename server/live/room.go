package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/store"
)

// room is this node's copy of one atelier: the state, the recent log, and the
// readers that wait for more.
type room struct {
	hub        *Hub
	territoire string
	id         uuid.UUID

	// writing: requests wait here while a transaction is under way, and the
	// next one takes them all.
	queue   sync.Mutex
	waiting []*pending
	busy    bool

	// following keeps one catch-up at a time; called tells that one more waits
	// for it, which will see all that is committed by then.
	following sync.Mutex
	called    atomic.Bool

	mu     sync.Mutex
	loaded bool
	state  State
	// recent are the last entries, contiguous, up to state.Seq.
	recent    []*logged
	wake      chan struct{} // closed and replaced when something is new
	limits    map[uuid.UUID]*pace
	connected map[store.Connected]int  // readers on this node by device
	presence  map[int]int              // devices of all nodes by table, 0 for staff
	beaten    map[store.Connected]bool // what the database last heard from this node
	presents  int                      // counts changes of presence
	readers   int
	used      time.Time
}

// logged is an entry with its encodings, made when the first reader asks: a
// room has many readers and few ways to see an entry.
type logged struct {
	store.Entry
	encoded [withState][]byte
}

// frame is the entry encoded for a viewer. Called with mu held.
func (r *room) frame(v Viewer, e *logged) ([]byte, error) {
	how := r.state.variantFor(v, e.Entry)
	if how < withState && e.encoded[how] != nil {
		return e.encoded[how], nil
	}
	w, err := r.state.wire(v, e.Entry, how)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(w)
	if err == nil && how < withState {
		e.encoded[how] = data
	}
	return data, err
}

type pending struct {
	*request
	done chan outcome
}

type outcome struct {
	seq int64
	err error
}

// write queues a request and waits for its transaction. A caller that leaves
// does not stop the transaction: its operations may be committed, which the
// device learns by sending them again.
func (r *room) write(ctx context.Context, req *request) ([]Receipt, int64, error) {
	p := &pending{request: req, done: make(chan outcome, 1)}
	r.queue.Lock()
	r.waiting = append(r.waiting, p)
	if !r.busy {
		r.busy = true
		go r.drain()
	}
	r.queue.Unlock()
	select {
	case o := <-p.done:
		return req.receipts, o.seq, o.err
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
}

// transactionLimit bounds how many operations share a transaction.
const transactionLimit = 1000

// drain commits what waits, one transaction after the other, until nothing
// waits. Sharing a transaction is what lets twenty devices write at once at the
// price of one lock and one disk flush.
func (r *room) drain() {
	for {
		r.queue.Lock()
		n, ops := 0, 0
		for n < len(r.waiting) && (n == 0 || ops+len(r.waiting[n].ops) <= transactionLimit) {
			ops += len(r.waiting[n].ops)
			n++
		}
		batch := r.waiting[:n:n]
		r.waiting = r.waiting[n:]
		if n == 0 {
			r.busy = false
			r.queue.Unlock()
			return
		}
		r.queue.Unlock()
		r.commit(batch)
	}
}

// commitTimeout bounds one transaction, lock wait included.
const commitTimeout = 15 * time.Second

// commit writes a batch and answers each of its requests. Unless the database
// is away, a refusal of the whole may be the fault of one request (that of a
// participant erased meanwhile): each is then tried on its own, so that a device
// which sends it for ever does not keep its neighbours from drawing.
func (r *room) commit(batch []*pending) {
	seq, err := r.commitTogether(batch)
	if err != nil && fault.KindOf(err) != fault.Unavailable && len(batch) > 1 {
		for _, p := range batch {
			seq, err := r.commitTogether([]*pending{p})
			p.done <- outcome{seq, err}
		}
		return
	}
	for _, p := range batch {
		p.done <- outcome{seq, err}
	}
}

// commitTogether writes a batch in one transaction; seq is the last number of
// the log after it.
func (r *room) commitTogether(batch []*pending) (seq int64, err error) {
	ctx, cancel := context.WithTimeout(r.hub.commits, commitTimeout)
	defer cancel()
	requests := make([]*request, len(batch))
	named := map[uuid.UUID]bool{}
	w := store.RoomWrite{Territoire: r.territoire, Atelier: r.id}
	for i, p := range batch {
		requests[i] = p.request
		counts := false
		for _, o := range p.ops {
			w.Operations = append(w.Operations, o.ID)
			if o.Marker != uuid.Nil && !named[o.Marker] {
				named[o.Marker] = true
				w.Markers = append(w.Markers, o.Marker)
			}
			counts = counts || mayAddOne(o.Kind)
		}
		if counts && p.author.Participant != uuid.Nil {
			w.Counted = append(w.Counted, p.author.Participant)
		}
	}
	var change store.RoomChange
	err = r.hub.log.WriteRoom(ctx, w, func(view store.RoomView) (c store.RoomChange, err error) {
		// This goroutine serves everybody in the room: a mistake of ours costs
		// one answer, not the process.
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("decide: %v", p)
			}
		}()
		change, err = decide(view, requests)
		return change, err
	})
	if err == nil {
		r.publish(ctx, change)
	} else if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = fault.New(fault.Unavailable, "salle_occupee",
			"Le service n’a pas répondu à temps. Vos repères restent sur cet appareil et repartiront.").After(time.Second).Because(err)
	}
	return change.Seq, err
}

// publish shows a committed change to this node's readers.
func (r *room) publish(ctx context.Context, change store.RoomChange) {
	if len(change.Operations) == 0 {
		return
	}
	r.hub.touched(r.territoire)
	r.hub.bell.Ring(r.id)
	r.mu.Lock()
	r.used = time.Now()
	behind := r.loaded && r.state.Seq+1 != change.Operations[0].Seq && r.state.Seq < change.Seq
	if r.loaded && !behind {
		for _, o := range change.Operations {
			if o.Seq <= r.state.Seq {
				continue
			}
			if err := r.append(logEntry(o)); err != nil {
				r.damaged(err)
				break
			}
		}
		r.signal()
	}
	r.mu.Unlock()
	if behind {
		r.follow(ctx)
	}
}

// logEntry is a new line of the log as it is read back.
func logEntry(o store.LoggedOperation) store.Entry {
	return store.Entry{Seq: o.Seq, ID: o.ID, Kind: o.Kind, Marker: o.Marker, Author: o.Participant,
		Numero: o.Table, Body: o.Body, At: o.At}
}

// errErased says that the log has forgotten what the copy still holds.
var errErased = errors.New("a participant was erased")

// append adds the next entry to the copy. Called with mu held.
func (r *room) append(e store.Entry) error {
	if e.Kind == atelier.Erase {
		return errErased
	}
	if err := r.state.Apply(e); err != nil {
		return err
	}
	r.recent = append(r.recent, &logged{Entry: e})
	if len(r.recent) > 2*recentLimit {
		r.recent = slices.Clone(r.recent[len(r.recent)-recentLimit:])
	}
	return nil
}

// recentLimit is how much of the log stays in memory; older entries are read
// from PostgreSQL.
const recentLimit = 4096

// damaged throws the copy away: the next reader loads it anew. Called with mu
// held.
func (r *room) damaged(err error) {
	if !errors.Is(err, errErased) {
		r.hub.logger.Error("room copy thrown away", "error", err)
	}
	r.loaded = false
	r.recent = nil
	r.signal()
}

// signal wakes the readers. Called with mu held.
func (r *room) signal() {
	close(r.wake)
	r.wake = make(chan struct{})
}

// load makes sure that the room is in memory.
func (r *room) load(ctx context.Context) error {
	r.following.Lock()
	defer r.following.Unlock()
	if r.isLoaded() {
		return nil
	}
	a, markers, said, err := r.hub.log.Evening(ctx, r.territoire, r.id)
	if err != nil {
		return err
	}
	state := State{Seq: a.Seq, Room: a.Room, Markers: make(map[uuid.UUID]atelier.Marker, len(markers)),
		Remarks: make(map[uuid.UUID]atelier.Remark, len(said.Remarks)), Votes: map[uuid.UUID]map[uuid.UUID]int{}}
	for _, remark := range said.Remarks {
		state.Remarks[remark.ID] = remark
	}
	for _, vote := range said.Votes {
		if state.Votes[vote.Participant] == nil {
			state.Votes[vote.Participant] = map[uuid.UUID]int{}
		}
		state.Votes[vote.Participant][vote.Finding] = vote.Dots
	}
	for _, m := range markers {
		state.Markers[m.ID] = m
	}
	r.mu.Lock()
	r.state, r.recent, r.loaded, r.used = state, nil, true, time.Now()
	r.mu.Unlock()
	return nil
}

// followAtOnce bounds how many entries are read by one statement.
const followAtOnce = 1000

// follow reads from PostgreSQL what other nodes have written.
func (r *room) follow(ctx context.Context) {
	r.following.Lock()
	defer r.following.Unlock()
	r.called.Store(false)
	for {
		after := r.seq()
		if !r.isLoaded() {
			return
		}
		entries, err := r.hub.log.Operations(ctx, r.territoire, r.id, after, followAtOnce)
		if err != nil {
			if ctx.Err() == nil {
				r.hub.logger.Warn("follow a room", "error", err)
			}
			return
		}
		if len(entries) == 0 {
			return
		}
		r.mu.Lock()
		for _, e := range entries {
			if e.Seq <= r.state.Seq {
				continue // published meanwhile by a write of this node
			}
			if err := r.append(e); err != nil {
				r.damaged(err)
				break
			}
		}
		r.signal()
		r.mu.Unlock()
		r.hub.touched(r.territoire)
		if len(entries) < followAtOnce {
			return
		}
	}
}

// followSoon is follow without waiting for it. However many call while the
// database is slow, one goroutine is enough for them all.
func (r *room) followSoon(ctx context.Context) {
	if r.called.CompareAndSwap(false, true) {
		go r.follow(ctx)
	}
}

func (h *Hub) touched(territoire string) {
	if h.changed != nil {
		h.changed(territoire)
	}
}

func (r *room) seq() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.Seq
}

func (r *room) isLoaded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.loaded
}

func (r *room) forgettable() bool {
	r.queue.Lock()
	busy := r.busy
	r.queue.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	return !busy && r.readers == 0 && time.Since(r.used) > idle
}
