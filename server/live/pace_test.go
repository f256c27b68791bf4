package live

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// TestRefusedBatchCostsNothing exhausts one of the two paces and has it refuse
// batches that the other would let through.
func TestRefusedBatchCostsNothing(t *testing.T) {
	t.Parallel()
	r := &room{limits: map[uuid.UUID]*pace{}}
	who := Author{Participant: uuid.New()}
	batch := func(adds, others int) []Submitted {
		ops := make([]Submitted, adds+others)
		for i := range ops {
			ops[i].Kind = atelier.Move
			if i < adds {
				ops[i].Kind = atelier.Add
			}
		}
		return ops
	}
	for range otherBurst / MaxBatch {
		if err := r.pace(who, batch(0, MaxBatch)); err != nil {
			t.Fatalf("within the burst: %v", err)
		}
	}
	for range 3 {
		f := fault.As(r.pace(who, batch(addBurst, MaxBatch-addBurst)))
		if f == nil || f.Kind != fault.TooMany || f.RetryAfter <= 0 || f.RetryAfter > 10*time.Second {
			t.Fatalf("beyond the burst: %+v, want too many, for some seconds", f)
		}
	}
	if err := r.pace(who, batch(addBurst, 0)); err != nil {
		t.Errorf("the refused batches have used up the additions: %v", err)
	}
}

// TestRoomInUseIsNotForgotten: whoever has just been given a room has not
// counted as its reader yet.
func TestRoomInUseIsNotForgotten(t *testing.T) {
	t.Parallel()
	h := NewHub(nil, nil, nil, nil)
	a := atelier.Atelier{ID: uuid.New(), Territoire: "73065"}
	r := h.room(a)
	r.used = time.Now().Add(-2 * idle)
	if h.room(a) != r {
		t.Fatal("one atelier has two rooms")
	}
	h.sweep()
	if h.room(a) != r {
		t.Error("a room that was given away a moment ago is forgotten")
	}
	r.used = time.Now().Add(-2 * idle)
	h.sweep()
	if h.room(a) == r {
		t.Error("an idle room stays in memory")
	}
}
