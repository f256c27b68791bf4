package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Communale is one recorded figure of a commune. A figure that its publisher
// withholds is not Diffuse and has no number; one may be missing all the same.
type Communale struct {
	Indicateur string
	Unite      string // what Nombre counts
	Annee      int
	Diffuse    bool
	Nombre     *int
	Taux       *float64 // per thousand
	Population *int
	// PopulationAnnee is the census year of Population.
	PopulationAnnee *int
}

// ListedCommunale is a recorded figure with its source.
type ListedCommunale struct {
	Communale
	Source     string
	ImportedAt time.Time
}

// CommunaleFile is one file of recorded statistics.
type CommunaleFile struct {
	Territoire string
	Source     string
	Digest     []byte // SHA-256 of its content
	Read       int    // rows
	Figures    []Communale
}

// ImportCommunales writes all figures of a file or none; a figure that is there
// already takes the new value. again is true when the same content was imported
// before; then nothing is written.
func (s *Store) ImportCommunales(ctx context.Context, f CommunaleFile) (again bool, err error) {
	id := uuid.New()
	n := len(f.Figures)
	indicateurs, unites := make([]string, n), make([]string, n)
	annees, diffuses := make([]int16, n), make([]bool, n)
	nombres, taux := make([]*int, n), make([]*float64, n)
	populations, censuses := make([]*int, n), make([]*int, n)
	for i, one := range f.Figures {
		indicateurs[i], unites[i], annees[i], diffuses[i] = one.Indicateur, one.Unite, int16(one.Annee), one.Diffuse
		nombres[i], taux[i], populations[i], censuses[i] = one.Nombre, one.Taux, one.Population, one.PopulationAnnee
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, statement("insert_statistique_import"), pgx.StrictNamedArgs{"territoire": f.Territoire, "id": id,
			"source": f.Source, "digest": f.Digest, "rows_read": f.Read, "rows_kept": n}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, statement("upsert_statistiques"), pgx.StrictNamedArgs{"territoire": f.Territoire, "import": id,
			"indicateurs": indicateurs, "unites": unites, "annees": annees, "diffuses": diffuses, "nombres": nombres, "taux": taux,
			"populations": populations, "population_annees": censuses})
		return err
	})
	if isUnique(err, "statistique_import_territoire_digest_key") {
		return true, nil
	}
	return false, translate(err)
}

// Communales lists the recorded figures of a commune by indicator, unit and year.
func (s *Store) Communales(ctx context.Context, territoire string) ([]ListedCommunale, error) {
	return many[ListedCommunale](ctx, s.pool, "statistiques_communales", pgx.StrictNamedArgs{"territoire": territoire})
}
