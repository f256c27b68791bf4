package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	superuser = "quietude"
	// superviseEnv, when set, makes a test binary the supervisor of the
	// cluster in that folder instead of running tests.
	superviseEnv         = "QUIETUDE_PGTEST_SUPERVISE"
	superviseBinariesEnv = "QUIETUDE_PGTEST_BINARIES"
	readyFD              = 3
	readyLine            = "ready\n"
	// linger is how long the server outlives the last test binary. `go test`
	// may compile for that long between two packages, and a person who works
	// on one test runs it again and again.
	linger = time.Minute
)

// init is the one place where a test binary can become something else before
// it parses test flags, whichever package it was built from.
func init() {
	dir := os.Getenv(superviseEnv)
	if dir == "" {
		return
	}
	s := supervisor{cluster: cluster{dir: dir}, binaries: binaries(os.Getenv(superviseBinariesEnv)), linger: linger}
	syscall.CloseOnExec(readyFD) // postgres must not hold it open
	os.Unsetenv(superviseEnv)
	os.Unsetenv(superviseBinariesEnv)
	if err := s.run(os.NewFile(readyFD, "ready")); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest supervisor:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// supervisor owns the postgres of a cluster from initdb to removal.
type supervisor struct {
	cluster
	binaries
	account
	linger time.Duration
}

// run makes a new cluster, says so on ready, and removes it when no test binary
// is left, on SIGTERM, or when postgres ends by itself.
func (s supervisor) run(ready *os.File) error {
	alone, err := lockFile(s.path("supervisor"), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return err
	}
	defer alone.Close()
	if err := writePID(alone); err != nil {
		return err
	}
	if s.account, err = findAccount(); err != nil {
		return err
	}
	s.stopOrphan()
	lease, err := s.serve(ready)
	for _, name := range []string{"data", "socket", "kept"} {
		err = errors.Join(err, os.RemoveAll(s.path(name)))
	}
	// In this order: whoever gets the lease next must see that nobody
	// supervises any more.
	alone.Close()
	if lease != nil {
		lease.Close()
	}
	return err
}

// serve runs postgres as long as it is needed. It returns the lease when the
// reason to stop is that nobody else has it.
func (s supervisor) serve(ready *os.File) (lease *os.File, err error) {
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(stopped)
	postgres, err := s.start()
	if err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err := postgres.Wait()
		fmt.Fprintln(os.Stderr, "pgtest supervisor: postgres ended:", err)
	}()
	defer func() {
		// "Immediate": the data are thrown away, no checkpoint needed. An
		// error means that it has ended already.
		postgres.Process.Signal(syscall.SIGQUIT)
		<-ended
	}()
	if err := s.awaitConnections(ended); err != nil {
		return nil, err
	}
	if _, err := ready.WriteString(readyLine); err != nil {
		return nil, err
	}
	ready.Close()
	select {
	case lease = <-s.unused():
		return lease, nil
	case <-stopped:
		return nil, nil
	case <-ended:
		return nil, errEnded
	}
}

var errEnded = errors.New("postgres ended by itself, see the log")

// writePID tells a person which process to end, with kill and no option.
func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := fmt.Fprintln(f, os.Getpid())
	return err
}

// stopOrphan ends the postgres of a supervisor that was killed.
func (s supervisor) stopOrphan() {
	if _, err := os.Stat(s.path("data/postmaster.pid")); err != nil {
		return
	}
	stop := s.command(s.binaries, "pg_ctl", "stop", "-D", s.path("data"), "-m", "immediate", "-w")
	if err := stop.Run(); err != nil {
		// A stale pid file of a process long gone is the usual reason.
		fmt.Fprintln(os.Stderr, "pgtest supervisor: pg_ctl stop:", err)
	}
}

func (s supervisor) start() (*exec.Cmd, error) {
	for _, dir := range []string{s.path("data"), s.path("socket")} {
		if err := s.ownDir(dir); err != nil {
			return nil, err
		}
	}
	initdb := s.command(s.binaries, "initdb", "-D", s.path("data"), "-U", superuser,
		"--auth=trust", // over a socket in a folder that only this user can enter
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	if err := initdb.Run(); err != nil {
		return nil, fmt.Errorf("initdb: %w", err)
	}
	postgres := s.command(s.binaries, "postgres", s.settings()...)
	if err := postgres.Start(); err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	return postgres, nil
}

// settings trade safety for speed, since the data live for minutes, and leave
// synchronous_commit and isolation as the program meets them in service.
func (s supervisor) settings() []string {
	settings := []string{"-D", s.path("data")}
	for _, setting := range []string{
		"listen_addresses=",
		"unix_socket_directories=" + s.path("socket"),
		"max_connections=300", // pools of four, many tests, several binaries
		"fsync=off",
		"full_page_writes=off",
		"wal_level=minimal",
		"max_wal_senders=0",
		"max_wal_size=2GB", // no checkpoint in the middle of a test
		"checkpoint_timeout=1h",
		"shared_buffers=128MB",
		"autovacuum=off", // plans must not change under a test
		"jit=off",
		"timezone=UTC", // so that a forgotten Europe/Paris shows
	} {
		settings = append(settings, "-c", setting)
	}
	return settings
}

// awaitConnections returns when postgres answers, or has ended.
func (s supervisor) awaitConnections(ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	retry := time.NewTicker(20 * time.Millisecond)
	defer retry.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.url("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ended:
			return errEnded
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-retry.C:
		}
	}
}

// unused gives the lease, held exclusively, once no test binary has held it
// for the linger time: new ones then wait until the server is gone.
func (s supervisor) unused() <-chan *os.File {
	got := make(chan *os.File)
	go func() {
		for {
			// Waits for the last test binary, then lets others in again.
			f, err := lockFile(s.path("lease"), syscall.LOCK_EX)
			if err != nil {
				return
			}
			f.Close()
			<-time.After(s.remaining(time.Now()))
			f, err = lockFile(s.path("lease"), syscall.LOCK_EX|syscall.LOCK_NB)
			if err == nil {
				got <- f
				return
			}
		}
	}()
	return got
}

// remaining is how long an unused server stays: the linger time, or longer
// when a failed test has left a database to look at.
func (s supervisor) remaining(now time.Time) time.Duration {
	info, err := os.Stat(s.path("kept"))
	if err != nil {
		return s.linger
	}
	return max(s.linger, info.ModTime().Add(keptFor).Sub(now))
}
