package pgtest

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// holdEnv makes TestMain a process that uses the cluster in that folder until
// it is killed.
const holdEnv = "QUIETUDE_PGTEST_HOLD"

func TestMain(m *testing.M) {
	dir := os.Getenv(holdEnv)
	if dir == "" {
		os.Exit(m.Run())
	}
	lease, err := cluster{dir: dir}.acquire()
	if err != nil {
		os.Stdout.WriteString("error: " + err.Error() + "\n")
		os.Exit(1)
	}
	defer lease.Close()
	os.Stdout.WriteString("holding\n")
	select {}
}

// ownCluster is a cluster that only this test uses. It stays in the system's
// folder: t.TempDir is closed to the account that runs PostgreSQL.
func ownCluster(t *testing.T) (cluster, binaries) {
	t.Helper()
	b, err := findBinaries(debianBinaries)
	require(t, err, os.Getenv("CI") == "true")
	_, err = findAccount()
	require(t, err, os.Getenv("CI") == "true")
	dir, err := os.MkdirTemp("", "pgtest")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return cluster{dir: dir}, b
}

func answers(t *testing.T, c cluster) bool {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.url("postgres"))
	if err != nil {
		return false
	}
	conn.Close(context.Background())
	return true
}

// hold starts a process that uses c.
func hold(t *testing.T, c cluster) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdEnv+"="+c.dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "holding\n" {
		t.Fatalf("got %q, %v, want a process that holds the cluster", line, err)
	}
	return cmd
}

// TestClusterEndsWithItsLastUser: two processes share one server, both are
// killed outright, and then nothing is left of it.
func TestClusterEndsWithItsLastUser(t *testing.T) {
	t.Parallel()
	c, b := ownCluster(t)
	mine, err := lockFile(c.path("lease"), syscall.LOCK_SH)
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ended := make(chan error, 1)
	go func() {
		ended <- supervisor{cluster: c, binaries: b, linger: 10 * time.Millisecond}.run(w)
	}()
	if line, err := bufio.NewReader(r).ReadString('\n'); err != nil || line != readyLine {
		t.Fatalf("got %q, %v, want %q", line, err, readyLine)
	}
	first, second := hold(t, c), hold(t, c)
	mine.Close()
	kill(t, first)
	if !answers(t, c) {
		t.Error("the server left before its last user")
	}
	select {
	case err := <-ended:
		t.Fatalf("the supervisor left before the last user: %v", err)
	default:
	}
	kill(t, second)
	if err := <-ended; err != nil {
		t.Errorf("supervisor: %v", err)
	}
	for _, name := range []string{"data", "socket", "kept"} {
		if _, err := os.Stat(c.path(name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left behind: %v", name, err)
		}
	}
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its error says that it was killed
}

// TestClusterSurvivesItsSupervisor: the supervisor is killed outright, which
// leaves postgres alone; the next user replaces both.
func TestClusterSurvivesItsSupervisor(t *testing.T) {
	t.Parallel()
	c, _ := ownCluster(t)
	lease, err := c.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer lease.Close()
	orphan := firstNumber(t, c.path("data/postmaster.pid"))
	signalSupervisor(t, c, syscall.SIGKILL)
	if !answers(t, c) {
		t.Fatal("postgres ended with its supervisor: nothing to test")
	}
	again, err := c.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if !answers(t, c) || firstNumber(t, c.path("data/postmaster.pid")) == orphan {
		t.Errorf("answers: %v, want a new server instead of process %d", answers(t, c), orphan)
	}
	if err := syscall.Kill(orphan, 0); !errors.Is(err, syscall.ESRCH) && !isZombie(orphan) {
		t.Errorf("process %d still runs: %v", orphan, err)
	}
	signalSupervisor(t, c, syscall.SIGTERM)
	if answers(t, c) {
		t.Error("the server outlived SIGTERM to its supervisor")
	}
}

// isZombie tells a process that has ended and that its new parent has not
// looked at yet; true as well where there is no /proc.
func isZombie(pid int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// signalSupervisor sends a signal and returns when the process is gone.
func signalSupervisor(t *testing.T, c cluster, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(firstNumber(t, c.path("supervisor")), signal); err != nil {
		t.Fatal(err)
	}
	gone, err := lockFile(c.path("supervisor"), syscall.LOCK_EX)
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
}

// firstNumber reads the first line of a file that starts with a process id.
func firstNumber(t *testing.T, path string) int {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(content), "\n")
	n, err := strconv.Atoi(line)
	if err != nil || n <= 1 {
		t.Fatalf("%s: %q is no process id", path, line)
	}
	return n
}

func TestStartFailureTellsTheLog(t *testing.T) {
	t.Parallel()
	c, _ := ownCluster(t)
	err := c.startSupervisor(binaries(t.TempDir()))
	if err == nil || !strings.Contains(err.Error(), "initdb") {
		t.Errorf("got %v, want an error with what initdb said", err)
	}
}

func TestKeptDatabaseProlongs(t *testing.T) {
	t.Parallel()
	s := supervisor{cluster: cluster{dir: t.TempDir()}, linger: time.Minute}
	now := time.Now()
	check := func(when string, at time.Time, want time.Duration) {
		t.Helper()
		if got := s.remaining(at); (got - want).Abs() > 10*time.Second {
			t.Errorf("%s: stays %v, want about %v", when, got, want)
		}
	}
	check("nothing kept", now, time.Minute)
	s.keep()
	check("just kept", now, keptFor)
	check("kept for half the time", now.Add(keptFor/2), keptFor/2)
	check("kept long ago", now.Add(2*keptFor), time.Minute)
}

func TestFolderOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	open := filepath.Join(t.TempDir(), "open")
	if err := errors.Join(os.Mkdir(open, 0o700), os.Chmod(open, 0o777)); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{open, link, file, filepath.Join(t.TempDir(), "no", "parent")} {
		if err := (cluster{dir: dir}).makeDir(); err == nil {
			t.Errorf("%s was accepted", dir)
		}
	}
	if err := (cluster{dir: t.TempDir()}).makeDir(); err != nil {
		t.Errorf("our own folder: %v", err)
	}
}

func TestNoBinaries(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if got, err := findBinaries(filepath.Join(t.TempDir(), "*", "bin")); !errors.Is(err, errAbsent) {
		t.Errorf("got %q, %v, want errAbsent", got, err)
	}
}

// TestBinariesOnThePath stands for systems that are not Debian.
func TestBinariesOnThePath(t *testing.T) {
	b, err := findBinaries(debianBinaries)
	require(t, err, os.Getenv("CI") == "true")
	t.Setenv("PATH", string(b))
	if got, err := findBinaries(filepath.Join(t.TempDir(), "*", "bin")); err != nil || got != b {
		t.Errorf("got %q, %v, want %q", got, err, b)
	}
}
