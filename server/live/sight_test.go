package live_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/live"
	"quietude/server/roomtest"
)

// A device may be switched off after any event and come back with what it kept by
// then, to any node, by the stream or by the pages of the log: it ends with what the
// server shows to its reader. What a reader may see changes all the time: tables see
// each other and no longer do, markers are hidden, a resident is erased.
func TestWhateverADeviceKeptItEndsWithAll(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			second := newNode(t, f.store)
			leaves := f.habitant(1)
			residents := []live.Author{f.habitant(1), f.habitant(1), f.habitant(2), f.habitant(2)}
			var devices []*keeper
			for _, who := range append([]live.Author{animateur}, residents...) {
				devices = append(devices, newKeeper(f, viewerOf(who)))
			}
			e := evening{f: f, rand: rand.New(rand.NewPCG(seed, 3)), residents: append(residents, leaves)}
			const moments = 90
			for n := range moments {
				if n == moments*2/3 {
					if _, err := f.hub.Erase(t.Context(), f.atelier, leaves.Participant, leaves); err != nil {
						t.Fatal(err)
					}
					e.residents = residents
				}
				e.next()
				for _, d := range devices { // some hear at once, some of much in one go
					if e.rand.IntN(3) == 0 {
						d.hear()
					}
				}
			}
			if e.shares < 4 {
				t.Fatalf("tables were shown to each other %d times", e.shares)
			}
			for _, d := range devices {
				d.hear()
				for _, hub := range []*live.Hub{f.hub, second} {
					want, err := hub.Snapshot(t.Context(), f.atelier, d.viewer)
					if err != nil {
						t.Fatal(err)
					}
					for at, kept := range d.kept {
						for how, got := range map[string]*roomtest.Replica{"stream": f.byStream(hub, d.viewer, kept), "log": f.byLog(hub, d.viewer, kept)} {
							if got.Seq != want.Seq || got.Hash() != want.Hash || got.Room.Shared != want.Room.Shared {
								t.Fatalf("%+v, off after event %d with number %d, back by the %s: %d %.8s, the server shows %d %.8s",
									d.viewer, at, kept.Seq, how, got.Seq, got.Hash(), want.Seq, want.Hash)
							}
						}
					}
				}
			}
		})
	}
}

// evening does something to a room each time it is asked.
type evening struct {
	f         *fixture
	rand      *rand.Rand
	residents []live.Author
	drawn     []ownMarker
	shared    bool
	shares    int
}

type ownMarker struct {
	id  uuid.UUID
	who live.Author
}

func (e *evening) next() {
	if e.rand.IntN(7) == 0 {
		e.shared = !e.shared
		e.shares++
		e.f.write(e.f.hub, animateur, fmt.Sprintf(`{"id":%q,"kind":"share","shared":%t}`, uuid.New(), e.shared))
		return
	}
	if len(e.drawn) == 0 || e.rand.IntN(3) == 0 {
		m := ownMarker{uuid.New(), e.residents[e.rand.IntN(len(e.residents))]}
		e.drawn = append(e.drawn, m)
		e.f.write(e.f.hub, m.who, add(m.id, e.somewhere()))
		return
	}
	m := e.drawn[e.rand.IntN(len(e.drawn))]
	still := false
	for _, who := range e.residents {
		still = still || who == m.who
	}
	switch kind := []string{"hide", "unhide", "move", "edit", "delete", "restore"}[e.rand.IntN(6)]; {
	case kind == "hide" || kind == "unhide":
		e.f.write(e.f.hub, animateur, on(kind, m.id))
	case !still:
	case kind == "move":
		e.f.write(e.f.hub, m.who, fmt.Sprintf(`{"id":%q,"kind":"move","marker":%q,"geometry":{"type":"Point","coordinates":[%g,45.56]}}`,
			uuid.New(), m.id, e.somewhere()))
	case kind == "edit":
		e.f.write(e.f.hub, m.who, fmt.Sprintf(`{"id":%q,"kind":"edit","marker":%q,"attributes":{"severity":%d,"note":"le soir"}}`,
			uuid.New(), m.id, 1+e.rand.IntN(4)))
	default:
		e.f.write(e.f.hub, m.who, on(kind, m.id))
	}
}

func (e *evening) somewhere() float64 { return 5.901 + float64(e.rand.IntN(18000))/1e6 }

// keeper is a device that stores its replica after every event.
type keeper struct {
	f      *fixture
	viewer live.Viewer
	reader *live.Reader
	now    *roomtest.Replica
	kept   []*roomtest.Replica
}

func replicaOf(v live.Viewer) *roomtest.Replica {
	return roomtest.NewReplica(roomtest.Reader{Staff: v.Staff, Participant: v.Participant, Table: v.Table})
}

func newKeeper(f *fixture, v live.Viewer) *keeper {
	f.t.Helper()
	reader, err := f.hub.Read(f.t.Context(), f.atelier, v, -1)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(reader.Close)
	return &keeper{f: f, viewer: v, reader: reader, now: replicaOf(v)}
}

// hear takes the events of the stream up to the room's last number.
func (k *keeper) hear() {
	k.f.t.Helper()
	k.f.follow(k.f.hub, k.reader, k.now, func() { k.kept = append(k.kept, k.now.Clone()) })
}

// follow applies a reader's events to a replica up to the room's last number.
func (f *fixture) follow(hub *live.Hub, reader *live.Reader, r *roomtest.Replica, after func()) {
	f.t.Helper()
	current, _, err := f.store.Snapshot(f.t.Context(), f.atelier.Territoire, f.atelier.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	for r.Seq < current.Seq {
		events, err := reader.Next(f.t.Context(), time.Minute)
		if err != nil || len(events) == 0 {
			f.t.Fatalf("nothing after %d, the room is at %d: %v", r.Seq, current.Seq, err)
		}
		for _, e := range events {
			switch e.Name {
			case "snapshot":
				f.reset(r, e.Data)
			case "op":
				var entry roomtest.Entry
				if err := json.Unmarshal(e.Data, &entry); err != nil {
					f.t.Fatal(err)
				}
				f.apply(hub, r, entry)
			}
			after()
		}
	}
}

// apply follows the log by one entry, by a snapshot when the replica cannot.
func (f *fixture) apply(hub *live.Hub, r *roomtest.Replica, e roomtest.Entry) {
	f.t.Helper()
	if r.Apply(e) == nil {
		return
	}
	s, err := hub.Snapshot(f.t.Context(), f.atelier, live.Viewer{Staff: r.Staff, Participant: r.Participant, Table: r.Table})
	if err != nil {
		f.t.Fatal(err)
	}
	data, err := json.Marshal(s)
	if err != nil {
		f.t.Fatal(err)
	}
	f.reset(r, data)
}

func (f *fixture) reset(r *roomtest.Replica, data []byte) {
	f.t.Helper()
	var s roomtest.Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		f.t.Fatal(err)
	}
	r.Reset(s)
}

// byStream is what a kept replica becomes by the stream after its number.
func (f *fixture) byStream(hub *live.Hub, v live.Viewer, kept *roomtest.Replica) *roomtest.Replica {
	f.t.Helper()
	reader, err := hub.Read(f.t.Context(), f.atelier, v, kept.Seq)
	if err != nil {
		f.t.Fatal(err)
	}
	defer reader.Close()
	r := kept.Clone()
	f.follow(hub, reader, r, func() {})
	return r
}

// byLog is what a kept replica becomes by the pages of the log after its number.
func (f *fixture) byLog(hub *live.Hub, v live.Viewer, kept *roomtest.Replica) *roomtest.Replica {
	f.t.Helper()
	r := kept.Clone()
	entries, last, err := hub.Entries(f.t.Context(), f.atelier, v, r.Seq, 20)
	for err == nil && r.Seq < last {
		data, _ := json.Marshal(entries) // what the API writes
		var page []roomtest.Entry
		if err := json.Unmarshal(data, &page); err != nil {
			f.t.Fatal(err)
		}
		for _, e := range page {
			f.apply(hub, r, e)
		}
		entries, last, err = hub.Entries(f.t.Context(), f.atelier, v, r.Seq, 20)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return r
}
