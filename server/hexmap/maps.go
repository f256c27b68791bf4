package hexmap

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"quietude/server/bell"
	"quietude/server/store"
)

// Rows is what Maps needs of the store.
type Rows interface {
	LoadCounted(ctx context.Context, territoire string, c store.CountedLoad) (horizon int64, err error)
	ReadCounted(ctx context.Context, territoire string, c store.Counted) (horizon int64, totals store.CountedTotals, err error)
}

// Maps keeps the markers and signalements of each territoire in memory, in
// step with PostgreSQL. It is safe for concurrent use.
type Maps struct {
	rows   Rows
	places *Places
	// The constants of these names, which tests shorten.
	idle, othersLife, viewAge, auditLife time.Duration

	bell *bell.Bell[string] // rung for territoires written to here

	mu     sync.Mutex
	cities map[string]*mirror
}

// NewMaps reads nothing yet: a territoire is read when it is first asked for.
func NewMaps(rows Rows, places *Places) *Maps {
	return &Maps{
		rows: rows, places: places,
		idle: idleLife, othersLife: othersLife, viewAge: viewAge, auditLife: auditLife,
		bell:   bell.New[string](uuid.NewString()),
		cities: map[string]*mirror{},
	}
}

// idleLife is how long a territoire that nobody asks for stays in memory.
const idleLife = 30 * time.Minute

const (
	// othersLife is how long another node's write may go unseen, and viewAge
	// the age at which a view that is asked for is followed up in the
	// background: where there are requests, none waits for the database.
	othersLife = 900 * time.Millisecond
	viewAge    = 300 * time.Millisecond
	// auditLife is how long rows that were deleted outright, which leave no
	// trace to read, may go unseen when nobody called Forget.
	auditLife = time.Minute
)

// Touch says that this node has committed a change to a territoire's markers
// or signalements: the next View includes it, and Run tells the other nodes.
func (m *Maps) Touch(territoire string) {
	m.mirror(territoire).touched.Add(1)
	m.bell.Ring(territoire)
}

// Recheck has the next View of a territoire look at the database, whatever this
// node has heard.
func (m *Maps) Recheck(territoire string) {
	m.mirror(territoire).touched.Add(1)
}

// Forget reads a territoire again from the start at the next View; call it
// after deleting rows outright.
func (m *Maps) Forget(territoire string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.cities[territoire]; ok {
		c.dropping.Stop()
		delete(m.cities, territoire)
	}
}

// Warm reads every territoire, so that the first visitor does not wait for it.
func (m *Maps) Warm(ctx context.Context) error {
	cities, err := m.places.Cities(ctx)
	for _, city := range cities {
		if err == nil {
			_, err = m.View(ctx, city.Code)
		}
	}
	return err
}

func (m *Maps) mirror(territoire string) *mirror {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.cities[territoire]
	if !ok {
		c = newMirror()
		m.cities[territoire] = c
		m.dropWhenIdle(territoire, c, m.idle)
	}
	return c
}

// dropWhenIdle gives the memory of a territoire back once nobody has asked for
// it for a while. Whoever still holds a view keeps it; the next to ask has the
// territoire read again. The lock is held.
func (m *Maps) dropWhenIdle(territoire string, c *mirror, wait time.Duration) {
	c.dropping = time.AfterFunc(wait, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.cities[territoire] != c {
			return // forgotten meanwhile
		}
		if left := m.idle - time.Since(time.Unix(0, c.used.Load())); left > 0 {
			m.dropWhenIdle(territoire, c, left)
			return
		}
		delete(m.cities, territoire)
	})
}

// View gives a territoire with all that this node had committed when the call
// began, all that it has heard of the others, and all that they had a second
// before.
func (m *Maps) View(ctx context.Context, territoire string) (*View, error) {
	city, err := m.places.City(ctx, territoire)
	if err != nil {
		return nil, err
	}
	c := m.mirror(city.Code)
	c.used.Store(time.Now().UnixNano())
	if v := c.fresh(m, city, time.Now()); v != nil {
		return v, nil
	}
	select {
	case c.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.reading }()
	if v := c.fresh(m, city, time.Now()); v != nil {
		return v, nil
	}
	return c.read(ctx, m, city)
}

// Fresh is View where that takes no look at the database, else nil. It takes the
// time of its caller, as asking for it would be half of its work.
func (m *Maps) Fresh(territoire string, now time.Time) *View {
	city := m.places.known(territoire, now)
	if city == nil {
		return nil
	}
	m.mu.Lock()
	c := m.cities[territoire]
	m.mu.Unlock()
	if c == nil {
		return nil
	}
	c.used.Store(now.UnixNano())
	return c.fresh(m, city, now)
}
