package roomtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
)

// Node is one running server process.
type Node struct {
	Base string // http://host:port

	binary string
	data   string // its folder, "" for a database of somebody else's, which is in args
	args   []string
	cookie func() (string, error)
	cmd    *exec.Cmd
	log    *tail
	exited chan struct{}
	status error
}

var listening = regexp.MustCompile(`http://(\S+)`)

// StartNode runs « binary serve » with arguments and returns once it is ready.
// data is its data folder, "" for a node on somebody else's database.
func StartNode(ctx context.Context, binary, data string, args ...string) (*Node, error) {
	if data != "" {
		args = append(args, "--data", data)
	}
	command := exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	return startCommand(ctx, command, Node{binary: binary, data: data, args: args})
}

// startCommand starts a command that is, or becomes, the program; what says
// where program and data are.
func startCommand(ctx context.Context, cmd *exec.Cmd, what Node) (*Node, error) {
	n := &what
	n.cmd, n.log, n.exited = cmd, &tail{}, make(chan struct{})
	n.cookie = sync.OnceValues(n.hire)
	// A run that is itself killed must not leave servers behind.
	if n.cmd.SysProcAttr == nil {
		n.cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	n.cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	n.cmd.Stderr = n.log
	out, err := n.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := n.cmd.Start(); err != nil {
		return nil, err
	}
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil && cap(address) > len(address) {
				address <- m[1]
			}
		}
		_, _ = io.Copy(io.Discard, out)
		n.status = n.cmd.Wait()
		close(n.exited)
	}()
	select {
	case a := <-address:
		n.Base = "http://" + a
	case <-n.exited:
		return nil, fmt.Errorf("%s ended: %w\n%s", cmd.Path, n.status, n.Log())
	case <-ctx.Done():
		n.Kill()
		return nil, fmt.Errorf("%s does not begin to listen: %w\n%s", cmd.Path, ctx.Err(), n.Log())
	}
	return n, n.AwaitReady(ctx)
}

// AwaitReady returns when the server says that it is ready.
func (n *Node) AwaitReady(ctx context.Context) error {
	c := NewClient(n.Base)
	defer c.Close()
	for !c.Ready(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("not ready: %w\n%s", ctx.Err(), n.Log())
		case <-n.exited:
			return fmt.Errorf("ended: %w\n%s", n.status, n.Log())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// Animateur gives the cookie of a session as an animateur, who is hired when
// first asked for.
func (n *Node) Animateur() (string, error) { return n.cookie() }

// hire adds an account as an operator does, and signs in as a person does.
func (n *Node) hire() (string, error) {
	email, password := uuid.NewString()+"@exemple.fr", uuid.NewString()
	where := n.args
	if n.data != "" {
		where = []string{"--database-url", n.DatabaseURL()}
	}
	add := exec.Command(n.binary, append([]string{"user", "add", email, "--nom", "Animateur d’essai", "--role", "animateur",
		"--password-file", "-"}, where...)...)
	add.Stdin = strings.NewReader(password)
	if out, err := add.CombinedOutput(); err != nil {
		return "", fmt.Errorf("user add: %w: %s", err, out)
	}
	c := NewClient(n.Base)
	defer c.Close()
	response, err := c.send(context.Background(), http.MethodPost, "/api/v1/session", map[string]string{"email": email, "password": password}, nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	for _, cookie := range response.Cookies() {
		return cookie.Name + "=" + cookie.Value, nil
	}
	return "", errors.New("no cookie after signing in")
}

// Host is the node's host:port.
func (n *Node) Host() string { return strings.TrimPrefix(n.Base, "http://") }

// Kill ends the process at once, as a power cut would, and waits until it is
// gone.
func (n *Node) Kill() {
	_ = n.cmd.Process.Kill()
	<-n.exited
}

// Signal sends a signal.
func (n *Node) Signal(s os.Signal) error { return n.cmd.Process.Signal(s) }

// Wait waits for the end of the process and gives its exit error.
func (n *Node) Wait(within time.Duration) error {
	select {
	case <-n.exited:
		return n.status
	case <-time.After(within):
		return fmt.Errorf("still running after %v", within)
	}
}

// Log is the end of what the node wrote to its standard error.
func (n *Node) Log() string { return n.log.String() }

// postmaster reads the process id of the node's private PostgreSQL.
func (n *Node) postmaster() (int, error) {
	text, err := os.ReadFile(filepath.Join(n.data, "postgres", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}

// SignalPostgreSQL sends a signal to the node's private PostgreSQL and waits
// until another one has taken its place: SIGKILL is a crash, SIGINT a restart
// that cuts every connection.
func (n *Node) SignalPostgreSQL(ctx context.Context, s syscall.Signal) error {
	pid, err := n.postmaster()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, s); err != nil {
		return err
	}
	for {
		if now, err := n.postmaster(); err == nil && now != pid {
			return n.AwaitReady(ctx)
		} else if err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, strconv.ErrSyntax) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not come back: %w\n%s", ctx.Err(), n.Log())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// DatabaseURL is the address of the node's private database over its Unix
// socket, as a second node or a console on the same machine would use it.
func (n *Node) DatabaseURL() string {
	query := url.Values{"host": {filepath.Join(n.data, "run")}, "port": {"5432"}, "sslmode": {"disable"}}
	return "postgres://quietude@/quietude?" + query.Encode()
}

// Death is why the Go runtime of the node gave up, "" when it did not: the
// first line of what it writes, which the state of every goroutine follows.
func (n *Node) Death() string {
	n.log.mu.Lock()
	defer n.log.mu.Unlock()
	return n.log.fatal
}

// tail keeps the last part of what is written to it, and the first line with
// which a runtime gave up.
type tail struct {
	mu    sync.Mutex
	text  []byte
	fatal string
}

var gaveUp = regexp.MustCompile(`(?m)^(fatal error|runtime|runtime/cgo): .*$`)

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if m := gaveUp.Find(t.text); m != nil && t.fatal == "" {
		t.fatal = string(m)
	}
	if extra := len(t.text) - 16<<10; extra > 0 {
		t.text = append([]byte(nil), t.text[extra:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
