package pgtest

import (
	"bufio"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cluster is the private PostgreSQL that all test binaries of a user share,
// seen from a test binary. The file locks in its folder are the whole protocol:
//
//	lease       shared by every test binary from its first database to its end;
//	            exclusive, so only when none is left, by the supervisor that stops
//	supervisor  held by the supervisor as long as the server can be used
//	start       held by the test binary that starts a supervisor
//
// The supervisor (supervisor.go) is the test binary run again, detached. It is
// the parent of postgres and stops it when it gets the lease to itself, so a
// test binary that is killed in any way is counted out by the kernel, and no
// command has to be run before or after the tests.
//
// When the supervisor itself is killed, its lock is free although postgres
// still runs: the next test binary starts another one, which puts an end to
// the old postgres first. In both cases the data are thrown away: they were
// written without fsync and belong to tests.
type cluster struct{ dir string }

func defaultClusterDir() string {
	// Not the user's cache folder: PostgreSQL may run as another account,
	// which could not enter it. Short too, for the limit on socket paths.
	return filepath.Join(os.TempDir(), "quietude-pgtest-"+strconv.Itoa(os.Getuid()))
}

func (c cluster) path(name string) string { return filepath.Join(c.dir, name) }

func (c cluster) url(database string) string {
	return "postgres://" + superuser + "@/" + database + "?" +
		url.Values{"host": {c.path("socket")}, "sslmode": {"disable"}}.Encode()
}

// keep asks the supervisor to leave the server up for keptFor, so that the
// database of a failed test can be looked at.
func (c cluster) keep() {
	if f, err := os.Create(c.path("kept")); err == nil {
		f.Close()
	}
}

// acquire makes the server run, and stay until lease is closed or the process
// ends. The caller keeps lease reachable: garbage files are closed.
func (c cluster) acquire() (lease *os.File, err error) {
	b, err := findBinaries(debianBinaries)
	if err != nil {
		return nil, err
	}
	if _, err := findAccount(); err != nil {
		return nil, err
	}
	if err := c.makeDir(); err != nil {
		return nil, err
	}
	if lease, err = lockFile(c.path("lease"), syscall.LOCK_SH); err != nil {
		return nil, err
	}
	if err := c.ensureStarted(b); err != nil {
		lease.Close()
		return nil, err
	}
	return lease, nil
}

// makeDir refuses a folder that somebody else prepared under the same name.
func (c cluster) makeDir() error {
	if err := os.Mkdir(c.dir, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(c.dir)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(stat.Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not a folder of ours that only we can write", c.dir)
	}
	return nil
}

func (c cluster) ensureStarted(b binaries) error {
	start, err := lockFile(c.path("start"), syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer start.Close()
	free, err := lockFile(c.path("supervisor"), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil // somebody supervises, so the server is up
	}
	if err != nil {
		return err
	}
	free.Close()
	return c.startSupervisor(b)
}

// startSupervisor runs this executable again as a supervisor, in a session of
// its own so that neither Ctrl-C nor the end of `go test` reaches it, and
// waits for one line on a pipe: "ready". `go test` also waits for every holder
// of the standard output, hence the log file.
func (c cluster) startSupervisor(b binaries) error {
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(c.path("log"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()

	cmd := exec.Command(executable)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), superviseEnv+"="+c.dir, superviseBinariesEnv+"="+string(b))
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{w} // descriptor readyFD over there
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	err = cmd.Start()
	w.Close()
	if err != nil {
		return err
	}
	// It outlives this process: nobody waits for it, no goroutine either,
	// which tests that look for leaks would find.
	if err := cmd.Process.Release(); err != nil {
		return err
	}
	if err := r.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return fmt.Errorf("private PostgreSQL did not start: %w\n%s", err, c.logTail())
	}
	if line != readyLine {
		return fmt.Errorf("private PostgreSQL said %q", line)
	}
	return nil
}

// logTail is the end of the log, for a message.
func (c cluster) logTail() string {
	content, err := os.ReadFile(c.path("log"))
	if err != nil {
		return "no log: " + err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
