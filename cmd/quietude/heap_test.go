package main

import (
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

func TestPercentFor(t *testing.T) {
	for _, c := range []struct {
		room, live uint64
		want       int
	}{
		{64 << 20, 16 << 20, 400}, {64 << 20, 64 << 20, 100}, {64 << 20, 4 << 30, 100}, {64 << 20, 0, 1<<31 - 1},
	} {
		if got := percentFor(c.room, c.live); got != c.want {
			t.Errorf("room %d above %d live bytes: %d %%, want %d", c.room, c.live, got, c.want)
		}
	}
}

func goal() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// The next collection comes no earlier than the room above what is live, after each
// collection anew, and as usual once that has ended.
func TestHeapRoomIsKept(t *testing.T) {
	t.Setenv("GOGC", "")
	const room = 128 << 20
	await := func(what string, ok func(goal uint64) bool) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); !ok(goal()); runtime.Gosched() {
			if time.Now().After(deadline) {
				t.Fatalf("%s: the next collection is at %d bytes", what, goal())
			}
		}
	}
	stop := keepHeapRoom(room)
	var held [][]byte
	for i := range 3 {
		held = append(held, make([]byte, 16<<20))
		runtime.GC()
		least := uint64(len(held)*16<<20 + room)
		await("with room", func(goal uint64) bool { return goal >= least && goal < least+room/2 })
		if i == 2 {
			held = append(held, make([]byte, 2*room))
			runtime.GC()
			await("a large heap", func(goal uint64) bool { return goal >= 4*room && goal < 6*room })
		}
	}
	stop()
	runtime.KeepAlive(held)
	held = nil
	runtime.GC()
	await("ended", func(goal uint64) bool { return goal < room/2 })

	t.Setenv("GOGC", "50")
	keepHeapRoom(room)()
	await("with GOGC", func(goal uint64) bool { return goal < room/2 })
}
