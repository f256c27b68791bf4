package roomtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The program under test, and one node that the tests which break nothing
// share, each with an atelier of its own.
var (
	scratch string
	built   = sync.OnceValues(build)
	shared  = sync.OnceValues(func() (*Node, error) {
		binary, err := built()
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(context.Background(), startTime)
		defer cancel()
		return StartNode(ctx, binary, filepath.Join(scratch, "shared"))
	})
	sharedUsed atomic.Bool
)

// startTime bounds a first start, which makes the cluster and loads the city.
const startTime = 2 * time.Minute

// patience bounds every wait for what will happen: it ends a run that hangs, and says
// nothing of how fast anything is, since the machine may have other work.
const patience = 3 * time.Minute

func TestMain(m *testing.M) {
	if size := os.Getenv(ownDisk); size != "" {
		fmt.Fprintln(os.Stderr, onOwnDisk(size, os.Args[1], os.Args[2:]))
		os.Exit(1)
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	// PostgreSQL may run as another account, which must be able to enter.
	if scratch, err = os.MkdirTemp("", "roomtest-"); err == nil {
		err = os.Chmod(scratch, 0o711)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	code := m.Run()
	if sharedUsed.Load() {
		if n, err := shared(); err == nil {
			code = max(code, stop(n))
		}
	}
	return code
}

func stop(n *Node) int {
	err := errors.Join(n.Signal(os.Interrupt), n.Wait(15*time.Second))
	if err != nil || strings.Contains(n.Log(), "DATA RACE") {
		n.Kill()
		fmt.Fprintf(os.Stderr, "the node did not end well: %v\n%s\n", err, n.Log())
		return 1
	}
	return 0
}

// build makes the program, with the race detector when the tests have it.
// QUIETUDE_BINARY names one that is already there.
func build() (string, error) {
	if there := os.Getenv("QUIETUDE_BINARY"); there != "" {
		return there, nil
	}
	binary := filepath.Join(scratch, "quietude")
	args := []string{"build", "-o", binary}
	if raceDetector {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "quietude/cmd/quietude")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return binary, nil
}

// sharedNode is for tests that break nothing.
func sharedNode(t *testing.T) *Node {
	t.Helper()
	needPostgreSQL(t)
	n, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	sharedUsed.Store(true)
	return n
}

// ownNode starts a node of the test's own, on a data folder of its own.
func ownNode(t *testing.T) *Node {
	t.Helper()
	needPostgreSQL(t)
	dir, err := os.MkdirTemp(scratch, "node-")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		t.Fatal(err)
	}
	return startNode(t, dir)
}

// startNode starts the program on a folder, or with arguments.
func startNode(t *testing.T, data string, args ...string) *Node {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), startTime)
	defer cancel()
	n, err := StartNode(ctx, binary, data, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		n.Kill()
		if strings.Contains(n.Log(), "DATA RACE") {
			t.Errorf("the race detector speaks:\n%s", n.Log())
		}
	})
	return n
}

// needPostgreSQL skips where the program could not run, and fails under
// CI=true, like the tests of the store.
func needPostgreSQL(t *testing.T) {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if _, err := exec.LookPath("postgres"); err == nil || len(found) > 0 {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("PostgreSQL is missing")
	}
	t.Skip("PostgreSQL + PostGIS absent : apt install postgresql-15-postgis-3")
}

// openHall prepares an evening on a node.
func openHall(t *testing.T, n *Node, tables int) *Hall {
	t.Helper()
	h, err := OpenHall(t.Context(), n.Base, animateur(t, n), tables)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Staff.Close)
	return h
}

// animateur is the session of an animateur of a node.
func animateur(t *testing.T, n *Node) string {
	t.Helper()
	cookie, err := n.Animateur()
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

// within bounds a step of a test.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// alive runs a device until the returned function is called, which fails the
// test when the device ended by itself.
func alive(t *testing.T, d *Device) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return end
}

// judge reads everything back and fails on every broken rule.
func judge(t *testing.T, h *Hall, j *Journal, devices ...*Device) Evidence {
	t.Helper()
	e, err := h.Evidence(within(t), j, devices)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range Check(e) {
		if i == 10 {
			t.Fatal("… and more")
		}
		t.Error(v)
	}
	return e
}

// allAnswered waits until no outbox holds anything.
func allAnswered(t *testing.T, j *Journal, stores ...*Storage) {
	t.Helper()
	deadline := time.After(patience)
	for {
		_, changed := j.Answered()
		waiting := 0
		for _, s := range stores {
			waiting += s.Waiting()
		}
		if waiting == 0 {
			return
		}
		select {
		case <-changed:
		case <-time.After(50 * time.Millisecond): // an answer is recorded just before it leaves the outbox
		case <-deadline:
			t.Fatalf("%d operations are still not answered", waiting)
		}
	}
}
