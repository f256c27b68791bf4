package hexcube

import (
	"runtime"
	"sync"
)

// Builder makes a Cube from rows that come one by one in any order, as from a
// database. Use one goroutine.
type Builder struct {
	drafts [felts]draft
}

// NewBuilder returns a builder without rows.
func NewBuilder() *Builder { return new(Builder) }

// Add takes one row. On error the row is impossible and has been left out.
func (b *Builder) Add(r Row) error {
	if err := r.check(); err != nil {
		return err
	}
	b.drafts[r.Felt].add(&r)
	return nil
}

// Cube returns a cube of all rows added. The builder must not be used
// afterwards.
func (b *Builder) Cube(revision Revision) *Cube {
	var l layer
	var shelving sync.WaitGroup
	for felt := range Felt(felts) {
		shelving.Go(func() { l.shelves[felt] = b.drafts[felt].shelf(felt) })
	}
	shelving.Wait()

	layers := []layer{l}
	c := new(Cube)
	c.snapshot.Store(&Snapshot{
		revision: revision,
		layers:   layers,
		tables:   newTables(layers, runtime.GOMAXPROCS(0)),
		history:  history{loaded: revision, last: revision},
	})
	return c
}

// Build makes a cube from rows at hand.
func Build(rows []Row, revision Revision) (*Cube, error) {
	b := NewBuilder()
	for i := range rows {
		if err := b.Add(rows[i]); err != nil {
			return nil, err
		}
	}
	return b.Cube(revision), nil
}
