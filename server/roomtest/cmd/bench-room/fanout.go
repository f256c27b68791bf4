package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"quietude/server/roomtest"
)

// fan is one way to fill rooms: readers per room, operations per second over
// all rooms, one per request, from devices that read as well.
type fan struct {
	rooms, readers int
	rate           float64
	twoNodes       bool
}

// fanout measures from the beginning of a device's POST to the arrival of the
// operation at each other device of the room.
func (b *bench) fanout(f fan) func(context.Context) ([]float64, error) {
	return func(ctx context.Context) ([]float64, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		bases := []string{b.node.Base}
		if f.twoNodes {
			second, err := roomtest.StartNode(ctx, b.binary, "", "--database-url", b.node.DatabaseURL())
			if err != nil {
				return nil, err
			}
			defer second.Kill()
			bases = append(bases, second.Base)
		}
		var rooms []*fanRoom
		for i := range f.rooms {
			r, err := b.openRoom(ctx, bases, f.readers, uint64(i))
			if err != nil {
				return nil, err
			}
			defer r.close()
			rooms = append(rooms, r)
		}
		// The first writes open connections and prepare statements; they are
		// not measured.
		for _, length := range []time.Duration{warmUp, b.length} {
			for _, r := range rooms {
				r.forget()
			}
			if err := write(ctx, rooms, f.rate, length); err != nil {
				return nil, err
			}
			// What was acknowledged last is still on its way.
			for _, r := range rooms {
				if err := r.awaitAll(ctx); err != nil {
					return nil, err
				}
			}
		}
		cancel()
		var receipts, others []float64
		for _, r := range rooms {
			r.running.Wait()
			for _, w := range r.sent {
				receipts = append(receipts, milliseconds(w.receipt))
			}
			others = append(others, r.delays(f.twoNodes)...)
		}
		slices.Sort(receipts)
		slices.Sort(others)
		seconds := b.length.Seconds()
		return []float64{float64(len(receipts)) / seconds, float64(len(others)) / seconds, quantile(receipts, .5), quantile(receipts, .99),
			quantile(others, .5), quantile(others, .99), others[len(others)-1]}, nil
	}
}

const warmUp = 2 * time.Second

// fanRoom is a room full of devices. Few residents hold many devices' streams:
// what is measured does not depend on whose they are.
type fanRoom struct {
	hall    *roomtest.Hall
	authors []*author
	running sync.WaitGroup

	mu       sync.Mutex
	arrivals [][]roomtest.Arrival // by reader
	sent     map[int64]sending
	failed   error
}

type sending struct {
	at      time.Time
	receipt time.Duration
	by      int // reader that is the same device
}

// author is a device that writes.
type author struct {
	*roomtest.Client
	atelier uuid.UUID
	marker  uuid.UUID
	seat    int
}

const authorsPerRoom = 10

func (b *bench) openRoom(ctx context.Context, bases []string, readers int, seed uint64) (*fanRoom, error) {
	hall, err := b.hall(ctx, 4)
	if err != nil {
		return nil, err
	}
	r := &fanRoom{hall: hall, arrivals: make([][]roomtest.Arrival, readers), sent: map[int64]sending{}}
	if err := hall.Share(ctx, roomtest.NewJournal(), true); err != nil {
		return nil, err
	}
	chance := rand.New(rand.NewPCG(seed, 3))
	for i := range authorsPerRoom {
		a, err := sit(ctx, hall, bases[i%len(bases)], i, chance)
		if err != nil {
			return nil, err
		}
		r.authors = append(r.authors, a)
	}
	var open sync.WaitGroup
	open.Add(readers)
	for i := range readers {
		listener := roomtest.NewClient(bases[i%len(bases)])
		listener.Token = r.authors[i%authorsPerRoom].Token
		r.running.Go(func() {
			defer listener.Close()
			ready := sync.OnceFunc(open.Done)
			defer ready()
			err := listener.Listen(ctx, hall.Atelier.ID, 1+authorsPerRoom, ready, func(a roomtest.Arrival) {
				r.mu.Lock()
				r.arrivals[i] = append(r.arrivals[i], a)
				r.mu.Unlock()
			})
			if ctx.Err() == nil {
				r.mu.Lock()
				r.failed = fmt.Errorf("a reader ended: %w", err)
				r.mu.Unlock()
			}
		})
	}
	open.Wait()
	return r, nil
}

// sit seats a resident who adds the marker that will be moved about.
func sit(ctx context.Context, hall *roomtest.Hall, base string, seat int, chance *rand.Rand) (*author, error) {
	a := &author{Client: roomtest.NewClient(base), atelier: hall.Atelier.ID, marker: uuid.New(), seat: seat}
	s, err := a.Join(ctx, hall.Code(seat), uuid.New(), "")
	if err != nil {
		return nil, err
	}
	a.Token = s.Token
	return a, a.write(ctx, roomtest.Operation{ID: uuid.New(), Kind: "add", Marker: &a.marker, Felt: "unsafe",
		Geometry: roomtest.PointAt(hall.Somewhere(chance))})
}

func (a *author) write(ctx context.Context, ops ...roomtest.Operation) error {
	receipts, err := a.Write(ctx, a.atelier, ops)
	if err != nil {
		return err
	}
	for _, r := range receipts {
		if r.Problem != nil {
			return r.Problem
		}
	}
	return nil
}

func (a *author) moves(hall *roomtest.Hall, chance *rand.Rand, n int) []roomtest.Operation {
	ops := make([]roomtest.Operation, n)
	for i := range ops {
		ops[i] = roomtest.Operation{ID: uuid.New(), Kind: "move", Marker: &a.marker, Geometry: roomtest.PointAt(hall.Somewhere(chance))}
	}
	return ops
}

// write sends operations at an even rate from all authors of all rooms in
// turn, whether or not the earlier ones are answered.
func write(ctx context.Context, rooms []*fanRoom, rate float64, length time.Duration) error {
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer tick.Stop()
	chance := rand.New(rand.NewPCG(1, 2))
	var writing sync.WaitGroup
	for n := range int(rate * length.Seconds()) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		r := rooms[n%len(rooms)]
		a := r.authors[n/len(rooms)%len(r.authors)]
		op := a.moves(r.hall, chance, 1)
		writing.Go(func() {
			start := time.Now()
			receipts, err := a.Write(ctx, a.atelier, op)
			took := time.Since(start)
			r.mu.Lock()
			defer r.mu.Unlock()
			if err != nil || receipts[0].Problem != nil {
				r.failed = fmt.Errorf("a write failed: %w, %v", err, receipts)
				return
			}
			r.sent[receipts[0].Seq] = sending{start, took, a.seat}
		})
	}
	writing.Wait()
	for _, r := range rooms {
		if r.failed != nil {
			return r.failed
		}
	}
	return nil
}

// awaitAll waits until every reader has heard everything.
func (r *fanRoom) awaitAll(ctx context.Context) error {
	deadline := time.After(20 * time.Second)
	for {
		r.mu.Lock()
		missing := 0
		for _, heard := range r.arrivals {
			missing += len(r.sent) - len(heard)
		}
		r.mu.Unlock()
		if missing == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("%d deliveries are missing", missing)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// forget drops what has been measured so far.
func (r *fanRoom) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arrivals, r.sent = make([][]roomtest.Arrival, len(r.arrivals)), map[int64]sending{}
}

// delays are those of all deliveries to other devices than the author's, in
// milliseconds; with crossing, only those to the other node.
func (r *fanRoom) delays(crossing bool) []float64 {
	var out []float64
	for reader, heard := range r.arrivals {
		for _, a := range heard {
			s, ours := r.sent[a.Seq]
			if !ours || reader == s.by || (crossing && reader%2 == s.by%2) {
				continue
			}
			out = append(out, milliseconds(a.At.Sub(s.at)))
		}
	}
	return out
}

func (r *fanRoom) close() {
	for _, a := range r.authors {
		a.Close()
	}
	r.hall.Staff.Close()
}
