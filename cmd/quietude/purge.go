package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"quietude/server/pglocal"
	"quietude/server/store"
)

type purgeCommand struct {
	Storage `embed:""`
	Count   bool `help:"Compte ce qui est hors délai, sans rien effacer."`
}

// Run applies each territoire's retention now, as the service does by itself
// four times a day, and says what is still past it: 0 of N.
func (c *purgeCommand) Run(p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	logger := c.logger(p.err)
	ctx, cancel := p.untilSignal(logger)
	defer cancel()
	db, err := p.connect(ctx, c.Storage, logger, pglocal.Open)
	if err != nil {
		return err
	}
	err = eachTerritoire(ctx, db.Store, func(name, code string) error {
		work := db.Store.Purge
		if c.Count {
			work = db.Store.PastRetention
		}
		r, err := work(ctx, code, time.Now())
		if err != nil {
			return err
		}
		return p.say(fmt.Sprintf("%s (%s) : lignes hors délai : %s (textes %s, positions %s, journaux d’ateliers %s, contacts %s, journal des consultations et des accès %s).", name, code,
			outOf(r.Sum()), outOf(r.Texts), outOf(r.Positions), outOf(r.Logs), outOf(r.Contacts), outOf(r.Journal)))
	})
	if closing := db.close(); err == nil {
		err = closing
	}
	return err
}

func outOf(r store.Retained) string { return fmt.Sprintf("%d sur %d", r.Past, r.Total) }

func eachTerritoire(ctx context.Context, s *store.Store, do func(name, code string) error) error {
	all, err := s.Territoires(ctx)
	for _, t := range all {
		if err == nil {
			err = do(t.Nom, t.Code)
		}
	}
	return err
}

// purgeJob applies the retention of every territoire.
type purgeJob struct{}

func (purgeJob) Kind() string { return "purge" }

func purge(ctx context.Context, s *store.Store, logger *slog.Logger) error {
	return eachTerritoire(ctx, s, func(_, code string) error {
		r, err := s.Purge(ctx, code, time.Now())
		if err == nil {
			logger.Info("lignes hors délai", "territoire", code, "hors_delai", r.Sum().Past, "sur", r.Sum().Total)
		}
		return err
	})
}
