package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// TerritoireRevisions gives, for each territoire, a text that changes whenever
// the territoire or its quartiers do.
func (s *Store) TerritoireRevisions(ctx context.Context) (map[string]string, error) {
	type row struct{ Territoire, Revision string }
	rows, err := many[row](ctx, s.pool, "territoire_revisions", pgx.StrictNamedArgs{})
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.Territoire] = r.Revision
	}
	return out, err
}

// CountedMarker is a marker as far as hexagons care. Gone means deleted or
// hidden since.
type CountedMarker struct {
	ID          uuid.UUID
	Version     int64
	Atelier     uuid.UUID
	Participant uuid.UUID
	Quartier    string
	Felt        atelier.Felt
	Cell        hexgrid.Cell   // of the anchor
	Cells       []hexgrid.Cell // footprint; LoadCounted leaves out one that is Cell alone
	Themes      []string
	StartsAt    time.Time // of the atelier
	Gone        bool
}

// CountedSignalement is a signalement as far as hexagons care.
type CountedSignalement struct {
	ID           uuid.UUID
	Version      int64
	Quartier     string // "" in the surroundings
	Cell         hexgrid.Cell
	Theme        atelier.Theme
	Reporter     uuid.UUID // uuid.Nil when anonymous
	OccurredFrom time.Time
	OccurredTo   time.Time
	Origin       string
	Gone         bool
}

// CountedTotals is how many markers and signalements count in a territoire.
type CountedTotals struct{ Markers, Signalements int }

// Counted is one reading of what hexagons count, in one snapshot.
type Counted struct {
	// Since is the horizon of the previous reading.
	Since int64
	// Audit asks for the totals too.
	Audit       bool
	Marker      func(*CountedMarker) error
	Signalement func(*CountedSignalement) error
}

// ReadCounted calls back for each marker and signalement that changed since a
// horizon, and gives the horizon for the next reading. What a person has erased
// is told as a marker that is gone; what else was deleted outright is not told,
// but the totals show it.
func (s *Store) ReadCounted(ctx context.Context, territoire string, c Counted) (horizon int64, totals CountedTotals, err error) {
	defer fault.Wrap(&err, "ReadCounted(%s, %d)", territoire, c.Since)
	// Several statements see one state only in a repeatable-read transaction.
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		type row struct{ Horizon int64 }
		r, err := one[row](ctx, tx, "hexagone_horizon", pgx.StrictNamedArgs{})
		if err != nil {
			return err
		}
		horizon = r.Horizon
		args := pgx.StrictNamedArgs{"territoire": territoire, "since": c.Since}
		if err := each(ctx, tx, "hexagone_markers", args, c.Marker); err != nil {
			return err
		}
		if err := each(ctx, tx, "hexagone_signalements", args, c.Signalement); err != nil {
			return err
		}
		if err := each(ctx, tx, "hexagone_erased", args, func(e *struct {
			ID      uuid.UUID
			Version int64
		}) error {
			return c.Marker(&CountedMarker{ID: e.ID, Version: e.Version, Gone: true})
		}); err != nil {
			return err
		}
		if c.Audit {
			totals, err = one[CountedTotals](ctx, tx, "hexagone_totals", pgx.StrictNamedArgs{"territoire": territoire})
		}
		return err
	})
	return horizon, totals, translate(err)
}

// each runs a statement and calls back for each row as it arrives; the value
// is used again for the next one.
func each[T any](ctx context.Context, q querier, name string, args pgx.StrictNamedArgs, visit func(*T) error) error {
	rows, err := q.Query(ctx, statement(name), args)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		v, err := pgx.RowToStructByName[T](rows)
		if err != nil {
			return translate(err)
		}
		if err := visit(&v); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}
