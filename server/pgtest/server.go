package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
)

// errAbsent says that this machine has no server to test against.
var errAbsent = errors.New("PostgreSQL with PostGIS is not installed")

// server is a PostgreSQL where databases may be made and dropped at will.
type server struct {
	// admin is the URL of a role that may create databases and extensions,
	// on a database that is never cloned.
	admin string
	// template is the name of the migrated database that tests clone.
	template string
	// strategy ends CREATE DATABASE; "" leaves the choice to the server.
	strategy string
	// keep is called when a database is left behind for somebody to look at.
	keep func()
	// hold keeps the lock that says this process uses the template. Nothing
	// else is done on it; the server releases the lock when the process ends.
	hold *pgx.Conn
	// lease keeps the private cluster up; nil for a foreign server.
	lease *os.File
}

// fileCopy clones by copying files. Its two checkpoints cost nothing without
// fsync, and the pages don't pass through the buffers that DROP DATABASE has to
// search again: 72 ms and 10 ms instead of 98 ms and 14 ms by WAL_LOG, the
// default (medians of 30 on two busy cores, PostgreSQL 15, 16 MB).
const fileCopy = " STRATEGY FILE_COPY"

// sharedServer is the server of this process, made on first use.
var sharedServer = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := findServer()
	if err != nil {
		return nil, err
	}
	return s, s.prepare(ctx, migrated)
})

func findServer() (*server, error) {
	if admin := os.Getenv("QUIETUDE_TEST_DATABASE_URL"); admin != "" {
		return &server{admin: admin, keep: func() {}}, nil
	}
	c := cluster{dir: defaultClusterDir()}
	lease, err := c.acquire()
	if err != nil {
		return nil, err
	}
	return &server{admin: c.url("postgres"), strategy: fileCopy, keep: c.keep, lease: lease}, nil
}

// url is the connection string of another database of the server.
func (s *server) url(database string) (string, error) {
	u, err := url.Parse(s.admin)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errors.New("QUIETUDE_TEST_DATABASE_URL must look like postgres://user@host/database")
	}
	u.Path = "/" + database
	return u.String(), nil
}

// asAdmin runs one statement on a connection of its own: CREATE DATABASE takes
// no transaction, and parallel tests must not wait for each other.
func (s *server) asAdmin(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		return fmt.Errorf("connect as administrator: %w", err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

func quote(identifier string) string { return pgx.Identifier{identifier}.Sanitize() }
