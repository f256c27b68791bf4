package hexcube

import "sync"

// Builder makes a Cube from rows that come one by one in any order, as from a
// database. It sorts one batch while the next one arrives. Use one goroutine.
type Builder struct {
	batch   []Row
	spare   chan []Row
	sorting sync.WaitGroup

	mu     sync.Mutex
	layers []layer
}

// batchRows bounds what the builder holds beside the columns: 48 MB a batch,
// and two batches at a time.
const batchRows = 1 << 20

// NewBuilder returns a builder without rows.
func NewBuilder() *Builder {
	b := &Builder{spare: make(chan []Row, 1)}
	b.spare <- nil
	return b
}

// Add takes one row. On error the row is impossible and has been left out.
func (b *Builder) Add(r Row) error {
	if err := r.check(); err != nil {
		return err
	}
	b.batch = append(b.batch, r)
	if len(b.batch) == batchRows {
		b.shelve()
	}
	return nil
}

// shelve sorts the batch in the background, once the one before is sorted.
func (b *Builder) shelve() {
	batch := b.batch
	b.batch = (<-b.spare)[:0]
	b.sorting.Go(func() {
		l := newBatch(batch)
		b.mu.Lock()
		b.layers = append(b.layers, l)
		b.mu.Unlock()
		b.spare <- batch
	})
}

// Cube returns a cube of all rows added. The builder must not be used
// afterwards.
func (b *Builder) Cube(revision Revision) *Cube {
	if len(b.batch) > 0 {
		b.shelve()
	}
	b.sorting.Wait()
	layers := b.layers
	b.batch, b.layers, b.spare = nil, nil, nil
	if len(layers) == 1 {
		layers[0].seal()
	} else {
		layers = []layer{mergeLayers(layers)}
	}

	c := new(Cube)
	c.snapshot.Store(&Snapshot{
		revision: revision,
		layers:   layers,
		tables:   newTables(layers),
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
