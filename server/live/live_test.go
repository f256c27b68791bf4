package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/live"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// The room of these tests lies in one square quartier of about 1.5 km.
const quartierSQL = `
insert into territoire (territoire, nom, emprise)
values ('73065', 'Essai', ST_MakeEnvelope(5.89, 45.54, 5.95, 45.60, 4326));
insert into quartier (territoire, code, nom, nom_court, geom)
values ('73065', 'AA', 'Quartier A', 'A', ST_Multi(ST_MakeEnvelope(5.90, 45.55, 5.92, 45.57, 4326))),
       ('73065', 'BB', 'Quartier B', 'B', ST_Multi(ST_MakeEnvelope(5.92, 45.55, 5.94, 45.57, 4326)))`

type places struct{ store *store.Store }

func (p places) QuartierOf(ctx context.Context, territoire string, at orb.Point) (string, error) {
	return p.store.QuartierAt(ctx, territoire, at)
}

type fixture struct {
	t       *testing.T
	store   *store.Store
	hub     *live.Hub
	atelier atelier.Atelier
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	pool := pgtest.Pool(t)
	if _, err := pool.Exec(t.Context(), quartierSQL); err != nil {
		t.Fatal(err)
	}
	s := store.New(pool)
	a, _, err := s.AddAtelier(t.Context(), atelier.Atelier{Territoire: "73065", ID: uuid.New(), Quartier: "AA", Kind: "atelier",
		Titre: "Essai", StartsAt: time.Now(), ClosesAt: time.Now().Add(12 * time.Hour)}, 2)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t: t, store: s, hub: newNode(t, s), atelier: a}
}

// newNode starts a hub as one server node has it.
func newNode(t *testing.T, s *store.Store) *live.Hub {
	hub := live.NewHub(s, places{s}, slog.New(slog.DiscardHandler), nil)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); hub.Run(ctx) }()
	t.Cleanup(func() { hub.Close(); cancel(); <-done })
	return hub
}

func (f *fixture) habitant(table int) live.Author {
	f.t.Helper()
	p, err := f.store.AddParticipant(f.t.Context(), f.atelier, table, f.atelier.Pseudonym(table, uuid.New()))
	if err != nil {
		f.t.Fatal(err)
	}
	return live.Author{Role: "habitant", Participant: p.ID, Table: table}
}

var animateur = live.Author{Role: "animateur", Staff: true}

func (f *fixture) write(hub *live.Hub, who live.Author, ops ...string) []live.Receipt {
	f.t.Helper()
	var submitted []live.Submitted
	for _, raw := range ops {
		s, err := live.DecodeOperation(json.RawMessage(raw))
		if err != nil {
			f.t.Fatalf("decode %s: %v", raw, err)
		}
		submitted = append(submitted, s)
	}
	receipts, _, err := hub.Write(f.t.Context(), f.atelier, who, submitted)
	if err != nil {
		f.t.Fatalf("write: %v", err)
	}
	return receipts
}

func add(marker uuid.UUID, lon float64) string {
	return fmt.Sprintf(`{"id":%q,"kind":"add","marker":%q,"felt":"unsafe","geometry":{"type":"Point","coordinates":[%g,45.56]},"attributes":{"note":"sombre","moments":["evening"]}}`,
		uuid.New(), marker, lon)
}

func on(kind string, marker uuid.UUID) string {
	return fmt.Sprintf(`{"id":%q,"kind":%q,"marker":%q}`, uuid.New(), kind, marker)
}

func codeOf(r live.Receipt) string {
	if f := fault.As(r.Problem); f != nil {
		return f.Code
	}
	return ""
}

func TestBatchAnswersEachOperationOnItsOwn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	one := f.habitant(1)
	m := uuid.New()
	first := add(m, 5.91)
	got := f.write(f.hub, one, first, add(m, 5.911), on("delete", uuid.New()), add(uuid.New(), 5.93), on("delete", m))
	if got[0].Seq != 1 || codeOf(got[1]) != "marqueur_existe" || codeOf(got[2]) != "marqueur_inconnu" ||
		codeOf(got[3]) != "hors_quartier" || got[4].Seq != 2 {
		t.Fatalf("receipts %+v", got)
	}
	if q := fault.As(got[3].Problem).Extra["quartier"]; q != "BB" {
		t.Errorf("the right quartier is %v, want BB", q)
	}
	again := f.write(f.hub, one, first)
	if again[0].Seq != 1 || !again[0].Again {
		t.Errorf("the same operation again: %+v, want seq 1 again", again[0])
	}
	other := f.write(f.hub, f.habitant(1), first)
	if codeOf(other[0]) != "operation_differente" || fault.As(other[0].Problem).Extra != nil {
		t.Errorf("somebody else's id: %+v, want a conflict that shows nothing", other[0])
	}
}

func TestReadersSeeWhatTheyMay(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	author, neighbour, elsewhere := f.habitant(1), f.habitant(1), f.habitant(2)
	m := uuid.New()
	f.write(f.hub, author, add(m, 5.91))
	view := func(a live.Author) live.WireSnapshot {
		t.Helper()
		s, err := f.hub.Snapshot(t.Context(), f.atelier, live.Viewer{Staff: a.Staff, Participant: a.Participant, Table: a.Table})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := view(author); len(s.Markers) != 1 || s.Markers[0].Attributes["note"] != "sombre" {
		t.Errorf("author sees %+v", s.Markers)
	}
	if s := view(neighbour); len(s.Markers) != 1 || s.Markers[0].Attributes["note"] != nil {
		t.Errorf("neighbour sees %+v, want the marker without its note", s.Markers)
	}
	if s := view(elsewhere); len(s.Markers) != 0 {
		t.Errorf("another table sees %+v", s.Markers)
	}
	f.write(f.hub, animateur, `{"id":"`+uuid.NewString()+`","kind":"share","shared":true}`)
	if s := view(elsewhere); len(s.Markers) != 1 {
		t.Errorf("another table, shared, sees %d markers", len(s.Markers))
	}
	f.write(f.hub, animateur, on("hide", m))
	if s := view(neighbour); len(s.Markers) != 0 {
		t.Errorf("neighbour sees a hidden marker")
	}
	if s := view(author); len(s.Markers) != 1 || !s.Markers[0].Hidden {
		t.Errorf("author no longer sees the own hidden marker")
	}
	entries, _, err := f.hub.Entries(t.Context(), f.atelier, live.Viewer{Participant: neighbour.Participant, Table: 1}, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if entries[0].Kind != "noop" || entries[0].Geometry != nil {
		t.Errorf("the add of a hidden marker is replayed as %+v", entries[0])
	}
}

// What somebody writes about a marker is not for the neighbours, and neither is
// that something was written.
func TestNoteAloneReachesNoNeighbour(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	author, neighbour := f.habitant(1), f.habitant(1)
	m := uuid.New()
	f.write(f.hub, author, add(m, 5.91))
	edit := func(attributes string) {
		t.Helper()
		f.write(f.hub, author, `{"id":"`+uuid.NewString()+`","kind":"edit","marker":"`+m.String()+`","attributes":`+attributes+`}`)
	}
	edit(`{"note":"le soir, personne"}`)
	edit(`{"note":"le soir","severity":3}`)
	entries := func(v live.Viewer) []live.WireEntry {
		t.Helper()
		all, _, err := f.hub.Entries(t.Context(), f.atelier, v, 1, 100)
		if err != nil || len(all) != 2 {
			t.Fatalf("%d entries, %v", len(all), err)
		}
		return all
	}
	seen := entries(live.Viewer{Participant: neighbour.Participant, Table: 1})
	if alone := seen[0]; alone.Kind != "noop" || alone.Marker != nil || alone.ID != nil || alone.Author != nil {
		t.Errorf("a neighbour learns of a note: %+v", alone)
	}
	if both := seen[1]; both.Kind != atelier.Edit || len(both.Attributes) != 1 || both.Attributes["severity"] == nil {
		t.Errorf("a neighbour sees of note and severity: %+v", both)
	}
	for _, e := range entries(live.Viewer{Participant: author.Participant, Table: 1}) {
		if e.Attributes["note"] == nil {
			t.Errorf("the author no longer sees the own note: %+v", e)
		}
	}
}

// A reader at a node that has just copied the room is behind all that this node
// holds in memory: its entries come from PostgreSQL, each once.
func TestEveryNumberFromTheDatabase(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const written = 5
	for i := range written {
		f.write(f.hub, f.habitant(1), add(uuid.New(), 5.91+float64(i)/1000))
	}
	second := newNode(t, f.store)
	for after := range int64(written) {
		reader, err := second.Read(t.Context(), f.atelier, live.Viewer{Staff: true}, after)
		if err != nil {
			t.Fatal(err)
		}
		events, err := reader.Next(t.Context(), 5*time.Second)
		reader.Close()
		var got, want []int64
		for _, e := range events {
			if e.Name == "op" {
				got = append(got, e.ID)
			}
		}
		for seq := after + 1; seq <= written; seq++ {
			want = append(want, seq)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("after %d: %v, want %v (%v)", after, got, want, err)
		}
	}
}

func TestFreezeClosesWithTheHashOfTheReplay(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	one := f.habitant(1)
	for i := range 5 {
		f.write(f.hub, one, add(uuid.New(), 5.91+float64(i)/1000))
	}
	got := f.write(f.hub, animateur, `{"id":"`+uuid.NewString()+`","kind":"freeze"}`)
	if got[0].Seq != 6 {
		t.Fatalf("freeze: %+v", got[0])
	}
	late := f.write(f.hub, one, add(uuid.New(), 5.912))
	if codeOf(late[0]) != "atelier_clos" {
		t.Errorf("after the freeze: %+v", late[0])
	}
	a, markers, err := f.store.Snapshot(t.Context(), f.atelier.Territoire, f.atelier.ID)
	if err != nil {
		t.Fatal(err)
	}
	if want := atelier.CanonicalHash(markers); a.FrozenHash != want || a.State != "closed" {
		t.Errorf("frozen as %q (%s), want %q", a.FrozenHash, a.State, want)
	}
	entries, err := f.store.Operations(t.Context(), f.atelier.Territoire, f.atelier.ID, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	state := live.State{Room: f.atelier.Room, Markers: map[uuid.UUID]atelier.Marker{}}
	var replayed []atelier.Marker
	for _, e := range entries {
		if err := state.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range state.Markers {
		replayed = append(replayed, m)
	}
	if got := atelier.CanonicalHash(replayed); got != a.FrozenHash {
		t.Errorf("the log replays to %s, frozen %s", got, a.FrozenHash)
	}
	counts, err := f.store.Late(t.Context(), f.atelier.Territoire, f.atelier.ID)
	if err != nil || len(counts) != 1 || counts[0].Operations != 1 {
		t.Errorf("late operations %+v, %v; want one of table 1", counts, err)
	}
}

func TestTwoNodesAreOneRoom(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	second := newNode(t, f.store)
	one, two := f.habitant(1), f.habitant(1)
	reader, err := second.Read(t.Context(), f.atelier, live.Viewer{Staff: true}, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	const each = 20
	errs := make(chan error, 2)
	for _, w := range []struct {
		hub *live.Hub
		who live.Author
	}{{f.hub, one}, {second, two}} {
		go func() {
			for range each / 2 {
				m := uuid.New()
				var ops []live.Submitted
				for _, raw := range []string{add(m, 5.91), on("delete", m)} {
					s, err := live.DecodeOperation(json.RawMessage(raw))
					if err != nil {
						errs <- err
						return
					}
					ops = append(ops, s)
				}
				if _, _, err := w.hub.Write(context.Background(), f.atelier, w.who, ops); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	want := int64(0)
	for want < 2*each {
		events, err := reader.Next(ctx, time.Second)
		if err != nil {
			t.Fatalf("after %d: %v", want, err)
		}
		for _, e := range events {
			switch e.Name {
			case "snapshot":
				want = e.ID
			case "op":
				if want++; e.ID != want {
					t.Fatalf("entry %d, want %d: the log has a hole or a repeat", e.ID, want)
				}
			}
		}
	}
}

// TestResidentsCountTheirOwnTable connects a device at each of two tables and
// the animateur's screen.
func TestResidentsCountTheirOwnTable(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, c := range map[string]struct {
		viewer live.Viewer
		want   string
	}{
		"screen":  {live.Viewer{Staff: true}, `{"tables":[{"numero":1,"devices":1},{"numero":2,"devices":1}],"staff":1}`},
		"table 1": {live.Viewer{Participant: uuid.New(), Table: 1}, `{"tables":[{"numero":1,"devices":1}],"staff":0}`},
		"table 2": {live.Viewer{Participant: uuid.New(), Table: 2}, `{"tables":[{"numero":2,"devices":1}],"staff":0}`},
	} {
		reader, err := f.hub.Read(t.Context(), f.atelier, c.viewer, -1)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(reader.Close)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			last := ""
			for last != c.want {
				events, err := reader.Next(ctx, time.Second)
				if err != nil {
					t.Fatalf("told %s, want %s: %v", last, c.want, err)
				}
				for _, e := range events {
					if e.Name != "presence" {
						continue
					}
					if !c.viewer.Staff && strings.Contains(string(e.Data), fmt.Sprintf(`"numero":%d`, 3-c.viewer.Table)) {
						t.Errorf("table %d is told %s", c.viewer.Table, e.Data)
					}
					if string(e.Data) == last {
						t.Errorf("told twice: %s", last)
					}
					last = string(e.Data)
				}
			}
		})
	}
}

// TestADeviceCountsOnce opens a device's tabs on two nodes: two of one seat, one of
// another seat of the same device, one at another table; and a browser that says
// nothing of itself.
func TestADeviceCountsOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	second := newNode(t, f.store)
	open := func(hub *live.Hub, v live.Viewer) *live.Reader {
		t.Helper()
		reader, err := hub.Read(t.Context(), f.atelier, v, -1)
		if err != nil {
			t.Fatal(err)
		}
		return reader
	}
	screen := live.Viewer{Staff: true, Device: uuid.New()}
	screens := map[string]*live.Reader{"this node": open(f.hub, screen)}
	screens["the other"] = open(second, screen)
	tablet, seat := uuid.New(), live.Viewer{Participant: uuid.New(), Table: 1}
	seat.Device = tablet
	neighbour := live.Viewer{Participant: uuid.New(), Table: 1, Device: tablet}
	elsewhere := live.Viewer{Participant: uuid.New(), Table: 2, Device: tablet}
	tabs := []*live.Reader{open(f.hub, seat), open(f.hub, seat), open(second, seat), open(second, neighbour), open(second, elsewhere)}
	unnamed := open(f.hub, live.Viewer{Participant: uuid.New(), Table: 1})
	tell := func(want string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for name, screen := range screens {
			for last := ""; last != want; {
				events, err := screen.Next(ctx, time.Second)
				if err != nil {
					t.Fatalf("%s is told %s, want %s: %v", name, last, want, err)
				}
				for _, e := range events {
					if e.Name == "presence" {
						last = string(e.Data)
					}
				}
			}
		}
	}
	tell(`{"tables":[{"numero":1,"devices":2},{"numero":2,"devices":1}],"staff":1}`)
	unnamed.Close()
	tell(`{"tables":[{"numero":1,"devices":1},{"numero":2,"devices":1}],"staff":1}`)
	// The last tab that is open is the device.
	for _, tab := range tabs[:3] {
		tab.Close()
	}
	tabs[4].Close()
	tell(`{"tables":[{"numero":1,"devices":1}],"staff":1}`)
	tabs[3].Close()
	tell(`{"tables":[],"staff":1}`)
	if devices, err := f.hub.Presence(t.Context(), f.atelier); err != nil || devices[0] != 1 || devices[1] != 0 {
		t.Errorf("at the end %v, %v", devices, err)
	}
}

// TestAStepIsClosedOnItsOwn: the room keeps its last step without a clock, on every
// node and from the database, and tables go on drawing.
func TestAStepIsClosedOnItsOwn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	second := newNode(t, f.store)
	room := func(hub *live.Hub) live.WireRoom {
		t.Helper()
		s, err := hub.Snapshot(t.Context(), f.atelier, live.Viewer{Participant: uuid.New(), Table: 1})
		if err != nil {
			t.Fatal(err)
		}
		return s.Room
	}
	step := func(kind string, n int) string {
		return fmt.Sprintf(`{"id":%q,"kind":%q,"step":%d}`, uuid.New(), kind, n)
	}
	resident := f.habitant(1)
	f.write(f.hub, animateur, fmt.Sprintf(`{"id":%q,"kind":"step","step":4,"minutes":35}`, uuid.New()))
	if r := room(second); r.StepAt == nil || r.StepMinutes != 35 {
		t.Fatalf("open: %+v", r)
	}
	for op, want := range map[string]string{
		step("step_close", 8): "valeur_inconnue",
		fmt.Sprintf(`{"id":%q,"kind":"step_close"}`, uuid.New()):                      "champ_absent",
		fmt.Sprintf(`{"id":%q,"kind":"step_close","step":4,"minutes":5}`, uuid.New()): "champ_en_trop",
	} {
		if got := codeOf(f.write(f.hub, animateur, op)[0]); got != want {
			t.Errorf("%s: %q, want %q", op, got, want)
		}
	}
	if got := codeOf(f.write(f.hub, resident, step("step_close", 4))[0]); got != "reserve_animateur" {
		t.Errorf("by a resident: %q", got)
	}
	// Another one than the open step: somebody else was faster, nothing happens.
	f.write(f.hub, animateur, step("step_close", 3))
	if r := room(f.hub); r.StepAt == nil {
		t.Errorf("the open step was closed with another one: %+v", r)
	}
	f.write(second, animateur, step("step_close", 4))
	for name, hub := range map[string]*live.Hub{"this node": f.hub, "the other": second, "from the database": newNode(t, f.store)} {
		if r := room(hub); r.State != "open" || r.Step != 4 || r.StepAt != nil || r.StepMinutes != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := f.write(f.hub, resident, add(uuid.New(), 5.91))[0]; r.Problem != nil {
		t.Errorf("a mark between two steps: %v", r.Problem)
	}
	f.write(f.hub, animateur, step("step", 5))
	if r := room(second); r.Step != 5 || r.StepAt == nil {
		t.Errorf("the next step: %+v", r)
	}
}
