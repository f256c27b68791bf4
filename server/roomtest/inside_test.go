package roomtest

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"quietude/server/atelier"
	"quietude/server/live"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// The only tests here that know the inside: goroutines can be counted only in
// the process that has them, and a node can be kept behind only from within.

type anywhere struct{}

func (anywhere) QuartierOf(context.Context, string, orb.Point) (string, error) { return "AA", nil }

// writeInside writes one operation of the animateur.
func writeInside(ctx context.Context, hub *live.Hub, a atelier.Atelier) error {
	o, err := live.DecodeOperation(json.RawMessage(`{"id":"` + uuid.NewString() + `","kind":"share","shared":true}`))
	if err == nil {
		_, _, err = hub.Write(ctx, a, live.Author{Role: "animateur", Staff: true}, []live.Submitted{o})
	}
	return err
}

// A reader who comes from another node goes on from its number, even when this
// node has not heard of that number yet: it is not thrown back.
func TestReaderFromAnotherNodeIsNotThrownBack(t *testing.T) {
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	a, s := pgtest.Atelier(t, pool), store.New(pool)
	ctx := within(t)
	staff := live.Viewer{Staff: true}
	ahead := live.NewHub(s, anywhere{}, slog.New(slog.DiscardHandler), nil)
	behind := live.NewHub(s, anywhere{}, slog.New(slog.DiscardHandler), nil) // it does not run, so hears nothing
	old, err := behind.Read(ctx, a, staff, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	for range 5 {
		if err := writeInside(ctx, ahead, a); err != nil {
			t.Fatal(err)
		}
	}
	moved, err := behind.Read(ctx, a, staff, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer moved.Close()
	if events, err := moved.Next(ctx, time.Millisecond); err != nil || len(events) > 0 {
		t.Errorf("nothing is new, and yet: %d events, %v", len(events), err)
	}
	if err := writeInside(ctx, behind, a); err != nil {
		t.Fatal(err)
	}
	for {
		events, err := moved.Next(ctx, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Name == "presence" {
				continue
			}
			if e.Name != "op" || e.ID != 6 {
				t.Errorf("after number 5 comes %s %d", e.Name, e.ID)
			}
			return
		}
	}
}

// A hub that is closed leaves nothing running: no reader, no follower, and no
// transaction, not even one that waits for a room which nobody releases.
func TestHubLeavesNothingRunning(t *testing.T) {
	url := pgtest.URL(t)
	before := goleak.IgnoreCurrent()
	ctx := within(t)
	s, err := store.Open(ctx, url, 8)
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Territoire(t, s.Pool())
	hub := live.NewHub(s, anywhere{}, slog.New(slog.DiscardHandler), nil)
	life, end := context.WithCancel(ctx)
	ran := make(chan struct{})
	go func() { defer close(ran); hub.Run(life) }()

	var rooms []atelier.Atelier
	for range 3 {
		rooms = append(rooms, pgtest.Atelier(t, s.Pool()))
	}
	write := func(ctx context.Context, a atelier.Atelier) error { return writeInside(ctx, hub, a) }
	readers := make(chan error, 30)
	for i := range cap(readers) {
		r, err := hub.Read(ctx, rooms[i%3], live.Viewer{Staff: true}, -1)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			defer r.Close()
			for {
				events, err := r.Next(ctx, time.Minute)
				if err != nil || (len(events) > 0 && events[len(events)-1].Name == "end") {
					readers <- err
					return
				}
			}
		}()
	}
	for range 20 {
		for _, a := range rooms[:2] {
			if err := write(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
	}
	// The third room is locked by somebody who does not give it up; the writer
	// has lost patience and left.
	tx, err := s.Pool().Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, "select from atelier where id = $1 for update", rooms[2].ID); err != nil {
		t.Fatal(err)
	}
	impatient, leave := context.WithTimeout(ctx, 50*time.Millisecond)
	defer leave()
	if err := write(impatient, rooms[2]); err == nil {
		t.Fatal("a locked room was written")
	}
	hub.Close()
	for range cap(readers) {
		if err := <-readers; err != nil {
			t.Errorf("a reader ended with %v", err)
		}
	}
	end()
	<-ran
	if left := s.Pool().Stat().AcquiredConns(); left < 1 {
		t.Fatal("the locked room was not locked")
	}
	await(t, "the transaction that waits for the locked room is given up", func() bool { return s.Pool().Stat().AcquiredConns() == 1 })
	if err := tx.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	s.Close()
	goleak.VerifyNone(t, before)
}
