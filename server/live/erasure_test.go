package live_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/live"
	"quietude/server/store"
)

func viewerOf(a live.Author) live.Viewer {
	return live.Viewer{Staff: a.Staff, Participant: a.Participant, Table: a.Table}
}

// TestErasureForgetsOnePerson erases a resident while a neighbour reads on
// another node: the log stays without gap, and neither a row nor an answer says
// any longer who, what or where.
func TestErasureForgetsOnePerson(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	other := newNode(t, f.store)
	gone, stays := f.habitant(1), f.habitant(1)
	secret, kept := uuid.New(), uuid.New()
	f.write(f.hub, gone, add(secret, 5.9101234))
	f.write(f.hub, stays, strings.Replace(add(kept, 5.912), "sombre", "allumé", 1))
	f.write(f.hub, gone, fmt.Sprintf(`{"id":%q,"kind":"move","marker":%q,"geometry":{"type":"Point","coordinates":[5.9105678,45.56]}}`, uuid.New(), secret))
	f.write(f.hub, animateur, on("hide", secret), on("unhide", secret))
	if _, err := f.store.AddLink(t.Context(), f.atelier, gone.Participant, "ABCDEF"); err != nil {
		t.Fatal(err)
	}

	reader, err := other.Read(t.Context(), f.atelier, viewerOf(stays), -1)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if !strings.Contains(await(t, reader, "snapshot"), secret.String()) {
		t.Fatal("the neighbour does not see the marker before")
	}
	full := everyRow(t, f.store)
	for _, trace := range traces(gone) {
		if !bytes.Contains(full, []byte(trace)) {
			t.Fatalf("the database does not say %q before: this test could not fail", trace)
		}
	}
	n, err := f.hub.Erase(t.Context(), f.atelier, gone.Participant, gone)
	if err != nil || n != 1 {
		t.Fatalf("%d markers erased: %v", n, err)
	}
	await(t, reader, "snapshot")

	for name, hub := range map[string]*live.Hub{"writer": f.hub, "other": other} {
		for who, v := range map[string]live.Viewer{"animateur": viewerOf(animateur), "neighbour": viewerOf(stays), "erased": viewerOf(gone)} {
			snapshot, err := hub.Snapshot(t.Context(), f.atelier, v)
			if err != nil {
				t.Fatal(err)
			}
			entries, last, err := hub.Entries(t.Context(), f.atelier, v, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range entries {
				if e.Seq != int64(i+1) {
					t.Errorf("%s, %s: entry %d has the number %d", name, who, i+1, e.Seq)
				}
			}
			if len(entries) != 6 || last != 6 {
				t.Errorf("%s, %s: %d entries up to %d, want 6", name, who, len(entries), last)
			}
			said, _ := json.Marshal([]any{snapshot, entries})
			checkForgotten(t, name+", "+who, said, gone, secret)
			if who != "erased" && !bytes.Contains(said, []byte(kept.String())) {
				t.Errorf("%s, %s: the neighbour's own marker is gone too", name, who)
			}
		}
	}
	checkForgotten(t, "database", everyRow(t, f.store), gone, secret)

	if _, err := f.hub.Erase(t.Context(), f.atelier, gone.Participant, gone); fault.KindOf(err) != fault.NotFound {
		t.Errorf("erased twice: %v, want NotFound", err)
	}
	// The device still has its token: it is told to sit down again.
	s, err := live.DecodeOperation(json.RawMessage(add(uuid.New(), 5.91)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.hub.Write(t.Context(), f.atelier, gone, []live.Submitted{s}); fault.As(err) == nil || fault.As(err).Code != "acces_inconnu" {
		t.Errorf("a write after the erasure: %v, want acces_inconnu", err)
	}
	f.write(f.hub, stays, on("delete", kept)) // the room goes on
}

// checkForgotten looks for what would lead to the person: its pseudonym, its
// marker, its words, its places. The marker's identifier is left for a day in
// the list by which other nodes stop counting it.
func checkForgotten(t *testing.T, where string, said []byte, gone live.Author, marker uuid.UUID) {
	t.Helper()
	for _, trace := range traces(gone) {
		if bytes.Contains(said, []byte(trace)) {
			t.Errorf("%s still says %q", where, trace)
		}
	}
	for _, line := range bytes.Split(said, []byte("\n")) {
		if bytes.Contains(line, []byte(marker.String())) && !bytes.HasPrefix(line, []byte("effacement ")) {
			t.Errorf("%s still names the marker: %.200s", where, line)
		}
	}
}

func traces(gone live.Author) []string {
	return []string{gone.Participant.String(), "sombre", "5.9101234", "5.9105678", "ABCDEF"}
}

// everyRow is the whole database as text, one line per row.
func everyRow(t *testing.T, s *store.Store) []byte {
	t.Helper()
	tables, err := s.Pool().Query(t.Context(), `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'spatial_ref_sys'`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for tables.Next() {
		var name string
		if err := tables.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	var all bytes.Buffer
	for _, name := range names {
		rows, err := s.Pool().Query(t.Context(), `select row_to_json(t)::text from `+name+` t`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var row string
			if err := rows.Scan(&row); err != nil {
				t.Fatal(err)
			}
			all.WriteString(name + " " + row + "\n")
		}
		if rows.Err() != nil {
			t.Fatal(rows.Err())
		}
	}
	return all.Bytes()
}

// await reads events until one has a name, and gives its data.
func await(t *testing.T, r *live.Reader, name string) string {
	t.Helper()
	for range 100 {
		events, err := r.Next(t.Context(), time.Minute)
		if err != nil || len(events) == 0 {
			t.Fatalf("waiting for %s: %v", name, err)
		}
		for _, e := range events {
			if e.Name == name {
				return string(e.Data)
			}
		}
	}
	t.Fatalf("100 times something else than %s", name)
	return ""
}

// TestModerationAfterTheFreeze hides a marker of a closed evening: every reader
// learns of it, the frozen hash stays that of what was frozen, and nothing else
// enters the log.
func TestModerationAfterTheFreeze(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	who, m := f.habitant(1), uuid.New()
	f.write(f.hub, who, add(m, 5.91))
	f.write(f.hub, animateur, fmt.Sprintf(`{"id":%q,"kind":"freeze"}`, uuid.New()))
	before, err := f.hub.Snapshot(t.Context(), f.atelier, viewerOf(animateur))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.write(f.hub, animateur, on("hide", m)); got[0].Problem != nil || got[0].Seq != 3 {
		t.Fatalf("hide after the freeze: %+v", got[0])
	}
	if got := f.write(f.hub, who, on("hide", m), on("delete", m)); codeOf(got[0]) != "atelier_clos" || codeOf(got[1]) != "atelier_clos" {
		t.Errorf("a resident after the freeze: %+v", got)
	}
	if got := f.write(f.hub, animateur, fmt.Sprintf(`{"id":%q,"kind":"share","shared":true}`, uuid.New())); codeOf(got[0]) != "atelier_clos" {
		t.Errorf("share after the freeze: %+v", got)
	}
	after, err := f.hub.Snapshot(t.Context(), f.atelier, viewerOf(animateur))
	if err != nil {
		t.Fatal(err)
	}
	if after.Room.State != "closed" || after.Room.FrozenHash != before.Room.FrozenHash || before.Hash != before.Room.FrozenHash {
		t.Errorf("the room after: %+v, before: %+v", after.Room, before.Room)
	}
	if !after.Markers[0].Hidden || after.Hash == before.Hash {
		t.Errorf("the marker after: %+v", after.Markers[0])
	}
	// The log up to the freeze still leads to the frozen hash.
	entries, err := f.store.Operations(t.Context(), f.atelier.Territoire, f.atelier.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	state := live.State{Markers: map[uuid.UUID]atelier.Marker{}}
	for _, e := range entries[:2] {
		if err := state.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	var all []atelier.Marker
	for _, m := range state.Markers {
		all = append(all, m)
	}
	if got := atelier.CanonicalHash(all); got != before.Room.FrozenHash {
		t.Errorf("replayed to the freeze: %s, frozen as %s", got, before.Room.FrozenHash)
	}
}
