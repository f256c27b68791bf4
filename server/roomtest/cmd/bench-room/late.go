package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"quietude/server/roomtest"
)

const (
	lateOperations = 5000
	lateAuthors    = 20
	lateMarkers    = 25 // per author
)

// late measures how long somebody who comes late waits: to sit down, until the
// snapshot is there and read, and, for a device that was there at the very
// beginning, until the whole log is there.
func (b *bench) late() func(context.Context) ([]float64, error) {
	var full *roomtest.Hall // filled once; each round joins it anew
	return func(ctx context.Context) ([]float64, error) {
		if full == nil {
			hall, err := b.fill(ctx)
			if err != nil {
				return nil, err
			}
			full = hall
		}
		c := roomtest.NewClient(b.node.Base)
		defer c.Close()
		start := time.Now()
		s, err := c.Join(ctx, full.Code(0), uuid.New(), "")
		if err != nil {
			return nil, err
		}
		joined := time.Since(start)
		c.Token = s.Token
		replica := roomtest.NewReplica(roomtest.Reader{Participant: s.Participant, Table: s.Table.Numero})
		enough := errors.New("enough")
		err = c.Stream(ctx, full.Atelier.ID, -1, func(e roomtest.Event) error {
			var snapshot roomtest.Snapshot
			if err := json.Unmarshal(e.Data, &snapshot); err != nil {
				return err
			}
			replica.Reset(snapshot)
			return enough
		})
		if !errors.Is(err, enough) || replica.Seq < lateOperations {
			return nil, fmt.Errorf("snapshot at %d: %w", replica.Seq, err)
		}
		drawing := time.Since(start)
		start = time.Now()
		log, err := c.Log(ctx, full.Atelier.ID, 0)
		if err != nil || len(log) < lateOperations {
			return nil, fmt.Errorf("%d entries: %w", len(log), err)
		}
		return []float64{float64(len(replica.Markers)), milliseconds(joined), milliseconds(drawing - joined), milliseconds(drawing),
			milliseconds(time.Since(start))}, nil
	}
}

func (b *bench) fill(ctx context.Context) (*roomtest.Hall, error) {
	hall, err := b.hall(ctx, 4)
	if err != nil {
		return nil, err
	}
	if err := hall.Share(ctx, roomtest.NewJournal(), true); err != nil {
		return nil, err
	}
	chance := rand.New(rand.NewPCG(6, 6))
	for i := range lateAuthors {
		a, err := sit(ctx, hall, b.node.Base, i, chance)
		if err != nil {
			return nil, err
		}
		var ops []roomtest.Operation
		for n := range lateMarkers - 1 {
			a.marker = uuid.New()
			marker := a.marker
			ops = append(ops, roomtest.Operation{ID: uuid.New(), Kind: "add", Marker: &marker, Felt: []string{"unsafe", "safe"}[n%2],
				Geometry:   roomtest.PointAt(hall.Somewhere(chance)),
				Attributes: roomtest.Attributes{"themes": []string{"VOI", "BRU"}, "moments": []string{"night"}, "severity": 3}})
		}
		ops = append(ops, a.moves(hall, chance, lateOperations/lateAuthors-lateMarkers)...)
		for len(ops) > 0 {
			n := min(100, len(ops))
			if err := a.write(ctx, ops[:n]...); err != nil {
				return nil, err
			}
			ops = ops[n:]
		}
		a.Close()
	}
	return hall, nil
}
