package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
)

// ReasonCount is how many distinct people gave a reason.
type ReasonCount struct {
	Reason string
	People int
}

// ReasonsAt counts why the residents of some ateliers feel so in some hexagons.
func (s *Store) ReasonsAt(ctx context.Context, territoire string, felt atelier.Felt, ateliers []uuid.UUID, hexagons []hexgrid.Cell) ([]ReasonCount, error) {
	firsts, lasts := storedRanges(hexagons)
	return many[ReasonCount](ctx, s.pool, "reasons_at", pgx.StrictNamedArgs{"territoire": territoire, "felt": string(felt),
		"ateliers": ateliers, "firsts": firsts, "lasts": lasts})
}

// PlaceFilter keeps some of the signalements of a place. What is zero keeps everything.
type PlaceFilter struct {
	Quartier        string
	Themes, Origins []string
	// Hours of the week from Monday 0 h, 0 to 167, on the clocks of Zone. What may
	// have happened in one of them is kept.
	Hours    []int32
	Zone     *time.Location
	From, To time.Time // From ≤ t < To
}

// SignalementsAt lists the signalements of some hexagons, the latest first.
func (s *Store) SignalementsAt(ctx context.Context, territoire string, hexagons []hexgrid.Cell, f PlaceFilter, limit int) ([]ListedSignalement, error) {
	firsts, lasts := storedRanges(hexagons)
	rows, err := many[signalementRow](ctx, s.pool, "signalements_at", pgx.StrictNamedArgs{"territoire": territoire,
		"firsts": firsts, "lasts": lasts, "quartier": f.Quartier, "themes": f.Themes, "origins": f.Origins, "hours": f.Hours, "zone": f.Zone.String(),
		"from": nullTime(f.From), "to": nullTime(f.To), "limit": limit})
	out := make([]ListedSignalement, len(rows))
	for i, r := range rows {
		out[i] = r.listed(territoire)
	}
	return out, err
}

// storedRanges are hexagons as ranges of the cells that are stored.
func storedRanges(hexagons []hexgrid.Cell) (firsts, lasts []int64) {
	for _, h := range hexagons {
		first, last := h.DescendantRange(hexgrid.Stored)
		firsts, lasts = append(firsts, int64(first)), append(lasts, int64(last))
	}
	return firsts, lasts
}
