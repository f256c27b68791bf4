package main

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"quietude/migrations"
	"quietude/server/pglocal"
)

type migrateCommand struct {
	Storage `embed:""`
	Seal    bool `help:"Affiche le SQL qu’un administrateur de la base existante exécute une fois (psql) pour que le service ne puisse plus changer les journaux ; la base privée le fait d’elle-même."`
}

// Run brings the schema to the newest version; done already, it changes nothing.
func (c *migrateCommand) Run(p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	if c.Seal {
		return c.seal(p)
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

// seal prints what takes the logs out of the hands of the service's role.
func (c *migrateCommand) seal(p *program) error {
	if c.DatabaseURL == "" {
		return invalid("seal", "La base privée scelle ses journaux d’elle-même : --seal va avec --database-url.")
	}
	config, err := pgx.ParseConfig(c.DatabaseURL)
	if err != nil {
		return invalid("database-url", "L’adresse de la base est mal écrite.") // it may hold a password
	}
	return p.say("begin;\n" + strings.Join(migrations.SealStatements(config.User), ";\n") + ";\ncommit;")
}
