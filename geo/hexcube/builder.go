package hexcube

import (
	"runtime"
	"slices"
	"sync"
)

// Builder makes a Cube from rows that come in any order, as from a database. Use
// one goroutine.
type Builder struct {
	drafts [felts]draft
}

// NewBuilder returns a builder without rows.
func NewBuilder() *Builder { return new(Builder) }

// Add takes some rows; a hundred at a time are taken much faster than each by
// itself. On error (a row that cannot exist) none of them has been taken.
func (b *Builder) Add(rows []Row) error {
	for i := range rows {
		if err := rows[i].check(); err != nil {
			return err
		}
	}
	for i := range rows {
		b.drafts[rows[i].Felt].expect(&rows[i])
	}
	for i := range rows {
		b.drafts[rows[i].Felt].add(&rows[i])
	}
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
	for batch := range slices.Chunk(rows, 256) {
		if err := b.Add(batch); err != nil {
			return nil, err
		}
	}
	return b.Cube(revision), nil
}
