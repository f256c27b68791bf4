// Package bell is how the nodes of one database tell each other the names of what
// they have changed: rooms, territoires. Nothing may depend on it alone. A name may
// be lost with a connection, and whoever listens looks for itself now and then.
package bell

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// Line carries names of type N between nodes.
type Line[N comparable] struct {
	// About is what the names are, for the program's log.
	About string
	// Tell tells the other nodes that node has changed some names.
	Tell func(ctx context.Context, node string, names []N) error
	// Listen calls ready once it hears, then heard for each name that a node tells,
	// until ctx ends or the connection is lost, and says why.
	Listen func(ctx context.Context, ready func(), heard func(name N, node string)) error
	// Pause is the shortest time between two calls of Tell. A busy node changes a
	// thousand names a second, and each call costs all the others a look at the database.
	Pause time.Duration
}

// slowestListen is the longest pause between two tries to listen.
const slowestListen = 5 * time.Second

// Bell is that of one node. It is safe for concurrent use.
type Bell[N comparable] struct {
	node string

	mu     sync.Mutex
	untold map[N]bool
	rung   chan struct{} // there is something in untold
}

// New is the bell of a node, whose name no other node has.
func New[N comparable](node string) *Bell[N] {
	return &Bell[N]{node: node, untold: map[N]bool{}, rung: make(chan struct{}, 1)}
}

// Ring has the other nodes told, soon. It does not wait.
func (b *Bell[N]) Ring(name N) {
	b.mu.Lock()
	b.untold[name] = true
	b.mu.Unlock()
	select {
	case b.rung <- struct{}{}:
	default:
	}
}

// Run tells what is rung and listens until ctx ends. It calls heard for each name
// that another node tells, and missed each time it begins to listen: what was told
// before then, nobody here has heard.
func (b *Bell[N]) Run(ctx context.Context, line Line[N], logger *slog.Logger, missed func(), heard func(N)) {
	logger = logger.With("about", line.About)
	var both sync.WaitGroup
	both.Go(func() { b.tell(ctx, line, logger) })
	both.Go(func() { b.listen(ctx, line, logger, missed, heard) })
	both.Wait()
}

func (b *Bell[N]) tell(ctx context.Context, line Line[N], logger *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.rung:
		}
		b.mu.Lock()
		names := slices.Collect(maps.Keys(b.untold))
		clear(b.untold)
		b.mu.Unlock()
		if err := line.Tell(ctx, b.node, names); err != nil && ctx.Err() == nil {
			logger.Warn("tell the other nodes", "error", err)
		}
		if !wait(ctx, line.Pause) {
			return
		}
	}
}

func (b *Bell[N]) listen(ctx context.Context, line Line[N], logger *slog.Logger, missed func(), heard func(N)) {
	for delay := time.Duration(0); wait(ctx, delay); {
		err := line.Listen(ctx, func() {
			delay = 0 // this interruption is not one more of a series
			missed()
		}, func(name N, node string) {
			if node != b.node {
				heard(name)
			}
		})
		if ctx.Err() == nil {
			logger.Warn("listen to the other nodes interrupted", "error", err)
			delay = min(max(2*delay, 100*time.Millisecond), slowestListen)
		}
	}
}

// wait is false when ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
