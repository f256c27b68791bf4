// Package migrations holds the schema as numbered SQL files, append-only once
// published, and applies them. It never decides when: the caller does.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// FS holds the migrations, NNNN_noun.sql.
//
//go:embed *.sql
var FS embed.FS

// Apply brings the database at url (a PostgreSQL connection string) to the
// newest schema, the tables of background work included. Several nodes may call
// it at once: a lock lets one work while the others wait. Each file is one
// transaction; one that is missing is applied whatever its number. The extension
// postgis must exist already: creating it may need an administrator.
func Apply(ctx context.Context, url string) error {
	err := with(url, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return applyJobs(ctx, url)
}

// Current reports whether the database at url has every migration.
func Current(ctx context.Context, url string) (bool, error) {
	var pending bool
	err := with(url, func(p *goose.Provider) (err error) {
		pending, err = p.HasPending(ctx)
		return err
	})
	if err != nil || pending {
		return false, err
	}
	return currentJobs(ctx, url)
}

func with(url string, do func(*goose.Provider) error) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("connection string: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	return provide(db, do)
}

func provide(db *sql.DB, do func(*goose.Provider) error) error {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, FS, goose.WithSessionLocker(locker), goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	return do(p)
}
