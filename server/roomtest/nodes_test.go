package roomtest

import (
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// console is a connection to a node's private database, as its administrator
// could open one on the same machine.
func console(t *testing.T, n *Node) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), n.DatabaseURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(t.Context()) })
	return c
}

// Two nodes on one database are one room: half of the devices write and read
// through each, the connections to the database are cut, PostgreSQL restarts,
// and one node dies in the middle.
func TestTwoNodesAreOneRoom(t *testing.T) {
	t.Parallel()
	const phones, each = 10, 120
	first := ownNode(t)
	second := startNode(t, "", "--database-url", first.DatabaseURL())
	h := openHall(t, first, 2)
	j := NewJournal()
	if err := h.Share(t.Context(), j, true); err != nil {
		t.Fatal(err)
	}
	nodes := []*Node{first, second}
	var all []*phone
	var stores []*Storage
	var devices []*Device
	for _, n := range nodes {
		d := NewDevice("screen of "+n.Base, n.Base, h.Staff.Cookie, h.Atelier.ID, j)
		if n == first {
			devices = append(devices, d)
		}
		alive(t, d)
	}
	var drawing sync.WaitGroup
	for i := range phones {
		p := arrive(t, fmt.Sprint("phone ", i), nodes[i%2], h.Code(i), NewHand(h, uint64(300+i)), j)
		all, stores = append(all, p), append(stores, p.storage)
		drawing.Go(func() { p.draw(t.Context(), each, 25*time.Millisecond) })
	}
	awaitAnswers(t, j, phones*each*2/10)
	cut := console(t, first)
	if _, err := cut.Exec(t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity
		where application_name = 'quietude' and pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	awaitAnswers(t, j, phones*each*4/10)
	if err := first.SignalPostgreSQL(within(t), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	awaitAnswers(t, j, phones*each*7/10)
	second.Kill()
	for _, p := range all {
		p.wifi.Aim(first.Host())
	}
	drawing.Wait()
	allAnswered(t, j, stores...)
	for _, p := range all {
		devices = append(devices, p.device)
	}
	e := judge(t, h, j, devices...)
	tally := Tally(e.Acts)
	if tally[Unknown] != 0 || tally[Acknowledged] < phones*each*8/10 {
		t.Errorf("outcomes %v", tally)
	}
}

// While the database restarts the service says 503 with Retry-After, and
// nobody restarts the service.
func TestServiceReturnsByItself(t *testing.T) {
	t.Parallel()
	n := ownNode(t)
	h := openHall(t, n, 1)
	pid, err := n.postmaster()
	if err != nil {
		t.Fatal(err)
	}
	// Stopped, it keeps connections open and answers nothing.
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	refused := 0
	await(t, "the service is back", func() bool {
		start := time.Now()
		_, err := h.Staff.Snapshot(t.Context(), h.Atelier.ID)
		if took := time.Since(start); took > 15*time.Second {
			t.Errorf("an answer took %v", took)
		}
		if err != nil {
			p := problemOf(err)
			if p == nil || p.Status != 503 {
				t.Fatalf("while the database is away: %v", err)
			}
			refused++
			return false
		}
		now, err := n.postmaster()
		return err == nil && now != pid && h.Staff.Ready(t.Context())
	})
	t.Logf("%d requests were refused meanwhile", refused)
}
