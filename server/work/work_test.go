package work_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"quietude/server/work"
)

// long works for a while, in ten steps, and says whether it was stopped.
func long(stopped *atomic.Bool, runs *atomic.Int32) work.Func {
	return func(ctx context.Context, progress func(done, total int)) (any, error) {
		runs.Add(1)
		for i := range 10 {
			progress(i, 10)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				stopped.Store(true)
				return nil, ctx.Err()
			}
		}
		return "answer", nil
	}
}

func TestWorkGoesOnAndIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stopped atomic.Bool
		var runs atomic.Int32
		desk, f := work.New(1, 8), long(&stopped, &runs)
		a, err := desk.Ask(t.Context(), "k", 3500*time.Millisecond, f)
		if err != nil || a.Done || a.Progress != 0.3 {
			t.Fatalf("after 3.5 s: %+v, %v", a, err)
		}
		a, err = desk.Ask(t.Context(), "k", time.Minute, f)
		if err != nil || !a.Done || a.Value != "answer" {
			t.Fatalf("at the end: %+v, %v", a, err)
		}
		time.Sleep(time.Hour) // what is done is not stopped by its lease
		if a, err = desk.Ask(t.Context(), "k", 0, f); err != nil || !a.Done && runs.Load() != 1 {
			t.Fatalf("later: %+v, %v", a, err)
		}
		if runs.Load() != 1 || stopped.Load() {
			t.Errorf("%d runs, stopped %v", runs.Load(), stopped.Load())
		}
	})
}

func TestWorkThatNobodyAsksAboutStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stopped atomic.Bool
		var runs atomic.Int32
		desk := work.New(1, 8)
		slow := func(ctx context.Context, _ func(done, total int)) (any, error) {
			<-ctx.Done()
			stopped.Store(true)
			return nil, ctx.Err()
		}
		if a, err := desk.Ask(t.Context(), "k", time.Second, slow); err != nil || a.Done {
			t.Fatalf("%+v, %v", a, err)
		}
		time.Sleep(work.Lease - time.Second)
		synctest.Wait()
		if stopped.Load() {
			t.Fatal("stopped within its lease")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !stopped.Load() {
			t.Fatal("it goes on though nobody asks")
		}
		// And the place is free for the next.
		if a, err := desk.Ask(t.Context(), "k", time.Minute, long(&stopped, &runs)); err != nil || !a.Done {
			t.Fatalf("the next: %+v, %v", a, err)
		}
	})
}

func TestClientThatLeavesStopsItsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stopped atomic.Bool
		var runs atomic.Int32
		desk := work.New(1, 8)
		ctx, leave := context.WithTimeout(t.Context(), 2*time.Second)
		defer leave()
		if _, err := desk.Ask(ctx, "k", time.Minute, long(&stopped, &runs)); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		synctest.Wait()
		if !stopped.Load() {
			t.Error("the work goes on")
		}
	})
}

func TestTwoAskOneWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stopped atomic.Bool
		var runs, done atomic.Int32
		desk := work.New(2, 8)
		for range 5 {
			go func() {
				if a, err := desk.Ask(t.Context(), "k", time.Minute, long(&stopped, &runs)); err == nil && a.Done {
					done.Add(1)
				}
			}()
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if runs.Load() != 1 || done.Load() != 5 {
			t.Errorf("%d runs for %d answers", runs.Load(), done.Load())
		}
	})
}

func TestErrorsAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, runs := work.New(1, 8), 0
		fails := func(context.Context, func(done, total int)) (any, error) {
			runs++
			panic("no")
		}
		for range 2 {
			if _, err := desk.Ask(t.Context(), "k", time.Second, fails); err == nil || !strings.Contains(err.Error(), "panicked: no") {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if runs != 2 {
			t.Errorf("%d runs", runs)
		}
	})
}

func TestOldAnswersMakeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, runs := work.New(1, 2), map[string]int{}
		ask := func(key string) {
			t.Helper()
			a, err := desk.Ask(t.Context(), key, time.Second, func(context.Context, func(done, total int)) (any, error) {
				runs[key]++
				return key, nil
			})
			if err != nil || a.Value != key {
				t.Fatalf("%s: %+v, %v", key, a, err)
			}
		}
		for _, key := range []string{"a", "b", "a", "c", "a", "b"} {
			ask(key)
		}
		if runs["a"] != 1 || runs["b"] != 2 || runs["c"] != 1 {
			t.Errorf("%v", runs)
		}
	})
}
