package bell_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"quietude/server/bell"
)

// line is one that works while it is not cut.
type line struct {
	sync.Mutex
	told   [][]string
	toldAt []time.Time
	began  []time.Time // when somebody tried to listen
	broken bool        // no connection to be had
	cut    chan error
	hear   func(name, node string)
}

func (l *line) tell(_ context.Context, _ string, names []string) error {
	l.Lock()
	defer l.Unlock()
	l.told, l.toldAt = append(l.told, names), append(l.toldAt, time.Now())
	return nil
}

func (l *line) listen(ctx context.Context, ready func(), heard func(name, node string)) error {
	l.Lock()
	l.began = append(l.began, time.Now())
	broken := l.broken
	l.hear = heard
	l.Unlock()
	if broken {
		return errors.New("no connection")
	}
	ready()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-l.cut:
		return err
	}
}

func (l *line) setBroken(broken bool) {
	l.Lock()
	defer l.Unlock()
	l.broken = broken
}

// run rings a bell over the line until the test ends, and gives what is heard.
func (l *line) run(t *testing.T, b *bell.Bell[string]) (missed *atomic.Int32, heard *[]string) {
	missed, heard = new(atomic.Int32), new([]string)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Run(ctx, bell.Line[string]{About: "tests", Tell: l.tell, Listen: l.listen, Pause: time.Second}, slog.New(slog.DiscardHandler),
			func() { missed.Add(1) }, func(name string) { *heard = append(*heard, name) })
	}()
	t.Cleanup(func() { cancel(); <-done })
	return missed, heard
}

// TestRing: the first name is told at once, those of the next second together.
func TestRing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l line
		b := bell.New[string]("here")
		l.run(t, b)
		start := time.Now()
		b.Ring("a")
		synctest.Wait()
		for _, name := range []string{"b", "c", "b"} {
			b.Ring(name)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		l.Lock()
		defer l.Unlock()
		if len(l.told) != 2 || len(l.told[0]) != 1 {
			t.Fatalf("told %q", l.told)
		}
		slices.Sort(l.told[1])
		if !slices.Equal(l.told[1], []string{"b", "c"}) {
			t.Errorf("then told %q", l.told[1])
		}
		if l.toldAt[0] != start || l.toldAt[1].Sub(start) != time.Second {
			t.Errorf("told after %v and %v", l.toldAt[0].Sub(start), l.toldAt[1].Sub(start))
		}
	})
}

// TestListen: one hears others, not oneself; a lost connection is told as missed,
// and one that cannot be had is tried ever more slowly.
func TestListen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := line{cut: make(chan error)}
		b := bell.New[string]("here")
		missed, heard := l.run(t, b)
		synctest.Wait()
		l.hear("a", "here")
		l.hear("b", "there")
		if missed.Load() != 1 || !slices.Equal(*heard, []string{"b"}) {
			t.Fatalf("missed %d times, heard %q", missed.Load(), *heard)
		}
		l.setBroken(true)
		l.cut <- errors.New("lost")
		time.Sleep(time.Minute)
		synctest.Wait()
		l.Lock()
		pauses := make([]time.Duration, len(l.began)-1)
		for i := range pauses {
			pauses[i] = l.began[i+1].Sub(l.began[i]).Round(time.Millisecond)
		}
		l.Unlock()
		if want := []time.Duration{100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond}; !slices.Equal(pauses[:3], want) {
			t.Errorf("tried again after %v", pauses)
		}
		if last := pauses[len(pauses)-1]; last != 5*time.Second {
			t.Errorf("in the end tried every %v", last)
		}
		l.setBroken(false)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if missed.Load() != 2 {
			t.Errorf("missed %d times after the connection came back", missed.Load())
		}
	})
}
