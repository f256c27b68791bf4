package roomtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"
)

// phone is a resident's device in a test: what survives its crashes, its Wi-Fi,
// and its present life.
type phone struct {
	t       *testing.T
	name    string
	storage *Storage
	wifi    *Proxy
	hand    *Hand
	journal *Journal
	device  *Device
	end     func()
}

// wifi is a network to a node.
func wifi(t *testing.T, n *Node) *Proxy {
	t.Helper()
	p, err := NewProxy(n.Host())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// arrive seats a resident with a hand at a table and switches the phone on.
func arrive(t *testing.T, name string, n *Node, code string, hand *Hand, j *Journal) *phone {
	t.Helper()
	p := &phone{t: t, name: name, storage: NewStorage(code), wifi: wifi(t, n), hand: hand, journal: j}
	p.switchOn()
	return p
}

// second is arrive for a second device of somebody who is there already.
func (p *phone) second(name string, n *Node) *phone {
	p.t.Helper()
	link, err := p.device.posts.Link(p.t.Context(), p.device.Atelier)
	if err != nil {
		p.t.Fatal(err)
	}
	o := &phone{t: p.t, name: name, storage: NewStorage(p.storage.Code), wifi: wifi(p.t, n), hand: p.hand, journal: p.journal}
	o.storage.Link = link
	o.switchOn()
	if o.device.replica.Participant != p.device.replica.Participant {
		p.t.Fatal("the second device is another participant")
	}
	return o
}

// switchOn begins a life from what the storage holds.
func (p *phone) switchOn() {
	p.t.Helper()
	d, err := Sit(within(p.t), p.name, p.wifi.URL(), p.storage, p.journal)
	if err != nil {
		p.t.Fatal(err)
	}
	p.device, p.end = d, alive(p.t, d)
}

// crash ends a life and begins the next one.
func (p *phone) crash() {
	p.t.Helper()
	p.end()
	p.switchOn()
}

// draw draws n operations at a person's pace, on average one per every, until
// ctx ends.
func (p *phone) draw(ctx context.Context, n int, every time.Duration) {
	for range n {
		p.storage.Draw(p.hand.Next())
		select {
		case <-ctx.Done():
			return
		case <-time.After(rand.N(2 * every)):
		}
	}
}

// awaitAnswers waits until a run has had so many answers.
func awaitAnswers(t *testing.T, j *Journal, n int) {
	t.Helper()
	deadline := time.After(patience)
	for {
		done, changed := j.Answered()
		if done >= n {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%d answers, waiting for %d", done, n)
		}
	}
}

// await polls what no channel tells.
func await(t *testing.T, what string, happened func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for !happened() {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-deadline:
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// The evening of the worst kind: everything that can break breaks while twenty
// devices draw, and nothing that was acknowledged may be missing or be there
// twice.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	const phones, each, pace = 20, 200, 25 * time.Millisecond
	node := ownNode(t)
	office := wifi(t, node)
	h, err := OpenHall(t.Context(), office.URL(), animateur(t, node), 4)
	if err != nil {
		t.Fatal(err)
	}
	j := NewJournal()
	if err := h.Share(t.Context(), j, true); err != nil {
		t.Fatal(err)
	}
	screen := NewDevice("screen", office.URL(), h.Staff.Cookie, h.Atelier.ID, j)
	alive(t, screen)
	var all []*phone
	for i := range phones {
		name := fmt.Sprint("phone ", i)
		if i >= phones-2 { // the last two continue as the first two
			all = append(all, all[i-phones+2].second(name, node))
			continue
		}
		all = append(all, arrive(t, name, node, h.Code(i), NewHand(h, uint64(i)), j))
	}
	restart := func() {
		t.Helper()
		node.Kill()
		node = startNode(t, node.data)
		office.Aim(node.Host())
		for _, p := range all {
			p.wifi.Aim(node.Host())
		}
	}
	// It has no second device, and its hand none either.
	dead, buried := all[7], make(chan struct{})
	var drawing sync.WaitGroup
	for _, p := range all {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if p == dead {
			go func() { <-buried; cancel() }()
		}
		drawing.Go(func() { p.draw(ctx, each, pace) })
	}

	const total = phones * each
	awaitAnswers(t, j, total*10/100)
	for _, p := range all { // first cut: committed, and the answer never arrives
		p.wifi.LoseAnswer()
	}
	awaitAnswers(t, j, total*20/100)
	restart()
	awaitAnswers(t, j, total*30/100)
	for _, p := range all { // second cut: in the middle of whatever goes through
		p.wifi.Cut()
	}
	awaitAnswers(t, j, total*40/100)
	gone := dead.wifi.Lost()
	dead.wifi.LoseLastAnswer() // what it does not know, nobody will ever ask again
	await(t, "the last answer to the dead phone", func() bool { return dead.wifi.Lost() > gone })
	dead.end()
	close(buried)
	if err := node.SignalPostgreSQL(within(t), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	awaitAnswers(t, j, total*50/100)
	for _, p := range all[:3] {
		p.crash()
	}
	awaitAnswers(t, j, total*55/100)
	restart()
	awaitAnswers(t, j, total*65/100)
	for _, p := range all { // third cut: no network for a while
		p.wifi.Offline(true)
	}
	time.AfterFunc(300*time.Millisecond, func() {
		for _, p := range all {
			p.wifi.Offline(false)
		}
	})
	drawing.Wait()

	var stores []*Storage
	devices := []*Device{screen}
	lost, resumed := 0, 0
	for _, p := range all {
		if p == dead {
			continue
		}
		stores, devices = append(stores, p.storage), append(devices, p.device)
		lost += p.wifi.Lost()
		resumed += p.device.Resumes()
	}
	allAnswered(t, j, stores...)
	if r, err := h.Direct(t.Context(), j, Operation{Kind: "freeze"}); err != nil || r.Problem != nil {
		t.Fatalf("freeze: %v %v", err, r.Problem)
	}
	e := judge(t, h, j, devices...)
	if e.Snapshot.Room.FrozenHash != e.Snapshot.Hash {
		t.Errorf("frozen as %s, the state is %s", e.Snapshot.Room.FrozenHash, e.Snapshot.Hash)
	}

	// The run must have been as bad as it claims.
	again := 0
	for _, a := range e.Acts {
		again += a.Again
		if a.Outcome == Unknown && a.Device != dead.name {
			t.Errorf("%s does not know what became of its %s", a.Device, a.Kind)
		}
	}
	tally := Tally(e.Acts)
	if lost < phones/2 || again == 0 || resumed < 2*phones || tally[Acknowledged] < total*80/100 || tally[Refused] == 0 || tally[Unknown] == 0 {
		t.Errorf("too quiet an evening: %d answers lost, %d repeated, %d streams resumed, outcomes %v", lost, again, resumed, tally)
	}
	t.Logf("%d entries; acknowledged %d, refused %d, unknown %d; %d answers lost, %d repeated receipts, %d streams resumed",
		len(e.Log), tally[Acknowledged], tally[Refused], tally[Unknown], lost, again, resumed)
}
