package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"quietude/geo/tile"
)

// tileLayers are the layers that PostGIS draws, with the statement of each.
var tileLayers = map[string]string{"quartiers": "tile_quartiers", "voirie": "tile_voirie", "reperes": "tile_reperes"}

// Tile draws a tile of quartiers, voirie or reperes as MVT; empty when nothing
// is there.
func (s *Store) Tile(ctx context.Context, territoire, layer string, at tile.Coord) ([]byte, error) {
	type row struct{ Tile []byte }
	r, err := one[row](ctx, s.pool, tileLayers[layer], pgx.StrictNamedArgs{
		"territoire": territoire, "z": int(at.Z), "x": int(at.X), "y": int(at.Y)})
	return r.Tile, err
}
