package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"quietude/migrations"
)

const templatePrefix = "quietude_template_"

// schema is what a template holds: the files and the version of what libraries
// add name it, apply makes it.
type schema struct {
	files fs.FS
	added func() (string, error)
	apply func(ctx context.Context, url string) error
}

// migrated is the schema of the program.
var migrated = schema{files: migrations.FS, added: migrations.JobsVersion, apply: applyAll}

// templateName changes with the name or the content of any file, and with what
// libraries add.
func (sc schema) templateName() (string, error) {
	sum := sha256.New()
	if sc.added != nil {
		version, err := sc.added()
		if err != nil {
			return "", fmt.Errorf("version of the added schema: %w", err)
		}
		fmt.Fprintf(sum, "%d %s ", len(version), version)
	}
	err := fs.WalkDir(sc.files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(sc.files, path)
		if err != nil {
			return err
		}
		// Lengths keep ("a", "bc") and ("ab", "c") apart.
		fmt.Fprintf(sum, "%d %s %d ", len(path), path, len(content))
		sum.Write(content)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("hash migrations: %w", err)
	}
	return templatePrefix + hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

// Advisory locks belong to a session and to the administrator's database, so a
// killed process leaves none. One lock serialises building and sweeping; each
// template has a second one, shared by the processes that clone it.
const (
	lockBuild    = "SELECT pg_advisory_lock(hashtextextended('quietude/pgtest', 0))"
	unlockBuild  = "SELECT pg_advisory_unlock(hashtextextended('quietude/pgtest', 0))"
	lockTemplate = "SELECT pg_advisory_lock_shared(hashtextextended($1, 0))"
	lockToDrop   = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
	unlockToDrop = "SELECT pg_advisory_unlock(hashtextextended($1, 0))"
)

// prepare makes sure that the template of sc exists and stays while this
// process lives, and drops what other runs left. The caller owns s.hold.
func (s *server) prepare(ctx context.Context, sc schema) (err error) {
	if s.template, err = sc.templateName(); err != nil {
		return err
	}
	if s.hold, err = pgx.Connect(ctx, s.admin); err != nil {
		return fmt.Errorf("connect as administrator: %w", err)
	}
	defer func() {
		if err != nil {
			s.hold.Close(ctx)
		}
	}()
	if _, err := s.hold.Exec(ctx, lockBuild); err != nil {
		return fmt.Errorf("wait for the template: %w", err)
	}
	if _, err := s.hold.Exec(ctx, lockTemplate, s.template); err != nil {
		return fmt.Errorf("lock the template: %w", err)
	}
	if err := s.buildMissing(ctx, sc); err != nil {
		return fmt.Errorf("build %s: %w", s.template, err)
	}
	if err := s.sweep(ctx, time.Now()); err != nil {
		return fmt.Errorf("sweep old databases: %w", err)
	}
	_, err = s.hold.Exec(ctx, unlockBuild)
	return err
}

// buildMissing makes the template under another name and renames it last: a
// template that exists is complete.
func (s *server) buildMissing(ctx context.Context, sc schema) error {
	var exists bool
	err := s.hold.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.template).Scan(&exists)
	if err != nil || exists {
		return err
	}
	draft := s.template + "_draft"
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + quote(draft) + " WITH (FORCE)",
		"CREATE DATABASE " + quote(draft) + " TEMPLATE template0 ENCODING 'UTF8'",
	} {
		if _, err := s.hold.Exec(ctx, statement); err != nil {
			return err
		}
	}
	if err := s.fill(ctx, draft, sc); err != nil {
		return err
	}
	for _, statement := range []string{
		// CREATE DATABASE … TEMPLATE fails while anybody is connected.
		"ALTER DATABASE " + quote(draft) + " ALLOW_CONNECTIONS false",
		"ALTER DATABASE " + quote(draft) + " RENAME TO " + quote(s.template),
	} {
		if _, err := s.hold.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// fill creates the extension as an administrator, which an ordinary role may
// not, then applies the migrations.
func (s *server) fill(ctx context.Context, database string, sc schema) error {
	address, err := s.url(database)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	// The role of the public pages belongs to the server, its rights to each
	// database. The caller holds the lock that keeps two from making it at once.
	_, err = conn.Exec(ctx, `CREATE EXTENSION postgis; REVOKE ALL ON SCHEMA public FROM PUBLIC;
		DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '`+migrations.PublicRole+`') THEN CREATE ROLE `+migrations.PublicRole+` LOGIN; END IF; END $$`)
	conn.Close(ctx)
	if err != nil {
		return err
	}
	return sc.apply(ctx, address)
}

// applyAll makes the schema and gives the role of the public pages its rights.
func applyAll(ctx context.Context, url string) error {
	if err := migrations.Apply(ctx, url); err != nil {
		return err
	}
	return migrations.GrantPublic(ctx, url, migrations.PublicRole)
}

// sweep drops the templates that no process uses and the test databases that
// nobody is connected to and that are older than keptFor.
func (s *server) sweep(ctx context.Context, now time.Time) error {
	rows, err := s.hold.Query(ctx, `
		SELECT datname FROM pg_database d
		WHERE (starts_with(datname, $1) OR starts_with(datname, $2)) AND datname <> $3
		  AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)`,
		templatePrefix, testPrefix, s.template)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if made, ok := databaseTime(name); ok && now.Sub(made) < keptFor {
			continue
		}
		if err := s.dropUnused(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// dropUnused drops a database unless another process holds its lock.
func (s *server) dropUnused(ctx context.Context, name string) error {
	var free bool
	if err := s.hold.QueryRow(ctx, lockToDrop, strings.TrimSuffix(name, "_draft")).Scan(&free); err != nil || !free {
		return err
	}
	if _, err := s.hold.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)); err != nil {
		return err
	}
	_, err := s.hold.Exec(ctx, unlockToDrop, strings.TrimSuffix(name, "_draft"))
	return err
}
