package demo

import (
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/hexmap"
	"quietude/server/importer"
	"quietude/server/live"
)

// Two nodes look after the demonstration: an evening whose clock is nearly over is
// given more time once, and one that somebody has taken further is left alone.
func TestOpenEveningsGoOn(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	ctx := t.Context()
	if _, err := Load(ctx, s, Options{Territoire: importer.Chambery, Dir: t.TempDir(), Now: time.Now(), Signalements: 300}); err != nil {
		t.Fatal(err)
	}
	open := func() (out []atelier.Atelier) {
		t.Helper()
		all, err := s.Ateliers(ctx, importer.Chambery, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.State == "open" {
				out = append(out, a)
			}
		}
		return out
	}
	hub := func() *live.Hub {
		h := live.NewHub(s, hexmap.NewPlaces(s), slog.New(slog.DiscardHandler), func(string) {})
		t.Cleanup(h.Close)
		return h
	}
	here, there := hub(), hub()
	keep := func(now time.Time) {
		t.Helper()
		var both sync.WaitGroup
		for _, h := range []*live.Hub{here, there} {
			both.Go(func() {
				if err := KeepRunning(ctx, s, h, importer.Chambery, now); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	before := open()
	if len(before) != 2 {
		t.Fatalf("%d open evenings, want 2", len(before))
	}
	keep(time.Now())
	if again := open(); again[0].Seq != before[0].Seq || again[1].Seq != before[1].Seq {
		t.Errorf("evenings that run were touched: %d and %d entries, before %d and %d", again[0].Seq, again[1].Seq, before[0].Seq, before[1].Seq)
	}
	taken, left := before[0], before[1]
	move := live.Submitted{Operation: atelier.Operation{ID: uuid.New(), Kind: atelier.Step, Step: 5}, Digest: []byte{1}}
	if _, _, err := here.Write(ctx, taken, live.Author{Role: "animateur", Staff: true}, []live.Submitted{move}); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(ctx, "update atelier set closes_at = now() + interval '1 day' where id = $1", left.ID); err != nil {
		t.Fatal(err)
	}
	keep(left.StepAt.Add(44 * time.Minute)) // the new clock is not over by then
	for _, a := range open() {
		switch a.ID {
		case taken.ID:
			if a.Seq != taken.Seq+1 || a.Step != 5 {
				t.Errorf("an evening that was taken further has %d entries and step %d", a.Seq, a.Step)
			}
		case left.ID:
			if a.Seq != left.Seq+1 || a.Step != atelier.CartographyStep || a.StepMinutes != 45 || !a.StepAt.After(*left.StepAt) {
				t.Errorf("an evening at its end has %d entries (before: %d), step %d since %s for %d minutes", a.Seq, left.Seq, a.Step, a.StepAt, a.StepMinutes)
			}
			if !a.ClosesAt.After(time.Now().Add(openFor / 2)) {
				t.Errorf("its codes end on %s", a.ClosesAt)
			}
		}
	}
	// What is being prepared stays to come, on the same weekday at the same hour.
	coming := func() (out []time.Time) {
		all, err := s.Ateliers(ctx, importer.Chambery, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.State == "prepared" {
				out = append(out, a.StartsAt.In(paris))
			}
		}
		return out
	}
	planned := coming()
	later := planned[0].AddDate(0, 7, 1) // after both, beyond a change of the clock
	keep(later)
	put := coming()
	for i := range put {
		if put[i].Before(later) || put[i].After(later.AddDate(0, 0, 7)) || put[i].Hour() != 18 || put[i].Minute() != 30 ||
			!slices.ContainsFunc(planned, func(p time.Time) bool { return p.Weekday() == put[i].Weekday() }) {
			t.Errorf("put off from %v to %v, want after %v", planned, put, later)
		}
	}
}
