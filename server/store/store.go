// Package store keeps the domain in PostgreSQL + PostGIS. One statement per
// file, sql/noun_verb.sql, named like the method that runs it. It decides
// nothing: rules live in server/atelier, rights in server/auth.
package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"

	"quietude/server/fault"
	"quietude/server/pgorb"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statements holds every file of sql/ by its name without extension.
var statements = readStatements()

func readStatements() map[string]string {
	entries, err := sqlFiles.ReadDir("sql")
	if err != nil {
		panic(err) // the files are part of the binary
	}
	m := make(map[string]string, len(entries))
	for _, e := range entries {
		text, err := sqlFiles.ReadFile("sql/" + e.Name())
		if err != nil {
			panic(err)
		}
		m[strings.TrimSuffix(e.Name(), ".sql")] = string(text)
	}
	return m
}

// statement returns the text of sql/name.sql; an unknown name is a mistake of
// the programmer that every test of the method shows.
func statement(name string) string {
	s, ok := statements[name]
	if !ok {
		panic("store: no statement " + name)
	}
	return s
}

// Store is safe for concurrent use.
type Store struct {
	pool   *pgxpool.Pool
	damage damage
}

// New wraps a pool made by Open or by a test.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Pool gives the pool to tests and measurements that look at the tables
// themselves.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Open connects to PostgreSQL. maxConns bounds the pool.
func Open(ctx context.Context, url string, maxConns int32) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The error of pgx may repeat the URL, which may hold a password.
		return nil, fault.New(fault.Invalid, "database_url", "L’adresse de la base de données (DATABASE_URL) est mal écrite.")
	}
	config.MaxConns = maxConns
	config.MinIdleConns = 2
	config.ConnConfig.RuntimeParams["application_name"] = "quietude"
	// A request whose client has gone is cancelled by its context; these two
	// bound what no context reaches.
	config.ConnConfig.RuntimeParams["statement_timeout"] = "60000"
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "30000"
	config.ConnConfig.RuntimeParams["lock_timeout"] = "10000"
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.AfterConnect = Register
	config.ConnConfig.Tracer = patience{}
	s := &Store{}
	refused := config.ConnConfig.OnPgError
	config.ConnConfig.OnPgError = func(c *pgconn.PgConn, e *pgconn.PgError) bool {
		s.damage.notice(s, e)
		return refused(c, e)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open pool: %w", err)
	}
	s.pool = pool
	return s, nil
}

// Register teaches conn the types of PostGIS, and to read and write identifiers as
// the 16 bytes they are: through database/sql's interface pgx would spell each.
func Register(ctx context.Context, conn *pgx.Conn) error {
	pgxuuid.Register(conn.TypeMap())
	return pgorb.Register(ctx, conn)
}

// Close waits for the connections in use and closes the pool.
func (s *Store) Close() { s.pool.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// one runs a statement that gives exactly one row, read by field name.
func one[T any](ctx context.Context, q querier, name string, args pgx.StrictNamedArgs) (T, error) {
	rows, err := q.Query(ctx, statement(name), args)
	if err != nil {
		var zero T
		return zero, translate(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	return v, translate(err)
}

// many runs a statement that gives any number of rows, read by field name.
func many[T any](ctx context.Context, q querier, name string, args pgx.StrictNamedArgs) ([]T, error) {
	rows, err := q.Query(ctx, statement(name), args)
	if err != nil {
		return nil, translate(err)
	}
	v, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return v, translate(err)
}

// querier is a pool, a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// errNoRow says that what was asked for does not exist.
var errNoRow = fault.New(fault.NotFound, "introuvable", "Cet objet n’existe pas.")

// translate turns the database's errors that a caller can act on into faults;
// the others stay as they are and become 500.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoRow.Because(err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case pg.Code == "53100" || pg.Code == "25006": // disk full; only reading, since it nearly is
			return readOnly(err)
		case pg.Code == "XX001" || pg.Code == "XX002": // a page that fails its checksum; an index that contradicts its table
			return damaged(err)
		case pg.Code == "53200" || pg.Code == "53300", // out of memory, too many connections
			strings.HasPrefix(pg.Code, "57P"), // shutting down, crashed, starting
			pg.Code == "55P03", pg.Code == "58030", pg.Code == "57014":
			return unavailable(err)
		}
		return err
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) || isConnectionLoss(err) {
		return unavailable(err)
	}
	return err
}

func isConnectionLoss(err error) bool {
	s := err.Error()
	return strings.Contains(s, "conn closed") || strings.Contains(s, "unexpected EOF") ||
		strings.Contains(s, "broken pipe") || strings.Contains(s, "connection reset")
}

// readOnly: nothing is saved for now, everything saved can be read. Devices keep
// what they have and send it again.
func readOnly(cause error) error {
	return fault.New(fault.Unavailable, "lecture_seule",
		"Le service ne peut rien enregistrer de nouveau pour le moment : son disque est plein. Tout ce qui a été confirmé est gardé et se lit toujours ; ce que vous ajoutez reste sur votre appareil et repartira.").
		After(5 * time.Second).Because(cause)
}

// IsReadOnly reports whether nothing can be saved for now, while reading goes on.
func IsReadOnly(err error) bool {
	f := fault.As(err)
	return f != nil && f.Code == "lecture_seule"
}

// damaged: the rows that were asked for lie on a page that the disk has changed.
// They are not lost as long as nobody writes over them.
func damaged(cause error) error {
	return fault.New(fault.Unavailable, "donnees_abimees",
		"Une partie des données est abîmée sur le disque du serveur et ne peut pas être lue. Le reste fonctionne. Prévenez la personne qui gère le service : « quietude doctor » dit ce qui est touché.").
		After(time.Minute).Because(cause)
}

func unavailable(cause error) error {
	return fault.New(fault.Unavailable, "base_indisponible",
		"Le service est momentanément indisponible. Rien de ce qui a été confirmé n’est perdu ; réessayez dans un instant.").
		After(2 * time.Second).Because(cause)
}
