package analysis_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"quietude/server/analysis"
	"quietude/server/hexmap"
	"quietude/server/pgtest"
	"quietude/server/store"
)

// watched counts the readings of everything, and can have them last until their
// context ends.
type watched struct {
	*store.Store
	loads atomic.Int32
	begun chan struct{} // nil to read at once
}

func (w *watched) LoadCounted(ctx context.Context, territoire string, c store.CountedLoad) (int64, error) {
	w.loads.Add(1)
	if w.begun != nil {
		close(w.begun)
		<-ctx.Done()
		return 0, ctx.Err()
	}
	return w.Store.LoadCounted(ctx, territoire, c)
}

// Who asks after the columns were read at the start reads nothing again; a
// service that ends while it reads does not go on.
func TestWarm(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	pgtest.Territoire(t, pool)
	pgtest.Signalement(t, pool)
	s := store.New(pool)
	maps := hexmap.NewMaps(s, hexmap.NewPlaces(s))
	rows := &watched{Store: s}
	ledger := analysis.NewLedger(rows, maps)
	if err := ledger.Warm(t.Context(), []string{pgtest.Chambery}); err != nil {
		t.Fatal(err)
	}
	v, err := ledger.View(t.Context(), pgtest.Chambery)
	if err != nil || v.Rows() != 1 || rows.loads.Load() != 1 {
		t.Errorf("%v, read %d times", err, rows.loads.Load())
	}

	slow := &watched{Store: s, begun: make(chan struct{})}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- analysis.NewLedger(slow, maps).Warm(ctx, []string{pgtest.Chambery}) }()
	<-slow.begun
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("stopped while reading: %v", err)
	}
}
