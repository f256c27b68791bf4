package hexmap

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"quietude/server/bell"
)

// News is how nodes tell each other which territoires have changed.
type News interface {
	WakeHexagones(ctx context.Context, node string, territoires []string) error
	ListenHexagones(ctx context.Context, ready func(), heard func(territoire, node string)) error
}

// tellPause is the shortest time between two notifications of this node.
const tellPause = 50 * time.Millisecond

// Run tells the other nodes what this one has written and listens to them, until
// ctx ends. Without it, or while the connection is lost, writes of others are seen
// when the view has the age at which it is followed up (othersLife at most).
func (m *Maps) Run(ctx context.Context, news News, logger *slog.Logger) {
	line := bell.Line[string]{About: "hexagons", Tell: news.WakeHexagones, Listen: news.ListenHexagones, Pause: tellPause}
	m.bell.Run(ctx, line, logger, m.heardAll, m.heard)
}

// heard marks a territoire that another node has written to, and has it read in
// the background if people are looking at it: the next of them need not wait.
func (m *Maps) heard(territoire string) {
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
