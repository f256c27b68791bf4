package roomtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// A reader that does not read is dropped with a number to resume from. Nobody
// else waits for it.
func TestSlowReaderSlowsNobody(t *testing.T) {
	t.Parallel()
	const writers, each = 5, 220
	node := sharedNode(t)
	h := openHall(t, node, 1)
	j := NewJournal()

	slow := stalledReader(t, node, h)
	screen := NewDevice("screen", node.Base, h.Staff.Cookie, h.Atelier.ID, j)
	var heard sync.Mutex
	var before time.Time
	var silent time.Duration // longest time between two arrivals
	screen.Heard = func(e Event, _ Entry) {
		heard.Lock()
		defer heard.Unlock()
		if !before.IsZero() {
			silent = max(silent, e.At.Sub(before))
		}
		before = e.At
	}
	alive(t, screen)
	await(t, "both readers are counted", func() bool { return screen.Presence().Staff == 2 })
	// Zones of many corners fill the buffers between the server and the reader.
	var stores []*Storage
	for i := range writers {
		d := seated(t, fmt.Sprint("writer ", i), node.Base, h, j)
		d.MaxBatch = 20
		zone, hand := uuid.New(), NewHand(h, uint64(400+i))
		d.Storage.Draw(Operation{ID: uuid.New(), Kind: "add", Marker: &zone, Felt: "safe", Geometry: manyCorners(hand)})
		for range each - 1 {
			d.Storage.Draw(Operation{ID: uuid.New(), Kind: "reshape", Marker: &zone, Geometry: manyCorners(hand)})
		}
		alive(t, d)
		stores = append(stores, d.Storage)
	}
	allAnswered(t, j, stores...)
	if a := j.Acts()[0]; a.Outcome != Acknowledged {
		t.Fatalf("the first zone was refused: %s", a.Code)
	}
	if err := screen.Await(within(t), writers*each); err != nil {
		t.Fatal(err)
	}
	// Not a measurement: who had to wait for the slow reader would hear nothing
	// for the ten seconds that the server gives it.
	heard.Lock()
	if silent > 9*time.Second {
		t.Errorf("the screen heard nothing for %v", silent)
	}
	heard.Unlock()
	await(t, "the slow reader is no longer counted", func() bool { return screen.Presence().Staff == 1 })
	last := slow.drain(t)
	if last <= 0 || last >= writers*each {
		t.Fatalf("the slow reader was dropped after number %d of %d", last, writers*each)
	}
	resumed := NewDevice("slow", node.Base, h.Staff.Cookie, h.Atelier.ID, j)
	resumed.Resume(slow.replica)
	alive(t, resumed)
	judge(t, h, j, screen, resumed)
	t.Logf("dropped after number %d of %d; another heard nothing for at most %v", last, writers*each, silent)
}

// manyCorners is a zone of 196 corners, about 5 KB of GeoJSON: a comb, since
// it must not cross itself.
func manyCorners(h *Hand) *Geometry {
	at := h.hall.Somewhere(h.rand)
	var corners []Position
	const teeth = 49
	for i := range teeth {
		x := at[0] + float64(i)*4e-6
		corners = append(corners, Position{x, at[1]}, Position{x, at[1] + 1e-4}, Position{x + 2e-6, at[1] + 1e-4}, Position{x + 2e-6, at[1]})
	}
	corners = append(corners[:len(corners)-2], Position{corners[len(corners)-1][0], at[1] - 1e-5}, Position{at[0], at[1] - 1e-5})
	return ZoneOf(corners...)
}

// stalled is a connection on which a stream was asked for and is not read.
type stalled struct {
	net.Conn
	replica *Replica
}

func stalledReader(t *testing.T, n *Node, h *Hall) *stalled {
	t.Helper()
	// A small window, so that what nobody reads is soon the server's trouble.
	dialer := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10) })
	}}
	conn, err := dialer.DialContext(t.Context(), "tcp", n.Host())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := fmt.Fprintf(conn, "GET %s/stream HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept: text/event-stream\r\n\r\n", room(h.Atelier.ID), n.Host(),
		h.Staff.Cookie); err != nil {
		t.Fatal(err)
	}
	return &stalled{conn, NewReplica(Reader{Staff: true})}
}

// drain begins to read, to the end of the connection that the server has given
// up, and gives the last number read.
func (s *stalled) drain(t *testing.T) int64 {
	t.Helper()
	ctx := within(t)
	context.AfterFunc(ctx, func() { _ = s.Close() })
	response, err := http.ReadResponse(bufio.NewReader(s.Conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	d := &Device{replica: s.replica, changed: make(chan struct{})}
	err = readEvents(response.Body, func() {}, func(e Event) error { return d.hear(ctx, e) })
	if ctx.Err() != nil || errors.Is(err, errGap) || errors.Is(err, errUnheld) {
		t.Fatalf("the slow reader was not dropped: %v", err)
	}
	return s.replica.Seq
}

// A stream tells every number once and in order to whoever asks from any
// number; a number that the log never had gets a snapshot.
func TestStreamFromEveryNumber(t *testing.T) {
	t.Parallel()
	node := sharedNode(t)
	h := openHall(t, node, 1)
	j := NewJournal()
	d := seated(t, "device", node.Base, h, j)
	alive(t, d)
	const written = 12
	drawSafely(h, NewHand(h, 1), d.Storage, written)
	allAnswered(t, j, d.Storage)
	enough := errors.New("enough")
	for _, after := range []int64{-1, 0, 1, 5, written - 1, written + 1, 1 << 40} {
		want := []string{"snapshot " + strconv.Itoa(written)}
		if after >= 0 && after < written {
			want = nil
			for n := after + 1; n <= written; n++ {
				want = append(want, "op "+strconv.FormatInt(n, 10))
			}
		}
		var got []string
		err := h.Staff.Stream(within(t), h.Atelier.ID, after, func(e Event) error {
			if e.Name != "presence" {
				got = append(got, e.Name+" "+e.ID)
			}
			if len(got) == len(want) {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) || !slices.Equal(got, want) {
			t.Errorf("after %d: %s, want %s (%v)", after, strings.Join(got, ", "), strings.Join(want, ", "), err)
		}
	}
}
