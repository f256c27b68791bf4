package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
)

// PaperStreet is a street of the basemap, for a printed map.
type PaperStreet struct {
	Nom         string // "" when it has none
	Domanialite string
	Geom        orb.MultiLineString
}

// Main tells whether a street is of more than the commune: a road of the
// département or of the nation.
func (s PaperStreet) Main() bool {
	return s.Domanialite == "DEP" || s.Domanialite == "NAT" || s.Domanialite == "AUT"
}

// PaperLandmark is a public building of the basemap.
type PaperLandmark struct {
	Nom      string
	TypeBien string
	Geom     orb.MultiPolygon
}

// Paper gives what a printed map of a box shows: streets, the important ones
// first, and public buildings, the largest first.
func (s *Store) Paper(ctx context.Context, territoire string, box orb.Bound) ([]PaperStreet, []PaperLandmark, error) {
	args := pgx.StrictNamedArgs{"territoire": territoire, "west": box.Min[0], "south": box.Min[1], "east": box.Max[0], "north": box.Max[1]}
	streets, err := many[PaperStreet](ctx, s.pool, "paper_streets", args)
	if err != nil {
		return nil, nil, err
	}
	landmarks, err := many[PaperLandmark](ctx, s.pool, "paper_landmarks", args)
	return streets, landmarks, err
}
