package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/demo"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/importer"
	"quietude/server/live"
	"quietude/server/pglocal"
	"quietude/server/publication"
	"quietude/server/store"
)

type demoCommand struct {
	Storage `embed:""`
}

// Run loads the fictional data; done already, it only makes sure that
// demo.json is there. Logins are for « serve --demo » to make.
func (c *demoCommand) Run(p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	if c.Data == "" {
		return invalid("data", "La démonstration écrit ses codes dans le dossier de données : indiquez-le avec --data.")
	}
	logger := c.logger(p.err)
	ctx, cancel := p.untilSignal(logger)
	defer cancel()
	db, err := p.connect(ctx, c.Storage, logger, pglocal.Open)
	if err != nil {
		return err
	}
	_, err = importer.LoadChambery(ctx, db)
	if err == nil {
		err = loadDemo(ctx, db, c.Data, false, logger)
	}
	if err := firstError(err, db.close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "Données fictives en place ; codes des tables dans", filepath.Join(c.Data, demo.FileName))
	return err
}

// loadDemo loads the fictional data into Chambéry, up to today; access makes
// logins for it.
func loadDemo(ctx context.Context, db *database, dir string, access bool, logger *slog.Logger) error {
	start := time.Now()
	// Beside a database of others the folder holds nothing yet.
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.New(fault.Unavailable, "dossier_inaccessible", "Le dossier de données %s ne peut pas être créé.", dir).Because(err)
	}
	loaded, err := demo.Load(ctx, db.Store, demo.Options{Territoire: importer.Chambery, Dir: dir, Now: start, Access: access})
	if err != nil {
		return err
	}
	if loaded.Created {
		logger.Info("données fictives chargées", "signalements", loaded.Signalements, "ateliers", loaded.Ateliers,
			"repères", loaded.Markers, "durée", time.Since(start).Round(time.Millisecond))
	}
	logger.Info("comptes et codes des tables de la démonstration", "fichier", filepath.Join(dir, demo.FileName))
	return publishDemo(ctx, db.Store, importer.Chambery)
}

// keepDemoRunning looks after the open evenings of the demonstration until ctx ends.
func keepDemoRunning(ctx context.Context, s *store.Store, hub *live.Hub, logger *slog.Logger) {
	for again := time.NewTicker(time.Minute); ; {
		if err := demo.KeepRunning(ctx, s, hub, importer.Chambery, time.Now()); err != nil && ctx.Err() == nil {
			logger.Warn("soirées de la démonstration", "erreur", err)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return
		}
	}
}

// publishDemo publishes the fictional ateliers that are over, unless something
// is published already. The newest one is left for who tries the button; nothing
// was drawn at a réunion.
func publishDemo(ctx context.Context, s *store.Store, territoire string) error {
	published, err := s.PublishedEditions(ctx, territoire)
	if err != nil || len(published) > 0 {
		return err
	}
	all, err := s.Ateliers(ctx, territoire, "") // newest first
	if err != nil {
		return err
	}
	publisher, err := publication.New(s, hexmap.NewPlaces(s), publication.Options{Now: time.Now})
	if err != nil {
		return err
	}
	over := slices.DeleteFunc(all, func(a atelier.Atelier) bool { return !a.Demo || a.State != "closed" || a.Kind != "atelier" })
	for _, a := range over[min(1, len(over)):] {
		b := store.Brouillon{Territoire: territoire, ID: uuid.NewSHA1(a.ID, []byte("edition")), Quartier: a.Quartier, Ateliers: []uuid.UUID{a.ID}}
		if b, err = publisher.BuildNow(ctx, b); err != nil {
			return err
		}
		if _, err := publisher.Publish(ctx, territoire, b.ID); err != nil {
			return err
		}
	}
	if err := publisher.Announce(ctx); err != nil {
		return err
	}
	return publisher.Follow(ctx, territoire)
}
