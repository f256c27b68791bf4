package pgtest

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
)

// another is the shared server as a process with other migrations sees it.
func another(t *testing.T) *server {
	s := *shared(t)
	s.template, s.hold = "", nil
	return &s
}

// oneFile is a schema of one statement; applied counts how often it was made.
func oneFile(sql string, applied *int) schema {
	return schema{
		files: fstest.MapFS{"0001_x.sql": {Data: []byte(sql)}},
		apply: func(ctx context.Context, url string) error {
			*applied++
			conn, err := pgx.Connect(ctx, url)
			if err != nil {
				return err
			}
			defer conn.Close(ctx)
			_, err = conn.Exec(ctx, sql)
			return err
		},
	}
}

// leave ends the use of the template, as the end of the process would.
func (s *server) leave(t *testing.T) {
	t.Helper()
	if _, err := s.hold.Exec(t.Context(), "SELECT pg_advisory_unlock_all()"); err != nil {
		t.Error(err)
	}
	s.hold.Close(context.Background())
}

func hasTable(t *testing.T, url, table string) (exists bool) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), "SELECT to_regclass($1) IS NOT NULL", table).Scan(&exists); err != nil {
		t.Fatal(err)
	}
	return exists
}

// TestTemplateFollowsMigrations: built once per content, another content is
// another template, and the old one goes when nobody uses it.
func TestTemplateFollowsMigrations(t *testing.T) {
	before, after := 0, 0
	old, young := oneFile("CREATE TABLE template_test_before ()", &before), oneFile("CREATE TABLE template_test_after ()", &after)
	prepare := func(sc schema) *server {
		t.Helper()
		s := another(t)
		if err := s.prepare(t.Context(), sc); err != nil {
			t.Fatal(err)
		}
		return s
	}
	s1, s2 := prepare(old), prepare(old)
	if before != 1 || s1.template != s2.template {
		t.Errorf("made %d times as %s and %s, want once", before, s1.template, s2.template)
	}
	if url := s1.freshDatabase(t); !hasTable(t, url, "template_test_before") || hasTable(t, url, "template_test_after") {
		t.Errorf("%s does not hold the old schema", url)
	}
	s1.leave(t)

	s3 := prepare(young)
	if url := s3.freshDatabase(t); hasTable(t, url, "template_test_before") || !hasTable(t, url, "template_test_after") {
		t.Errorf("%s does not hold the new schema", url)
	}
	if !databaseExists(t, s3, s2.template) {
		t.Errorf("%s was dropped while in use", s2.template)
	}
	s2.leave(t)
	s4 := prepare(young)
	if databaseExists(t, s4, s2.template) || after != 1 {
		t.Errorf("old template exists: %v, new one made %d times, want false and once", databaseExists(t, s4, s2.template), after)
	}
	s3.leave(t)
	s4.leave(t)
	admin(t, s4, "DROP DATABASE IF EXISTS "+quote(s4.template))
}

// TestFailedMigrationLeavesNoTemplate, and the next attempt starts afresh.
func TestFailedMigrationLeavesNoTemplate(t *testing.T) {
	t.Parallel()
	applied := 0
	sc := oneFile("CREATE TABLE template_test_failed ()", &applied)
	good := sc.apply
	broken := errors.New("half way")
	sc.apply = func(ctx context.Context, url string) error {
		return errors.Join(good(ctx, url), broken)
	}
	s := another(t)
	if err := s.prepare(t.Context(), sc); !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of the migration", err)
	}
	if databaseExists(t, s, s.template) {
		t.Errorf("%s exists after a failure", s.template)
	}
	sc.apply = good
	if err := s.prepare(t.Context(), sc); err != nil {
		t.Fatal(err)
	}
	if url := s.freshDatabase(t); !hasTable(t, url, "template_test_failed") {
		t.Errorf("%s lacks the table", url)
	}
	s.leave(t)
	admin(t, s, "DROP DATABASE IF EXISTS "+quote(s.template))
}

func TestTemplateName(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for name, files := range map[string]fstest.MapFS{
		"none":          {},
		"one":           {"a": {Data: []byte("bc")}},
		"border moved":  {"ab": {Data: []byte("c")}},
		"other content": {"a": {Data: []byte("bd")}},
		"two":           {"a": {Data: []byte("bc")}, "b": {}},
	} {
		got, err := schema{files: files}.templateName()
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[got]; ok {
			t.Errorf("%q and %q are both %s", name, other, got)
		}
		if again, _ := (schema{files: files}).templateName(); again != got {
			t.Errorf("%q: %s then %s", name, got, again)
		}
		seen[got] = name
	}
}

// TestSweep: what a killed process left goes once it is old and nobody looks.
func TestSweep(t *testing.T) {
	t.Parallel()
	s := another(t)
	now := time.Now()
	old, looked, young := databaseName(t.Name(), now.Add(-2*keptFor)), databaseName(t.Name(), now.Add(-2*keptFor)), databaseName(t.Name(), now)
	draft := templatePrefix + "sweep_draft"
	for _, name := range []string{old, looked, young, draft} {
		admin(t, s, "CREATE DATABASE "+quote(name)+" TEMPLATE template0"+s.strategy)
		t.Cleanup(func() { admin(t, s, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)") })
		if name == looked {
			address, err := s.url(name)
			if err != nil {
				t.Fatal(err)
			}
			conn, err := pgx.Connect(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close(context.Background()) })
		}
	}
	if err := s.prepare(t.Context(), migrated); err != nil {
		t.Fatal(err)
	}
	defer s.leave(t)
	for name, want := range map[string]bool{old: false, looked: true, young: true, draft: false} {
		if got := databaseExists(t, s, name); got != want {
			t.Errorf("%s exists: got %v, want %v", name, got, want)
		}
	}
}
