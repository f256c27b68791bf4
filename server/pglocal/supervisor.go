package pglocal

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	fastPatience = 10 * time.Second // for a shutdown that writes everything down
	slowestRetry = 5 * time.Second
	// A server that becomes ready only to end again must not eat the machine.
	shortLife      = 5 * time.Second
	shortLifePause = 500 * time.Millisecond
	// slowStart is when a start deserves a word: it replays its journal.
	slowStart = 3 * time.Second
)

// server is one run of the postgres program.
type server struct {
	cmd    *exec.Cmd
	exited chan struct{} // closed when every process of the cluster has ended
	err    error         // read after exited
}

// supervise runs PostgreSQL until Stop, and brings it back when it ends by
// itself. The first launch's result goes to started.
//
// The goroutine keeps its thread: the kernel sends the parent-death signal when
// the *thread* that forked ends, and Go ends idle threads as it pleases.
func (c *Cluster) supervise(start context.Context, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.ended)
	s, err := c.launch(start, c.provision)
	started <- err
	for err == nil {
		ready := time.Now()
		select {
		case <-c.life.Done():
			c.setStopErr(c.shutdown(s))
			return
		case <-s.exited:
		}
		c.options.Logger.Error("PostgreSQL s'est arrêté de façon inattendue : redémarrage", "cause", s.err)
		if time.Since(ready) < shortLife {
			c.pause(shortLifePause)
		}
		s, err = c.revive()
		if err != nil && c.life.Err() == nil {
			c.options.Logger.Error("PostgreSQL n'a pas pu être relancé", "erreur", err)
			close(c.done)
		}
	}
}

func (c *Cluster) setStopErr(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopErr = err
}

// revive launches PostgreSQL again, at once and then more and more slowly,
// until it is ready, Stop is called, or it was tried in vain for too long.
func (c *Cluster) revive() (*server, error) {
	begin, wait := time.Now(), 100*time.Millisecond
	for {
		s, err := c.launch(c.life, c.unchanged)
		if err == nil {
			c.options.Logger.Info("PostgreSQL est revenu", "durée", time.Since(begin).Round(time.Millisecond))
			return s, nil
		}
		if errors.Is(err, ErrUnsafe) || time.Since(begin) > c.options.giveUpAfter {
			return nil, err
		}
		c.options.Logger.Warn("PostgreSQL ne redémarre pas encore", "erreur", err, "nouvel essai dans", wait)
		if c.pause(wait) {
			return nil, c.life.Err()
		}
		wait = min(2*wait, slowestRetry)
	}
}

// pause waits, and tells whether Stop was called meanwhile.
func (c *Cluster) pause(d time.Duration) (stopped bool) {
	select {
	case <-c.life.Done():
		return true
	case <-time.After(d):
		return false
	}
}

func (c *Cluster) unchanged(context.Context) error { return nil }

// launch starts postgres and returns when it is ready, durable and complete
// has succeeded; otherwise it has ended again.
func (c *Cluster) launch(ctx context.Context, complete func(context.Context) error) (*server, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := c.clear(ctx); err != nil {
		return nil, err
	}
	if err := c.checkConfiguration(ctx); err != nil {
		return nil, err
	}
	c.journal.forget()
	s, err := c.run()
	if err != nil {
		return nil, advise(err, "postgresql_non_lance", "PostgreSQL (%s) n'a pas pu être lancé.", c.binaries.Dir)
	}
	for _, step := range []func(context.Context) error{s.awaitReady(c), complete, c.checkDurability} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, c.shutdown(s))
		}
	}
	return s, nil
}

// clear makes room: no process of an earlier run, no stale lock file. A
// postmaster that was killed leaves children for a moment.
func (c *Cluster) clear(ctx context.Context) error {
	if err := endOrphans(ctx, c.layout.data(), c.options.Logger); err != nil {
		return err
	}
	for _, name := range []string{".s.PGSQL." + port, ".s.PGSQL." + port + ".lock"} {
		if err := removeTrace(filepath.Join(c.sockets, name)); err != nil {
			return err
		}
	}
	return nil
}

// run starts postgres as a direct child. Not through pg_ctl: a child of ours is
// reaped by us, and its end is known the moment it happens.
func (c *Cluster) run() (*server, error) {
	cmd, started, err := c.account.commandIn(c.layout.data(), c.binaries.path("postgres"), c.serverArgs()...)
	if err != nil {
		return nil, err
	}
	defer started()
	// Every process of the cluster holds this pipe, so Wait returns when all of
	// them have ended; WaitDelay bounds it should one hang.
	cmd.Stderr = c.journal
	cmd.WaitDelay = 5 * time.Second
	// An own process group: Ctrl-C in a terminal must reach the program alone,
	// which then finishes its requests before it stops the database.
	cmd.SysProcAttr.Setpgid = true
	// Should we be killed, PostgreSQL shuts down fast and cleanly (SIGINT), so
	// that the next start has nothing to replay.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, exited: make(chan struct{})}
	go func() {
		s.err = cmd.Wait()
		close(s.exited)
	}()
	return s, nil
}

// awaitReady returns the step that connects until it succeeds. Refusals that
// time heals are waited out; any other answer of the server is final.
func (s *server) awaitReady(c *Cluster) func(context.Context) error {
	return func(ctx context.Context) error {
		slow := time.After(slowStart)
		for wait := 5 * time.Millisecond; ; wait = min(2*wait, 200*time.Millisecond) {
			conn, err := pgx.Connect(ctx, c.url(adminRole, maintenance))
			if err == nil {
				return conn.Close(ctx)
			}
			if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) && !passing(refused.Code) {
				return advise(err, "base_refusee", "PostgreSQL a démarré mais refuse la connexion. Le détail est dans %s.", c.layout.log())
			}
			select {
			case <-s.exited:
				return advise(fmt.Errorf("%w: %s", firstError(s.err, errors.New("exit status 0")), c.journal.lastFatal()), "base_arretee",
					"PostgreSQL s'est arrêté pendant son démarrage. Vérifiez la place libre ; le détail est dans %s.", c.layout.log())
			case <-ctx.Done():
				return interrupted(ctx)
			case <-slow:
				c.options.Logger.Info("PostgreSQL démarre encore ; après une panne il rejoue son journal")
			case <-time.After(wait):
			}
		}
	}
}

// passing tells whether a refusal ends by itself: starting up, shutting down or
// recovering (class 57P), or all connections taken.
func passing(code string) bool {
	return code == "57P01" || code == "57P02" || code == "57P03" || code == "53300"
}

func (c *Cluster) checkDurability(ctx context.Context) error {
	if c.options.FastUnsafe {
		return nil
	}
	conn, closeConn, err := c.connect(ctx, AppRole, c.options.Database)
	if err != nil {
		return err
	}
	defer closeConn()
	return CheckDurability(ctx, conn)
}

// shutdown ends one run: fast, then at once, then by force.
func (c *Cluster) shutdown(s *server) error {
	ladder := []struct {
		signal   syscall.Signal
		patience time.Duration
		hurried  <-chan struct{}
	}{
		{syscall.SIGINT, fastPatience, c.hurry.Done()},
		{syscall.SIGQUIT, abruptPatience, nil},
		{syscall.SIGKILL, 2 * abruptPatience, nil},
	}
	for i, step := range ladder {
		_ = s.cmd.Process.Signal(step.signal) // fails only when it has ended
		select {
		case <-s.exited:
			if i == 0 {
				return nil
			}
			return advise(nil, "arret_force", "PostgreSQL a dû être arrêté de force (%s) ; il rejouera son journal au prochain démarrage, rien n'est perdu.", step.signal)
		case <-step.hurried:
		case <-time.After(step.patience):
		}
	}
	return advise(nil, "arret_impossible", "PostgreSQL (processus %d) ne s'arrête pas.", s.cmd.Process.Pid)
}
