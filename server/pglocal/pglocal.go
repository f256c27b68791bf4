// Package pglocal is the embedded default database: a private PostgreSQL +
// PostGIS cluster that lives in a data folder and is started and stopped with
// the program. Nobody has to install, configure or secure a database server.
//
// What lies in the folder DIR:
//
//	DIR/quietude.lock              held by the running program; its process id, its socket folder
//	DIR/postgres/                  the cluster, owned by the account that runs PostgreSQL
//	DIR/postgres/postgresql.conf   rewritten at each start
//	DIR/postgres/quietude-extra.conf  the operator's own settings, read after ours, never written by us
//	DIR/postgres.log, .log.1       the server's messages: no statement, no parameter, no row
//	DIR/reserve                    32 MiB held back for the day when the disk is full
//	DIR/run/                       the Unix socket, mode 0700 (elsewhere when DIR is too long)
//
// There is no TCP port. Whoever may enter the socket folder (the account that
// runs PostgreSQL, and root) may connect; nobody else can.
//
// The package is for Linux: it relies on the parent-death signal, on flock and
// on /proc.
package pglocal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// port only names the socket file (.s.PGSQL.5432); nothing listens on TCP.
const port = "5432"

// defaultDatabase is the database made when Options.Database is empty.
const defaultDatabase = "quietude"

// startTimeout bounds the wait for a server that replays its journal after a
// crash; max_wal_size bounds how much there can be to replay.
const startTimeout = 3 * time.Minute

// openPatience is how long Open waits for a program that is starting or ending.
const openPatience = 15 * time.Second

// giveUpAfter is how long restarts are tried in vain before Done is closed. It
// is long because the usual cause, a full disk, is one that people repair.
const giveUpAfter = 10 * time.Minute

// Options says where the cluster lives.
type Options struct {
	// Dir is the data folder given by the user; made when missing.
	Dir string
	// Database is the application's database, "quietude" when empty.
	Database string
	// Logger receives a few lines on the cluster's life; slog.Default when nil.
	Logger *slog.Logger
	// BinDir is the folder of postgres and initdb; "" looks for them.
	BinDir string
	// FastUnsafe trades durability for speed. Start refuses it outside a test
	// binary, so no flag or variable can ever lead to it.
	FastUnsafe bool

	giveUpAfter time.Duration // tests shorten it
	diskReserve int64         // tests raise it
}

func (o Options) completed() (Options, error) {
	if o.Dir == "" {
		return o, advise(nil, "dossier_absent", "Aucun dossier de données n'est indiqué. Donnez-en un avec --data.")
	}
	if o.FastUnsafe && !testing.Testing() {
		return o, errors.New("pglocal: FastUnsafe outside a test binary")
	}
	if o.Database == "" {
		o.Database = defaultDatabase
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.giveUpAfter == 0 {
		o.giveUpAfter = giveUpAfter
	}
	if o.diskReserve == 0 {
		o.diskReserve = diskReserve
	}
	return o, nil
}

// Cluster is a running private PostgreSQL.
type Cluster struct {
	options  Options
	layout   layout
	account  account
	binaries Binaries
	sockets  string // folder of the Unix socket
	dataArg  string // what postgres receives as -D, see reachable
	lock     *os.File
	journal  *journal

	life  context.Context // ends when Stop is called
	end   context.CancelFunc
	hurry context.Context // ends when Stop's patience is over
	rush  context.CancelFunc
	ended chan struct{} // closed when the supervisor has returned
	done  chan struct{} // closed when PostgreSQL is gone for good

	guards sync.WaitGroup // what watches beside the supervisor

	mu      sync.Mutex
	stopErr error
}

// Start runs the cluster of o.Dir and returns when the database accepts
// connections, is durable, and has its role, its database and PostGIS. On an
// empty folder it makes the cluster first. ctx bounds the start only; the
// cluster lives until Stop.
//
// Errors are French sentences for the person who runs the program, with a
// fault in their chain. ErrInUse: another Quiétude runs on the same folder.
func Start(ctx context.Context, o Options) (_ *Cluster, err error) {
	if o, err = o.completed(); err != nil {
		return nil, err
	}
	place, err := newLayout(o.Dir)
	if err != nil {
		return nil, err
	}
	lock, err := acquireLock(place.lock())
	if err != nil {
		return nil, err
	}
	c := &Cluster{
		options: o, layout: place, lock: lock,
		ended: make(chan struct{}), done: make(chan struct{}),
	}
	c.life, c.end = context.WithCancel(context.Background())
	c.hurry, c.rush = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			c.end()
			c.rush()
			c.release()
		}
	}()
	if err := c.prepare(ctx); err != nil {
		return nil, err
	}
	started := make(chan error, 1)
	go c.supervise(ctx, started)
	if err := <-started; err != nil {
		<-c.ended
		return nil, err
	}
	c.guards.Go(c.guardDisk)
	return c, nil
}

// Open is Start, except that when another Quiétude already runs on the folder
// it joins that one's cluster; Stop then leaves it running. It lets an import
// or a check work beside a running server. While that one is still starting, or
// is just ending, both ways are tried for a moment.
func Open(ctx context.Context, o Options) (*Cluster, error) {
	end := time.Now().Add(openPatience)
	for {
		c, err := Start(ctx, o)
		if !errors.Is(err, ErrInUse) {
			return c, err
		}
		c, err = join(ctx, o)
		if err == nil || errors.Is(err, ErrUnsafe) || time.Now().After(end) {
			return c, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func join(ctx context.Context, o Options) (*Cluster, error) {
	o, err := o.completed()
	if err != nil {
		return nil, err
	}
	place, err := newLayout(o.Dir)
	if err != nil {
		return nil, err
	}
	silent := func(cause error) error {
		return advise(cause, "base_injoignable",
			"Un autre Quiétude utilise le dossier %s, mais sa base ne répond pas, ou pas à cet utilisateur. Réessayez sous le même compte que lui.", o.Dir)
	}
	_, sockets := readLock(place.lock())
	if sockets == "" {
		return nil, silent(nil) // without a folder pgx would look for a server on TCP
	}
	c := &Cluster{options: o, layout: place, sockets: sockets, ended: make(chan struct{}), done: make(chan struct{})}
	c.life, c.end = context.WithCancel(context.Background())
	c.hurry, c.rush = context.WithCancel(context.Background())
	close(c.ended)
	conn, err := pgx.Connect(ctx, c.URL())
	if err != nil {
		return nil, silent(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := CheckDurability(ctx, conn); err != nil && !o.FastUnsafe {
		return nil, err
	}
	return c, nil
}

// prepare leaves everything ready for postgres to be launched.
func (c *Cluster) prepare(ctx context.Context) (err error) {
	if c.account, err = serverAccount(c.layout.data()); err != nil {
		return err
	}
	if c.binaries, err = chooseBinaries(c.options.BinDir, c.layout.data()); err != nil {
		return err
	}
	if c.journal, err = openJournal(c.layout.log()); err != nil {
		return advise(err, "journal_inaccessible", "Le journal %s ne peut pas être écrit. Vérifiez les droits du dossier.", c.layout.log())
	}
	if c.sockets, err = c.layout.makeSockets(c.account); err != nil {
		return err
	}
	writeLock(c.lock, c.sockets)
	c.lighten()
	if err := c.initialise(ctx); err != nil {
		return err
	}
	if c.dataArg, err = c.account.reachable(c.layout.data(), procFS); err != nil {
		return err
	}
	if err := c.writeConfiguration(); err != nil {
		return advise(err, "reglages_non_ecrits", "Les réglages de la base ne peuvent pas être écrits dans %s. Vérifiez les droits et la place libre.", c.layout.data())
	}
	return nil
}

// URL is the address of the database for the application's role, over the Unix
// socket. It stays valid across restarts of PostgreSQL.
func (c *Cluster) URL() string { return c.url(AppRole, c.options.Database) }

// PublicURL is the address of the same database for the role of the public pages.
func (c *Cluster) PublicURL() string { return c.url(PublicRole, c.options.Database) }

// AdminURL is the address of the same database for the superuser.
func (c *Cluster) AdminURL() string { return c.url(adminRole, c.options.Database) }

// url names every parameter that PG* variables could otherwise change.
func (c *Cluster) url(role, database string) string {
	query := url.Values{"host": {c.sockets}, "port": {port}, "sslmode": {"disable"}}
	u := url.URL{
		Scheme: "postgres", User: url.User(role), Path: "/" + database,
		// libpq, unlike browsers, does not read "+" as a space.
		RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20"),
	}
	return u.String()
}

// Done is closed when PostgreSQL has ended and could not be brought back. It
// stays open after Stop, and while a restart is still being tried.
func (c *Cluster) Done() <-chan struct{} { return c.done }

// Stop ends PostgreSQL: open transactions are aborted, everything committed is
// on disk, the next start has nothing to replay. When ctx ends, or after ten
// seconds, it is ended at once instead and the next start replays its journal;
// an error says so. Nothing committed is lost either way.
func (c *Cluster) Stop(ctx context.Context) error {
	c.end()
	select {
	case <-c.ended:
	case <-ctx.Done():
		c.rush()
		<-c.ended
	}
	c.guards.Wait()
	c.release()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopErr
}

// release gives back what Start took; safe to call twice.
func (c *Cluster) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rush()
	if c.lock == nil {
		return
	}
	if c.journal != nil {
		c.journal.close()
	}
	if c.sockets != "" {
		_ = os.Remove(c.sockets) // refused by the kernel unless empty
	}
	releaseLock(c.lock)
	c.lock = nil
}

// connect opens one connection and closes it with the returned function.
func (c *Cluster) connect(ctx context.Context, role, database string) (*pgx.Conn, func(), error) {
	conn, err := pgx.Connect(ctx, c.url(role, database))
	if err != nil {
		return nil, nil, fmt.Errorf("connect as %s to %s: %w", role, database, err)
	}
	return conn, func() { _ = conn.Close(context.WithoutCancel(ctx)) }, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// isInitialised tells whether dir holds a finished cluster.
func isInitialised(dir string) bool { return isFile(filepath.Join(dir, "PG_VERSION")) }
