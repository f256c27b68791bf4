// Package pgtest gives each test a PostGIS database of its own, cloned from a
// template that has all the migrations. For tests only.
//
// The server is the one of QUIETUDE_TEST_DATABASE_URL, an administrator's
// postgres:// URL on a server that may be littered, or else a private cluster
// which the test binaries of a user share; see cluster.go. Where PostgreSQL or
// PostGIS is not installed tests skip, and under CI=true they fail.
//
// The package holds no fixtures of the domain: builders live in files of
// their own, one noun each.
package pgtest

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"quietude/migrations"
	"quietude/server/store"
)

// defaultMaxConns leaves room for dozens of parallel tests below the private
// cluster's max_connections.
const defaultMaxConns = 4

// patience bounds each step against the server. It is long because the first
// test of a busy machine waits for initdb.
const patience = 2 * time.Minute

// releaseTime is what goroutines that the test started get to give their
// connections back.
const releaseTime = 5 * time.Second

// Option changes the pool that Pool returns.
type Option func(*pgxpool.Config)

// MaxConns replaces the pool's default of four connections.
func MaxConns(n int32) Option {
	return func(c *pgxpool.Config) { c.MaxConns = n }
}

// Pool returns a pool on a fresh database with all migrations applied and the
// orb types registered. At cleanup the pool is closed, which fails the test if
// a connection was never released, and the database is dropped; after a
// failure it is kept for an hour (as long as the server lives) and the log
// says how to reach it. Safe in parallel tests.
func Pool(t testing.TB, options ...Option) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(URL(t))
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	config.MaxConns = defaultMaxConns
	config.AfterConnect = store.Register
	for _, option := range options {
		option(config)
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { closePool(t, pool, releaseTime) })
	return pool
}

// URL is Pool for tests that start the program, or several nodes of it: it
// returns the connection string of a fresh migrated database. Connections
// that are still open at cleanup are cut.
func URL(t testing.TB) string {
	t.Helper()
	s, err := sharedServer()
	require(t, err, os.Getenv("CI") == "true")
	return s.freshDatabase(t)
}

// Public returns a pool on the database of another one, as the role of the
// public pages.
func Public(t testing.TB, of *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	config := of.Config()
	config.ConnConfig.User, config.ConnConfig.Password = migrations.PublicRole, ""
	config.AfterConnect = nil // the types of geometry are none of its business
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { closePool(t, pool, releaseTime) })
	return pool
}

// require lets the test go on with a server, skips it where none is installed,
// and fails it when one is broken, or missing where one is promised.
func require(t testing.TB, err error, promised bool) {
	t.Helper()
	if errors.Is(err, errAbsent) && !promised {
		t.Skip("PostgreSQL + PostGIS absent : apt install postgresql-15-postgis-3 (or set QUIETUDE_TEST_DATABASE_URL)")
	}
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
}

// closePool closes the pool, or fails the test instead of waiting for ever for
// a connection that nobody will release.
func closePool(t testing.TB, pool *pgxpool.Pool, within time.Duration) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		pool.Close()
	}()
	select {
	case <-closed:
	case <-time.After(within):
		t.Errorf("pgtest: %d connections of the pool were never released", pool.Stat().AcquiredConns())
	}
}
