package roomtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Device is one life of a phone, tablet or screen in a room: it sends its
// outbox and follows the log until its context ends.
type Device struct {
	Name    string
	Storage *Storage
	Atelier uuid.UUID
	// MaxBatch is how many operations it sends at once.
	MaxBatch int
	// Renew makes it change identifiers when it tries again (see renew).
	Renew bool
	// Heard, when set, is told of every entry as it arrives.
	Heard func(Event, Entry)

	posts   *Client
	streams *Client
	journal *Journal

	mu      sync.Mutex
	present Presence
	replica *Replica
	fresh   bool // the replica holds something
	seen    []Entry
	resumes int
	changed chan struct{}
}

// NewDevice is an animateur's screen: no seat, everything to see; cookie is the session of an animateur.
func NewDevice(name, base, cookie string, atelier uuid.UUID, j *Journal) *Device {
	d := &Device{Name: name, Storage: NewStorage(""), Atelier: atelier, MaxBatch: 200, posts: NewClient(base),
		streams: NewClient(base), journal: j, replica: NewReplica(Reader{Staff: true}), changed: make(chan struct{})}
	d.posts.Cookie, d.streams.Cookie = cookie, cookie
	return d
}

// Sit gives a device the seat that its storage asks for, as often as it takes.
func Sit(ctx context.Context, name, base string, s *Storage, j *Journal) (*Device, error) {
	d := NewDevice(name, base, "", uuid.Nil, j)
	d.Storage, d.MaxBatch = s, 1+rand.IntN(12)
	for wait := newBackoff(); ; wait.next() {
		seat, err := d.posts.Join(ctx, s.Code, s.Secret, s.Link)
		if err == nil {
			d.Atelier = seat.Table.Atelier.ID
			d.posts.Token, d.streams.Token = seat.Token, seat.Token
			d.replica = NewReplica(Reader{Participant: seat.Participant, Table: seat.Table.Numero})
			s.Link = "" // works once; the seat is now this secret's
			return d, nil
		}
		if !passes(err) {
			return nil, fmt.Errorf("%s sits down: %w", name, err)
		}
		if err := wait.sleep(ctx, err); err != nil {
			return nil, err
		}
	}
}

// passes reports whether an error may be gone the next time.
func passes(err error) bool {
	p := problemOf(err)
	return p == nil || p.Status == http.StatusTooManyRequests || p.Status >= 500
}

// backoff is the wait between attempts, with a part of chance so that a hall
// of devices does not come back in one instant.
type backoff struct{ delay time.Duration }

func newBackoff() *backoff { return &backoff{20 * time.Millisecond} }

func (b *backoff) next() { b.delay = min(2*b.delay, time.Second) }

func (b *backoff) sleep(ctx context.Context, because error) error {
	delay := b.delay/2 + rand.N(b.delay)
	var r *refusal
	if errors.As(because, &r) && r.after > 0 {
		delay = r.after
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(delay):
		return nil
	}
}

// Run lives until ctx ends, or until the service says something that a device
// cannot get over; that error is returned.
func (d *Device) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer d.posts.Close()
	defer d.streams.Close()
	var wg sync.WaitGroup
	wg.Go(func() { cancel(d.sendAll(ctx)) })
	wg.Go(func() { cancel(d.follow(ctx)) })
	wg.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", d.Name, err)
	}
	return nil
}

func (d *Device) sendAll(ctx context.Context) error {
	wait := newBackoff()
	for {
		batch := d.Storage.first(1 + rand.IntN(d.MaxBatch))
		if len(batch) == 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-d.Storage.more:
			}
			continue
		}
		err := d.send(ctx, batch)
		if err == nil {
			wait = newBackoff()
			continue
		}
		if !passes(err) {
			return err
		}
		if err := wait.sleep(ctx, err); err != nil {
			return err
		}
		wait.next()
	}
}

// answerTime is how long a device waits for the answer to a batch.
const answerTime = 20 * time.Second

// errAgain says that some operation of a batch must be sent again.
var errAgain = errors.New("not yet")

func (d *Device) send(ctx context.Context, batch []queued) error {
	ops := make([]Operation, len(batch))
	for i, q := range batch {
		ops[i] = q.Operation
		d.journal.Ask(d.Name, q.intent, q.Operation)
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	receipts, err := d.posts.Write(ctx, d.Atelier, ops)
	if err != nil {
		if d.Renew {
			d.Storage.renew(batch)
		}
		return err
	}
	for _, r := range receipts {
		if p := r.Problem; p != nil && (p.Status == http.StatusTooManyRequests || p.Status >= 500 || p.Code == "table_fermee") {
			err = errAgain
			continue
		}
		d.journal.Answer(r)
		d.Storage.settle(r.Op, r.Problem != nil && r.Problem.Code == "atelier_clos")
	}
	return err
}

// follow keeps the replica at the end of the log.
func (d *Device) follow(ctx context.Context) error {
	wait := newBackoff()
	for {
		after := int64(-1)
		d.mu.Lock()
		if d.fresh {
			after = d.replica.Seq
			d.resumes++
		}
		d.mu.Unlock()
		err := d.streams.Stream(ctx, d.Atelier, after, func(e Event) error {
			wait = newBackoff()
			return d.hear(ctx, e)
		})
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errDamaged) || !passes(err):
			return err
		}
		if err := wait.sleep(ctx, err); err != nil {
			return err
		}
		wait.next()
	}
}

func (d *Device) hear(ctx context.Context, e Event) error {
	switch e.Name {
	case "snapshot":
		var s Snapshot
		if err := json.Unmarshal(e.Data, &s); err != nil {
			return err
		}
		d.reset(s)
	case "op":
		var entry Entry
		if err := json.Unmarshal(e.Data, &entry); err != nil {
			return err
		}
		if fmt.Sprint(entry.Seq) != e.ID {
			return fmt.Errorf("event %s carries number %d: %w", e.ID, entry.Seq, errDamaged)
		}
		if d.Heard != nil {
			d.Heard(e, entry)
		}
		return d.take(ctx, entry)
	case "presence":
		var p Presence
		if err := json.Unmarshal(e.Data, &p); err != nil {
			return err
		}
		d.mu.Lock()
		d.present = p
		d.mu.Unlock()
	}
	return nil
}

// Presence is how many devices the stream said are connected.
func (d *Device) Presence() Presence {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.present
}

// take applies an entry; what is missing is read from the log.
func (d *Device) take(ctx context.Context, e Entry) error {
	err := d.apply(e)
	switch {
	case errors.Is(err, errGap):
		d.mu.Lock()
		after := d.replica.Seq
		d.mu.Unlock()
		missed, err := d.streams.Log(ctx, d.Atelier, after)
		if err != nil {
			return err
		}
		for _, m := range missed {
			if err := d.apply(m); err != nil {
				return err
			}
		}
		return nil
	case errors.Is(err, errUnheld):
		return d.renewReplica(ctx)
	}
	return err
}

func (d *Device) apply(e Entry) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, e)
	err := d.replica.Apply(e)
	d.tell()
	return err
}

func (d *Device) renewReplica(ctx context.Context) error {
	s, err := d.streams.Snapshot(ctx, d.Atelier)
	if err == nil {
		d.reset(s)
	}
	return err
}

func (d *Device) reset(s Snapshot) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.replica.Reset(s)
	d.fresh = true
	d.tell()
}

// tell wakes those who wait for the replica. Called with mu held.
func (d *Device) tell() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// Resume lets a new device go on from a replica kept from an earlier life.
func (d *Device) Resume(r *Replica) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.replica, d.fresh = r.Clone(), true
}

// Replica is a copy of what the device holds now.
func (d *Device) Replica() *Replica {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.replica.Clone()
}

// Resumes counts the streams begun from a number rather than from a snapshot.
func (d *Device) Resumes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.resumes
}

// Await waits until the replica has reached a number.
func (d *Device) Await(ctx context.Context, seq int64) error {
	for {
		d.mu.Lock()
		at, changed := d.replica.Seq, d.changed
		d.mu.Unlock()
		if at >= seq {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s has reached %d, not %d: %w", d.Name, at, seq, context.Cause(ctx))
		case <-changed:
		}
	}
}

// View reads back what the checker needs, through a client of its own so that
// the device may already have ended.
func (d *Device) View(ctx context.Context, base string) (View, error) {
	c := NewClient(base)
	defer c.Close()
	c.Token, c.Cookie = d.posts.Token, d.posts.Cookie
	s, err := c.Snapshot(ctx, d.Atelier)
	if err != nil {
		return View{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return View{Name: d.Name, Replica: d.replica.Clone(), Seen: append([]Entry(nil), d.seen...), Snapshot: s}, nil
}
