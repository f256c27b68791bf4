package hexmap

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
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
	// idle is how long a territoire that nobody asks for stays in memory,
	// othersLife how long another node's write may go unseen, viewAge after how
	// long it is looked for in the background, and auditLife how long what was
	// deleted outright may go unseen.
	idle, othersLife, viewAge, auditLife time.Duration

	bell *bell.Bell[string] // rung for territoires written to here

	mu     sync.Mutex
	cities map[string]*mirror
}

// NewMaps reads nothing yet: a territoire is read when it is first asked for.
func NewMaps(rows Rows, places *Places) *Maps {
	return &Maps{rows: rows, places: places, idle: idleLife, othersLife: othersLife, viewAge: viewAge, auditLife: auditLife, cities: map[string]*mirror{},
		bell: bell.New[string](uuid.NewString())}
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

// mirror is one territoire in memory.
type mirror struct {
	// boot tells the answers of this mirror from those of another one, of this
	// process or not, whose revisions count from 0 too.
	boot string
	// touched counts the writes of this node, and those of others that it has
	// heard of; a view holds the count that it includes.
	touched atomic.Int64
	view    atomic.Pointer[View]
	// used is when a view was last asked for, in Unix nanoseconds.
	used atomic.Int64
	// dropping looks at used now and then. It holds on to the mirror, and is
	// stopped when the mirror is forgotten.
	dropping *time.Timer
	// reading has room for the one who reads. Unlike a mutex, a client that
	// leaves need not wait for it.
	reading chan struct{}

	auditing atomic.Bool // one audit at a time

	// What follows belongs to the one who reads.
	horizon  int64
	revision hexcube.Revision
	audited  time.Time
	cube     *hexcube.Cube
	city     *City
	numbers  *numbers
	// recent are the rows read at or above the horizon, which the next reading
	// gives again.
	recent map[uuid.UUID]int64
}

// View is a territoire at one moment.
type View struct {
	*hexcube.Snapshot
	City    *City
	boot    string
	numbers *numbers
	people  int // bytes
	touched int64
	checked time.Time
}

// MemoryBytes is the memory that a territoire takes: the snapshot, and the
// identifiers of people, by which later rows find their numbers.
func (v *View) MemoryBytes() int { return v.Snapshot.MemoryBytes() + v.people }

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

func newMirror() *mirror {
	var nonce [6]byte
	_, _ = rand.Read(nonce[:]) // crypto/rand never fails since Go 1.24
	c := &mirror{boot: hex.EncodeToString(nonce[:]), reading: make(chan struct{}, 1)}
	c.used.Store(time.Now().UnixNano())
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

// fresh gives the last view while it is recent enough, else nil.
func (c *mirror) fresh(m *Maps, city *City, now time.Time) *View {
	v := c.view.Load()
	if v == nil || v.City.Revision != city.Revision || v.touched != c.touched.Load() {
		return nil
	}
	age := now.Sub(v.checked)
	if age > m.othersLife {
		return nil
	}
	if age > m.viewAge {
		c.followUp(m, city)
	}
	return v
}

// followTime bounds a reading in the background.
const followTime = 5 * time.Second

// followUp reads in the background unless somebody reads already. Its error is
// left to those who will have to read because of it.
func (c *mirror) followUp(m *Maps, city *City) {
	select {
	case c.reading <- struct{}{}:
	default:
		return
	}
	go func() {
		defer func() { <-c.reading }()
		ctx, cancel := context.WithTimeout(context.Background(), followTime)
		defer cancel()
		_, _ = c.read(ctx, m, city)
	}()
}

// read catches up. The counter is read before the database, so that a write
// between the two is read again rather than missed.
func (c *mirror) read(ctx context.Context, m *Maps, city *City) (*View, error) {
	touched, now := c.touched.Load(), time.Now()
	var err error
	if c.cube == nil || c.city.Revision != city.Revision {
		err = c.load(ctx, m.rows, city)
	} else {
		err = c.follow(ctx, m.rows)
	}
	if err != nil {
		return nil, err
	}
	v := &View{Snapshot: c.cube.Snapshot(), City: c.city, boot: c.boot, numbers: c.numbers, people: c.numbers.people.bytes(), touched: touched, checked: now}
	c.view.Store(v)
	if now.Sub(c.audited) > m.auditLife && c.auditing.CompareAndSwap(false, true) {
		c.audited = now
		go c.audit(m, v)
	}
	return v, nil
}

// loadTime bounds the first reading of a territoire.
const loadTime = 2 * time.Minute

// load reads everything. It goes on when the client that caused it leaves: many
// wait for it, and each starting anew would never end.
func (c *mirror) load(ctx context.Context, source Rows, city *City) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTime)
	defer cancel()
	n := newNumbers(city)
	builder := hexcube.NewBuilder()
	var rows []hexcube.Row // of one batch
	var met []uuid.UUID
	recent := map[uuid.UUID]int64{}
	horizon, err := source.LoadCounted(ctx, city.Code, store.CountedLoad{
		Markers: func(all []store.CountedMarker) error {
			met = met[:0]
			for i := range all {
				met = append(met, all[i].Participant)
			}
			n.people.expect(met)
			rows = rows[:0]
			for i := range all {
				rows = n.appendMarker(rows, &all[i])
			}
			return builder.Add(rows)
		},
		Signalements: func(all []store.CountedSignalement) error {
			met = met[:0]
			for i := range all {
				met = append(met, all[i].Reporter)
			}
			n.people.expect(met)
			rows = rows[:0]
			for i := range all {
				rows = append(rows, n.signalement(&all[i]))
			}
			return builder.Add(rows)
		},
		Recent: func(id uuid.UUID, version int64) { recent[id] = version },
	})
	if err != nil {
		return err
	}
	c.revision++
	c.cube, c.city, c.horizon, c.audited = builder.Cube(c.revision), city, horizon, time.Now()
	c.numbers = n
	c.recent = recent
	return nil
}

// above keeps the rows that the next reading, from the horizon, gives again.
func above(versions map[uuid.UUID]int64, horizon int64) map[uuid.UUID]int64 {
	kept := map[uuid.UUID]int64{}
	for id, version := range versions {
		if version >= horizon {
			kept[id] = version
		}
	}
	return kept
}

// auditTime bounds the counting of all rows.
const auditTime = time.Minute

// audit compares how many rows the database has with those of a view, and has
// the territoire read again from the start where some were deleted outright,
// which leaves no trace to follow. Counting millions of rows takes seconds, in
// which others read on; if anything has changed meanwhile, the two say nothing
// about each other, and the next audit does. So does it after an error.
func (c *mirror) audit(m *Maps, before *View) {
	defer c.auditing.Store(false)
	ctx, cancel := context.WithTimeout(context.Background(), auditTime)
	defer cancel()
	_, totals, err := m.rows.ReadCounted(ctx, before.City.Code, store.Counted{Since: math.MaxInt64, Audit: true,
		Marker:      func(*store.CountedMarker) error { return nil },
		Signalement: func(*store.CountedSignalement) error { return nil },
	})
	if err != nil {
		return
	}
	select {
	case c.reading <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-c.reading }()
	after, err := c.read(ctx, m, before.City)
	if err != nil || after.boot != before.boot || after.Revision() != before.Revision() {
		return
	}
	if held, err := totalsOf(after.Snapshot); err != nil || held != totals {
		c.cube = nil
		c.view.Store(nil)
	}
}

// follow reads what changed since the horizon.
func (c *mirror) follow(ctx context.Context, rows Rows) error {
	var changes hexcube.Changes
	seen := map[uuid.UUID]int64{}
	// changed tells whether a row must be added, and forgets it when it is gone.
	changed := func(id uuid.UUID, version int64, gone bool) bool {
		seen[id] = version
		if c.recent[id] == version {
			return false
		}
		if gone {
			changes.Deletes = append(changes.Deletes, hexcube.ID(id))
		}
		return !gone
	}
	horizon, _, err := rows.ReadCounted(ctx, c.city.Code, store.Counted{Since: c.horizon,
		Marker: func(r *store.CountedMarker) error {
			if changed(r.ID, r.Version, r.Gone) {
				changes.Upserts = c.numbers.appendMarker(changes.Upserts, r)
			}
			return nil
		},
		Signalement: func(r *store.CountedSignalement) error {
			if changed(r.ID, r.Version, r.Gone) {
				changes.Upserts = append(changes.Upserts, c.numbers.signalement(r))
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	if len(changes.Upserts)+len(changes.Deletes) > 0 {
		if err := c.cube.Apply(changes, c.revision+1); err != nil {
			return err
		}
		c.revision++
	}
	c.horizon, c.recent = horizon, above(seen, horizon)
	return nil
}

// totalsOf counts all that a snapshot holds.
func totalsOf(s *hexcube.Snapshot) (store.CountedTotals, error) {
	var t store.CountedTotals
	counts, err := s.Counts(hexcube.Query{Resolution: 0})
	for _, n := range counts {
		t.Markers += int(n.Markers())
		t.Signalements += int(n.Signalements)
	}
	return t, err
}

// Filter is what a map may be asked for. Empty fields keep everything.
type Filter struct {
	Quartier string
	Felt     atelier.Felt
	Source   string // markers, signalements
	// Origin keeps the signalements that came from there: habitant, demo,
	// import:NAME.
	Origin string
	Themes []string
	// Hours of the week, in the time zone of the territoire. What has no known
	// hour, as markers, passes no condition on it.
	Hours    hexcube.HourSet
	From, To time.Time // From ≤ t < To
	Atelier  uuid.UUID
}

// noAtelier is the number of an atelier without any marker.
const noAtelier = math.MaxUint32

// Query is a filter in the numbers of this view; ok is false for a quartier
// that the territoire does not have.
func (v *View) Query(f Filter, resolution hexgrid.Resolution) (q hexcube.Query, ok bool) {
	q.Resolution = resolution
	if f.Quartier != "" {
		if q.Quartier = v.numbers.quartiers[f.Quartier]; q.Quartier == 0 {
			return q, false
		}
	}
	switch f.Felt {
	case atelier.Unsafe:
		q.Felt = hexcube.Unsafe
	case atelier.Safe:
		q.Felt = hexcube.Safe
	}
	switch f.Source {
	case "markers":
		q.Source = hexcube.Markers
	case "signalements":
		q.Source = hexcube.Signalements
	}
	q.Themes, q.Hours = themes(f.Themes...), f.Hours
	if f.Atelier != uuid.Nil {
		q.Atelier = noAtelier
		if number, ok := v.numbers.ateliers.Load(f.Atelier); ok {
			q.Atelier = number.(uint32)
		}
	}
	if f.Origin != "" {
		q.Origin = noOrigin
		if number, ok := v.numbers.origins.Load(f.Origin); ok {
			q.Origin = number.(uint16)
		}
	}
	if !f.From.IsZero() {
		q.From = inRange(f.From)
	}
	if !f.To.IsZero() {
		// A period that ends before the columns begin is an empty one, not an
		// open end.
		q.To = max(inRange(f.To), 1)
	}
	return q, true
}

// Tag says which data an answer to q was made from: equal tags, equal answers.
func (v *View) Tag(q hexcube.Query) (boot string, revision uint64) {
	return v.boot, uint64(v.ChangedAt(q))
}

// Boot names the reading from which the revisions of this view count.
func (v *View) Boot() string { return v.boot }
