package live_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"quietude/server/fault"
	"quietude/server/live"
)

// TestErasedParticipantLeavesTheOthersAlone has two residents share one
// transaction, of whom the database no longer knows one. The lock of the room
// is held until both wait behind a first writer.
func TestErasedParticipantLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	hold, err := f.store.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hold.Rollback(t.Context()) }()
	if _, err := hold.Exec(t.Context(), `select from atelier where id = $1 for update`, f.atelier.ID); err != nil {
		t.Fatal(err)
	}
	erased := live.Author{Role: "habitant", Participant: uuid.New(), Table: 1}
	type answer struct {
		who      string
		receipts []live.Receipt
		err      error
	}
	answers := make(chan answer, 3)
	for i, w := range []struct {
		name string
		who  live.Author
	}{{"first", f.habitant(1)}, {"erased", erased}, {"neighbour", f.habitant(1)}} {
		s, err := live.DecodeOperation(json.RawMessage(add(uuid.New(), 5.91)))
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			receipts, _, err := f.hub.Write(t.Context(), f.atelier, w.who, []live.Submitted{s})
			answers <- answer{w.name, receipts, err}
		}()
		live.AwaitQueued(t, f.hub, f.atelier.ID, i)
	}
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		a := <-answers
		if a.who == "erased" {
			if fault.KindOf(a.err) != fault.Unauthorized {
				t.Errorf("the erased participant is answered %+v, %v; want unauthorized", a.receipts, a.err)
			}
			continue
		}
		if a.err != nil || a.receipts[0].Problem != nil || a.receipts[0].Seq == 0 {
			t.Errorf("%s: %+v, %v; want a place in the log", a.who, a.receipts, a.err)
		}
	}
	if last, err := f.store.LastNumbers(t.Context(), map[uuid.UUID]string{f.atelier.ID: f.atelier.Territoire}); err != nil || last[f.atelier.ID] != 2 {
		t.Errorf("the log ends at %v, %v; want 2", last, err)
	}
}
