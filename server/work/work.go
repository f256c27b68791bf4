// Package work does what takes longer than a request should last: a test with
// a thousand null maps, a comparison of years. Who asks waits a moment; what is
// not done by then goes on, tells how far it is, and is kept when it is done
// for whoever asks the same.
//
// A question is a key that holds the revision of the data, so that an answer
// is never out of date: with new data it is another question. Work that nobody
// asks about any more is stopped. Nothing here outlives the process: another
// node, or this one after a restart, does the work again and, since every draw
// has its seed, comes to the same answer.
//
// The package knows no transport and no statistics.
package work

import (
	"container/list"
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Func is the work. It stops soon after ctx ends, and may tell how many of its
// steps are done, from any goroutine. Its value must not be changed afterwards.
type Func func(ctx context.Context, progress func(done, total int)) (any, error)

// Answer is what is known of a question.
type Answer struct {
	Done  bool
	Value any
	// Progress is the share of the work that is done, 0 to 1; 0 while it waits
	// for its turn.
	Progress float64
}

// Desk takes questions. It is safe for concurrent use.
type Desk struct {
	turns chan struct{}
	keep  int

	mu    sync.Mutex
	tasks map[string]*task
	kept  *list.List // of *task that are done, last used first
}

// task is one question. What is below done is written before it is closed.
type task struct {
	key      string
	cancel   context.CancelFunc
	progress atomic.Uint64 // done<<32 | total

	// askers and lease belong to the desk's lock.
	askers int
	lease  *time.Timer

	done    chan struct{}
	value   any
	err     error
	element *list.Element
}

// Bounds of one piece of work.
const (
	// Lease is how long work goes on when nobody asks about it.
	Lease = 10 * time.Second
	// Longest is how long it may last.
	Longest = 2 * time.Minute
)

// New makes a desk that does atOnce pieces of work at a time and keeps the last
// `keep` answers.
func New(atOnce, keep int) *Desk {
	return &Desk{turns: make(chan struct{}, atOnce), keep: keep, tasks: map[string]*task{}, kept: list.New()}
}

// Ask begins the work of a key unless it is under way or done, and waits at
// most patience for it. An error of the work is told once to each who waits and
// not kept. When ctx ends first, and nobody else waits, the work stops.
func (d *Desk) Ask(ctx context.Context, key string, patience time.Duration, f Func) (Answer, error) {
	t := d.join(key, f)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-t.done:
		d.leave(t, true)
		return Answer{Done: true, Value: t.value, Progress: 1}, t.err
	case <-ctx.Done():
		d.leave(t, false)
		return Answer{}, ctx.Err()
	case <-timer.C:
		d.leave(t, true)
		return Answer{Progress: t.share()}, nil
	}
}

func (d *Desk) join(key string, f Func) *task {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tasks[key]
	if !ok {
		ctx, cancel := context.WithTimeout(context.Background(), Longest)
		t = &task{key: key, cancel: cancel, done: make(chan struct{})}
		t.lease = time.AfterFunc(Longest, func() { d.expire(t) })
		d.tasks[key] = t
		go d.run(ctx, t, f)
	}
	t.askers++
	t.lease.Stop()
	if t.element != nil {
		d.kept.MoveToFront(t.element)
	}
	return t
}

// leave ends an asker's wait; comes says that it may ask again.
func (d *Desk) leave(t *task, comes bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t.askers--
	switch {
	case t.askers > 0:
	case t.element != nil: // done and kept
	case comes:
		t.lease.Reset(Lease)
	default:
		d.drop(t)
	}
}

// expire stops work whose lease has ended, unless somebody asks just now.
func (d *Desk) expire(t *task) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.askers == 0 {
		d.drop(t)
	}
}

// drop stops work that is under way; whoever asks from now on begins it anew.
func (d *Desk) drop(t *task) {
	if t.element == nil && d.tasks[t.key] == t {
		delete(d.tasks, t.key)
		t.cancel()
	}
}

func (d *Desk) run(ctx context.Context, t *task, f Func) {
	defer t.cancel()
	select {
	case d.turns <- struct{}{}:
		t.value, t.err = safely(ctx, t, f)
		<-d.turns
	case <-ctx.Done():
		t.err = ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t.lease.Stop()
	switch {
	case d.tasks[t.key] != t: // dropped
	case t.err != nil:
		delete(d.tasks, t.key)
	default:
		t.element = d.kept.PushFront(t)
		for d.kept.Len() > d.keep {
			old := d.kept.Remove(d.kept.Back()).(*task)
			delete(d.tasks, old.key)
		}
	}
	close(t.done)
}

// safely turns a panic into an error: nobody above would catch it.
func safely(ctx context.Context, t *task, f Func) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			value, err = nil, fmt.Errorf("work panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return f(ctx, func(done, total int) { t.progress.Store(uint64(uint32(done))<<32 | uint64(uint32(total))) })
}

func (t *task) share() float64 {
	packed := t.progress.Load()
	done, total := float64(packed>>32), float64(uint32(packed))
	if total == 0 {
		return 0
	}
	return min(1, done/total)
}
