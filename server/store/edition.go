package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/geo/hexgrid"
	"quietude/server/fault"
)

// Brouillon is an edition as it would be published: what the animateur looks at
// before.
type Brouillon struct {
	Territoire string
	ID         uuid.UUID
	Quartier   string
	Ateliers   []uuid.UUID
	// State is asked, ready, refused or published.
	State   string
	Refusal string // stable code; "" unless refused
	Numero  int    // 0 until ready
	// Canonical and Hash are those of geo/edition; Material is the digest of
	// the voices they were made of.
	Canonical []byte
	Hash      string
	Material  []byte
	AskedAt   time.Time
	ReadyAt   *time.Time
}

// EditionVoice is one marker that counts.
type EditionVoice struct {
	Atelier     uuid.UUID
	Participant uuid.UUID
	Felt        string
	Themes      []string
	Moments     []string
	Days        []string
	Cells       []hexgrid.Cell // at hexgrid.Stored, sorted
}

// EditionAtelier is an evening that an edition may count.
type EditionAtelier struct {
	ID       uuid.UUID
	Quartier string
	State    string
	Day      time.Time // civil day of the territoire
	Demo     bool
}

// SpentSource is what an earlier edition counted: the ateliers, or the period.
type SpentSource struct {
	Numero   int
	From, To *time.Time
	Ateliers []EditionAtelier
}

// EditionMaterial is all that an edition of some ateliers depends on, as one
// moment of the database has it.
type EditionMaterial struct {
	Ateliers []EditionAtelier
	Voices   []EditionVoice
	Spent    []SpentSource // of the quartier, by number
}

// fiction says that some of it is invented.
func (m EditionMaterial) fiction() bool {
	return slices.ContainsFunc(m.Ateliers, func(a EditionAtelier) bool { return a.Demo })
}

// NewEdition is what is published, with the ateliers that it counts.
type NewEdition struct {
	Territoire, Quartier string
	Numero               int
	Resolution           int
	Canonical            []byte
	Hash                 string
	PublishedOn          time.Time // civil day
	Ateliers             []uuid.UUID
	Brouillon            uuid.UUID
}

// EditionMaterial reads what an edition of some ateliers would be made of.
func (s *Store) EditionMaterial(ctx context.Context, territoire, quartier string, ateliers []uuid.UUID) (m EditionMaterial, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		m, err = editionMaterial(ctx, tx, territoire, quartier, ateliers)
		return err
	})
	return m, translate(err)
}

func editionMaterial(ctx context.Context, tx pgx.Tx, territoire, quartier string, ateliers []uuid.UUID) (m EditionMaterial, err error) {
	args := pgx.StrictNamedArgs{"territoire": territoire, "ateliers": ateliers}
	// The ateliers first: their locks keep the voices as they are.
	if m.Ateliers, err = many[EditionAtelier](ctx, tx, "edition_ateliers", args); err != nil {
		return m, err
	}
	if m.Voices, err = many[EditionVoice](ctx, tx, "edition_voices", args); err != nil {
		return m, err
	}
	m.Spent, err = spentSources(ctx, tx, territoire, quartier)
	return m, err
}

func spentSources(ctx context.Context, q querier, territoire, quartier string) ([]SpentSource, error) {
	type row struct {
		Numero     int
		PeriodFrom *time.Time
		PeriodTo   *time.Time
		Atelier    *uuid.UUID
		Day        *time.Time
	}
	rows, err := many[row](ctx, q, "edition_ledger", pgx.StrictNamedArgs{"territoire": territoire, "quartier": quartier})
	if err != nil {
		return nil, err
	}
	var out []SpentSource
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Numero != r.Numero {
			out = append(out, SpentSource{Numero: r.Numero, From: r.PeriodFrom, To: r.PeriodTo})
		}
		if r.Atelier != nil && r.Day != nil {
			last := &out[len(out)-1]
			last.Ateliers = append(last.Ateliers, EditionAtelier{ID: *r.Atelier, Day: *r.Day})
		}
	}
	return out, nil
}

var errMeanwhile = fault.New(fault.Conflict, "edition_entre_temps",
	"Une autre édition de ce quartier a été publiée entre-temps. Préparez de nouveau la publication.")

// PublishEdition publishes what was prepared, all or nothing: the ledger, the
// public row, the end of the draft, and other participant keys for the
// ateliers. still is asked, under lock, whether the material is the one that
// was looked at.
func (s *Store) PublishEdition(ctx context.Context, e NewEdition, still func(EditionMaterial) error) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		m, err := editionMaterial(ctx, tx, e.Territoire, e.Quartier, e.Ateliers)
		if err != nil {
			return err
		}
		if err := still(m); err != nil {
			return err
		}
		key := pgx.StrictNamedArgs{"territoire": e.Territoire, "quartier": e.Quartier, "numero": e.Numero}
		with := func(more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
			for name, value := range key {
				more[name] = value
			}
			return more
		}
		of := pgx.StrictNamedArgs{"territoire": e.Territoire, "ateliers": e.Ateliers}
		for _, step := range []struct {
			name string
			args pgx.StrictNamedArgs
			rows int64 // 0: any
		}{
			{"insert_edition", with(pgx.StrictNamedArgs{"resolution": e.Resolution}), 1},
			{"insert_edition_ateliers", with(pgx.StrictNamedArgs{"ateliers": e.Ateliers}), int64(len(e.Ateliers))},
			{"publish_edition", with(pgx.StrictNamedArgs{"canonical": e.Canonical, "hash": e.Hash, "demo": m.fiction(), "published_on": e.PublishedOn}), 1},
			{"destroy_participant_keys", of, int64(len(e.Ateliers))},
			{"brouillon_published", pgx.StrictNamedArgs{"territoire": e.Territoire, "id": e.Brouillon}, 1},
		} {
			tag, err := tx.Exec(ctx, statement(step.name), step.args)
			if err != nil {
				return err
			}
			if step.rows != 0 && tag.RowsAffected() != step.rows {
				return errMeanwhile
			}
		}
		return nil
	})
	if isUnique(err, "edition_pkey") || isUnique(err, "edition_atelier_pkey") {
		return errMeanwhile.Because(err)
	}
	return translate(err)
}

// WithdrawEdition takes an edition out of what is public, for good. What it
// counted stays counted. NotFound when there is none, or no more.
func (s *Store) WithdrawEdition(ctx context.Context, territoire, quartier string, numero int, on time.Time) error {
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		key := pgx.StrictNamedArgs{"territoire": territoire, "quartier": quartier, "numero": numero}
		tag, err := tx.Exec(ctx, statement("withdraw_edition_ledger"), key)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.NotFound, "edition_inconnue", "Cette édition n’existe pas, ou a déjà été retirée.")
		}
		key["withdrawn_on"] = on
		if _, err := tx.Exec(ctx, statement("withdraw_edition"), key); err != nil {
			return err
		}
		return recountSlides(ctx, tx, territoire)
	}))
}

// AskBrouillon stores that a draft is wanted, and has order order its making in
// the same transaction. The same id again gives what is stored.
func (s *Store) AskBrouillon(ctx context.Context, b Brouillon, order func(context.Context, pgx.Tx) error) (stored Brouillon, created bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, statement("insert_brouillon"), pgx.StrictNamedArgs{
			"territoire": b.Territoire, "id": b.ID, "quartier": b.Quartier, "ateliers": b.Ateliers})
		if err != nil {
			return err
		}
		if created = tag.RowsAffected() == 1; created {
			if err := order(ctx, tx); err != nil {
				return err
			}
		}
		stored, err = one[Brouillon](ctx, tx, "brouillon", pgx.StrictNamedArgs{"territoire": b.Territoire, "id": b.ID})
		return err
	})
	return stored, created && err == nil, translate(err)
}

// Brouillon gives a draft.
func (s *Store) Brouillon(ctx context.Context, territoire string, id uuid.UUID) (Brouillon, error) {
	b, err := one[Brouillon](ctx, s.pool, "brouillon", pgx.StrictNamedArgs{"territoire": territoire, "id": id})
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "brouillon_inconnu", "Cet aperçu n’existe pas.").Because(err)
	}
	return b, err
}

// Brouillons lists the drafts that count an atelier, newest first.
func (s *Store) Brouillons(ctx context.Context, territoire string, atelier uuid.UUID) ([]Brouillon, error) {
	return many[Brouillon](ctx, s.pool, "brouillons", pgx.StrictNamedArgs{"territoire": territoire, "atelier": atelier})
}

// BrouillonReady keeps what was built; only of a draft that is still asked for.
func (s *Store) BrouillonReady(ctx context.Context, b Brouillon) error {
	_, err := s.pool.Exec(ctx, statement("brouillon_ready"), pgx.StrictNamedArgs{"territoire": b.Territoire, "id": b.ID,
		"numero": b.Numero, "canonical": b.Canonical, "hash": b.Hash, "material": b.Material})
	return translate(err)
}

// BrouillonRefused keeps why a draft cannot be built.
func (s *Store) BrouillonRefused(ctx context.Context, territoire string, id uuid.UUID, refusal string) error {
	_, err := s.pool.Exec(ctx, statement("brouillon_refused"), pgx.StrictNamedArgs{"territoire": territoire, "id": id, "refusal": refusal})
	return translate(err)
}

// Announce brings the announced evenings of a territoire up to date: those that are
// not closed and, as announced, have not ended.
func (s *Store) Announce(ctx context.Context, territoire string, now time.Time) error {
	if _, err := s.Secret(ctx, "rencontre"); err != nil {
		return err
	}
	_, err := s.pool.Exec(ctx, statement("announce"), pgx.StrictNamedArgs{"territoire": territoire, "now": now})
	return translate(err)
}

// CountedAteliers lists the ateliers that an edition has counted, withdrawn ones
// included.
func (s *Store) CountedAteliers(ctx context.Context, territoire string) ([]uuid.UUID, error) {
	type row struct{ Atelier uuid.UUID }
	rows, err := many[row](ctx, s.pool, "counted_ateliers", pgx.StrictNamedArgs{"territoire": territoire})
	out := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		out[i] = r.Atelier
	}
	return out, err
}

// PublishedEditions is Public.Editions for those who also write: the command
// line and the staff.
func (s *Store) PublishedEditions(ctx context.Context, territoire string) ([]PublicEdition, error) {
	return many[PublicEdition](ctx, s.pool, "public_editions", pgx.StrictNamedArgs{"territoire": territoire})
}

// EditionOf gives the edition that counts an atelier; NotFound when none does.
func (s *Store) EditionOf(ctx context.Context, territoire string, atelier uuid.UUID) (PublicEdition, error) {
	return one[PublicEdition](ctx, s.pool, "edition_of_atelier", pgx.StrictNamedArgs{"territoire": territoire, "atelier": atelier})
}
