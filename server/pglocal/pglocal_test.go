package pglocal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quietude/server/fault"
)

func TestFreshStartThenRestartKeepsRows(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	begin := time.Now()
	c := start(t, quietly(dir))
	t.Logf("empty folder to ready: %v", time.Since(begin))
	if c.sockets != filepath.Join(dir, "run") {
		t.Errorf("socket in %s, want %s/run", c.sockets, dir)
	}
	info, err := os.Stat(c.sockets)
	check(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("socket folder has mode %v: other accounts could connect", info.Mode())
	}
	run(t, c.URL(), `CREATE TABLE lieu (nom text, at geometry(Point, 4326))`)
	run(t, c.URL(), `INSERT INTO lieu VALUES ('Fontaine des Éléphants', ST_SetSRID(ST_MakePoint(5.9235, 45.5664), 4326))`)

	r, err := c.Inspect(t.Context())
	check(t, err)
	want := map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on",
		"data_checksums": "on", "listen_addresses": "", "server_encoding": "UTF8",
	}
	for name, setting := range want {
		if r.Settings[name] != setting {
			t.Errorf("%s = %q, want %q", name, r.Settings[name], setting)
		}
	}
	if r.Superuser || r.Role != AppRole || r.Database != "quietude" || len(r.Unsafe) > 0 {
		t.Errorf("unexpected report %+v", r)
	}
	if r.PostGIS == "" || r.Library == "" || r.Major < minPostgres || r.SizeBytes <= 0 || r.DiskFree <= 0 || r.DiskSize < r.DiskFree || r.DataDir != filepath.Join(dir, "postgres") {
		t.Errorf("incomplete report %+v", r)
	}
	if !value[bool](t, c.AdminURL(), `SELECT current_setting('is_superuser') = 'on' AND upper('é') = 'É'`) {
		t.Error("the administrator is no superuser, or É is not the capital of é")
	}
	stop(t, c)
	if left := processesIn(c.layout.data()); len(left) > 0 {
		t.Fatalf("%d processes left after Stop", len(left))
	}

	begin = time.Now()
	again := start(t, quietly(dir))
	t.Logf("existing folder to ready: %v", time.Since(begin))
	if got := value[string](t, again.URL(), `SELECT nom FROM lieu`); got != "Fontaine des Éléphants" {
		t.Errorf("got %q after restart", got)
	}
	stop(t, again)
	select {
	case <-again.Done():
		t.Error("Done is for unexpected ends, not for Stop")
	default:
	}
}

func TestKilledServerComesBackWithEveryCommittedRow(t *testing.T) {
	t.Parallel()
	dir := initialised(t)
	c := start(t, quietly(dir)) // durable: this is what is tested
	run(t, c.URL(), `CREATE TABLE ligne (id bigint PRIMARY KEY)`)
	acked := make(chan int64, 1<<16)
	var writers sync.WaitGroup
	for w := range int64(4) {
		writers.Go(func() {
			conn, err := pgx.Connect(t.Context(), c.URL())
			for id := w << 32; err == nil; id++ {
				if _, err = conn.Exec(t.Context(), `INSERT INTO ligne VALUES ($1)`, id); err == nil {
					acked <- id
				}
			}
		})
	}
	eventually(t, "200 rows acknowledged", func() bool { return len(acked) >= 200 })
	check(t, postmaster(t, dir).Kill())
	writers.Wait() // each ends at its first error
	close(acked)

	eventually(t, "a connection after the restart", func() bool {
		conn, err := pgx.Connect(t.Context(), c.URL())
		if err == nil {
			_ = conn.Close(t.Context())
		}
		return err == nil
	})
	conn := dial(t, c.URL())
	rows, err := conn.Query(t.Context(), `SELECT id FROM ligne`)
	check(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	check(t, err)
	present := make(map[int64]bool, len(ids))
	for _, id := range ids {
		present[id] = true
	}
	for id := range acked {
		if !present[id] {
			t.Errorf("row %d was acknowledged and is lost", id)
		}
	}
	stop(t, c)
}

func TestSecondStartIsRefusedAndOpenJoins(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	c := start(t, fast(dir))
	_, err := Start(t.Context(), fast(dir+"/../"+filepath.Base(dir)))
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), fmt.Sprintf("Un autre Quiétude (processus %d) utilise déjà", os.Getpid())) {
		t.Fatalf("second start: got %v", err)
	}
	if f := fault.As(err); f == nil || f.Code != "dossier_occupe" {
		t.Errorf("no fault in %v", err)
	}
	joined, err := Open(t.Context(), fast(dir))
	check(t, err)
	if joined.URL() != c.URL() {
		t.Errorf("joined %s, want %s", joined.URL(), c.URL())
	}
	stop(t, joined)
	if value[int](t, c.URL(), `SELECT 1`) != 1 {
		t.Error("ending the guest ended the host")
	}
	stop(t, c)
	alone, err := Open(t.Context(), fast(dir))
	check(t, err)
	stop(t, alone)
}

// A number in postmaster.pid that now names a process of the same account makes
// PostgreSQL refuse; so does one in the lock file of its socket.
func TestStaleLockFilesAreNoObstacle(t *testing.T) {
	t.Parallel()
	dir := initialised(t)
	c := start(t, fast(dir))
	pidFile, socketLock := filepath.Join(dir, "postgres/postmaster.pid"), filepath.Join(dir, "run/.s.PGSQL.5432.lock")
	content, err := os.ReadFile(pidFile)
	check(t, err)
	lockContent, err := os.ReadFile(socketLock)
	check(t, err)
	stop(t, c)

	stranger := exec.Command("sleep", "600")
	stranger.SysProcAttr = &syscall.SysProcAttr{Credential: c.account.credential()}
	check(t, stranger.Start())
	defer func() { _ = stranger.Process.Kill(); _ = stranger.Wait() }()
	rename := func(text []byte) []byte {
		_, rest, _ := strings.Cut(string(text), "\n")
		return fmt.Appendf(nil, "%d\n%s", stranger.Process.Pid, rest)
	}
	_, err = c.layout.makeSockets(c.account) // Stop has removed it
	check(t, err)
	check(t, os.WriteFile(pidFile, rename(content), 0o600))
	check(t, os.Lchown(pidFile, int(c.account.uid), int(c.account.gid)))
	check(t, os.WriteFile(socketLock, rename(lockContent), 0o600))
	check(t, os.Lchown(socketLock, int(c.account.uid), int(c.account.gid)))
	check(t, os.WriteFile(strings.TrimSuffix(socketLock, ".lock"), nil, 0o600))

	// Without our clearing, PostgreSQL does refuse.
	cmd, started, err := c.account.commandIn(c.layout.data(), c.binaries.path("postgres"), c.serverArgs()...)
	check(t, err)
	defer started()
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "already exists") {
		t.Fatalf("the trap is not set: %v %s", err, out)
	}
	stop(t, start(t, fast(dir)))
}

func TestProgramKilledEndsItsServerCleanly(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	data := filepath.Join(dir, "postgres")
	cmd, _, said := asProgram(t, dir, nil)
	address, ok := strings.CutPrefix(strings.TrimSpace(said), "ready ")
	if !ok {
		t.Fatalf("the program said %q", said)
	}
	run(t, address, `CREATE TABLE ligne AS SELECT 7 AS id`)
	check(t, cmd.Process.Kill())
	_ = cmd.Wait()
	eventually(t, "the server ends with its program", func() bool { return len(processesIn(data)) == 0 })
	if isFile(filepath.Join(data, "postmaster.pid")) {
		t.Error("the server was not shut down cleanly")
	}
	c := start(t, fast(dir))
	if got := value[int](t, c.URL(), `SELECT id FROM ligne`); got != 7 {
		t.Errorf("got %d", got)
	}
	stop(t, c)
}

// orphan runs PostgreSQL on an initialised folder as a program that died
// without taking it along would leave it.
func orphan(t *testing.T, dir string) *server {
	t.Helper()
	c := start(t, fast(dir))
	stop(t, c)
	_, err := c.layout.makeSockets(c.account) // Stop has removed it
	check(t, err)
	cmd, started, err := c.account.commandIn(c.layout.data(), c.binaries.path("postgres"), c.serverArgs()...)
	check(t, err)
	defer started()
	check(t, cmd.Start())
	s := &server{cmd: cmd, exited: make(chan struct{})}
	go func() { s.err = cmd.Wait(); close(s.exited) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-s.exited })
	eventually(t, "the orphan answers", func() bool {
		conn, err := pgx.Connect(t.Context(), c.URL())
		if err == nil {
			_ = conn.Close(t.Context())
		}
		return err == nil
	})
	return s
}

func TestOrphanServerIsEnded(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	s := orphan(t, dir)
	c := start(t, fast(dir))
	<-s.exited
	if s.err != nil {
		t.Errorf("the orphan was not shut down cleanly: %v", s.err)
	}
	if got := postmaster(t, dir).Pid; got == s.cmd.Process.Pid {
		t.Error("the orphan is still the server")
	}
	stop(t, c)
}

// A killed postmaster whose child hangs: the child still holds the shared
// memory and answers no polite signal.
func TestHangingChildOfAKilledServerIsEnded(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	s := orphan(t, dir)
	data := filepath.Join(dir, "postgres")
	// The checkpointer: a backend of the connection just closed may be ending.
	var child *os.Process
	for _, p := range processesIn(data) {
		title, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.Pid))
		if err == nil && strings.Contains(string(title), "checkpointer") {
			child = p
		}
	}
	check(t, child.Signal(syscall.SIGSTOP))
	check(t, s.cmd.Process.Kill())
	<-s.exited
	eventually(t, "only the hanging child is left", func() bool {
		left := processesIn(data)
		return len(left) == 1 && left[0].Pid == child.Pid
	})
	c := start(t, fast(dir))
	stop(t, c)
}

func TestUnsafeSettingsAreRefused(t *testing.T) {
	t.Parallel()
	dir := initialised(t)
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		extraConf(t, dir, name+" = off\n")
		_, err := Start(t.Context(), quietly(dir))
		if !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), name+"=off") || !strings.Contains(err.Error(), "panne") {
			t.Errorf("%s=off: got %v", name, err)
		}
		if left := processesIn(filepath.Join(dir, "postgres")); len(left) > 0 {
			t.Errorf("%s=off: a server was left running", name)
		}
	}
	extraConf(t, dir, "synchronous_commit = local\n")
	c := start(t, quietly(dir))
	run(t, c.AdminURL(), `ALTER ROLE quietude SET synchronous_commit = off`)
	conn := dial(t, c.URL())
	if err := CheckDurability(t.Context(), conn); !errors.Is(err, ErrUnsafe) {
		t.Errorf("a connection with synchronous_commit=off passed: %v", err)
	}
	check(t, conn.Close(t.Context()))
	stop(t, c)
	if _, err := Start(t.Context(), quietly(dir)); !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), "ALTER ROLE") {
		t.Errorf("role with synchronous_commit=off: got %v", err)
	}
	extraConf(t, dir, "max_connections = beaucoup\n")
	if _, err := Start(t.Context(), quietly(dir)); err == nil || !strings.Contains(err.Error(), ExtraFile) || !strings.Contains(err.Error(), "max_connections") {
		t.Errorf("unreadable settings: got %v", err)
	}
}

func TestDoneWhenTheServerIsGoneForGood(t *testing.T) {
	t.Parallel()
	dir := initialised(t)
	o := fast(dir)
	o.giveUpAfter = time.Nanosecond
	c := start(t, o)
	extraConf(t, dir, "max_connections = beaucoup\n")
	check(t, postmaster(t, dir).Kill())
	select {
	case <-c.Done():
	case <-time.After(30 * time.Second):
		t.Fatal("Done was not closed")
	}
	stop(t, c)
}

func TestARestartThatWouldBeUnsafeIsRefused(t *testing.T) {
	t.Parallel()
	dir := initialised(t)
	c := start(t, quietly(dir))
	extraConf(t, dir, "fsync = off\n")
	check(t, postmaster(t, dir).Kill())
	select {
	case <-c.Done():
	case <-time.After(30 * time.Second):
		t.Fatal("the server came back without fsync")
	}
	stop(t, c)
}

func TestStopIsBounded(t *testing.T) {
	t.Parallel()
	dir := initialised(t)
	c := start(t, fast(dir))
	check(t, postmaster(t, dir).Signal(syscall.SIGSTOP))
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	err := c.Stop(ended)
	if err == nil || !strings.Contains(err.Error(), "rien n'est perdu") {
		t.Errorf("forced stop: got %v", err)
	}
	if again := c.Stop(context.Background()); !errors.Is(again, err) {
		t.Errorf("second Stop: got %v, want %v", again, err)
	}
	stop(t, start(t, fast(dir)))
}

func TestInterruptedInitBeginsAgain(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	check(t, os.MkdirAll(filepath.Join(dir, "postgres.partiel/base"), 0o700))
	check(t, os.WriteFile(filepath.Join(dir, "postgres.partiel/PG_VERSION"), []byte("15\n"), 0o600))
	stop(t, start(t, fast(dir)))
	if _, err := os.Stat(filepath.Join(dir, "postgres.partiel")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the unfinished cluster is still there: %v", err)
	}

	odd := openDir(t)
	data := filepath.Join(odd, "postgres")
	check(t, os.MkdirAll(data, 0o700))
	check(t, os.WriteFile(filepath.Join(data, "notes.txt"), []byte("à garder"), 0o600))
	if os.Geteuid() == 0 {
		a, err := systemAccount(superUser)
		check(t, err)
		check(t, os.Lchown(data, int(a.uid), int(a.gid)))
	}
	if _, err := Start(t.Context(), fast(odd)); err == nil || !strings.Contains(err.Error(), "ne contient pas une base complète") {
		t.Errorf("folder with other files: got %v", err)
	}
}

// A start that is cancelled in the middle leaves nothing running, and the next
// one finds a usable folder whatever was finished.
func TestCancelledStartLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	for _, limit := range []time.Duration{50, 250, 600} {
		ctx, cancel := context.WithTimeout(t.Context(), limit*time.Millisecond)
		c, err := Start(ctx, fast(dir))
		if err == nil {
			stop(t, c)
		} else if f := fault.As(err); f == nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled after %v ms: got %v", int(limit), err)
		}
		cancel()
		for _, name := range []string{"postgres", "postgres.partiel"} {
			eventually(t, "no process in "+name, func() bool { return len(processesIn(filepath.Join(dir, name))) == 0 })
		}
	}
	stop(t, start(t, fast(dir)))
}

func TestLongAndClosedFolders(t *testing.T) {
	t.Parallel()
	closed := openDir(t)
	check(t, os.Chmod(closed, 0o700))
	places := map[string]string{
		"long":   filepath.Join(openDir(t), strings.Repeat("quartier-", 15)),
		"comma":  filepath.Join(openDir(t), "a,b \"c\" d"),
		"closed": filepath.Join(closed, "données du quartier"),
	}
	for name, dir := range places {
		c := start(t, fast(dir))
		if len(filepath.Join(c.sockets, ".s.PGSQL."+port)) > sunPathMax {
			t.Errorf("%s: socket path too long: %s", name, c.sockets)
		}
		run(t, c.URL(), `CREATE TABLE ligne (id int)`)
		check(t, postmaster(t, dir).Kill())
		eventually(t, name+": the server comes back", func() bool {
			conn, err := pgx.Connect(t.Context(), c.URL())
			if err == nil {
				_ = conn.Close(t.Context())
			}
			return err == nil
		})
		run(t, c.AdminURL(), `SELECT pg_reload_conf()`)
		stop(t, c)
		if _, err := os.Stat(c.sockets); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: socket folder left behind: %v", name, err)
		}
	}
	if info, err := os.Stat(closed); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("a closed folder was opened: %v %v", info.Mode(), err)
	}
}

func TestClosedParentIsExplained(t *testing.T) {
	t.Parallel()
	closed := openDir(t)
	inside := filepath.Join(closed, "interdit")
	check(t, os.MkdirAll(inside, 0o700))
	a := account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}
	if os.Geteuid() == 0 {
		var err error
		a, err = systemAccount(superUser)
		check(t, err)
	}
	check(t, os.Chmod(closed, 0o600)) // nobody but root crosses it
	_, err := a.reachable(inside, "/nonexistent")
	check(t, os.Chmod(closed, 0o700))
	if err == nil || !strings.Contains(err.Error(), "un dossier parent lui est fermé") || !strings.Contains(err.Error(), inside) {
		t.Errorf("got %v", err)
	}
}

func TestOrdinaryAccount(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	var credential *syscall.Credential
	if os.Geteuid() == 0 {
		a, err := systemAccount(superUser)
		check(t, err)
		credential = a.credential()
		check(t, os.Lchown(dir, int(a.uid), int(a.gid)))
	}
	cmd, stdin, said := asProgram(t, dir, credential)
	if !strings.HasPrefix(said, "ready ") {
		t.Fatalf("the program said %q", said)
	}
	check(t, stdin.Close())
	check(t, cmd.Wait())

	// A folder it may not write in: a sentence, not a trace.
	cmd, _, said = asProgram(t, "/proc/interdit", credential)
	_ = cmd.Wait()
	if !strings.Contains(said, "ne peut pas être créé") {
		t.Errorf("closed folder: the program said %q", said)
	}
	if os.Geteuid() == 0 {
		// What an ordinary account made, root runs as that account.
		c := start(t, fast(dir))
		if c.account.uid != credential.Uid {
			t.Errorf("root runs the server as %d, want %d", c.account.uid, credential.Uid)
		}
		stop(t, c)
		// And the reverse is explained.
		foreign := openDir(t)
		check(t, os.Mkdir(filepath.Join(foreign, "postgres"), 0o700))
		check(t, os.Chmod(foreign, 0o777))
		cmd, _, said = asProgram(t, foreign, credential)
		_ = cmd.Wait()
		if !strings.Contains(said, "appartient à un autre compte (root)") {
			t.Errorf("folder of root: the program said %q", said)
		}
	}
}

func TestMessagesHoldNoResidentsWords(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	c := start(t, quietly(dir))
	conn := dial(t, c.URL())
	for _, sql := range []string{
		`CREATE TABLE mot (texte text PRIMARY KEY CHECK (length(texte) < 30))`,
		`INSERT INTO mot VALUES ('Mme Secrète')`,
		`INSERT INTO mot VALUES ('Mme Secrète')`,
		`INSERT INTO mot VALUES ('Mme Secrète habite bien trop loin d''ici')`,
		`SELECT 'Mme Secrète'::int`,
		`DO $$ BEGIN RAISE WARNING 'Mme Secrète'; END $$`,
		`SELECT Secrète`,
	} {
		_, _ = conn.Exec(t.Context(), sql) // most are meant to fail
	}
	_, _ = conn.Exec(t.Context(), `SELECT $1::text::int`, "Mme Secrète")
	check(t, conn.Close(t.Context()))
	stop(t, c)
	text, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
	check(t, err)
	if !strings.Contains(string(text), "database system is ready") {
		t.Error("the journal misses the server's own messages")
	}
	if strings.Contains(string(text), "Secrète") {
		t.Errorf("the journal quotes a resident:\n%s", text)
	}
}

// The reserve decides when the database only reads; a test raises it above what
// the disk has.
func TestNearlyFullDiskOnlyReads(t *testing.T) {
	t.Parallel()
	dir := initialised(t)
	o := fast(dir)
	o.diskReserve = 1 << 60
	c := start(t, o)
	eventually(t, "the database only reads", func() bool {
		return value[string](t, c.URL(), `SHOW default_transaction_read_only`) == "on"
	})
	r, err := c.Inspect(t.Context())
	check(t, err)
	if r.Settings["default_transaction_read_only"] != "on" {
		t.Errorf("the report says %v", r.Settings)
	}
	stop(t, c)
	again := start(t, fast(dir)) // with room, a new life writes at once
	run(t, again.URL(), `CREATE TABLE lieu (nom text)`)
	eventually(t, "room for bad days is held back", func() bool { return isFile(c.layout.ballast()) })
}
