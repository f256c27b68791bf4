package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"

	"quietude/server/fault"
	"quietude/server/pglocal"
	"quietude/server/pgtest"
)

// beProgram makes the test binary run as the program itself.
const beProgram = "QUIETUDE_TEST_BE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(beProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// needsPostgres skips, or under CI fails, where there is none.
func needsPostgres(t *testing.T) {
	t.Helper()
	if _, err := pglocal.FindBinaries(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("PostgreSQL + PostGIS absent: %v", err)
	}
}

// command is the program with arguments, in an environment of its own.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(executable, args...)
	cmd.Env = []string{beProgram + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	return cmd
}

// served is a running program.
type served struct {
	*exec.Cmd
	address string
	token   string // sent with requests, unless ""
	took    time.Duration
	out     *bufio.Reader
	errs    *bytes.Buffer
	ended   chan error
}

// serve starts the program and waits for its line.
func serve(t *testing.T, dir string, args ...string) *served {
	t.Helper()
	s := &served{errs: &bytes.Buffer{}, ended: make(chan error, 1)}
	s.Cmd = command(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", dir}, args...)...)
	s.Stderr = s.errs
	pipe, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.out = bufio.NewReader(pipe)
	start := time.Now()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill() })
	line, err := s.out.ReadString('\n')
	if err != nil {
		_ = s.Wait()
		t.Fatalf("no line on the standard output: %v\n%s", err, s.errs)
	}
	s.took = time.Since(start)
	address, found := strings.CutPrefix(strings.TrimSpace(line), "Quiétude écoute sur ")
	if !found {
		t.Fatalf("first line %q", line)
	}
	s.address = address
	return s
}

// end waits for the program, which must not have printed anything more.
func (s *served) end(t *testing.T, within time.Duration) {
	t.Helper()
	rest, err := io.ReadAll(s.out)
	if err != nil || len(rest) > 0 {
		t.Errorf("after its line the program printed %q (%v)", rest, err)
	}
	go func() { s.ended <- s.Wait() }()
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("end: %v\n%s", err, s.errs)
		}
	case <-time.After(within):
		t.Fatalf("still running %s after the signal\n%s", within, s.errs)
	}
}

func (s *served) get(t *testing.T, path string) (status int, body []byte) {
	t.Helper()
	response, err := http.DefaultClient.Do(request(t, s.address+path, s.token))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

// request asks for an address, as the public or with a token.
func request(t *testing.T, address, token string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

// demoFile is what a person finds in DIR/demo.json.
type demoFile struct {
	Ateliers []struct {
		ID, Quartier, Titre, State string
		Tables                     []struct {
			Numero int
			Code   string
		}
	}
	Comptes map[string]struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	Tokens map[string]string
}

func readDemo(t *testing.T, dir string) demoFile {
	t.Helper()
	path := filepath.Join(dir, "demo.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("demo.json has mode %v, want 0600 (%v)", info.Mode(), err)
	}
	var d demoFile
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestLifeOfAnInstallation goes through what happens to a folder: first start
// from nothing, another program beside it, stop with a stream open, a crash,
// and the start after it.
func TestLifeOfAnInstallation(t *testing.T) {
	needsPostgres(t)
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "données") // made by the program; not ASCII
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}

	first := serve(t, dir, "--demo")
	t.Logf("from nothing, with the demo: ready after %s", first.took)
	for _, path := range []string{"/healthz", "/readyz", "/api/v1/territoires", "/connexion"} {
		if status, body := first.get(t, path); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	demo := readDemo(t, dir)
	if len(demo.Ateliers) != 13 || len(demo.Tokens) != 6 {
		t.Errorf("demo.json has %d ateliers and %d tokens, want 13 and 6", len(demo.Ateliers), len(demo.Tokens))
	}
	first.token = demo.Tokens["animateur"]
	besideARunningServer(t, dir)
	first.signsIn(t, demo)

	stream := openStream(t, request(t, first.address+"/api/v1/ateliers/"+demo.Ateliers[0].ID+"/stream", first.token))
	asked := time.Now()
	if err := first.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	first.end(t, 10*time.Second)
	t.Logf("SIGTERM with a stream open: ended after %s", time.Since(asked))
	if text, err := io.ReadAll(stream); err != nil || !strings.Contains(string(text), `"stop"`) {
		t.Errorf("the stream ended with %v, and without saying stop:\n%.300s", err, text)
	}

	second := serve(t, dir, "--demo")
	t.Logf("on the existing folder: ready after %s", second.took)
	second.token = demo.Tokens["animateur"]
	_, before := second.get(t, "/api/v1/ateliers")
	if err := second.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = second.Wait()

	third := serve(t, dir, "--demo")
	t.Logf("after kill -9: ready after %s", third.took)
	third.token = demo.Tokens["animateur"]
	if _, after := third.get(t, "/api/v1/ateliers"); !bytes.Equal(before, after) {
		t.Errorf("the ateliers changed over a crash:\n%s\n%s", before, after)
	}
	if again := readDemo(t, dir); again.Tokens["animateur"] != demo.Tokens["animateur"] {
		t.Error("the tokens changed although they still work")
	}
	if err := third.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	third.end(t, 10*time.Second)

	bare := serve(t, dir) // without --demo its logins are closed
	bare.token = demo.Tokens["animateur"]
	if status, _ := bare.get(t, "/api/v1/session"); status != http.StatusUnauthorized {
		t.Errorf("a token of the demonstration without --demo: %d", status)
	}
	if err := bare.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	bare.end(t, 10*time.Second) // its folder is removed next
}

// signsIn opens a session for every role of the demonstration.
func (s *served) signsIn(t *testing.T, demo demoFile) {
	t.Helper()
	for role, login := range demo.Comptes {
		body, err := json.Marshal(login)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.Post(s.address+"/api/v1/session", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK || !strings.Contains(string(text), `"role":"`+role+`"`) || len(response.Cookies()) != 1 {
			t.Errorf("%s signs in: %s %s", role, response.Status, text)
		}
	}
	if len(demo.Comptes) != 6 {
		t.Errorf("%d logins", len(demo.Comptes))
	}
}

// besideARunningServer runs the other commands on a folder in use.
func besideARunningServer(t *testing.T, dir string) {
	t.Helper()
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"serve", "--listen", "127.0.0.1:0", "--data", dir}, 1, "Un autre Quiétude"},
		{[]string{"doctor", "--data", dir}, 0, "migrations : à jour"},
		{[]string{"doctor", "--data", dir}, 0, "le service y ajoute et le lit, sans pouvoir le changer"},
		{[]string{"migrate", "--data", dir}, 0, "à jour"},
		{[]string{"migrate", "--data", dir, "--seal"}, 2, "d’elle-même"},
		{[]string{"demo", "--data", dir}, 0, "demo.json"},
		{[]string{"import", "territoire", "--data", dir, "--code", "73255", "--nom", "La Ravoire", "testdata/voisine.geojson"}, 0, "2 quartiers chargés"},
		{[]string{"import", "signalements", "--data", dir, "--territoire", "73255", "--format", "csv", "testdata/voisine.csv"}, 0, "3 ajoutées"},
		{[]string{"import", "signalements", "--data", dir, "--territoire", "73255", "--format", "csv", "testdata/voisine.csv"}, 0, "déjà été importé"},
		{[]string{"import", "signalements", "--data", dir, "--territoire", "73065", "--format", "csv", "testdata/voisine.csv"}, 1, "Ligne 2"},
		{[]string{"version"}, 0, "quietude"},
		{[]string{"--help"}, 0, "Commandes :"},
		{[]string{"serve", "--lisen", "x"}, 2, "option inconnue : --lisen, peut-être «\u202f--listen\u202f»\u202f?"},
		{[]string{"serve", "--data"}, 2, "une valeur est attendue"},
		{[]string{"serve", "--seuil", "peu"}, 2, "--seuil : un nombre est attendu, et non «\u202fpeu\u202f»"},
		{[]string{"user"}, 2, "une commande est attendue parmi «\u202fadd\u202f», «\u202flist\u202f»"},
	} {
		out, err := command(t, test.args...).CombinedOutput()
		code := 0
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			code = exit.ExitCode()
		}
		if code != test.code || !strings.Contains(string(out), test.says) {
			t.Errorf("quietude %s: exit %d, want %d with %q:\n%s", strings.Join(test.args, " "), code, test.code, test.says, out)
		}
	}
}

// openStream reads the first line of a stream and leaves it open.
func openStream(t *testing.T, r *http.Request) io.Reader {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if response.StatusCode != http.StatusOK {
		t.Fatalf("stream: %s", response.Status)
	}
	lines := bufio.NewReader(response.Body)
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatalf("stream: %v", err)
	}
	return lines
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	signals := make(chan os.Signal, 2)
	exited := make(chan int, 1)
	p := &program{out: io.Discard, err: io.Discard, signals: signals, exit: func(code int) { exited <- code }}
	ctx, cancel := p.untilSignal(Storage{}.logger(io.Discard))
	defer cancel()
	signals <- syscall.SIGTERM
	<-ctx.Done()
	select {
	case <-exited:
		t.Fatal("the first signal ended the process")
	default:
	}
	signals <- syscall.SIGTERM
	if code := <-exited; code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
}

func TestPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var errs bytes.Buffer
	p := testProgram(io.Discard, &errs)
	if code := p.main([]string{"serve", "--listen", l.Addr().String(), "--data", t.TempDir()}); code != 1 || !strings.Contains(errs.String(), "--listen") {
		t.Errorf("exit %d, %s", code, &errs)
	}
}

func testProgram(out, errs io.Writer) *program {
	return &program{out: out, err: errs, signals: make(chan os.Signal), exit: func(int) {}, durable: pglocal.CheckDurability}
}

// TestDatabaseThatMayLoseRowsIsRefused leans on the test database, which runs
// without fsync.
func TestDatabaseThatMayLoseRowsIsRefused(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	p := testProgram(io.Discard, &errs)
	if code := p.main([]string{"migrate", "--database-url", pgtest.URL(t)}); code != 1 || !strings.Contains(errs.String(), "fsync=off") {
		t.Errorf("exit %d, want 1 and a sentence about fsync: %s", code, &errs)
	}
}

// TestSuperuserIsRefusedInProduction: no privilege holds a superuser, which the
// role of the tests is; behind an https address the service does not start.
func TestSuperuserIsRefusedInProduction(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	p := testProgram(io.Discard, &errs)
	p.durable = func(context.Context, *pgx.Conn) error { return nil } // this one runs without fsync
	args := []string{"serve", "--listen", "127.0.0.1:0", "--database-url", pgtest.URL(t), "--base-url", "https://quietude.exemple.fr",
		"--secret", "0123456789abcdef0123456789abcdef"}
	if code := p.main(args); code != 1 || !strings.Contains(errs.String(), "superutilisateur") {
		t.Errorf("exit %d, want 1 and a sentence about the role: %s", code, &errs)
	}
}

// TestSealForTheAdministrator: what is printed for the administrator of a database
// that others run seals the logs when it is executed, and doctor says so before and
// after.
func TestSealForTheAdministrator(t *testing.T) {
	t.Parallel()
	ctx, address := t.Context(), pgtest.URL(t)
	admin, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close(context.WithoutCancel(ctx)) }()
	const role = "quietude_essai_scelle"
	run := func(statement string) {
		t.Helper()
		if _, err := admin.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	run("drop role if exists " + role)
	run("create role " + role + " login")
	defer run("drop owned by " + role + "; drop role " + role)
	run("grant all on schema journal, public to " + role + "; grant all on all tables in schema journal, public to " + role)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User(role)
	says := func(words string) {
		t.Helper()
		if found := sealFinding(ctx, u.String()); !strings.Contains(found.what, words) {
			t.Errorf("doctor says %q, want %q", found.what, words)
		}
	}
	says("pourrait le réécrire")
	var out bytes.Buffer
	if code := testProgram(&out, io.Discard).main([]string{"migrate", "--database-url", u.String(), "--seal"}); code != 0 {
		t.Fatalf("exit %d", code)
	}
	run(out.String())
	says("sans pouvoir le changer")
}

// visitor is who connects to a mail server and sends nothing.
type visitor struct{ smtp.Session }

func (visitor) Reset()        {}
func (visitor) Logout() error { return nil }

// TestMailServerInClearIsRefused: the start asks the mail server, and goes on without it
// only when it may come back.
func TestMailServerInClearIsRefused(t *testing.T) {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return visitor{}, nil }))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	// 0.0.0.0 reaches this machine, by an address that is not known to be its own.
	start := func(address string) (refusal *fault.Error, log string) {
		t.Helper()
		c := serveCommand{Config{SMTPURL: address + ":" + port, SMTPFrom: "ville@exemple.fr"}}
		var lines bytes.Buffer
		err := c.checkPostman(t.Context(), slog.New(slog.NewTextHandler(&lines, nil)))
		if refusal = fault.As(err); err != nil && refusal == nil {
			t.Fatal(err)
		}
		return refusal, lines.String()
	}
	if refusal, _ := start("smtp://0.0.0.0"); refusal == nil || refusal.Field != "smtp-url" || !strings.Contains(refusal.Detail, "STARTTLS") {
		t.Errorf("in clear: %v", refusal)
	}
	for _, address := range []string{"smtp+plaintext://0.0.0.0", "smtp://127.0.0.1"} {
		if refusal, log := start(address); refusal != nil || log != "" {
			t.Errorf("%s: %v %s", address, refusal, log)
		}
	}
	_ = server.Close()
	if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if refusal, log := start("smtp://0.0.0.0"); refusal != nil || !strings.Contains(log, "--smtp-url") {
		t.Errorf("away: %v %s", refusal, log)
	}
}

func TestUnknownTerritoireIsRefused(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	p := testProgram(io.Discard, &errs)
	p.durable = func(context.Context, *pgx.Conn) error { return nil } // this one runs without fsync
	args := []string{"serve", "--listen", "127.0.0.1:0", "--database-url", pgtest.URL(t), "--territoire", "75056"}
	if code := p.main(args); code != 2 || !strings.Contains(errs.String(), "75056") {
		t.Errorf("exit %d, want 2 and the code of the commune: %s", code, &errs)
	}
}

// TestForeignDatabase serves from a database given by its address.
func TestForeignDatabase(t *testing.T) {
	t.Parallel()
	url, dir := pgtest.URL(t), t.TempDir()
	out, in := io.Pipe()
	signals := make(chan os.Signal, 1)
	p := testProgram(in, io.Discard)
	p.signals = signals
	p.durable = func(context.Context, *pgx.Conn) error { return nil } // this one runs without fsync
	ended := make(chan int, 1)
	go func() {
		ended <- p.main([]string{"serve", "--listen", "127.0.0.1:0", "--database-url", url, "--data", dir, "--demo"})
		_ = in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no line: %v, exit %d", err, <-ended)
	}
	s := &served{address: strings.TrimSpace(strings.TrimPrefix(line, "Quiétude écoute sur "))}
	if status, body := s.get(t, "/readyz"); status != http.StatusOK {
		t.Errorf("/readyz: %d %s", status, body)
	}
	if len(readDemo(t, dir).Ateliers) == 0 {
		t.Error("demo.json names no atelier")
	}
	signals <- syscall.SIGTERM
	if code := <-ended; code != 0 {
		t.Errorf("exit %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres")); err == nil {
		t.Error("a private cluster was made although an address was given")
	}
}
