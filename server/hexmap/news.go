package hexmap

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// News is how nodes tell each other which territoires have changed.
type News interface {
	WakeHexagones(ctx context.Context, node string, territoires []string) error
	ListenHexagones(ctx context.Context, ready func(), heard func(territoire, node string)) error
}

const (
	// tellPause is the shortest time between two notifications of this node: a full
	// hall writes a thousand times a second, and each word of it costs the other
	// nodes a look at the database.
	tellPause = 50 * time.Millisecond
	// slowestListen is the longest pause between two tries to listen.
	slowestListen = 5 * time.Second
)

// Run tells the other nodes what this one has written and listens to them, until
// ctx ends. Without it, or while the connection is lost, writes of others are seen
// when the view has the age at which it is followed up (othersLife at most).
func (m *Maps) Run(ctx context.Context, news News, logger *slog.Logger) {
	var both sync.WaitGroup
	both.Go(func() { m.tellOthers(ctx, news, logger) })
	both.Go(func() { m.listen(ctx, news, logger) })
	both.Wait()
}

func (m *Maps) tell(territoire string) {
	m.mu.Lock()
	m.untold[territoire] = true
	m.mu.Unlock()
	select {
	case m.news <- struct{}{}:
	default:
	}
}

func (m *Maps) tellOthers(ctx context.Context, news News, logger *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.news:
		}
		m.mu.Lock()
		territoires := slices.Collect(maps.Keys(m.untold))
		clear(m.untold)
		m.mu.Unlock()
		if err := news.WakeHexagones(ctx, m.node, territoires); err != nil && ctx.Err() == nil {
			logger.Warn("tell the other nodes of hexagons", "error", err)
		}
		if !wait(ctx, tellPause) {
			return
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

func (m *Maps) listen(ctx context.Context, news News, logger *slog.Logger) {
	for delay := time.Duration(0); wait(ctx, delay); {
		err := news.ListenHexagones(ctx, func() {
			delay = 0
			m.heardAll()
		}, m.heard)
		if ctx.Err() == nil {
			logger.Warn("listen to the other nodes of hexagons interrupted", "error", err)
			delay = min(max(2*delay, 100*time.Millisecond), slowestListen)
		}
	}
}

// heard marks a territoire that another node has written to, and has it read in
// the background if people are looking at it: the next of them need not wait.
func (m *Maps) heard(territoire, node string) {
	if node == m.node {
		return
	}
	m.mu.Lock()
	c := m.cities[territoire]
	m.mu.Unlock()
	if c != nil {
		c.stale(m)
	}
}

// heardAll marks all territoires: nobody knows what was told while this node did
// not listen.
func (m *Maps) heardAll() {
	m.mu.Lock()
	all := slices.Collect(maps.Values(m.cities))
	m.mu.Unlock()
	for _, c := range all {
		c.stale(m)
	}
}

// lookedAt is how long after a request a territoire counts as looked at.
const lookedAt = 2 * time.Second

func (c *mirror) stale(m *Maps) {
	c.touched.Add(1)
	if v := c.view.Load(); v != nil && time.Since(time.Unix(0, c.used.Load())) < lookedAt {
		c.followUp(m, v.City)
	}
}
