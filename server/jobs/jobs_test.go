package jobs_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"quietude/server/fault"
	"quietude/server/jobs"
	"quietude/server/pgtest"
)

type count struct {
	N int `json:"n"`
}

func (count) Kind() string { return "count" }

type tick struct{}

func (tick) Kind() string { return "tick" }

// done collects what workers did.
type done struct {
	mu    sync.Mutex
	times map[int]int
	news  chan int
}

func newDone() *done { return &done{times: map[int]int{}, news: make(chan int, 1000)} }

func (d *done) add(n int) {
	d.mu.Lock()
	d.times[n]++
	d.mu.Unlock()
	d.news <- n
}

// await returns when something was done, or fails the test.
func (d *done) await(t *testing.T) int {
	t.Helper()
	select {
	case n := <-d.news:
		return n
	case <-time.After(time.Minute):
		t.Fatal("no job was done")
		return 0
	}
}

func silent() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// run starts a node and gives what ends it.
func run(t *testing.T, pool *pgxpool.Pool, work *jobs.Work) (*jobs.Queue, func()) {
	t.Helper()
	q, err := jobs.Open(pool, work, silent())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- q.Run(t.Context()) }()
	end := sync.OnceFunc(func() {
		q.Drain()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return q, end
}

// TestJobIsDoneWithItsTransaction: what rolls back was never ordered, and what
// commits is done once by one of two nodes.
func TestJobIsDoneWithItsTransaction(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.MaxConns(12))
	d := newDone()
	var nodes [2]*jobs.Queue
	for i := range nodes {
		work := jobs.NewWork()
		jobs.Handle(work, func(_ context.Context, c count) error { d.add(c.N); return nil })
		nodes[i], _ = run(t, pool, work)
	}
	refused := errors.New("refused")
	for n := range 20 {
		err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			if err := nodes[n%2].OrderTx(t.Context(), tx, count{n}); err != nil {
				return err
			}
			if n%4 == 3 {
				return refused
			}
			return nil
		})
		if err != nil && !errors.Is(err, refused) {
			t.Fatal(err)
		}
	}
	for range 15 {
		d.await(t)
	}
	for n := range 20 {
		if want := min(1, (n+1)%4); d.times[n] != want {
			t.Errorf("job %d was done %d times, want %d", n, d.times[n], want)
		}
	}
}

// TestOrderWithoutWorkers: a command orders, a node of later does it.
func TestOrderWithoutWorkers(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.MaxConns(8))
	q, err := jobs.Open(pool, nil, silent())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := q.Order(t.Context(), count{7}); err != nil {
			t.Fatal(err)
		}
	}
	var waiting int
	if err := pool.QueryRow(t.Context(), `select count(*) from jobs.river_job`).Scan(&waiting); err != nil || waiting != 1 {
		t.Fatalf("three equal orders left %d jobs (%v), want 1", waiting, err)
	}
	d, work := newDone(), jobs.NewWork()
	jobs.Handle(work, func(_ context.Context, c count) error { d.add(c.N); return nil })
	run(t, pool, work)
	if n := d.await(t); n != 7 {
		t.Errorf("job %d was done", n)
	}
}

// TestFailures: a refusal stays, a passing failure and a panic come back.
func TestFailures(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.MaxConns(8))
	d, work := newDone(), jobs.NewWork()
	jobs.Handle(work, func(_ context.Context, c count) error {
		defer d.add(c.N)
		switch c.N {
		case 1:
			return fault.New(fault.Conflict, "refus", "Non.")
		case 2:
			return fault.New(fault.Unavailable, "plus_tard", "Plus tard.")
		}
		panic("mistake")
	})
	q, end := run(t, pool, work)
	for n := 1; n <= 3; n++ {
		if err := q.Order(t.Context(), count{n}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		d.await(t)
	}
	end() // the states are written by then
	for n, want := range map[int]bool{1: true, 2: false, 3: false} {
		var over bool
		if err := pool.QueryRow(t.Context(), `select finalized_at is not null from jobs.river_job where (args->>'n')::int = $1`, n).Scan(&over); err != nil || over != want {
			t.Errorf("job %d is over for good: %v, want %v (%v)", n, over, want, err)
		}
	}
}

// TestStopCancelsAndComesBack: a job that outlasts a stop is cancelled, and the
// next node does it again.
func TestStopCancelsAndComesBack(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.MaxConns(8))
	begun, work := make(chan struct{}), jobs.NewWork()
	jobs.Handle(work, func(ctx context.Context, _ count) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	})
	q, end := run(t, pool, work)
	if err := q.Order(t.Context(), count{1}); err != nil {
		t.Fatal(err)
	}
	<-begun
	end()
	if _, err := pool.Exec(t.Context(), `update jobs.river_job set scheduled_at = now()`); err != nil {
		t.Fatal(err)
	}
	d, next := newDone(), jobs.NewWork()
	jobs.Handle(next, func(_ context.Context, c count) error { d.add(c.N); return nil })
	run(t, pool, next)
	if n := d.await(t); n != 1 {
		t.Errorf("job %d came back", n)
	}
}

func TestEvery(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.MaxConns(8))
	d, work := newDone(), jobs.NewWork()
	jobs.Handle(work, func(context.Context, tick) error { d.add(0); return nil })
	work.Every(time.Hour, tick{})
	run(t, pool, work)
	d.await(t) // at once, when the node takes the lead
}

func TestDaily(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-03-12T02:59:59+01:00": "2026-03-12T03:00:00+01:00",
		"2026-03-12T03:00:00+01:00": "2026-03-13T03:00:00+01:00",
		"2026-03-28T12:00:00+01:00": "2026-03-29T03:00:00+02:00", // the clock jumps from 2 to 3
		"2026-10-24T12:00:00+02:00": "2026-10-25T03:00:00+01:00",
		"2026-12-31T23:00:00+01:00": "2027-01-01T03:00:00+01:00",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := jobs.Next(3, paris, at).Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", now, got, want)
		}
	}
}
