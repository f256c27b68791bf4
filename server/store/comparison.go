package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
)

// ComparedEvening is an atelier as far as comparisons care.
type ComparedEvening struct {
	ID           uuid.UUID
	Quartier     string
	Kind         string
	Titre        string
	StartsAt     time.Time
	State        string
	Participants int // who sat down, whether they drew or not
}

// ComparedVoice is a marker that counts, without text and without position.
type ComparedVoice struct {
	Atelier     uuid.UUID
	Participant uuid.UUID
	Quartier    string
	Felt        atelier.Felt
	Themes      []string
	Avoids      bool
	Cells       []hexgrid.Cell // footprint at hexgrid.Stored, with the anchor's
}

// ComparedReport is a signalement that counts, without text and without position.
type ComparedReport struct {
	Quartier     string
	Cell         hexgrid.Cell // at hexgrid.Stored
	Theme        atelier.Theme
	Reporter     uuid.UUID // uuid.Nil when anonymous
	OccurredFrom time.Time
	OccurredTo   time.Time
}

// Population is how many people live in a quartier, as a source says.
type Population struct {
	Quartier  string
	Annee     int
	Habitants int
	Source    string
}

// Compared is what a comparison of quartiers rests on.
type Compared struct {
	Evenings   []ComparedEvening // by time
	Voices     []ComparedVoice
	Reports    []ComparedReport // by time
	Population []Population     // of the whole territoire, by year
}

// ReadCompared reads what is known of some quartiers in one snapshot; ateliers
// count once they have been opened.
func (s *Store) ReadCompared(ctx context.Context, territoire string, quartiers []string) (out Compared, err error) {
	defer fault.Wrap(&err, "ReadCompared(%s)", territoire)
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		args := pgx.StrictNamedArgs{"territoire": territoire, "quartiers": quartiers}
		if out.Evenings, err = many[ComparedEvening](ctx, tx, "comparison_evenings", args); err != nil {
			return err
		}
		if out.Voices, err = many[ComparedVoice](ctx, tx, "comparison_voices", args); err != nil {
			return err
		}
		if out.Reports, err = many[ComparedReport](ctx, tx, "comparison_reports", args); err != nil {
			return err
		}
		out.Population, err = many[Population](ctx, tx, "population", pgx.StrictNamedArgs{"territoire": territoire})
		return err
	})
	return out, translate(err)
}

// ComparisonRevision is a text that changes with the ateliers, the people in
// them and the population figures of a territoire.
func (s *Store) ComparisonRevision(ctx context.Context, territoire string) (string, error) {
	type row struct{ Revision string }
	r, err := one[row](ctx, s.pool, "comparison_revision", pgx.StrictNamedArgs{"territoire": territoire})
	return r.Revision, err
}

// QuartierStreets are the streets inside a quartier as a light drawing.
func (s *Store) QuartierStreets(ctx context.Context, territoire, quartier string) ([]orb.MultiLineString, error) {
	type row struct{ Geom orb.MultiLineString }
	rows, err := many[row](ctx, s.pool, "quartier_streets", pgx.StrictNamedArgs{"territoire": territoire, "quartier": quartier})
	out := make([]orb.MultiLineString, 0, len(rows))
	for _, r := range rows {
		if len(r.Geom) > 0 {
			out = append(out, r.Geom)
		}
	}
	return out, err
}

// ReplacePopulation writes figures, all or none; changed counts those that were
// new or different.
func (s *Store) ReplacePopulation(ctx context.Context, territoire string, figures []Population) (changed int, err error) {
	defer fault.Wrap(&err, "ReplacePopulation(%s)", territoire)
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, p := range figures {
			tag, err := tx.Exec(ctx, statement("upsert_population"), pgx.StrictNamedArgs{"territoire": territoire,
				"quartier": p.Quartier, "annee": p.Annee, "habitants": p.Habitants, "source": p.Source})
			if err != nil {
				return err
			}
			changed += int(tag.RowsAffected())
		}
		return nil
	})
	return changed, translate(err)
}

// QuartierPeople are numbers of distinct people of one quartier and period.
type QuartierPeople struct {
	Quartier     string
	Participants int
	Unsafe       int
	Safe         int
	Avoids       int
	Reporters    int // known ones
	Anonymous    int // signalements without a known reporter
	Reports      int
}

// ComparisonRates counts people in every quartier of a territoire, from ≤ t < until.
func (s *Store) ComparisonRates(ctx context.Context, territoire string, from, until time.Time) ([]QuartierPeople, error) {
	return many[QuartierPeople](ctx, s.pool, "comparison_rates", pgx.StrictNamedArgs{"territoire": territoire, "from": from, "until": until})
}

// PopulationFigures are those of a territoire, by year.
func (s *Store) PopulationFigures(ctx context.Context, territoire string) ([]Population, error) {
	return many[Population](ctx, s.pool, "population", pgx.StrictNamedArgs{"territoire": territoire})
}

// NearestStreet is StreetsNear of one position.
func (s *Store) NearestStreet(ctx context.Context, territoire string, at orb.Point) (string, error) {
	names, err := s.StreetsNear(ctx, territoire, []orb.Point{at})
	return names[0], err
}

// StreetsNear names the street nearest to each position (lon/lat degrees),
// within 300 m; "" where there is none.
func (s *Store) StreetsNear(ctx context.Context, territoire string, at []orb.Point) ([]string, error) {
	lons, lats := make([]float64, len(at)), make([]float64, len(at))
	for i, p := range at {
		lons[i], lats[i] = p[0], p[1]
	}
	type row struct {
		I   int
		Nom string
	}
	rows, err := many[row](ctx, s.pool, "streets_near", pgx.StrictNamedArgs{"territoire": territoire, "lons": lons, "lats": lats})
	out := make([]string, len(at))
	for _, r := range rows {
		out[r.I-1] = r.Nom
	}
	return out, err
}
