package analysis

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexcube"
	"quietude/server/hexmap"
	"quietude/server/store"
)

// Rows is what a Ledger needs of the store.
type Rows interface {
	LoadCounted(ctx context.Context, territoire string, c store.CountedLoad) (horizon int64, err error)
	ReadCounted(ctx context.Context, territoire string, c store.Counted) (horizon int64, totals store.CountedTotals, err error)
}

// Ledger keeps the columns of each territoire that somebody asks about. It is
// safe for concurrent use.
type Ledger struct {
	rows Rows
	maps *hexmap.Maps

	mu    sync.Mutex
	books map[string]*book
}

// NewLedger reads nothing yet. Maps tells when something has changed.
func NewLedger(rows Rows, maps *hexmap.Maps) *Ledger {
	return &Ledger{rows: rows, maps: maps, books: map[string]*book{}}
}

// book is one territoire. reading has room for the one who reads; unlike a
// mutex, a client that leaves need not wait for it.
type book struct {
	reading chan struct{}
	used    time.Time // under Ledger.mu

	// What follows belongs to the one who reads.
	seen    string // the map's reading that view includes
	boot    string
	changes int
	view    *View
	writer  *writer
	horizon int64
	recent  map[uuid.UUID]int64
}

// idleLife is how long the columns of a territoire that nobody asks for stay.
const idleLife = 30 * time.Minute

func (l *Ledger) book(code string) *book {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for other, b := range l.books {
		if other != code && now.Sub(b.used) > idleLife {
			delete(l.books, other)
		}
	}
	b, ok := l.books[code]
	if !ok {
		b = &book{reading: make(chan struct{}, 1)}
		l.books[code] = b
	}
	b.used = now
	return b
}

// View gives a territoire as the maps see it at this moment, or later. A first
// reading goes on when the client that caused it leaves: many wait for it, and
// each starting anew would never end.
func (l *Ledger) View(ctx context.Context, territoire string) (*View, error) {
	return l.view(ctx, context.WithoutCancel(ctx), territoire)
}

// view reads what is new while ctx lasts, and everything while loading does.
func (l *Ledger) view(ctx, loading context.Context, territoire string) (*View, error) {
	m, err := l.maps.View(ctx, territoire)
	if err != nil {
		return nil, err
	}
	b := l.book(m.City.Code)
	select {
	case b.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-b.reading }()
	seen := fmt.Sprintf("%s-%d", m.Boot(), m.Snapshot.Revision())
	switch {
	case b.view != nil && b.seen == seen:
		return b.view, nil
	case b.view == nil || b.boot != m.Boot() || b.view.City.Revision != m.City.Revision || b.worn():
		err = b.load(loading, l.rows, m)
	default:
		err = b.catchUp(ctx, loading, l.rows, m)
	}
	if err != nil {
		return nil, err
	}
	b.seen, b.boot = seen, m.Boot()
	return b.view, nil
}

// Warm reads the columns of some territoires, so that the first filter of the day
// does not wait for them; it stops with ctx.
func (l *Ledger) Warm(ctx context.Context, territoires []string) error {
	for _, code := range territoires {
		if _, err := l.view(ctx, ctx, code); err != nil {
			return err
		}
	}
	return nil
}

// worn tells that so many rows have been replaced that reading anew is cheaper.
func (b *book) worn() bool {
	all := len(b.writer.ids)
	return all-b.view.alive > 1000 && 4*(all-b.view.alive) > all
}

// loadTime bounds the first reading of a territoire.
const loadTime = 2 * time.Minute

// load reads everything.
func (b *book) load(ctx context.Context, rows Rows, m *hexmap.View) error {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	w := newWriter(m.City)
	var marks []mark
	recent := map[uuid.UUID]int64{}
	horizon, err := rows.LoadCounted(ctx, m.City.Code, store.CountedLoad{
		Markers: func(all []store.CountedMarker) error {
			for i := range all {
				marks = append(marks, w.mark(&all[i]))
			}
			return nil
		},
		Signalements: func(all []store.CountedSignalement) error {
			for i := range all {
				w.signalement(&all[i])
			}
			return nil
		},
		Recent: func(id uuid.UUID, version int64) { recent[id] = version },
	})
	if err != nil {
		return err
	}
	b.writer, b.horizon, b.recent = w, horizon, recent
	b.publish(m.City, m.Boot(), make([]uint64, len(w.ids)/64+1), len(w.ids), marks, newGrounds(m.City))
	return nil
}

// catchUp follows. Rows deleted outright leave no trace to follow: when the
// numbers of rows are not those of the map, either this reading is the newer one
// or it has missed some; the database says which.
func (b *book) catchUp(ctx, loading context.Context, rows Rows, m *hexmap.View) error {
	_, err := b.follow(ctx, rows, m, false)
	if err != nil {
		return err
	}
	var onMap store.CountedTotals
	all, err := m.Counts(hexcube.Query{Resolution: 0})
	for _, n := range all {
		onMap.Markers += int(n.Markers())
		onMap.Signalements += int(n.Signalements)
	}
	if err != nil || onMap == b.view.totals() {
		return err
	}
	truth, err := b.follow(ctx, rows, m, true)
	if err == nil && truth != b.view.totals() {
		err = b.load(loading, rows, m)
	}
	return err
}

func (v *View) totals() store.CountedTotals {
	return store.CountedTotals{Markers: len(v.marks), Signalements: v.alive}
}

// follow reads what changed since the horizon, and if asked how many rows there
// are in the same snapshot.
func (b *book) follow(ctx context.Context, rows Rows, m *hexmap.View, audit bool) (store.CountedTotals, error) {
	w, before := b.writer, b.view
	seen := map[uuid.UUID]int64{}
	gone := map[uuid.UUID]bool{} // the older row is no more
	changed := func(id uuid.UUID, version int64) bool {
		seen[id] = version
		if b.recent[id] == version {
			return false
		}
		gone[id] = true
		return true
	}
	known := len(w.ids)
	var added []mark
	horizon, totals, err := rows.ReadCounted(ctx, m.City.Code, store.Counted{Since: b.horizon, Audit: audit,
		Marker: func(r *store.CountedMarker) error {
			if changed(r.ID, r.Version) && !r.Gone {
				added = append(added, w.mark(r))
			}
			return nil
		},
		Signalement: func(r *store.CountedSignalement) error {
			if changed(r.ID, r.Version) && !r.Gone {
				w.signalement(r)
			}
			return nil
		},
	})
	if err != nil {
		// What was appended belongs to no view; the horizon is the old one, so
		// it is read again, and everything with it.
		b.view = nil
		return totals, err
	}
	recent := map[uuid.UUID]int64{}
	for id, version := range seen {
		if version >= horizon {
			recent[id] = version
		}
	}
	b.horizon, b.recent = horizon, recent
	if len(gone) == 0 {
		return totals, nil
	}
	dead := make([]uint64, len(w.ids)/64+1)
	copy(dead, before.dead)
	alive := before.alive + len(w.ids) - known
	for i, id := range w.ids[:known] {
		if gone[id] && dead[i/64]&(1<<(i%64)) == 0 {
			dead[i/64] |= 1 << (i % 64)
			alive--
		}
	}
	marks := slices.DeleteFunc(slices.Clone(before.marks), func(m mark) bool { return gone[m.id] })
	b.publish(m.City, m.Boot(), dead, alive, append(marks, added...), before.grounds)
	return totals, nil
}

func (b *book) publish(city *hexmap.City, boot string, dead []uint64, alive int, marks []mark, g *grounds) {
	b.changes++
	w := b.writer
	b.view = &View{City: city, Revision: fmt.Sprintf("%s.%d", boot, b.changes), rows: w.rows, dead: dead, alive: alive,
		marks: marks, cells: w.cells, patterns: w.moments.patterns, origins: w.origins, people: len(w.persons), grounds: g,
		firstMonth: w.firstMonth, lastMonth: w.lastMonth}
}
