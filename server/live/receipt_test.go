package live_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"quietude/server/fault"
	"quietude/server/live"
	"quietude/server/pgtest"
)

// A person has fifteen markers of each kind at most: the sixteenth is refused, one
// of the other kind is not, and what is deleted makes room again.
func TestCapCountsByPersonAndFelt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	one, first := f.habitant(1), uuid.New()
	batch := []string{add(first, 5.91)}
	for i := range 14 {
		batch = append(batch, add(uuid.New(), 5.911+float64(i)/10_000))
	}
	for i, r := range f.write(f.hub, one, batch...) {
		if r.Seq != int64(i+1) {
			t.Fatalf("marker %d: %+v", i+1, r)
		}
	}
	safe := func(s string) string { return strings.Replace(s, `"unsafe"`, `"safe"`, 1) }
	felt := fmt.Sprintf(`{"id":%q,"kind":"edit","marker":%q,"felt":"unsafe"}`, uuid.New(), first)
	turned := uuid.New()
	got := f.write(f.hub, one, add(uuid.New(), 5.92), safe(add(turned, 5.92)), on("delete", first), add(uuid.New(), 5.92), on("restore", first), felt,
		fmt.Sprintf(`{"id":%q,"kind":"edit","marker":%q,"felt":"unsafe"}`, uuid.New(), turned))
	for i, want := range []string{"plafond", "", "", "", "plafond", "marqueur_supprime", "plafond"} {
		if codeOf(got[i]) != want {
			t.Errorf("operation %d: %+v, want %q", i+1, got[i], want)
		}
	}
	if f := fault.As(got[0].Problem); f.Kind != fault.Unprocessable {
		t.Errorf("the sixteenth marker is refused as %v", f.Kind)
	}
	if r := f.write(f.hub, f.habitant(1), add(uuid.New(), 5.92)); r[0].Seq == 0 {
		t.Errorf("the neighbour's first marker: %+v", r[0])
	}
}

// The same identifier with other content shows its author both versions; one that
// went through before is told apart from one that never did.
func TestOtherContentShowsBothVersions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	one, m := f.habitant(1), uuid.New()
	sent := add(m, 5.91)
	f.write(f.hub, one, sent)
	spaced := strings.ReplaceAll(sent, ",", " ,\n")
	if r := f.write(f.hub, one, spaced); r[0].Seq != 1 || !r[0].Again {
		t.Errorf("the same content with other spaces: %+v", r[0])
	}
	other := strings.Replace(sent, "5.91", "5.92", 1)
	r := f.write(f.hub, one, other)[0]
	problem := fault.As(r.Problem)
	if problem == nil || problem.Code != "operation_differente" || problem.Kind != fault.Conflict || problem.Extra["seq"] != int64(1) {
		t.Fatalf("the same identifier with other content: %+v", r)
	}
	stored, err := json.Marshal(problem.Extra["stored"])
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"5.91", `"kind":"add"`, m.String(), `"seq":1`, "sombre"} {
		if !strings.Contains(string(stored), part) {
			t.Errorf("the stored version is %s, without %s", stored, part)
		}
	}
	if mine, _ := problem.Extra["sent"].(json.RawMessage); string(mine) != other {
		t.Errorf("the sent version is %s", mine)
	}
	if n := pgtest.Count(t, f.store.Pool(), `select count(*) from operation`); n != 1 {
		t.Errorf("%d entries, want one", n)
	}
}

// Whoever changes a marker that was changed on another device meanwhile is told
// which change the own one has replaced; both stay in the log.
func TestReplacedChangeIsTold(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	one, m := f.habitant(1), uuid.New()
	f.write(f.hub, one, add(m, 5.91))
	move := func(base int64, lon float64) string {
		return fmt.Sprintf(`{"id":%q,"kind":"move","marker":%q,"base":%d,"geometry":{"type":"Point","coordinates":[%g,45.56]}}`, uuid.New(), m, base, lon)
	}
	if r := f.write(f.hub, one, move(1, 5.912)); r[0].Seq != 2 || r[0].Over != 0 {
		t.Errorf("the first move: %+v", r[0])
	}
	if r := f.write(f.hub, one, move(1, 5.914)); r[0].Seq != 3 || r[0].Over != 2 {
		t.Errorf("the move of a device that had not seen the first: %+v, want it to say that it replaced number 2", r[0])
	}
	if n := pgtest.Count(t, f.store.Pool(), `select count(*) from operation where kind = 'move'`); n != 2 {
		t.Errorf("%d moves in the log, want both", n)
	}
}

// The clock of the server went back by a day: numbers go on, and a reader gets the
// entries in their order.
func TestServerClockDecidesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	one := f.habitant(1)
	f.write(f.hub, one, add(uuid.New(), 5.91), add(uuid.New(), 5.911))
	if _, err := f.store.Pool().Exec(t.Context(), `update operation set at = now() + interval '1 day'`); err != nil {
		t.Fatal(err)
	}
	later := newNode(t, f.store) // a node that knows the log as it is stored
	if r := f.write(later, one, add(uuid.New(), 5.912)); r[0].Seq != 3 {
		t.Errorf("after the jump: %+v, want number 3", r[0])
	}
	entries, seq, err := later.Entries(t.Context(), f.atelier, live.Viewer{Staff: true}, 0, 100)
	if err != nil || seq != 3 || len(entries) != 3 || !entries[2].At.Before(entries[1].At) {
		t.Fatalf("%d entries up to %d, %v", len(entries), seq, err)
	}
	for i, e := range entries {
		if e.Seq != int64(i+1) {
			t.Errorf("entry %d has number %d", i+1, e.Seq)
		}
	}
}
