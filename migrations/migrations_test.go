package migrations_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"quietude/migrations"
	"quietude/server/pgtest"
)

// emptied takes away every schema that a migration may have made.
const emptied = `
do $$ declare name text; begin
	for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
		execute format('drop schema %I cascade', name);
	end loop;
end $$;
create schema public; create extension postgis`

// TestNodesMayMigrateAtOnce lets three nodes start on an empty database, then
// one more on the current one.
func TestNodesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), emptied); err != nil {
		t.Fatal(err)
	}
	if current, err := migrations.Current(t.Context(), url); err != nil || current {
		t.Fatalf("an empty database is current: %v, %v", current, err)
	}
	var nodes errgroup.Group
	for range 3 {
		nodes.Go(func() error { return migrations.Apply(t.Context(), url) })
	}
	if err := nodes.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Apply(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	if current, err := migrations.Current(t.Context(), url); err != nil || !current {
		t.Errorf("after migrating: current %v, %v", current, err)
	}
	var versions, distinct int
	if err := conn.QueryRow(t.Context(), `select count(*), count(distinct version_id) from goose_db_version`).Scan(&versions, &distinct); err != nil {
		t.Fatal(err)
	}
	if versions != distinct {
		t.Errorf("%d records of %d migrations: one was applied twice", versions, distinct)
	}
	// Branches are merged in another order than they were numbered in: a database
	// made between two merges gets what is missing, whatever its number.
	if _, err := conn.Exec(t.Context(), `drop table oidc_attempt; delete from goose_db_version where version_id = 13`); err != nil {
		t.Fatal(err)
	}
	if current, err := migrations.Current(t.Context(), url); err != nil || current {
		t.Errorf("one migration is missing: current %v, %v", current, err)
	}
	if err := migrations.Apply(t.Context(), url); err != nil {
		t.Errorf("one migration is missing: %v", err)
	}
}
