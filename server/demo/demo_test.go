package demo

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/importer"
	"quietude/server/live"
	"quietude/server/pgtest"
	"quietude/server/store"
)

var today = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

func chambery(t *testing.T) (*store.Store, *pgxpool.Pool) {
	t.Helper()
	pool := pgtest.Pool(t)
	s := store.New(pool)
	if _, err := importer.LoadChambery(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s, pool
}

func readChambery(t *testing.T, s *store.Store) city {
	t.Helper()
	place, err := s.Territoire(t.Context(), importer.Chambery)
	if err != nil {
		t.Fatal(err)
	}
	c, err := readCity(t.Context(), s, place)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFictionIsDeterministic(t *testing.T) {
	t.Parallel()
	s, _ := chambery(t)
	c := readChambery(t, s)
	invented := func(o Options) store.Fiction {
		f, err := invent(c, o)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	one := invented(Options{Now: today})
	if !reflect.DeepEqual(one, invented(Options{Now: today})) {
		t.Error("the same seed and moment give another fiction")
	}
	earlier := invented(Options{Now: today.Add(-10 * time.Hour)}) // the same local day
	for i, e := range earlier.Evenings {
		if e.Atelier.State == "closed" && !reflect.DeepEqual(e, one.Evenings[i]) {
			t.Errorf("the past evening of %s depends on the hour", e.Atelier.Quartier)
		}
	}
	if !reflect.DeepEqual(one.Signalements, earlier.Signalements) {
		t.Error("the same seed and day give other signalements")
	}
	other := invented(Options{Now: today, Seed: 1})
	if reflect.DeepEqual(one.Signalements[0], other.Signalements[0]) || reflect.DeepEqual(one.Evenings[0].Markers, other.Evenings[0].Markers) {
		t.Error("another seed gives the same fiction")
	}
	tomorrow := invented(Options{Now: today.AddDate(0, 0, 1)})
	if tomorrow.Evenings[0].Atelier.ID != one.Evenings[0].Atelier.ID {
		t.Error("ateliers have another address on another day")
	}
}

// TestPromisesAreNotAllKept: what became of the constats is worth a look. Some were
// decided about late, some wait for more than half a year, actions are overdue,
// refused, given up, and in one place residents say that it is better.
func TestPromisesAreNotAllKept(t *testing.T) {
	t.Parallel()
	s, _ := chambery(t)
	f, err := invent(readChambery(t, s), Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	var meetings []atelier.Atelier
	var findings []atelier.Finding
	var actions []atelier.Action
	history, stands := map[uuid.UUID][]atelier.ActionEvent{}, map[uuid.UUID]bool{}
	for _, e := range f.Evenings {
		meetings, findings = append(meetings, e.Atelier), append(findings, e.Findings...)
		for _, a := range e.Actions {
			actions, history[a.ID] = append(actions, a.Action), a.Events
			for _, id := range a.Findings {
				stands[id] = stands[id] || a.State.Answers()
			}
			if needs := a.State == atelier.Refused || a.State == atelier.Abandoned || a.State == atelier.Forwarded; needs && a.Reason == "" || !a.Demo {
				t.Errorf("%s, %s: without its reason, or without the mark of fiction", a.Titre, a.State)
			}
		}
	}
	for i := range findings {
		findings[i].Answered = stands[findings[i].ID]
	}
	n := atelier.Indicate(civilDay(today), meetings, findings, actions, history)
	if n.Findings != 39 || n.Answered != 38 || n.Due != 34 || n.InTime != 29 || n.Late != 7 || n.ByState[atelier.Verified] != 1 ||
		n.ByState[atelier.Refused] < 2 || n.ByState[atelier.Abandoned] != 1 {
		t.Errorf("%+v", n)
	}
}

func TestSignalementsArePlausible(t *testing.T) {
	t.Parallel()
	s, _ := chambery(t)
	c := readChambery(t, s)
	f, err := invent(c, Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Signalements) != 6000 {
		t.Fatalf("%d signalements, want 6000", len(f.Signalements))
	}
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, c.zone)
	byTheme, byQuartier, bruits, nocturnal := map[atelier.Theme]int{}, map[string]int{}, 0, 0
	ids := map[uuid.UUID]bool{}
	for i := range f.Signalements {
		v := &f.Signalements[i]
		if err := v.Check(today); err != nil {
			t.Fatalf("signalement %d would be refused: %v", i, err)
		}
		if v.OccurredFrom.Before(midnight.AddDate(-3, 0, 0)) || !v.OccurredTo.Before(midnight) || v.ReceivedAt.After(midnight) || v.ReceivedAt.Before(v.OccurredTo) {
			t.Fatalf("signalement %d happened from %s to %s, received %s", i, v.OccurredFrom, v.OccurredTo, v.ReceivedAt)
		}
		code, _ := c.locator.Locate(v.Position)
		cell, err := hexgrid.CellOf(v.Position, hexgrid.Stored)
		if err != nil || cell != v.Cell || code != v.Quartier || !c.Emprise.Contains(v.Position) || v.Position != geo.Snap(v.Position) {
			t.Fatalf("signalement %d: place and what is said of it differ (%v)", i, err)
		}
		if v.Note != "" || !v.Demo || v.Origin != "demo" || ids[v.ID] {
			t.Fatalf("signalement %d: a text, no mark of fiction, or a repeated id", i)
		}
		ids[v.ID] = true
		byTheme[v.Theme]++
		byQuartier[v.Quartier]++
		if v.Theme == "BRU" {
			bruits++
			if h := v.OccurredFrom.In(c.zone).Hour(); h >= 18 || h < 4 {
				nocturnal++
			}
		}
	}
	for _, theme := range atelier.Themes {
		if byTheme[theme] < 60 {
			t.Errorf("%s: only %d", theme, byTheme[theme])
		}
	}
	for _, a := range c.areas {
		if byQuartier[a.Code] < 150 {
			t.Errorf("%s: only %d", a.Code, byQuartier[a.Code])
		}
	}
	if byQuartier[""] > 300 {
		t.Errorf("%d are outside every quartier", byQuartier[""])
	}
	if nocturnal*10 < bruits*7 {
		t.Errorf("noise: %d of %d in the evening or at night", nocturnal, bruits)
	}
}

// TestLogsReplay: replaying each stored log, entry by entry, gives the stored
// markers, the stored room and the hash of the freeze.
func TestLogsReplay(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	start := time.Now()
	loaded, err := Load(t.Context(), s, Options{Territoire: importer.Chambery, Dir: t.TempDir(), Now: today})
	if err != nil || !loaded.Created || loaded.Ateliers != 13 {
		t.Fatalf("%+v, %v", loaded, err)
	}
	t.Logf("loaded in %s: %+v", time.Since(start), loaded)
	all, err := s.Ateliers(t.Context(), importer.Chambery, "")
	if err != nil {
		t.Fatal(err)
	}
	perQuartier, open, meetings := map[string]int{}, 0, 0
	for _, a := range all {
		perQuartier[a.Quartier]++
		if a.State == "open" {
			open++
			if a.StartsAt.After(today) || a.StartsAt.Before(today.Add(-2*time.Hour)) || !a.ClosesAt.After(today.AddDate(0, 0, 3)) {
				t.Errorf("the open atelier of %s is from %s to %s", a.Quartier, a.StartsAt, a.ClosesAt)
			}
			if a.StepAt == nil || !a.StepAt.Add(drawnAlready).Equal(today) || a.StepMinutes != 45 || len(a.Plan) != 7 {
				t.Errorf("the open atelier of %s is at step %d since %v, for %d minutes of %v", a.Quartier, a.Step, a.StepAt, a.StepMinutes, a.Plan)
			}
		}
		if a.State == "prepared" {
			coming(t, s, a)
		} else if a.Kind == "reunion" {
			if meetings++; len(a.Seats) != 1 || a.Participants < 4 || a.Markers != 0 || a.State != "closed" {
				t.Errorf("réunion of %s: %d tables, %d residents, %d markers, %s", a.Quartier, len(a.Seats), a.Participants, a.Markers, a.State)
			}
		} else if len(a.Seats) != 4 || a.Participants < 16 || a.Participants > 24 || a.Markers < 50 {
			t.Errorf("%s: %d tables, %d residents, %d markers", a.Quartier, len(a.Seats), a.Participants, a.Markers)
		}
		replay(t, s, a)
	}
	if len(perQuartier) != 7 || open != 2 || meetings != 2 {
		t.Errorf("ateliers in %d quartiers, %d open, %d réunions; want 7, 2 and 2", len(perQuartier), open, meetings)
	}
	// Footprints and anchors are what the geometries give.
	for query, want := range map[string]int{
		"select count(*) from marker m where not ST_Covers(ST_Envelope(m.geom), m.anchor)":                                                                                           0,
		"select count(*) from marker m where not exists (select from marker_cell c where (c.territoire, c.atelier, c.marker) = (m.territoire, m.atelier, m.id))":                     0,
		"select count(*) from marker m join atelier a on a.id = m.atelier where m.quartier <> a.quartier":                                                                            0,
		"select count(*) from marker m where (select code from quartier q where ST_DWithin(q.geom, m.anchor, 1e-9) order by code collate \"C\" limit 1) is distinct from m.quartier": 0,
		"select count(*) from operation o where o.at > '2026-11-23 15:00Z'":                                                                                                          0,
		// What the tables of past evenings said was read, but of the newest.
		"select count(*) from remark r join atelier a on a.id = r.atelier where a.state = 'closed' and not exists (select from texte_lu t where t.objet_id = r.id)": 16,
		// An open evening has one constat without an answer, one refused, one transmitted, and dots.
		"select count(*) from finding f join atelier a on a.id = f.atelier where a.state = 'open' and not exists (select from action_finding x where x.finding = f.id)":                                                       2,
		"select count(*) from action x join atelier a on a.id = x.atelier where a.state = 'open' and x.state in ('refused', 'forwarded')":                                                                                     4,
		"select count(*) from action x where created_at > '2026-11-23 15:00Z' or updated_at > '2026-11-23 15:00Z'":                                                                                                            0,
		"select count(distinct f.atelier) from vote v join finding f on f.id = v.finding where v.dots > 0":                                                                                                                    11,
		"select count(*) from (select from vote group by atelier, participant having sum(dots) > 5) much":                                                                                                                     0,
		"select count(*) from marker where note is not null":                                                                                                                                                                  0,
		"select count(*) from territoire where demo":                                                                                                                                                                          1,
		"select count(*) from (select participant from marker where not deleted group by atelier, participant, felt having count(*) > 15) p":                                                                                  0,
		"select count(*) from signalement where not demo or origin <> 'demo'":                                                                                                                                                 0,
		"select count(*) from (select c.atelier, c.cell from marker_cell c join marker m on (m.atelier, m.id) = (c.atelier, c.marker) where not deleted group by 1, 2 having count(distinct felt) = 2 limit 5) contested":     5,
		"select count(*) from (select c.atelier, c.cell from marker_cell c join marker m on (m.atelier, m.id) = (c.atelier, c.marker) where not deleted group by 1, 2 having count(distinct participant) > 3 limit 5) shared": 5,
	} {
		var got int
		if err := pool.QueryRow(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, want %d (%v)", query, got, want, err)
		}
	}
}

// coming looks at an evening that is being prepared: who was invited has answered or
// not, and who comes has a place.
func coming(t *testing.T, s *store.Store, a atelier.Atelier) {
	t.Helper()
	if !a.StartsAt.After(today) || a.Participants != 0 || a.Seq != 0 {
		t.Errorf("%s: the coming evening is on %s, with %d residents and %d entries", a.Quartier, a.StartsAt, a.Participants, a.Seq)
	}
	invited, err := s.Invitations(t.Context(), a.Territoire, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := guests
	if a.Kind == "reunion" {
		want = meetingGuests
	}
	said := map[string]int{}
	for _, v := range invited {
		said[v.Answer]++
		if v.AnsweredAt != nil && (v.AnsweredAt.Before(*v.SentAt) || v.AnsweredAt.After(today)) || !strings.HasPrefix(v.Nom, "Personne fictive") || len(v.Code) != atelier.InvitationCodeLength {
			t.Errorf("%s: the invitation %+v", a.Quartier, v)
		}
	}
	if len(invited) != want || said["yes"] != (3*want+4)/5 || said["no"] == 0 || said[""] == 0 {
		t.Errorf("%s: of %d invited %v", a.Quartier, len(invited), said)
	}
}

func replay(t *testing.T, s *store.Store, a atelier.Atelier) {
	t.Helper()
	entries, err := s.Operations(t.Context(), a.Territoire, a.ID, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	stored, markers, err := s.Snapshot(t.Context(), a.Territoire, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	state := live.State{Markers: map[uuid.UUID]atelier.Marker{}, Room: atelier.Room{State: "prepared"}}
	for n := 1; n <= len(a.Seats); n++ {
		state.Room.Tables = append(state.Room.Tables, atelier.TableState{Numero: n, Open: true})
	}
	frozen := ""
	for i, e := range entries {
		if e.Seq != int64(i+1) {
			t.Fatalf("%s: entry %d has number %d", a.Quartier, i+1, e.Seq)
		}
		if i > 0 && e.At.Before(entries[i-1].At) {
			t.Fatalf("%s: entry %d is older than the one before", a.Quartier, e.Seq)
		}
		if e.Kind == atelier.Freeze {
			frozen = atelier.CanonicalHash(living(state))
		}
		if err := state.Apply(e); err != nil {
			t.Fatalf("%s: %v", a.Quartier, err)
		}
	}
	if state.Seq != stored.Seq || atelier.CanonicalText(living(state)) != atelier.CanonicalText(markers) {
		t.Errorf("%s: the log leads elsewhere than the stored markers", a.Quartier)
	}
	if state.Room.State != stored.State || state.Room.Step != stored.Step || state.Room.Shared != stored.Shared || state.Room.FrozenHash != stored.FrozenHash {
		t.Errorf("%s: the log leads to the room %+v, stored %+v", a.Quartier, state.Room, stored.Room)
	}
	if (stored.State == "closed") != (frozen != "") || frozen != stored.FrozenHash {
		t.Errorf("%s: state %s, hash at the freeze %q, stored %q", a.Quartier, stored.State, frozen, stored.FrozenHash)
	}
	for _, m := range markers {
		again := state.Markers[m.ID]
		if again.Deleted != m.Deleted || again.Seq != m.Seq || again.GeometrySeq != m.GeometrySeq || again.ExistenceSeq != m.ExistenceSeq ||
			again.Author != m.Author || again.Table != m.Table || !reflect.DeepEqual(again.AttributeSeqs, m.AttributeSeqs) {
			t.Fatalf("%s: marker replayed as %+v, stored %+v", a.Quartier, again, m)
		}
		if !slices.Contains(m.Cells, m.Cell) && !strings.HasPrefix(m.Geometry.GeoJSONType(), "Poly") {
			t.Fatalf("%s: a point outside its footprint", a.Quartier)
		}
	}
}

func living(s live.State) []atelier.Marker {
	out := make([]atelier.Marker, 0, len(s.Markers))
	for _, m := range s.Markers {
		out = append(out, m)
	}
	return out
}

func TestLoadTwiceAndLostFile(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	load := func(day time.Time) Loaded {
		t.Helper()
		out, err := Load(t.Context(), s, Options{Territoire: importer.Chambery, Access: true, Dir: dir, Now: day, Signalements: 300})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	read := func() (c card, raw string) {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		return c, string(text)
	}
	rows := func() (n [4]int) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), `select (select count(*) from signalement), (select count(*) from operation),
			(select count(*) from marker), (select count(*) from staff_token where revoked_at is null)`).Scan(&n[0], &n[1], &n[2], &n[3]); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if !load(today).Created {
		t.Fatal("nothing was created")
	}
	before, first := rows(), ""
	one, first := read()
	if before[0] != 300 || before[3] != 6 || len(one.Tokens) != 6 || len(one.Comptes) != 6 || len(one.Ateliers) != 13 {
		t.Fatalf("rows %v, %d tokens, %d ateliers", before, len(one.Tokens), len(one.Ateliers))
	}
	alix, err := s.CompteByEmail(t.Context(), one.Comptes["bailleur"].Email)
	digest := sha256.Sum256([]byte(one.Tokens["bailleur"]))
	if token, failed := s.StaffToken(t.Context(), digest[:]); err != nil || failed != nil || alix.OrganisationNom == "" || token.Organisation != alix.Organisation {
		t.Errorf("the bailleur answers for %q, its token for %s (%v, %v)", alix.OrganisationNom, token.Organisation, err, failed)
	}
	if load(today.AddDate(0, 0, 9)).Created || rows() != before {
		t.Errorf("the second load changed the rows from %v to %v", before, rows())
	}
	if _, again := read(); again != first {
		t.Error("the second load rewrote the file")
	}
	for _, a := range one.Ateliers {
		for _, table := range a.Tables {
			found, numero, err := s.TableByCode(t.Context(), table.Code)
			if err != nil || found.ID != a.ID || numero != table.Numero {
				t.Errorf("code %s opens table %d of %s (%v)", table.Code, numero, found.ID, err)
			}
		}
	}
	for name, spoil := range map[string]func() error{
		"lost":    func() error { return os.Remove(path) },
		"damaged": func() error { return os.WriteFile(path, []byte(first[:100]), 0o600) },
		"foreign": func() error {
			return os.WriteFile(path, []byte(strings.ReplaceAll(first, "qd1_", "qd1_x")), 0o600)
		},
	} {
		old, _ := read()
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		load(today)
		now, _ := read()
		if now.Tokens["admin"] == old.Tokens["admin"] || !reflect.DeepEqual(now.Ateliers, old.Ateliers) {
			t.Errorf("%s file: tokens kept, or codes changed", name)
		}
		if !accessWorks(t.Context(), s, importer.Chambery, now) || accessWorks(t.Context(), s, importer.Chambery, old) {
			t.Errorf("%s file: the new tokens must work and the old ones must not", name)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s file: mode %v (%v)", name, info.Mode(), err)
		}
	}
	if rows() != before {
		t.Errorf("rows %v, want %v", rows(), before)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%d files in the folder (%v)", len(entries), err)
	}
}

func TestFictionNeedsStreets(t *testing.T) {
	t.Parallel()
	s, pool := chambery(t)
	if _, err := pool.Exec(t.Context(), "delete from voirie"); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(t.Context(), s, Options{Territoire: importer.Chambery, Dir: t.TempDir(), Now: today}); err == nil {
		t.Error("a city without streets got signalements along them")
	}
}
