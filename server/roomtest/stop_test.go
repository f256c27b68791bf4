package roomtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// hold locks rooms as a forgotten console would, until the returned function is
// called.
func hold(t *testing.T, n *Node, ateliers ...uuid.UUID) (release func()) {
	t.Helper()
	tx, err := console(t, n).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "select from atelier where id = any ($1) for update", ateliers); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// waiting counts the server's transactions that wait for a lock.
func waiting(t *testing.T, c *pgx.Conn) (n int) {
	t.Helper()
	err := c.QueryRow(t.Context(), `select count(*) from pg_stat_activity
		where application_name = 'quietude' and wait_event_type = 'Lock'`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// written is the answer to one operation sent in the background.
type written struct {
	receipt Receipt
	err     error
	took    time.Duration
}

func write(ctx context.Context, staff *Client, atelier uuid.UUID, op Operation) <-chan written {
	answer := make(chan written, 1)
	go func() {
		c, start := asStaff(staff.Base, staff), time.Now()
		defer c.Close()
		receipts, err := c.Write(ctx, atelier, []Operation{op})
		w := written{err: err, took: time.Since(start)}
		if err == nil {
			w.receipt = receipts[0]
		}
		answer <- w
	}()
	return answer
}

// asStaff is a connection of its own with the session of another.
func asStaff(base string, staff *Client) *Client {
	c := NewClient(base)
	c.Cookie = staff.Cookie
	return c
}

func share(shared bool) Operation { return Operation{ID: uuid.New(), Kind: "share", Shared: &shared} }

// Asked to stop, the server finishes what it has begun, sends the readers away
// and ends well.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	n := ownNode(t)
	h := openHall(t, n, 1)
	release, watch := hold(t, n, h.Atelier.ID), console(t, n)
	ends := make(chan string, 1)
	go func() {
		reason := ""
		err := asStaff(n.Base, h.Staff).Stream(context.WithoutCancel(t.Context()), h.Atelier.ID, -1, func(e Event) error {
			if e.Name == "end" {
				reason = string(e.Data)
			}
			return nil
		})
		ends <- fmt.Sprint(reason, " ", err)
	}()
	op := share(true)
	answer := write(t.Context(), h.Staff, h.Atelier.ID, op)
	await(t, "the write waits for the room", func() bool { return waiting(t, watch) == 1 })
	start := time.Now()
	if err := n.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	await(t, "nobody new is let in", func() bool {
		c, err := net.Dial("tcp", n.Host())
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	if got := <-ends; !strings.Contains(got, `"stop"`) {
		t.Errorf("the stream ended with %s", got)
	}
	release()
	if w := <-answer; w.err != nil || w.receipt.Seq != 1 {
		t.Errorf("what was under way: %+v", w)
	}
	if err := n.Wait(15 * time.Second); err != nil {
		t.Errorf("exit: %v\n%s", err, n.Log())
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the stop took %v", took)
	}
	back := startNode(t, n.data)
	if again, err := asStaff(back.Base, h.Staff).Write(t.Context(), h.Atelier.ID, []Operation{op}); err != nil || again[0].Seq != 1 || !again[0].Again {
		t.Errorf("after the stop: %+v, %v", again, err)
	}
}

// What can't be finished does not keep the server from ending in time.
func TestStopDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	n := ownNode(t)
	h := openHall(t, n, 1)
	hold(t, n, h.Atelier.ID)
	watch := console(t, n)
	op := share(true)
	answer := write(t.Context(), h.Staff, h.Atelier.ID, op)
	await(t, "the write waits for the room", func() bool { return waiting(t, watch) == 1 })
	start := time.Now()
	if err := n.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := n.Wait(30 * time.Second); err != nil {
		t.Errorf("exit: %v\n%s", err, n.Log())
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the stop took %v", took)
	}
	if w := <-answer; w.err == nil {
		t.Errorf("a write that waited for a lock nobody released was answered: %+v", w)
	}
	back := startNode(t, n.data)
	if first, err := asStaff(back.Base, h.Staff).Write(t.Context(), h.Atelier.ID, []Operation{op}); err != nil || first[0].Seq != 1 || first[0].Again {
		t.Errorf("after the stop: %+v, %v", first, err)
	}
}

// A room that is stuck is stuck alone: the others write, and the stuck one is
// read.
func TestStuckRoomIsStuckAlone(t *testing.T) {
	t.Parallel()
	n := sharedNode(t)
	stuck, free := openHall(t, n, 1), openHall(t, n, 1)
	release, watch := hold(t, n, stuck.Atelier.ID), console(t, n)
	op := share(true)
	answer := write(t.Context(), stuck.Staff, stuck.Atelier.ID, op)
	await(t, "the write waits for the room", func() bool { return waiting(t, watch) >= 1 })
	j := NewJournal()
	d := seated(t, "device", n.Base, free, j)
	alive(t, d)
	drawSafely(free, NewHand(free, 1), d.Storage, 20)
	allAnswered(t, j, d.Storage)
	judge(t, free, j, d)
	if _, err := stuck.Staff.Snapshot(t.Context(), stuck.Atelier.ID); err != nil {
		t.Errorf("reading the stuck room: %v", err)
	}
	release()
	if w := <-answer; w.err != nil || w.receipt.Seq != 1 {
		t.Errorf("the stuck write: %+v", w)
	}
}

// More stuck rooms than connections: whoever needs one is told so, soon, with
// the time to come back, and everything goes on once they are free.
func TestNoConnectionLeftIsSaidSoon(t *testing.T) {
	t.Parallel()
	n := ownNode(t)
	const rooms = 40
	halls := make([]*Hall, rooms)
	ids := make([]uuid.UUID, rooms)
	for i := range halls {
		halls[i] = openHall(t, n, 1)
		ids[i] = halls[i].Atelier.ID
	}
	free := openHall(t, n, 1)
	release, watch := hold(t, n, ids...), console(t, n)
	ctx := within(t)
	ops := make([]Operation, rooms)
	answers := make([]<-chan written, rooms)
	for i, id := range ids {
		ops[i] = share(true)
		answers[i] = write(ctx, halls[i].Staff, id, ops[i])
	}
	// Those that got no connection say so; the others keep all there are.
	await(t, "no connection is left", func() bool {
		answered := 0
		for _, a := range answers {
			answered += len(a)
		}
		return answered >= rooms/4
	})
	stuck := waiting(t, watch)
	var others []<-chan written
	for range 3 {
		others = append(others, write(ctx, free.Staff, free.Atelier.ID, share(true)))
	}
	for _, answer := range others {
		w := <-answer
		var r *refusal
		if !errors.As(w.err, &r) || r.Status != 503 || r.after <= 0 || w.took > 10*time.Second {
			t.Errorf("without a connection: %v after %v, wants to be asked again: %v", w.err, w.took, r)
		}
	}
	release()
	for i, answer := range answers {
		w := <-answer
		if w.err == nil {
			continue
		}
		if p := problemOf(w.err); p == nil || p.Status != 503 {
			t.Errorf("room %d: %v", i, w.err)
		}
		if receipts, err := halls[i].Staff.Write(ctx, ids[i], ops[i:i+1]); err != nil || receipts[0].Seq != 1 {
			t.Errorf("room %d afterwards: %+v %v", i, receipts, err)
		}
	}
	t.Logf("%d of %d writes held a connection", stuck, rooms)
}
