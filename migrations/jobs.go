package migrations

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// JobsSchema holds the tables of background work. They have a schema of their
// own because a library makes them, without comments and without territoire.
const JobsSchema = "jobs"

// lockJobs lets one node migrate while the others wait; it ends with its
// connection.
const lockJobs = `select pg_advisory_lock(hashtextextended('quietude/migrations/jobs', 0))`

// applyJobs makes the tables of river or brings them up to date. Not in one
// transaction: a value added to an enumeration cannot be used in the same one.
// What is interrupted goes on from the last version at the next start.
func applyJobs(ctx context.Context, url string) error {
	return withJobs(ctx, url, func(m *rivermigrate.Migrator[pgx.Tx], lock *pgxpool.Conn) error {
		for _, statement := range []string{lockJobs, "create schema if not exists " + JobsSchema} {
			if _, err := lock.Exec(ctx, statement); err != nil {
				return err
			}
		}
		_, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
}

// currentJobs reports whether river has nothing to migrate.
func currentJobs(ctx context.Context, url string) (current bool, err error) {
	err = withJobs(ctx, url, func(m *rivermigrate.Migrator[pgx.Tx], _ *pgxpool.Conn) error {
		result, err := m.Validate(ctx, nil)
		if err == nil {
			current = result.OK
		}
		return err
	})
	return current, err
}

// JobsVersion names the newest schema of river that this program knows.
func JobsVersion() (string, error) {
	m, err := newJobsMigrator(nil)
	if err != nil {
		return "", err
	}
	all := m.AllVersions()
	return fmt.Sprint("river ", all[len(all)-1].Version), nil
}

func newJobsMigrator(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	silent := slog.New(slog.NewTextHandler(io.Discard, nil))
	return rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: JobsSchema, Logger: silent})
}

// withJobs lends a migrator, and a connection beside it for its lock.
func withJobs(ctx context.Context, url string, do func(*rivermigrate.Migrator[pgx.Tx], *pgxpool.Conn) error) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return errors.New("connection string") // the error may repeat a password
	}
	config.MaxConns = 2
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return err
	}
	defer pool.Close()
	m, err := newJobsMigrator(pool)
	if err != nil {
		return err
	}
	lock, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer lock.Release()
	return do(m, lock)
}
