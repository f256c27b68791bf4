package hexmap

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"math"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexcube"
	"quietude/server/store"
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

func newMirror() *mirror {
	var nonce [6]byte
	_, _ = rand.Read(nonce[:]) // crypto/rand never fails since Go 1.24
	c := &mirror{boot: hex.EncodeToString(nonce[:]), reading: make(chan struct{}, 1)}
	c.used.Store(time.Now().UnixNano())
	return c
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
