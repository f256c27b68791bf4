package main

import (
	"fmt"

	"quietude/server/pglocal"
)

type migrateCommand struct {
	Storage `embed:""`
}

// Run brings the schema to the newest version; done already, it changes nothing.
func (c *migrateCommand) Run(p *program) error {
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
	if err := db.close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "La base est à jour.")
	return err
}
