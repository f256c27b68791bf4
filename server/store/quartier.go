package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Territoires lists the communes by the time they were loaded.
func (s *Store) Territoires(ctx context.Context) ([]atelier.Territoire, error) {
	type row struct {
		Territoire string
		Nom        string
		Fuseau     string
		Emprise    orb.Polygon
		Demo       bool
		Quartiers  int
	}
	rows, err := many[row](ctx, s.pool, "territoires", pgx.StrictNamedArgs{})
	if err != nil {
		return nil, err
	}
	out := make([]atelier.Territoire, len(rows))
	for i, r := range rows {
		out[i] = atelier.Territoire{Code: r.Territoire, Nom: r.Nom, Fuseau: r.Fuseau,
			Emprise: r.Emprise.Bound(), Demo: r.Demo, Quartiers: r.Quartiers}
	}
	return out, nil
}

// Territoire gives one commune.
func (s *Store) Territoire(ctx context.Context, code string) (atelier.Territoire, error) {
	all, err := s.Territoires(ctx)
	if err != nil {
		return atelier.Territoire{}, err
	}
	for _, t := range all {
		if t.Code == code {
			return t, nil
		}
	}
	return atelier.Territoire{}, fault.New(fault.NotFound, "territoire_inconnu", "Cette commune n’est pas servie ici.").At("territoire")
}

// Quartiers lists the quartiers of a territoire by code in byte order.
func (s *Store) Quartiers(ctx context.Context, territoire string) ([]atelier.Quartier, error) {
	return many[atelier.Quartier](ctx, s.pool, "quartiers", pgx.StrictNamedArgs{"territoire": territoire})
}

// QuartierAt is the SQL twin of geo.Locator: the quartier of a position, "" when
// none covers it.
func (s *Store) QuartierAt(ctx context.Context, territoire string, p orb.Point) (string, error) {
	type row struct{ Code string }
	rows, err := many[row](ctx, s.pool, "quartier_at", pgx.StrictNamedArgs{"territoire": territoire, "position": p})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Code, nil
}

// Place is a street or a landmark found by name.
type Place struct {
	ID       string
	Kind     string // voie, repere
	Nom      string
	Quartier *string
	TypeBien *string
	Position orb.Point
}

// SearchPlaces finds streets and landmarks whose name has every word, given in
// lower case without accents; names that begin with the first word come first.
func (s *Store) SearchPlaces(ctx context.Context, territoire string, words []string, limit int) ([]Place, error) {
	return many[Place](ctx, s.pool, "search_places", pgx.StrictNamedArgs{
		"territoire": territoire, "words": words, "first": words[0], "limit": limit})
}
