package roomtest

import (
	"sync"

	"github.com/google/uuid"
)

// Journal is what all devices of a run asked for and were told, in one order
// of events. It is safe for concurrent use.
type Journal struct {
	mu      sync.Mutex
	now     int64 // counts events; a clock without time
	acts    map[uuid.UUID]*Act
	order   []*Act
	done    int
	changed chan struct{}
}

// Outcome is what a device knows of one of its operations.
type Outcome int

// The outcomes. An operation without a final answer may be in the log or not.
const (
	Unknown Outcome = iota
	Acknowledged
	Refused
	// Parked: kept on the device for ever, the room being frozen.
	Parked
)

// Act is one operation as its device lived it.
type Act struct {
	Operation
	// Intent is what the person meant to do once. A device that makes a new
	// identifier to try again makes a second act of the same intent.
	Intent  uuid.UUID
	Device  string
	Outcome Outcome
	Seq     int64  // of the first receipt
	Code    string // of the refusal
	Sent    int    // attempts
	Again   int    // receipts that said « again »
	// Moved is a receipt that named another number than the first one.
	Moved    int64
	asked    int64 // event of the first attempt
	answered int64 // event of the first final answer
}

// NewJournal is empty.
func NewJournal() *Journal {
	return &Journal{acts: map[uuid.UUID]*Act{}, changed: make(chan struct{})}
}

// Ask records that an operation is about to be sent, each time.
func (j *Journal) Ask(device string, intent uuid.UUID, op Operation) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.now++
	a, known := j.acts[op.ID]
	if !known {
		a = &Act{Operation: op, Intent: intent, Device: device, asked: j.now}
		j.acts[op.ID] = a
		j.order = append(j.order, a)
	}
	a.Sent++
}

// Answer records a receipt with a number or a final refusal. Problems that the
// device will try again after (429, 5xx, a closed table) are not recorded.
func (j *Journal) Answer(r Receipt) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.now++
	a := j.acts[r.Op]
	if a == nil {
		return
	}
	if r.Again {
		a.Again++
	}
	if a.Outcome != Unknown {
		if r.Seq != a.Seq {
			a.Moved = r.Seq
		}
		return
	}
	a.answered = j.now
	switch {
	case r.Problem == nil:
		a.Outcome, a.Seq = Acknowledged, r.Seq
	case r.Problem.Code == "atelier_clos":
		a.Outcome, a.Code = Parked, r.Problem.Code
	default:
		a.Outcome, a.Code = Refused, r.Problem.Code
	}
	j.done++
	close(j.changed)
	j.changed = make(chan struct{})
}

// Answered counts the operations with a final answer, and gives what is closed
// at the next one.
func (j *Journal) Answered() (int, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.done, j.changed
}

// Acts gives a copy of everything recorded, in the order of first attempts.
func (j *Journal) Acts() []Act {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Act, len(j.order))
	for i, a := range j.order {
		out[i] = *a
	}
	return out
}

// Tally counts the acts of each outcome.
func Tally(acts []Act) map[Outcome]int {
	n := map[Outcome]int{}
	for _, a := range acts {
		n[a.Outcome]++
	}
	return n
}
