package roomtest

import (
	"sync"

	"github.com/google/uuid"
)

// Storage is what a phone still has after a crash: who it is, and its outbox.
// It is safe for concurrent use, since the next life of a device may begin
// before the last one has quite ended.
type Storage struct {
	Secret uuid.UUID
	Code   string
	Link   string

	mu     sync.Mutex
	outbox []queued
	parked []Operation
	more   chan struct{}
}

type queued struct {
	Operation
	intent uuid.UUID
}

// NewStorage is a device's before it sits down at the table of a code.
func NewStorage(code string) *Storage {
	return &Storage{Secret: uuid.New(), Code: code, more: make(chan struct{}, 1)}
}

// Draw puts an operation into the outbox.
func (s *Storage) Draw(op Operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outbox = append(s.outbox, queued{op, op.ID})
	s.wake()
}

func (s *Storage) wake() {
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// Waiting is how many operations have no final answer yet.
func (s *Storage) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.outbox)
}

// Parked are the operations that the freeze left on the device.
func (s *Storage) Parked() []Operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Operation(nil), s.parked...)
}

func (s *Storage) first(n int) []queued {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]queued(nil), s.outbox[:min(n, len(s.outbox))]...)
}

// settle takes an operation out of the outbox.
func (s *Storage) settle(id uuid.UUID, park bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, q := range s.outbox {
		if q.ID == id {
			s.outbox = append(s.outbox[:i:i], s.outbox[i+1:]...)
			if park {
				s.parked = append(s.parked, q.Operation)
			}
			return
		}
	}
}

// renew gives an unanswered operation a new identity: the fault of a device
// that takes a lost answer for a lost request. Positive control only.
func (s *Storage) renew(ids []queued) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.outbox {
		for _, q := range ids {
			if s.outbox[i].ID == q.ID {
				s.outbox[i].ID = uuid.New()
				if s.outbox[i].Kind == "add" {
					marker := uuid.New()
					s.outbox[i].Marker = &marker
				}
			}
		}
	}
}
