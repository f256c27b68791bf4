package roomtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// Whoever comes late holds what the others hold, at whatever number they come,
// from a snapshot or from the number at which they left, while the animateur
// hides markers and opens and closes the view between tables.
func TestLateJoinersHoldWhatTheOthersHold(t *testing.T) {
	t.Parallel()
	const phones, each = 6, 120
	node := sharedNode(t)
	h := openHall(t, node, 2)
	j := NewJournal()
	screen := NewDevice("screen", node.Base, h.Staff.Cookie, h.Atelier.ID, j)
	alive(t, screen)
	var all []*phone
	var drawing sync.WaitGroup
	for i := range phones {
		hand := NewHand(h, uint64(100+i))
		hand.Notes = true
		p := arrive(t, fmt.Sprint("phone ", i), node, h.Code(i), hand, j)
		all = append(all, p)
		drawing.Go(func() { p.draw(t.Context(), each, 10*time.Millisecond) })
	}
	leading, stop := context.WithCancel(t.Context())
	var led sync.WaitGroup
	led.Go(func() { lead(leading, t, h, j, screen) })

	devices := []*Device{screen}
	draw := rand.New(rand.NewPCG(5, 7))
	for _, at := range chances(draw, 6, phones*each) {
		awaitAnswers(t, j, at)
		d := seated(t, fmt.Sprint("late at ", at), node.Base, h, j)
		alive(t, d)
		devices = append(devices, d)
	}
	// These leave at some number and come back when all is over.
	var left []*Device
	for _, p := range all[:3] {
		d := seated(t, "back "+p.name, node.Base, h, j)
		end := alive(t, d)
		if err := d.Await(within(t), int64(1+draw.IntN(phones*each/2))); err != nil {
			t.Fatal(err)
		}
		end()
		left = append(left, d)
	}
	drawing.Wait()
	stop()
	led.Wait()
	var stores []*Storage
	for _, p := range all {
		stores, devices = append(stores, p.storage), append(devices, p.device)
	}
	allAnswered(t, j, stores...)
	for _, d := range left {
		back, err := Sit(within(t), d.Name, node.Base, d.Storage, j)
		if err != nil {
			t.Fatal(err)
		}
		back.Resume(d.Replica())
		alive(t, back)
		devices = append(devices, back)
	}
	for _, p := range all[:2] { // from the very first entry
		d := seated(t, "from nothing as "+p.name, node.Base, h, j)
		empty := NewReplica(d.Replica().Reader)
		empty.Room = h.Start
		d.Resume(empty)
		alive(t, d)
		devices = append(devices, d)
	}
	e := judge(t, h, j, devices...)
	kinds := map[string]int{}
	for _, l := range e.Log {
		kinds[l.Kind]++
	}
	if kinds["hide"] == 0 || kinds["unhide"] == 0 || kinds["share"] < 3 || kinds["restore"] == 0 || kinds["table_close"] == 0 {
		t.Errorf("too quiet an evening: %v", kinds)
	}
	t.Logf("%d readers, %v", len(devices), kinds)
}

// chances are n numbers below limit, in order.
func chances(r *rand.Rand, n, limit int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = (limit*i + r.IntN(limit)) / n
	}
	return out
}

// lead is an animateur who never rests: hides, unhides, shares, closes tables
// and opens them again, until ctx ends and each has been done at least so often
// that it means something: on a busy machine others may have drawn all they had
// before the second round. At the end every table is open.
func lead(ctx context.Context, t *testing.T, h *Hall, j *Journal, screen *Device) {
	done := map[string]int{}
	direct := func(op Operation) {
		if r, err := h.Direct(t.Context(), j, op); err != nil {
			t.Error(err)
		} else if r.Problem == nil {
			done[op.Kind]++
		}
	}
	enough := func() bool { return done["share"] >= 3 && done["unhide"] > 0 && done["table_close"] > 0 }
	shared := false
	for n := 0; (ctx.Err() == nil || !enough()) && !t.Failed(); n++ {
		for _, m := range screen.Replica().Markers { // any of them
			if m.Hidden == (n%3 == 0) {
				direct(Operation{Kind: map[bool]string{false: "hide", true: "unhide"}[m.Hidden], Marker: &m.ID})
				break
			}
		}
		switch n % 6 {
		case 1:
			shared = !shared
			direct(Operation{Kind: "share", Shared: &shared})
		case 3:
			direct(Operation{Kind: "table_close", Table: 1 + n/6%2})
		case 4:
			direct(Operation{Kind: "table_open", Table: 1})
			direct(Operation{Kind: "table_open", Table: 2})
		}
		select {
		case <-ctx.Done():
		case <-time.After(15 * time.Millisecond):
		}
	}
	for table := range 2 {
		direct(Operation{Kind: "table_open", Table: table + 1})
	}
}

// The freeze falls into the middle of everybody's drawing.
func TestNothingEntersAfterTheFreeze(t *testing.T) {
	t.Parallel()
	const phones, each = 8, 60
	node := sharedNode(t)
	h := openHall(t, node, 2)
	j := NewJournal()
	var all []*phone
	var stores []*Storage
	var drawing sync.WaitGroup
	for i := range phones {
		p := arrive(t, fmt.Sprint("phone ", i), node, h.Code(i), NewHand(h, uint64(200+i)), j)
		all, stores = append(all, p), append(stores, p.storage)
		drawing.Go(func() { p.draw(t.Context(), each, 10*time.Millisecond) })
	}
	awaitAnswers(t, j, phones*each/2)
	frozen, err := h.Direct(t.Context(), j, Operation{Kind: "freeze"})
	if err != nil || frozen.Problem != nil {
		t.Fatalf("freeze: %v %v", err, frozen.Problem)
	}
	drawing.Wait()
	allAnswered(t, j, stores...)
	var devices []*Device
	for _, p := range all {
		devices = append(devices, p.device)
	}
	e := judge(t, h, j, devices...)
	if last := e.Log[len(e.Log)-1]; last.Kind != "freeze" || last.Seq != frozen.Seq || last.Hash != e.Snapshot.Hash {
		t.Errorf("the log ends with %+v, the freeze is %d, the state %s", last, frozen.Seq, e.Snapshot.Hash)
	}
	parked := Tally(e.Acts)[Parked]
	kept := 0
	for _, s := range stores {
		kept += len(s.Parked())
	}
	late, err := h.Staff.Late(t.Context(), h.Atelier.ID)
	if err != nil || late != parked || kept != parked || parked == 0 {
		t.Errorf("%d operations came too late, %d are kept on devices, the animateur is told %d (%v)", parked, kept, late, err)
	}
	if _, err := h.Staff.Join(t.Context(), h.Code(0), NewStorage("").Secret, ""); problemOf(err) == nil || problemOf(err).Status != 410 {
		t.Errorf("the code still opens the table: %v", err)
	}
}
