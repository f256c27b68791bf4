package api

import (
	"context"
	"errors"
	"testing"
	"time"

	"quietude/server/fault"
)

func TestSlots(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	places := newSlots(1)
	if err := places.take(ctx, 0); err != nil {
		t.Fatal(err)
	}
	err := places.take(ctx, 0)
	if f := fault.As(err); f == nil || f.Kind != fault.Unavailable || f.RetryAfter <= 0 {
		t.Errorf("no place left: %v", err)
	}
	if err := places.take(ctx, time.Millisecond); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("no place in time: %v", err)
	}
	gone, leave := context.WithCancel(ctx)
	leave()
	if err := places.take(gone, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits any more: %v", err)
	}
	waited := make(chan error, 1)
	go func() { waited <- places.take(ctx, time.Minute) }()
	places.give()
	if err := <-waited; err != nil {
		t.Errorf("a place came free: %v", err)
	}
}
