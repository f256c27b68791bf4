package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"quietude/server/demo"
	"quietude/server/fault"
	"quietude/server/importer"
	"quietude/server/pglocal"
)

type demoCommand struct {
	Storage `embed:""`
}

// Run loads the fictional data; done already, it only makes sure that
// demo.json is there.
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
		err = loadDemo(ctx, db, c.Data, logger)
	}
	if err := firstError(err, db.close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "Données fictives en place ; codes et jetons dans", filepath.Join(c.Data, demo.FileName))
	return err
}

// loadDemo loads the fictional data into Chambéry, up to today.
func loadDemo(ctx context.Context, db *database, dir string, logger *slog.Logger) error {
	start := time.Now()
	// Beside a database of others the folder holds nothing yet.
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.New(fault.Unavailable, "dossier_inaccessible", "Le dossier de données %s ne peut pas être créé.", dir).Because(err)
	}
	loaded, err := demo.Load(ctx, db.Store, demo.Options{Territoire: importer.Chambery, Dir: dir, Today: start})
	if err != nil {
		return err
	}
	if loaded.Created {
		logger.Info("données fictives chargées", "signalements", loaded.Signalements, "ateliers", loaded.Ateliers,
			"repères", loaded.Markers, "durée", time.Since(start).Round(time.Millisecond))
	}
	return nil
}
