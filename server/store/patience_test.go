package store_test

import (
	"context"
	"testing"
	"time"

	"quietude/server/fault"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// TestFullPoolAnswersSoon takes the only connection and asks for something.
func TestFullPoolAnswersSoon(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, err := store.Open(ctx, pgtest.URL(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	taken, err := s.Pool().Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err = s.Territoires(ctx)
	if waited := time.Since(start); fault.KindOf(err) != fault.Unavailable || waited > 10*time.Second {
		t.Errorf("after %v: %v, want unavailable soon", waited, err)
	}
	if f := fault.As(err); f != nil && f.RetryAfter <= 0 {
		t.Error("nothing says when to try again")
	}
	taken.Release()
	if _, err := s.Territoires(ctx); err != nil {
		t.Errorf("once the connection is back: %v", err)
	}
}
