package live

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

// AwaitQueued returns once n requests of a room wait behind the transaction
// under way.
func AwaitQueued(t testing.TB, h *Hub, id uuid.UUID, n int) {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for end := time.After(time.Minute); ; {
		h.mu.Lock()
		r := h.rooms[id]
		h.mu.Unlock()
		if r != nil {
			r.queue.Lock()
			queued, busy := len(r.waiting), r.busy
			r.queue.Unlock()
			if busy && queued == n {
				return
			}
		}
		select {
		case <-end:
			t.Fatalf("%d requests never waited", n)
		case <-look.C:
		}
	}
}
