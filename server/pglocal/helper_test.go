package pglocal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// The test binary is also the program that gets killed and the one that runs
// under an ordinary account: see asProgram.
const (
	programDir  = "PGLOCAL_TEST_PROGRAM_DIR"
	programFast = "PGLOCAL_TEST_PROGRAM_FAST"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(programDir); dir != "" {
		os.Exit(program(dir, os.Getenv(programFast) != ""))
	}
	goleak.VerifyTestMain(m)
}

// program starts the cluster, says so, and runs until its input ends.
func program(dir string, fast bool) int {
	c, err := Start(context.Background(), Options{Dir: dir, FastUnsafe: fast, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("ready", c.URL())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := c.Stop(context.Background()); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// asProgram runs the test binary as program on dir, under an account.
// /proc/self/exe is the test binary even where the account could not reach it.
func asProgram(t *testing.T, dir string, credential *syscall.Credential) (cmd *exec.Cmd, stdin io.Closer, firstLine string) {
	t.Helper()
	cmd = exec.Command("/proc/self/exe")
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), programDir+"="+dir, programFast+"=1", "TMPDIR=/tmp")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	in, err := cmd.StdinPipe()
	check(t, err)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program said nothing: %v", err)
	}
	return cmd, in, line
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// openDir is an empty folder with a short path that every account can cross;
// t.TempDir is neither.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "pglocal")
	check(t, err)
	check(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { check(t, os.RemoveAll(dir)) })
	return dir
}

func quietly(dir string) Options {
	return Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)}
}

func fast(dir string) Options {
	o := quietly(dir)
	o.FastUnsafe = true
	return o
}

func start(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), o)
	check(t, err)
	t.Cleanup(func() { _ = c.Stop(context.Background()) })
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	check(t, c.Stop(context.Background()))
}

// initialised is a data folder with a stopped cluster in it.
func initialised(t *testing.T) string {
	t.Helper()
	dir := openDir(t)
	stop(t, start(t, fast(dir)))
	return dir
}

func dial(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	check(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// run executes SQL on a connection of its own.
func run(t *testing.T, address, sql string) {
	t.Helper()
	conn := dial(t, address)
	_, err := conn.Exec(t.Context(), sql)
	check(t, err)
	check(t, conn.Close(t.Context()))
}

// value reads one value on a connection of its own.
func value[T any](t *testing.T, address, sql string) T {
	t.Helper()
	conn := dial(t, address)
	var v T
	check(t, conn.QueryRow(t.Context(), sql).Scan(&v))
	check(t, conn.Close(t.Context()))
	return v
}

// eventually polls a condition that nothing announces.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	end := time.Now().Add(30 * time.Second)
	for !condition() {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// postmaster finds the live postmaster of a data folder.
func postmaster(t *testing.T, dir string) *os.Process {
	t.Helper()
	data := filepath.Join(dir, "postgres")
	found := withID(processesIn(data), postmasterID(data))
	if len(found) == 0 {
		t.Fatalf("no postmaster in %s", data)
	}
	return found[0]
}

func extraConf(t *testing.T, dir, text string) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(dir, "postgres", ExtraFile), []byte(text), 0o644))
}
