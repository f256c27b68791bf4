package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// heapRoom keeps the garbage collector from running for little: after each
// collection the next one is put off until the heap has grown by so many bytes, or
// has doubled, whichever comes later. The heap of a small city is some megabytes;
// by Go's own rule it is collected a dozen times a second while a hall draws, which
// takes a fifth of the server's part of a write. So a process takes at most these
// bytes more than without, and a city of millions of rows takes no more at all.
//
// GOMEMLIMIT is kept by Go whatever the percentage is. Where GOGC is set, whoever
// set it knows better.
type heapRoom struct {
	bytes   uint64
	before  int // the percentage to go back to
	stopped atomic.Bool
}

// keepHeapRoom begins and gives what ends it; 0 bytes, or GOGC, changes nothing.
func keepHeapRoom(bytes uint64) (stop func()) {
	if bytes == 0 || os.Getenv("GOGC") != "" {
		return func() {}
	}
	h := &heapRoom{bytes: bytes, before: debug.SetGCPercent(usualPercent)}
	h.adjust()
	h.watch()
	return func() {
		h.stopped.Store(true)
		debug.SetGCPercent(h.before)
	}
}

// usualPercent is Go's own: the heap may double.
const usualPercent = 100

// cycle is something that nothing holds: it is gone when a collection has ended.
type cycle struct{ _ *cycle }

// watch adjusts after each collection.
func (h *heapRoom) watch() {
	runtime.AddCleanup(new(cycle), func(h *heapRoom) {
		if !h.stopped.Load() {
			h.adjust()
			h.watch()
		}
	}, h)
}

// counted are what Go's rule takes a percentage of (runtime/metrics): the heap that
// the last collection left, stacks and globals.
var counted = []string{"/gc/heap/live:bytes", "/gc/scan/stack:bytes", "/gc/scan/globals:bytes"}

func (h *heapRoom) adjust() {
	samples := make([]metrics.Sample, len(counted))
	for i, name := range counted {
		samples[i].Name = name
	}
	metrics.Read(samples)
	live := uint64(0)
	for _, s := range samples {
		live += s.Value.Uint64()
	}
	debug.SetGCPercent(percentFor(h.bytes, live))
}

// percentFor is how much of the live bytes the room is, never less than usual.
func percentFor(room, live uint64) int {
	return int(min(max(room*100/max(live, 1), usualPercent), math.MaxInt32))
}
