package hexcube

import (
	"slices"
	"sync"
	"sync/atomic"

	"quietude/geo/hexgrid"
)

// Cube is the data of one territoire as it changes. Any goroutine may read its
// Snapshot at any time; Apply may be called from several, which take turns.
type Cube struct {
	snapshot atomic.Pointer[Snapshot]

	writing sync.Mutex // held to replace the snapshot
	// merging is how many layers, from the first, a merge in the background is
	// reading: they must stay first and separate until it ends.
	merging int
	// removed collects the IDs removed while a merge reads them as live.
	removed []ID
	merged  chan struct{} // closed at the end of the last merge begun; nil before the first
}

// Snapshot is the data as of the last Apply that returned.
func (c *Cube) Snapshot() *Snapshot { return c.snapshot.Load() }

// Changes is what happened to markers and signalements between two revisions.
type Changes struct {
	// Upserts are all rows of the markers and signalements that are new or
	// changed. They replace all earlier rows with the same IDs.
	Upserts []Row
	// Deletes are the IDs that are no more, by erasure or moderation. Those not
	// known are ignored. An ID that is in Upserts too stays, with those rows.
	Deletes []ID
}

// Apply makes the changes visible, all at once, under a revision that is not
// lower than the current one. It returns once new snapshots show them. On
// error (a row that cannot exist) nothing has changed.
func (c *Cube) Apply(changes Changes, revision Revision) error {
	for i := range changes.Upserts {
		if err := changes.Upserts[i].check(); err != nil {
			return err
		}
	}
	rows := slices.Clone(changes.Upserts)
	removed := slices.Clone(changes.Deletes)
	for i := range rows {
		removed = append(removed, rows[i].ID)
	}
	slices.SortFunc(removed, func(a, b ID) int { return compareIDs(&a, &b) })
	removed = slices.Compact(removed)

	c.writing.Lock()
	defer c.writing.Unlock()
	c.replace(rows, removed, revision)
	if c.merging > 0 {
		c.removed = append(c.removed, removed...)
	}
	if c.mergePays() {
		c.mergeInBackground()
	}
	return nil
}

// replace swaps in a snapshot without the removed IDs and with new rows.
func (c *Cube) replace(rows []Row, removed []ID, revision Revision) {
	s := c.snapshot.Load()
	var places []place
	layers := slices.Clone(s.layers)
	for i := range layers {
		layers[i].bury(removed, func(p place) { places = append(places, p) })
	}
	if len(rows) > 0 {
		for i := range rows {
			places = append(places, place{rows[i].Cell, rows[i].Quartier})
		}
		layers = append(layers, newLayer(rows))
		layers = mergeSmall(layers, max(c.merging, 1))
	}
	changed := make([]hexgrid.Cell, len(places))
	for i, p := range places {
		changed[i] = p.cell
	}
	slices.Sort(changed)
	c.snapshot.Store(&Snapshot{
		revision: revision,
		layers:   layers,
		tables:   s.tables.after(slices.Compact(changed)),
		history:  s.history.after(places, revision),
	})
}

// mergeSmall merges the newest layers while they are of similar size, so that
// their number grows only as the logarithm of the rows. The layers before keep
// are left alone.
func mergeSmall(layers []layer, keep int) []layer {
	first := len(layers) - 1
	rows := layers[first].rows()
	for first > keep && layers[first-1].rows() < 2*rows {
		first--
		rows += layers[first].rows()
	}
	if first == len(layers)-1 {
		return layers
	}
	return append(layers[:first:first], mergeLayers(layers[first:]))
}

// A merge begins when what arrived or died since the last one exceeds both.
const (
	minMergeRows = 20_000
	mergeShare   = 8 // one row in eight of the first layer
)

// mergePays tells whether to rewrite the first layer. The writing lock is held.
func (c *Cube) mergePays() bool {
	layers := c.snapshot.Load().layers
	since := 0
	for i := range layers {
		since += layers[i].deadRows()
		if i > 0 {
			since += layers[i].rows()
		}
	}
	return since >= max(minMergeRows, layers[0].rows()/mergeShare)
}

// mergeInBackground starts a merge of all layers unless one is running. The
// writing lock is held.
func (c *Cube) mergeInBackground() {
	if c.merging > 0 {
		return
	}
	layers := c.snapshot.Load().layers
	c.merging, c.removed = len(layers), nil
	done := make(chan struct{})
	c.merged = done
	go func() {
		defer close(done)
		c.adopt(mergeLayers(layers))
	}()
}

// adopt puts a merged layer in the place of those that it was made from. The
// totals stay: a merge changes no count.
func (c *Cube) adopt(merged layer) {
	c.writing.Lock()
	defer c.writing.Unlock()
	merged.bury(c.removed, func(place) {})
	next := *c.snapshot.Load()
	next.layers = append([]layer{merged}, next.layers[c.merging:]...)
	c.snapshot.Store(&next)
	c.merging, c.removed = 0, nil
}

// Merge rewrites all layers as one without waiting until it pays, unless a
// merge is running already, and returns when that is done. It changes no
// answer. A caller that drops a cube need not wait for its merges.
func (c *Cube) Merge() {
	c.writing.Lock()
	c.mergeInBackground()
	merged := c.merged
	c.writing.Unlock()
	<-merged
}
