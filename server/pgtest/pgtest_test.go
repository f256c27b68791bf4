package pgtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/migrations"
)

// shared is the server of this process, or the end of the test.
func shared(t *testing.T) *server {
	t.Helper()
	URL(t) // skips or fails as any test would
	s, err := sharedServer()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func databaseOf(t *testing.T, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return config.Database
}

func databaseExists(t *testing.T, s *server, name string) (exists bool) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	err = conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil {
		t.Fatal(err)
	}
	return exists
}

func admin(t *testing.T, s *server, statement string) {
	t.Helper()
	if err := s.asAdmin(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestPoolIsReady(t *testing.T) {
	t.Parallel()
	pool := Pool(t)
	current, err := migrations.Current(t.Context(), pool.Config().ConnString())
	if err != nil || !current {
		t.Errorf("all migrations applied: got %v, %v, want true", current, err)
	}
	place := orb.Point{5.9203, 45.5646}
	var got orb.Point
	if err := pool.QueryRow(t.Context(), "SELECT ST_Centroid($1::geometry)", place).Scan(&got); err != nil || got != place {
		t.Errorf("orb types: got %v, %v, want %v", got, err, place)
	}
	if n := pool.Config().MaxConns; n != defaultMaxConns {
		t.Errorf("got %d connections at most, want %d", n, defaultMaxConns)
	}
	if n := Pool(t, MaxConns(9)).Config().MaxConns; n != 9 {
		t.Errorf("got %d connections at most, want 9", n)
	}
}

func TestPoolsAreIsolated(t *testing.T) {
	t.Parallel()
	here, there := Pool(t), Pool(t)
	if _, err := here.Exec(t.Context(), "CREATE TABLE only_here ()"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		pool interface {
			QueryRow(context.Context, string, ...any) pgx.Row
		}
		want bool
	}{{"here", here, true}, {"there", there, false}, {"a later one", Pool(t), false}} {
		var got bool
		err := c.pool.QueryRow(t.Context(), "SELECT to_regclass('only_here') IS NOT NULL").Scan(&got)
		if err != nil || got != c.want {
			t.Errorf("%s: table exists: got %v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

// TestSuccessDrops, even while a program the test started is still connected.
func TestSuccessDrops(t *testing.T) {
	t.Parallel()
	s := shared(t)
	var name string
	r := record(t, func(tb testing.TB) {
		address := URL(tb)
		name = databaseOf(t, address)
		conn, err := pgx.Connect(t.Context(), address)
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { conn.Close(context.Background()) })
		if !databaseExists(t, s, name) {
			t.Errorf("%s does not exist during the test", name)
		}
	})
	if r.failed || databaseExists(t, s, name) {
		t.Errorf("failed: %v, %s exists: %v, want neither\n%s", r.failed, name, databaseExists(t, s, name), &r.log)
	}
}

func TestFailureKeepsAndNames(t *testing.T) {
	t.Parallel()
	s := *shared(t)
	asked := false
	s.keep = func() { asked = true }
	var name, address string
	r := record(t, func(tb testing.TB) {
		address = s.freshDatabase(tb)
		name = databaseOf(t, address)
		tb.Errorf("it failed")
	})
	if !databaseExists(t, &s, name) || !asked {
		t.Fatalf("%s exists: %v, server asked to stay: %v, want both", name, databaseExists(t, &s, name), asked)
	}
	admin(t, &s, "DROP DATABASE "+quote(name))
	if !strings.Contains(r.log.String(), address) {
		t.Errorf("the log does not say how to reach %s: %s", address, &r.log)
	}
}

func TestUnreleasedConnectionFails(t *testing.T) {
	t.Parallel()
	pool := Pool(t)
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := record(t, func(tb testing.TB) { closePool(tb, pool, 50*time.Millisecond) })
	if !r.failed || !strings.Contains(r.log.String(), "1 connections") {
		t.Errorf("failed: %v, want true with the number of connections; log: %s", r.failed, &r.log)
	}
	conn.Release()
}

func TestAbsentServer(t *testing.T) {
	t.Parallel()
	broken := errors.New("initdb: no space left")
	for _, c := range []struct {
		name            string
		err             error
		promised        bool
		failed, skipped bool
	}{
		{"there", nil, true, false, false},
		{"absent", errAbsent, false, false, true},
		{"absent in CI", errAbsent, true, true, false},
		{"broken", broken, false, true, false},
		{"broken in CI", broken, true, true, false},
	} {
		r := record(t, func(tb testing.TB) { require(tb, c.err, c.promised) })
		if r.failed != c.failed || r.skipped != c.skipped {
			t.Errorf("%s: failed %v, skipped %v, want %v, %v", c.name, r.failed, r.skipped, c.failed, c.skipped)
		}
		if c.skipped && (strings.Count(r.log.String(), "\n") != 1 || !strings.Contains(r.log.String(), "apt install")) {
			t.Errorf("%s: got %q, want one line that says what to install", c.name, &r.log)
		}
	}
}

func TestForeignServerNeedsAURL(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"host=localhost user=postgres", "localhost:5432", "https://localhost/"} {
		if got, err := (&server{admin: bad}).url("x"); err == nil {
			t.Errorf("%q: got %q, want an error", bad, got)
		}
	}
	got, err := (&server{admin: "postgresql://a:b@h:5433/postgres?sslmode=require"}).url("x_y")
	if want := "postgresql://a:b@h:5433/x_y?sslmode=require"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// BenchmarkURL is the price of isolation: clone and drop.
func BenchmarkURL(b *testing.B) {
	URL(b)
	s, err := sharedServer()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r := &recorder{TB: b}
		s.freshDatabase(r)
		for _, cleanup := range r.cleanups {
			cleanup()
		}
	}
}
