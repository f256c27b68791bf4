package roomtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// abuse is what one connection does to keep a server busy: until it fails, the
// server cuts it off, or its context ends. It calls begun once it is a burden.
type abuse func(ctx context.Context, conn net.Conn, begun func()) error

// trickle sends a piece again and again, for ever a moment later.
func trickle(ctx context.Context, conn net.Conn, piece string) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(500 * time.Millisecond):
		}
		if _, err := io.WriteString(conn, piece); err != nil {
			return err
		}
	}
}

// slowHeaders never come to the end of a request's head.
func slowHeaders(ctx context.Context, conn net.Conn, begun func()) error {
	if _, err := io.WriteString(conn, "POST /api/v1/join HTTP/1.1\r\nHost: quietude\r\n"); err != nil {
		return err
	}
	begun()
	return trickle(ctx, conn, "X-Header: x\r\n")
}

// slowBody announces a body and sends it byte by byte.
func slowBody(ctx context.Context, conn net.Conn, begun func()) error {
	if _, err := io.WriteString(conn, "POST /api/v1/signalements HTTP/1.1\r\nHost: quietude\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"); err != nil {
		return err
	}
	begun()
	return trickle(ctx, conn, " ")
}

// slowReader asks for more than the buffers on the way hold, and reads nothing.
func slowReader(path string) abuse {
	return func(ctx context.Context, conn net.Conn, begun func()) error {
		raw, err := conn.(*net.TCPConn).SyscallConn()
		if err == nil {
			err = raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10) })
		}
		if err != nil {
			return err
		}
		if _, err := io.WriteString(conn, strings.Repeat("GET "+path+" HTTP/1.1\r\nHost: quietude\r\n\r\n", 400)); err != nil {
			return err
		}
		begun()
		<-ctx.Done()
		return nil
	}
}

// attack keeps n connections busy until the returned function is called. Those
// that are cut off come again.
func attack(t *testing.T, host string, n int, do abuse) (busy, cut func() int, end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var holding, lost atomic.Int64
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for ctx.Err() == nil {
				conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
				if err != nil {
					return // the server does not take any more
				}
				began := false
				free := context.AfterFunc(ctx, func() { _ = conn.Close() })
				err = do(ctx, conn, func() { began = true; holding.Add(1) })
				if began {
					holding.Add(-1)
				}
				free()
				_ = conn.Close()
				if err != nil && ctx.Err() == nil {
					lost.Add(1)
				}
			}
		})
	}
	end = sync.OnceFunc(func() { cancel(); all.Wait() })
	t.Cleanup(end)
	return func() int { return int(holding.Load()) }, func() int { return int(lost.Load()) }, end
}

var inFlight = regexp.MustCompile(`(?m)^quietude_http_in_flight (\S+)$`)

// answering is how many requests a node is answering, this one included.
func answering(t *testing.T, n *Node) int {
	t.Helper()
	c := NewClient(n.Base)
	defer c.Close()
	response, err := c.send(within(t), http.MethodGet, "/metrics", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	m := inFlight.FindSubmatch(text)
	if m == nil {
		t.Fatal("no number of requests in flight")
	}
	number, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return int(number)
}

// crowd are the people whom an attack must not keep from what they do. The
// times bound a failing test only.
type crowd struct {
	t      *testing.T
	node   *Node
	hall   *Hall
	device *Device
	j      *Journal
	hand   *Hand
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	node := sharedNode(t)
	c := &crowd{t: t, node: node, hall: openHall(t, node, 1), j: NewJournal()}
	c.device, c.hand = seated(t, "device", node.Base, c.hall, c.j), NewHand(c.hall, 1)
	alive(t, c.device)
	return c
}

// served has a resident draw and hear of it, the animateur look at tiles that
// nobody has drawn before, and the public open a page and report a place.
func (c *crowd) served() {
	c.t.Helper()
	drawSafely(c.hall, c.hand, c.device.Storage, 5)
	allAnswered(c.t, c.j, c.device.Storage)
	ctx := within(c.t)
	public := NewClient(c.node.Base)
	defer public.Close()
	at := c.hall.Somewhere(c.hand.rand)
	for what, call := range map[string]func() error{
		"a page": func() error { return public.call(ctx, http.MethodGet, "/", nil, nil) },
		"a list": func() error { return public.call(ctx, http.MethodGet, "/api/v1/quartiers", nil, nil) },
		"a signalement": func() error {
			return public.call(ctx, http.MethodPost, "/api/v1/signalements",
				map[string]any{"theme": "BRU", "geometry": map[string]any{"type": "Point", "coordinates": at}}, nil)
		},
		"a tile": func() error {
			return c.hall.Staff.call(ctx, http.MethodGet, "/tiles/hexagones"+someTile(15)+"?resolution="+strconv.Itoa(9+rand.IntN(3)), nil, nil)
		},
	} {
		if err := call(); err != nil {
			c.t.Errorf("%s: %v", what, err)
		}
	}
	judge(c.t, c.hall, c.j, c.device)
}

// someTile is the address of a random tile of Chambéry.
func someTile(z int) string {
	// The city lies in these two tiles of zoom 12, and deeper ones inside of them.
	column, row := 2115, 1463+rand.IntN(2)
	for range z - 12 {
		column, row = 2*column+rand.IntN(2), 2*row+rand.IntN(2)
	}
	return fmt.Sprintf("/%d/%d/%d.mvt", z, column, row)
}

// Whoever keeps connections, requests or streams of the server busy leaves the
// others served. These run one after the other, and before the tests beside
// which they would run.
func TestAbuseLeavesOthersServed(t *testing.T) {
	everybody := newCrowd(t)
	everybody.served()
	begin := func(t *testing.T) *crowd { c := *everybody; c.t = t; return &c }

	t.Run("slow headers", func(t *testing.T) {
		c := begin(t)
		busy, cut, end := attack(t, c.node.Host(), 1000, slowHeaders)
		await(t, "a thousand are slow", func() bool { return busy() > 900 })
		c.served()
		await(t, "the slow are cut off", func() bool { return cut() > 100 })
		c.served()
		end()
	})
	t.Run("slow bodies", func(t *testing.T) {
		c := begin(t)
		_, _, end := attack(t, c.node.Host(), 1000, slowBody)
		await(t, "a thousand bodies are awaited", func() bool { return answering(t, c.node) > 900 })
		c.served()
		end()
	})
	t.Run("slow reading", func(t *testing.T) {
		c := begin(t)
		_, _, end := attack(t, c.node.Host(), 64, slowReader("/tiles/voirie/13/4230/2928.mvt"))
		await(t, "sixty answers wait for their readers", func() bool { return answering(t, c.node) > 60 })
		c.served()
		public := NewClient(c.node.Base)
		defer public.Close()
		if err := public.call(within(t), http.MethodGet, "/tiles/voirie/12/2115/1464.mvt", nil, nil); err != nil {
			t.Errorf("a tile, from where the slow readers are: %v", err)
		}
		end()
	})
	t.Run("idle streams", func(t *testing.T) {
		c := begin(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for range 20 {
			seat, err := c.device.posts.Join(within(t), c.hall.Code(0), uuid.New(), "")
			if err != nil {
				t.Fatal(err)
			}
			for range 50 {
				idleStream(t, ctx, c.node.Host(), c.hall.Atelier.ID, seat.Token)
			}
		}
		c.served()
		if open := answering(t, c.node); open < 1000 {
			t.Errorf("%d streams are open: nothing is proved", open)
		}
		cancel()
	})
	t.Run("random tiles", func(t *testing.T) {
		c := begin(t)
		ctx, cancel := context.WithCancel(t.Context())
		var drawn atomic.Int64
		var scan sync.WaitGroup
		for range 600 {
			scan.Go(func() {
				public := NewClient(c.node.Base)
				defer public.Close()
				for ctx.Err() == nil {
					layer := []string{"voirie", "quartiers", "reperes"}[rand.IntN(3)]
					if public.call(ctx, http.MethodGet, "/tiles/"+layer+someTile(12+rand.IntN(7)), nil, nil) == nil {
						drawn.Add(1)
					}
				}
			})
		}
		await(t, "the scan runs", func() bool { return drawn.Load() > 500 })
		c.served()
		cancel()
		scan.Wait()
	})
}

// idleStream opens the stream of a room and reads no further than its head.
func idleStream(t *testing.T, ctx context.Context, host string, atelier uuid.UUID, token string) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	if _, err := fmt.Fprintf(conn, "GET %s/stream HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", room(atelier), host, token); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("a stream: %s", response.Status)
	}
}

// The same attacks on a server of the usual kind, with one worker for each
// connection and as much patience as anybody wants: nobody else is served.
func TestAbuseOfPatientServersIsSeen(t *testing.T) {
	t.Parallel()
	const workers = 32
	for name, do := range map[string]abuse{"slow headers": slowHeaders, "slow bodies": slowBody, "slow reading": slowReader("/")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var taken atomic.Int64
			host := patientServer(t, workers, &taken)
			ask := func(within time.Duration) error {
				ctx, cancel := context.WithTimeout(t.Context(), within)
				defer cancel()
				c := NewClient("http://" + host)
				defer c.Close()
				return c.call(ctx, http.MethodGet, "/", nil, nil)
			}
			if err := ask(20 * time.Second); err != nil {
				t.Fatalf("before: %v", err)
			}
			_, _, end := attack(t, host, workers, do)
			await(t, "every worker is taken", func() bool { return taken.Load() == workers })
			if err := ask(time.Second); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("somebody else is answered: %v", err)
			}
			end()
			if err := ask(20 * time.Second); err != nil {
				t.Errorf("after: %v", err)
			}
		})
	}
}

// patientServer answers eight megabytes to everybody, one connection for each of
// its workers at a time; taken counts those that have one.
func patientServer(t *testing.T, workers int, taken *atomic.Int64) (host string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	answer := "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\nConnection: close\r\n\r\n" + strings.Repeat("x", 8<<20)
	for range workers {
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				taken.Add(1)
				if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					if _, err := io.Copy(io.Discard, r.Body); err == nil {
						_, _ = io.WriteString(conn, answer)
					}
				}
				_ = conn.Close()
				taken.Add(-1)
			}
		}()
	}
	return listener.Addr().String()
}
