package roomtest

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/uuid"
)

// A checker that cannot fail proves nothing: each run of this file is wrong in
// one known way and must be caught.

// count is how often a rule was broken.
func count(found []Violation, r Rule) (n int) {
	for _, v := range found {
		if v.Rule == r {
			n++
		}
	}
	return n
}

// drawSafely draws additions and moves, which nothing refuses.
func drawSafely(h *Hall, hand *Hand, s *Storage, n int) {
	for i := range n {
		m := uuid.New()
		if i%2 == 0 || len(hand.mine) == 0 {
			hand.mine = append(hand.mine, drawn{id: m})
			s.Draw(Operation{ID: uuid.New(), Kind: "add", Marker: &m, Felt: []string{"unsafe", "safe"}[i/2%2], Geometry: hand.geometry(false)})
			continue
		}
		m = hand.mine[len(hand.mine)-1].id
		s.Draw(Operation{ID: uuid.New(), Kind: "move", Marker: &m, Geometry: hand.geometry(false)})
	}
}

// seated is a device of the first table whose requests go to base.
func seated(t *testing.T, name, base string, h *Hall, j *Journal) *Device {
	t.Helper()
	d, err := Sit(within(t), name, base, NewStorage(h.Code(0)), j)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAcknowledgingBeforeCommitIsCaught(t *testing.T) {
	t.Parallel()
	h := openHall(t, sharedNode(t), 1)
	liar, err := NewLiar(h.Staff.Base)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(liar)
	t.Cleanup(front.Close)
	j := NewJournal()
	var devices []*Device
	var hands []*Hand
	draw := func(n int) {
		var stores []*Storage
		for i, d := range devices {
			drawSafely(h, hands[i], d.Storage, n)
			stores = append(stores, d.Storage)
		}
		allAnswered(t, j, stores...)
	}
	for i := range 4 {
		d := seated(t, fmt.Sprint("device ", i), front.URL, h, j)
		alive(t, d)
		devices, hands = append(devices, d), append(hands, NewHand(h, uint64(i)))
	}
	draw(20)
	liar.Settle()
	judge(t, h, j, devices...) // a promise that is kept is no loss

	liar.Hold()
	draw(20)
	if forgotten := liar.Crash(); forgotten == 0 {
		t.Fatal("the server forgot nothing")
	}
	e, err := h.Evidence(within(t), j, devices)
	if err != nil {
		t.Fatal(err)
	}
	if found := Check(e); count(found, Kept) != 4*20 {
		t.Errorf("%d of %d lost operations are found: %v", count(found, Kept), 4*20, found)
	}
}

func TestNewIdentifierOnRetryIsCaught(t *testing.T) {
	t.Parallel()
	node := sharedNode(t)
	h := openHall(t, node, 1)
	network := wifi(t, node)
	j := NewJournal()
	d := seated(t, "device", network.URL(), h, j)
	d.Renew, d.MaxBatch = true, 1
	alive(t, d)
	hand := NewHand(h, 1)
	const lost = 5
	for range lost {
		network.LoseAnswer()
		drawSafely(h, hand, d.Storage, 1)
		allAnswered(t, j, d.Storage)
	}
	e, err := h.Evidence(within(t), j, []*Device{d})
	if err != nil {
		t.Fatal(err)
	}
	if found := Check(e); count(found, Once) != lost || len(found) != lost {
		t.Errorf("%d of %d doubles are found: %v", count(found, Once), lost, found)
	}
}

func TestEveryRuleCanBeBroken(t *testing.T) {
	t.Parallel()
	h := openHall(t, sharedNode(t), 1)
	j := NewJournal()
	d := seated(t, "device", h.Staff.Base, h, j)
	d.MaxBatch = 1
	alive(t, d)
	hand := NewHand(h, 1)
	for range 30 {
		d.Storage.Draw(hand.Next())
	}
	allAnswered(t, j, d.Storage)
	good := judge(t, h, j, d)
	last := len(good.Log) - 1
	for _, c := range []struct {
		name  string
		rule  Rule
		spoil func(*Evidence)
	}{
		{"a line is missing in the middle", Gapless, func(e *Evidence) { e.Log = slices.Delete(e.Log, 5, 6) }},
		{"the last line is missing", Kept, func(e *Evidence) { e.Log = e.Log[:last] }},
		{"a reader has seen the missing line", Prefix, func(e *Evidence) { e.Log = e.Log[:last] }},
		{"a line is there twice", Once, func(e *Evidence) {
			twice := e.Log[3]
			twice.Seq = int64(len(e.Log)) + 1
			e.Log = append(e.Log, twice)
		}},
		{"a line that nobody sent", Asked, func(e *Evidence) { e.Log[4].ID = uuid.New() }},
		{"a refused operation is in the log", Asked, func(e *Evidence) {
			i := slices.IndexFunc(e.Acts, func(a Act) bool { return a.ID == e.Log[4].ID })
			e.Acts[i].Outcome = Refused
		}},
		{"two lines have changed places", Kept, func(e *Evidence) {
			e.Log[2], e.Log[3] = e.Log[3], e.Log[2]
			e.Log[2].Seq, e.Log[3].Seq = 3, 4
		}},
		{"other content", Kept, func(e *Evidence) {
			i := slices.IndexFunc(e.Log, func(l Entry) bool { return l.Geometry != nil })
			moved := *e.Log[i].Geometry
			moved.Ring = append([]Position(nil), moved.Ring...)
			moved.Ring[0][0] += 1e-6
			e.Log[i].Geometry = &moved
		}},
		{"a receipt with another number the second time", Kept, func(e *Evidence) {
			i := slices.IndexFunc(e.Acts, func(a Act) bool { return a.Outcome == Acknowledged })
			e.Acts[i].Moved = 99
		}},
		{"a later operation before an earlier one", Ordered, func(e *Evidence) {
			var done []int
			for i, a := range e.Acts {
				if a.Outcome == Acknowledged {
					done = append(done, i)
				}
			}
			first, second := &e.Acts[done[0]], &e.Acts[done[1]]
			first.Seq, second.Seq = second.Seq, first.Seq
		}},
		{"a reader has lost a marker", OneState, func(e *Evidence) {
			for key, m := range e.Views[0].Replica.Markers {
				if !m.Deleted {
					delete(e.Views[0].Replica.Markers, key)
					return
				}
			}
		}},
		{"a reader has stopped", OneState, func(e *Evidence) { e.Views[0].Replica.Seq-- }},
		{"the server shows a reader something else", OneState, func(e *Evidence) { e.Views[0].Snapshot.Hash = "0" }},
		{"the server's state is not the replay", OneState, func(e *Evidence) { e.Snapshot.Hash = "0" }},
		{"a reader has another room", OneState, func(e *Evidence) { e.Views[0].Replica.Room.Shared = true }},
		{"a reader has seen another operation", Prefix, func(e *Evidence) { e.Views[0].Seen[0].ID = uuid.New() }},
	} {
		e := good
		e.Log, e.Acts, e.Views = slices.Clone(good.Log), slices.Clone(good.Acts), slices.Clone(good.Views)
		e.Views[0].Replica, e.Views[0].Seen = good.Views[0].Replica.Clone(), slices.Clone(good.Views[0].Seen)
		c.spoil(&e)
		if found := Check(e); count(found, c.rule) == 0 {
			t.Errorf("%s: not caught as %q, found %v", c.name, c.rule, found)
		}
	}
}
