package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/live"
	"quietude/server/store"
)

const (
	// shortly before its clock is over an open evening is given more time.
	shortly = 5 * time.Minute
	// openFor is how long the codes of an open evening work at least, from the last
	// start of the program; they are renewed when half of it has passed.
	openFor = 14 * 24 * time.Hour
)

// Rooms is what a hub does here.
type Rooms interface {
	Write(ctx context.Context, a atelier.Atelier, by live.Author, ops []live.Submitted) ([]live.Receipt, int64, error)
}

// KeepRunning gives the open evenings of the demonstration more time shortly before
// their clock is over, as an animateur would: whoever looks finds an evening in
// progress, whenever the demonstration was loaded. An evening that somebody has
// taken to another step is theirs. Several nodes may do it at once.
func KeepRunning(ctx context.Context, s *store.Store, rooms Rooms, territoire string, now time.Time) error {
	if err := s.ProlongDemo(ctx, territoire, now, now.Add(openFor/2), now.Add(openFor)); err != nil {
		return err
	}
	all, err := s.Ateliers(ctx, territoire, "")
	if err != nil {
		return err
	}
	for _, a := range all {
		if !a.Demo || a.State != "open" || a.Step != atelier.CartographyStep || a.StepAt == nil {
			continue
		}
		if over := a.StepAt.Add(time.Duration(a.StepMinutes) * time.Minute); now.Before(over.Add(-shortly)) {
			continue
		}
		if err := reopen(ctx, rooms, a); err != nil {
			return fmt.Errorf("evening of %s: %w", a.Quartier, err)
		}
	}
	return nil
}

// reopen starts the clock of an evening's step again. The identifier follows from
// the clock that it replaces: of several nodes one writes.
func reopen(ctx context.Context, rooms Rooms, a atelier.Atelier) error {
	raw, err := json.Marshal(map[string]any{
		"id":   uuid.NewSHA1(a.ID, []byte(a.StepAt.UTC().Format(time.RFC3339Nano))),
		"kind": atelier.Step, "step": a.Step, "minutes": openPlan[a.Step-1],
	})
	if err != nil {
		return err
	}
	again, err := live.DecodeOperation(raw)
	if err != nil {
		return err
	}
	receipts, _, err := rooms.Write(ctx, a, live.Author{Role: "animateur", Staff: true}, []live.Submitted{again})
	if err != nil {
		return err
	}
	return receipts[0].Problem
}
