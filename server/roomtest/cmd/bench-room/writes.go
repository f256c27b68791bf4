package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/roomtest"
)

const (
	writeRooms     = 50
	writersPerRoom = 4
	bareWriters    = 8
)

// writes measures how many operations are acknowledged per second when every
// device sends its next request as soon as the last one is answered, and how
// many bare rows the same PostgreSQL takes from eight connections, one per
// transaction.
func (b *bench) writes(batch int) func(context.Context) ([]float64, error) {
	return func(ctx context.Context) ([]float64, error) {
		var authors []*author
		var halls []*roomtest.Hall
		defer func() {
			for _, a := range authors {
				a.Close()
			}
		}()
		chance := rand.New(rand.NewPCG(4, 4))
		for range writeRooms {
			hall, err := b.hall(ctx, 1)
			if err != nil {
				return nil, err
			}
			hall.Staff.Close()
			for seat := range writersPerRoom {
				a, err := sit(ctx, hall, b.node.Base, seat, chance)
				if err != nil {
					return nil, err
				}
				authors, halls = append(authors, a), append(halls, hall)
			}
		}
		before, err := b.node.CPU()
		if err != nil {
			return nil, err
		}
		acknowledged, err := together(ctx, b.length, len(authors), func(ctx context.Context, i int, done *atomic.Int64) error {
			chance := rand.New(rand.NewPCG(uint64(i), 5))
			for ctx.Err() == nil {
				err := authors[i].write(ctx, authors[i].moves(halls[i], chance, batch)...)
				var p interface{ RetryAfter() time.Duration }
				if errors.As(err, &p) && p.RetryAfter() > 0 {
					// The pace of one participant, not the server's limit.
					select {
					case <-ctx.Done():
					case <-time.After(p.RetryAfter()):
					}
					continue
				}
				if err != nil {
					return err
				}
				done.Add(int64(batch))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		after, err := b.node.CPU()
		if err != nil {
			return nil, err
		}
		used, each := after.Sub(before), 1000/max(acknowledged*b.length.Seconds(), 1)
		bare, err := b.bareInserts(ctx)
		return []float64{acknowledged, bare, 100 * acknowledged / max(bare, 1), milliseconds(used.Server) * each,
			milliseconds(used.PostgreSQL) * each, milliseconds(used.Client) * each}, err
	}
}

// together runs n workers for a while and gives what they did per second.
func together(ctx context.Context, length time.Duration, n int, work func(context.Context, int, *atomic.Int64) error) (perSecond float64, err error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var done atomic.Int64
	var running sync.WaitGroup
	failed := make(chan error, n)
	start := time.Now()
	for i := range n {
		running.Go(func() {
			if err := work(ctx, i, &done); err != nil && ctx.Err() == nil {
				failed <- err
			}
		})
	}
	running.Wait()
	select {
	case err = <-failed:
	default:
	}
	return float64(done.Load()) / time.Since(start).Seconds(), err
}

func (b *bench) bareInserts(ctx context.Context) (float64, error) {
	var conns []*pgx.Conn
	for range bareWriters {
		c, err := pgx.Connect(ctx, b.node.DatabaseURL())
		if err != nil {
			return 0, err
		}
		defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
		conns = append(conns, c)
	}
	var durable string
	if err := conns[0].QueryRow(ctx, "show synchronous_commit").Scan(&durable); err != nil || durable != "on" {
		return 0, fmt.Errorf("synchronous_commit is %q: %w", durable, err)
	}
	if _, err := conns[0].Exec(ctx, "create table if not exists bare (id uuid primary key, body jsonb not null)"); err != nil {
		return 0, err
	}
	defer func() { _, _ = conns[0].Exec(context.WithoutCancel(ctx), "drop table bare") }()
	body, err := json.Marshal(roomtest.PointAt(roomtest.Position{5.9, 45.5}))
	if err != nil {
		return 0, err
	}
	return together(ctx, b.length/2, bareWriters, func(ctx context.Context, i int, done *atomic.Int64) error {
		for ctx.Err() == nil {
			if _, err := conns[i].Exec(ctx, "insert into bare values ($1, $2)", uuid.New(), body); err != nil {
				return err
			}
			done.Add(1)
		}
		return nil
	})
}
