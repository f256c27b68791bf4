package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

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

// TestNobodyTakesEveryPlace: whoever asks for all places at once leaves some to
// others; where one visitor may have them all, nobody else gets one.
func TestNobodyTakesEveryPlace(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, c := range []struct {
		each   int
		served bool
	}{{2, true}, {0, false}} {
		p := newPlaces(4, c.each)
		var held []func()
		for range 10 {
			if leave, err := p.take(ctx, "scan", 0); err == nil {
				held = append(held, leave)
			} else if fault.KindOf(err) != fault.Unavailable {
				t.Fatal(err)
			}
		}
		leave, err := p.take(ctx, "somebody else", 0)
		if (err == nil) != c.served {
			t.Errorf("at most %d each: %v", c.each, err)
		}
		if err == nil {
			leave()
			leave() // as often as one likes
		}
		for _, give := range held {
			give()
		}
		if len(p.all) != 0 || len(p.visitors) != 0 {
			t.Errorf("at most %d each: %d places and %d visitors are left", c.each, len(p.all), len(p.visitors))
		}
	}
	// Whoever waits in their own queue keeps nobody else waiting.
	p := newPlaces(2, 1)
	leave, err := p.take(ctx, "scan", 0)
	if err != nil {
		t.Fatal(err)
	}
	waited := make(chan error, 1)
	go func() {
		again, err := p.take(ctx, "scan", time.Minute)
		if err == nil {
			again()
		}
		waited <- err
	}()
	other, err := p.take(ctx, "somebody else", 0)
	if err != nil {
		t.Fatalf("another visitor: %v", err)
	}
	other()
	leave()
	if err := <-waited; err != nil {
		t.Errorf("the queue of the first one: %v", err)
	}
}

// TestPlaceIsFreeBeforeTheAnswerIsRead: the work is done when an answer begins.
func TestPlaceIsFreeBeforeTheAnswerIsRead(t *testing.T) {
	t.Parallel()
	left := 0
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	w := &leaving{c.Writer, func() { left++ }}
	w.WriteHeader(http.StatusOK)
	if left != 0 {
		t.Error("a status is no answer yet")
	}
	if _, err := w.WriteString("a"); err != nil || left != 1 {
		t.Errorf("left %d times, %v", left, err)
	}
}

// TestNetwork: of IPv6, everybody has more addresses than any limit could count.
func TestNetwork(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"203.0.113.7:1":            "203.0.113.7",
		"[::ffff:203.0.113.7]:1":   "203.0.113.7",
		"[2001:db8:1:2::1]:1":      "2001:db8:1:2::/64",
		"[2001:db8:1:2:a:b:c:d]:1": "2001:db8:1:2::/64",
		"[2001:db8:1:3::1]:1":      "2001:db8:1:3::/64",
		"":                         "",
	} {
		c, engine := gin.CreateTestContext(httptest.NewRecorder())
		if err := engine.SetTrustedProxies(nil); err != nil {
			t.Fatal(err)
		}
		c.Request = httptest.NewRequest(http.MethodGet, "/", nil)
		c.Request.RemoteAddr = from
		if got := network(c); got != want {
			t.Errorf("%s is of %q, want %q", from, got, want)
		}
	}
}

// TestPace: each has a pace of their own, which comes back with time, and what is
// remembered of many is bounded.
func TestPace(t *testing.T) {
	t.Parallel()
	p, now := newPace(2, 5), time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)
	allowed := func(who string) (n int) {
		for p.allows(who, now) {
			n++
		}
		return n
	}
	if one, other := allowed("one"), allowed("other"); one != 5 || other != 5 {
		t.Errorf("%d and %d, want 5 each", one, other)
	}
	now = now.Add(1500 * time.Millisecond)
	if n := allowed("one"); n != 3 {
		t.Errorf("%d after a second and a half, want 3", n)
	}
	for i := range 3 * paced {
		p.allows(string(rune(i+0x10000)), now)
	}
	if len(p.limiters) > paced {
		t.Errorf("%d are remembered", len(p.limiters))
	}
}
